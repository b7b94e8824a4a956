#include "mix/descriptor.hpp"

#include <algorithm>

#include "base/assert.hpp"
#include "crypto/dh.hpp"
#include "crypto/hash.hpp"
#include "crypto/kem.hpp"
#include "wire/reader.hpp"
#include "wire/sizes.hpp"
#include "wire/writer.hpp"

namespace sw::mix {
namespace {

constexpr std::string_view kMagic = "sw1-epoch";
constexpr std::uint8_t kVersion = 1;

bool in_range(const Descriptor& d) {
  const std::uint64_t span = std::uint64_t{d.rounds} * d.round_ms;
  return d.round_ms >= wire::kRoundMsLeast && d.round_ms <= wire::kRoundMsMost && d.rounds >= wire::kEpochRoundsLeast &&
         span <= wire::kEpochSpanMs && d.lead_rounds >= wire::kLeadRoundsLeast && d.lead_rounds <= d.rounds &&
         d.cell_bytes == wire::kCellBytes && d.slots >= 1 && d.slots <= wire::kSlotLimit &&
         d.circuits % (2U * d.slots) == 0 && d.circuits <= wire::kCircuitLimit && d.noise.circuits % 4 == 0 &&
         d.noise.circuits <= wire::kCoverLimit && (d.noise.circuits == 0 || d.noise.sigma_milli > 0) &&
         !d.relays.empty() && d.relays.size() <= wire::kRelayLimit && d.t0.value >= 0;
}

// "two relays with one key": each place of the chain has keys of its own, or one host would be two of it.
bool keys_good(const Descriptor& d) {
  for (std::size_t i = 0; i < d.relays.size(); ++i) {
    if (!crypto::usable_public_key(d.relays[i].kx)) return false;
    for (std::size_t j = 0; j < i; ++j) {
      if (d.relays[i].id == d.relays[j].id || d.relays[i].kx == d.relays[j].kx) return false;
    }
  }
  return true;
}

}  // namespace

std::size_t descriptor_bytes(Suite suite, std::size_t hops) {
  constexpr std::size_t head = kMagic.size() + 1 + 16 + 8 + 8 + 4 + 4 + 2 + 2 + 1 + 1 + 1 + 4 + 4 + 4;
  return head + hops * (32 + 32 + (suite == Suite::x25519 ? 0 : crypto::kKemPublicBytes));
}

Bytes encode(const Descriptor& d) {
  SW_ASSERT(in_range(d));
  wire::Writer out;
  out.bytes(as_bytes(kMagic)).u8(kVersion).bytes(d.venue.bytes).u64(d.epoch.value);
  out.u64(static_cast<std::uint64_t>(d.t0.value)).u32(d.round_ms).u32(d.rounds).u16(d.lead_rounds).u16(d.cell_bytes);
  out.u8(d.slots).u8(static_cast<std::uint8_t>(d.suite)).u8(static_cast<std::uint8_t>(d.relays.size()));
  out.u32(d.circuits).u32(d.noise.circuits).u32(d.noise.sigma_milli);
  for (const RelayKeys& relay : d.relays) {
    SW_ASSERT(relay.kem.size() == (d.suite == Suite::x25519 ? 0 : crypto::kKemPublicBytes));
    out.bytes(relay.id).bytes(relay.kx).bytes(relay.kem);
  }
  return out.take();
}

Result<Descriptor> decode_descriptor(ByteView body) {
  wire::Reader in(body);
  const ByteView magic = in.view(kMagic.size());
  const bool known = in.ok() && std::ranges::equal(magic, as_bytes(kMagic)) && in.u8() == kVersion;
  Descriptor d;
  d.venue = in.id<VenueId>();
  d.epoch = {in.u64()};
  const std::uint64_t t0 = in.u64();
  d.round_ms = in.u32();
  d.rounds = in.u32();
  d.lead_rounds = in.u16();
  d.cell_bytes = in.u16();
  d.slots = in.u8();
  const std::uint8_t suite = in.u8();
  const std::uint8_t hops = in.u8();
  d.circuits = in.u32();
  d.noise = {in.u32(), in.u32()};
  if (!known || !in.ok() || suite < 1 || suite > 2 || hops > wire::kRelayLimit || t0 > wire::kUtcMsLimit) {
    return fail(Errc::malformed, "not the descriptor of an epoch");
  }
  d.suite = Suite{suite};
  d.t0 = {static_cast<std::int64_t>(t0)};
  for (std::uint8_t i = 0; i < hops; ++i) {
    RelayKeys relay{in.array<32>(), in.array<32>(), {}};
    if (d.suite == Suite::x25519_mlkem768) relay.kem = to_bytes(in.view(crypto::kKemPublicBytes));
    d.relays.push_back(std::move(relay));
  }
  if (!in.expect_end()) return fail(Errc::malformed, "not the descriptor of an epoch");
  if (!in_range(d) || !keys_good(d))
    return fail(Errc::out_of_range, "the descriptor of an epoch has a field beyond its bounds");
  return d;
}

DescriptorHash hash_of(ByteView body) {
  return crypto::digest<32>({body});
}

crypto::Signature sign_descriptor(const crypto::SigningKey& relay, ByteView body) {
  return crypto::sign(relay, body);
}

Result<AcceptedDescriptor> accept_descriptor(ByteView body, std::span<const crypto::Signature> signatures,
                                             const DescriptorRules& rules) {
  auto decoded = decode_descriptor(body);
  if (!decoded) return std::unexpected(std::move(decoded.error()));
  const Descriptor& d = *decoded;
  if (d.venue != rules.venue || d.relays.size() != rules.relays.size() || signatures.size() != d.relays.size()) {
    return fail(Errc::forged, "the descriptor is not of this venue, or not signed by each of its relays");
  }
  for (std::size_t i = 0; i < d.relays.size(); ++i) {
    if (d.relays[i].id != rules.relays[i] || !crypto::verify(d.relays[i].id, body, signatures[i])) {
      return fail(Errc::forged, "the descriptor is not signed by relay " + std::to_string(i + 1) + " of this venue");
    }
  }
  if (rules.newest && d.epoch <= *rules.newest)
    return fail(Errc::refused, "the descriptor is of an epoch that is over");
  if (d.round_ms != rules.round_ms || d.rounds != rules.rounds || d.cell_bytes != rules.cell_bytes ||
      d.slots != rules.slots || d.suite != rules.suite) {
    return fail(Errc::refused, "the descriptor has other constants than the venue's file");
  }
  if (d.noise.circuits < rules.floor.circuits || d.noise.sigma_milli < rules.floor.sigma_milli) {
    return fail(Errc::refused, "the descriptor has less noise than this station asks for");
  }
  return AcceptedDescriptor{std::move(*decoded), hash_of(body)};
}

}  // namespace sw::mix
