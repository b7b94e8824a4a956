#include "mix/relay/making.hpp"

#include <algorithm>

#include "base/assert.hpp"
#include "wire/sizes.hpp"

namespace sw::mix::relay {

bool Making::take_keys(const OfferedKeys& offered) {
  if (!body.empty() || offered.hop < 1 || offered.hop > keys.size()) return false;
  auto& place = keys[offered.hop - std::size_t{1}];
  if (place) return false;
  place = offered;
  return true;
}

bool Making::take_signature(const VenueTerms& terms, const HopSignature& signature) {
  if (body.empty() || signature.hop < 1 || signature.hop > signatures.size()) return false;
  const std::size_t hop = signature.hop - std::size_t{1};
  if (signatures[hop] || !crypto::verify(terms.relays[hop], body, signature.signature)) return false;
  signatures[hop] = signature.signature;
  return true;
}

bool Making::has_all_keys() const {
  return std::ranges::all_of(keys, [](const auto& each) { return each.has_value(); });
}

bool Making::has_all_signatures() const {
  return std::ranges::all_of(signatures, [](const auto& each) { return each.has_value(); });
}

std::optional<Bytes> Making::build(const VenueTerms& terms) {
  Descriptor d;
  d.venue = terms.venue;
  d.epoch = number;
  d.t0 = want.t0;
  d.round_ms = terms.round_ms;
  d.rounds = terms.rounds;
  d.lead_rounds = want.lead_rounds;
  d.cell_bytes = wire::kCellBytes;
  d.slots = terms.slots;
  d.suite = terms.suite;
  d.circuits = want.circuits;
  d.noise = terms.noise;
  for (std::size_t hop = 0; hop < keys.size(); ++hop)
    d.relays.push_back({terms.relays[hop], keys[hop]->kx, keys[hop]->kem});
  Bytes built = encode(d);
  if (!decode_descriptor(built)) return std::nullopt;
  body = built;
  return built;
}

std::vector<crypto::Signature> Making::all_signatures() const {
  SW_ASSERT(has_all_signatures());
  std::vector<crypto::Signature> out;
  out.reserve(signatures.size());
  for (const auto& each : signatures) out.push_back(*each);
  return out;
}

}  // namespace sw::mix::relay
