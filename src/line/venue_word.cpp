#include "line/venue_word.hpp"

#include "base/assert.hpp"
#include "crypto/mix.hpp"

namespace sw::line {
namespace {

enum class Type : std::uint8_t { want = 1, void_half = 2, in = 3, leave = 4 };

using VenueRoot = crypto::Secret<struct VenueRootRole, 32>;

struct WriteWord {
  crypto::SecretWriter& out;

  crypto::SecretWriter& type(Type type) const { return out.u8(static_cast<std::uint8_t>(type)); }
  void operator()(const WantWord& w) const {
    type(Type::want).secret(w.half).u64(w.newest.value).u64(w.from.value).bytes(w.psk);
  }
  void operator()(const VoidWord& w) const { type(Type::void_half).bytes(w.half); }
  void operator()(const InWord& w) const { type(Type::in).u64(w.from.value); }
  void operator()(const LeaveWord& w) const { type(Type::leave).u64(w.until.value); }
};

}  // namespace

VenueHalfId half_id(const VenueHalf& half, const VenueId& venue) {
  return crypto::kdf_public<8>(half, "half-id", {venue.bytes});
}

Psk agreed_psk(const VenueHalf& lower, const VenueHalf& higher, const VenueId& venue) {
  const auto root = crypto::hash_to<VenueRoot>(lower, higher);
  return crypto::kdf<Psk>(root, "psk-venue", {venue.bytes});
}

crypto::SecretBytes encode(const VenueWord& word) {
  crypto::SecretWriter out;
  std::visit(WriteWord{out}, word);
  auto bytes = out.take();
  SW_ASSERT(bytes.size() <= wire::kVenueWordLimit);
  return bytes;
}

std::optional<VenueWord> read_venue_word(ByteView bytes) {
  crypto::SecretReader in(bytes);
  std::optional<VenueWord> out;
  switch (static_cast<Type>(in.u8())) {
    case Type::want: {
      WantWord want{in.secret<VenueHalf>()};
      want.newest = Epoch{in.u64()};
      want.from = Epoch{in.u64()};
      want.psk = in.array<8>();
      if ((want.from == Epoch{}) != (want.psk == PskId{})) return std::nullopt;
      out = std::move(want);
      break;
    }
    case Type::void_half: out = VoidWord{in.array<8>()}; break;
    case Type::in: out = InWord{Epoch{in.u64()}}; break;
    case Type::leave: out = LeaveWord{Epoch{in.u64()}}; break;
    default: return std::nullopt;
  }
  if (!in.expect_end()) return std::nullopt;
  return out;
}

}  // namespace sw::line
