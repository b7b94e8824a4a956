#include "line/keys.hpp"

#include <algorithm>
#include <limits>

#include "base/assert.hpp"
#include "wire/cell_port.hpp"

namespace sw::line {
namespace {

constexpr std::uint8_t kSavedVersion = 1;
constexpr std::uint8_t kDirectVersion = 1;
constexpr std::uint32_t kDayMs = 86'400'000;

std::unexpected<Error> broken() {
  return fail(Errc::malformed, "the line's stored keys do not parse");
}

std::vector<wire::Endpoint> load_endpoints(crypto::SecretReader& in) {
  std::vector<wire::Endpoint> at;
  const std::size_t n = std::min<std::size_t>(in.u8(), wire::kCardAddresses + 1);
  for (std::size_t i = 0; i < n; ++i) {
    const auto ip = in.array<16>();
    at.push_back({ip, in.u16()});
  }
  return at;
}

bool in_range(const LineKeys& keys) {
  const auto digits = [](std::uint32_t group) { return group < 100'000; };
  return !keys.at.empty() && keys.at.size() <= wire::kCardAddresses &&
         std::ranges::all_of(keys.at, &wire::Endpoint::is_usable) && wire::valid_round_ms(keys.round_ms) &&
         keys.own.public_key != keys.peer && std::ranges::all_of(keys.check, digits);
}

}  // namespace

std::uint32_t day_of_epoch(Epoch epoch) {
  static_assert(kDayMs % wire::kEpochMs == 0);
  const std::uint64_t day = epoch.value / (kDayMs / wire::kEpochMs);
  return static_cast<std::uint32_t>(std::min<std::uint64_t>(day, std::numeric_limits<std::uint32_t>::max()));
}

PskId psk_id(const Psk& psk) {
  return crypto::kdf_public<8>(psk, "psk-id");
}

VenueTerms direct_venue(const PublicKey& one, const PublicKey& other, std::uint32_t round_ms) {
  const auto cell = static_cast<std::uint16_t>(wire::kCellBytes);
  const VenueId id{crypto::digest<16>({as_bytes("sw1-direct-venue"), std::min(one, other), std::max(one, other),
                                       crypto::le(round_ms), crypto::le(cell)})};
  return {id, round_ms, wire::kEpochMs / round_ms};
}

ByteArray<32> epoch_hash(const VenueTerms& venue, Epoch epoch) {
  const auto cell = static_cast<std::uint16_t>(wire::kCellBytes);
  return crypto::digest<32>({as_bytes("sw1-direct"), crypto::le(kDirectVersion), venue.id.bytes,
                             crypto::le(epoch.value), crypto::le(venue.round_ms), crypto::le(venue.rounds),
                             crypto::le(cell)});
}

crypto::Role LineKeys::role() const {
  return own.public_key < peer ? crypto::Role::initiator : crypto::Role::responder;
}

LineKeys LineKeys::clone() const {
  auto copy = load(save().view());
  SW_ASSERT(copy.has_value());
  return std::move(*copy);
}

crypto::SecretBytes LineKeys::save() const {
  SW_ASSERT(in_range(*this));
  crypto::SecretWriter out;
  out.u8(kSavedVersion).secret(own.secret).bytes(peer).bytes(peer_carrier).u8(static_cast<std::uint8_t>(at.size()));
  for (const wire::Endpoint& e : at) out.bytes(e.ip).u16(e.port);
  out.u32(round_ms).u8(caps);
  for (const std::uint32_t group : check) out.u32(group);
  kid.save(out);
  khs.save(out);
  out.secret(psk.newest).u8(psk.previous ? 1 : 0);
  if (psk.previous) out.secret(*psk.previous);
  out.u8(static_cast<std::uint8_t>(continuity)).u64(reserved.epoch.value).u32(reserved.round.value);
  return out.take();
}

Result<LineKeys> LineKeys::load(ByteView saved) {
  crypto::SecretReader in(saved);
  if (in.u8() != kSavedVersion) return fail(Errc::unsupported, "the line was stored by another version");
  auto own = crypto::KeyPair::from(in.secret<crypto::PrivateKey>());
  const auto peer = in.array<32>();
  const auto peer_carrier = in.array<32>();
  auto at = load_endpoints(in);
  const std::uint32_t round_ms = in.u32();
  const std::uint8_t caps = in.u8();
  CheckNumber check{};
  for (std::uint32_t& group : check) group = in.u32();
  auto kid = DayKeys<Kid>::load(in);
  auto khs = DayKeys<Khs>::load(in);
  PskState psk{in.secret<Psk>(), std::nullopt};
  const std::uint8_t has_previous = in.u8();
  if (has_previous > 1) return broken();
  if (has_previous == 1) psk.previous = in.secret<Psk>();
  const std::uint8_t continuity = in.u8();
  const Epoch epoch{in.u64()};
  const RoundId reserved{epoch, Round{in.u32()}};
  if (!in.expect_end() || continuity > 1) return broken();
  LineKeys keys{std::move(own),
                peer,
                peer_carrier,
                std::move(at),
                round_ms,
                caps,
                check,
                std::move(kid),
                std::move(khs),
                std::move(psk),
                static_cast<Continuity>(continuity),
                reserved};
  if (!in_range(keys)) return broken();
  return keys;
}

}  // namespace sw::line
