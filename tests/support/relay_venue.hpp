#pragma once
// The relays of a venue as stations meet them: ids that stay, and signed descriptors with fresh keys for each epoch.
#include "mix/objects.hpp"
#include "mix/receipt.hpp"
#include "support/mix_world.hpp"

namespace sw::mix::test {

class RelayVenue {
 public:
  struct Terms {
    std::size_t hops = 3;
    std::uint32_t round_ms = 100;
    std::uint32_t rounds = 40;
    std::uint8_t slots = 1;
    NoiseTerms noise{8, 1'000};
  };
  RelayVenue(const Terms& terms, Rng& rng) : x_terms(terms) {
    rng.fill(x_venue.bytes);
    for (std::size_t i = 0; i < terms.hops; ++i) x_ids.push_back(crypto::SigningPair::generate(rng));
  }

  struct Made {
    EpochOfTest epoch;
    Bytes object;  ///< for the control lane
  };
  [[nodiscard]] Made make(Epoch epoch, UtcMs t0, std::uint32_t circuits, Rng& rng) const {
    Made out;
    Descriptor& d = out.epoch.accepted.descriptor;
    d.venue = x_venue;
    d.epoch = epoch;
    d.t0 = t0;
    d.round_ms = x_terms.round_ms;
    d.rounds = x_terms.rounds;
    d.lead_rounds = 20;
    d.cell_bytes = 512;
    d.slots = x_terms.slots;
    d.suite = Suite::x25519;
    d.circuits = circuits;
    d.noise = x_terms.noise;
    for (const auto& id : x_ids) {
      auto keys = EpochKeys::generate(d.suite, rng);
      d.relays.push_back({id.public_key, keys->kx.public_key, {}});
      out.epoch.hosts.push_back({{id.secret.clone(), id.public_key}, std::move(*keys)});
    }
    const Bytes body = encode(d);
    out.epoch.accepted.hash = hash_of(body);
    std::vector<crypto::Signature> signatures;
    for (const auto& id : x_ids) signatures.push_back(sign_descriptor(id.secret, body));
    out.object = descriptor_object(body, signatures);
    return out;
  }
  [[nodiscard]] Bytes receipt(const AcceptedDescriptor& epoch, std::size_t hop, std::span<const Tag> tags) const {
    return make_receipt(epoch.hash, hop, ReceiptForm::tags, tags, x_ids[hop].secret);
  }
  [[nodiscard]] DescriptorRules rules() const {
    DescriptorRules out{x_venue,       {}, x_terms.round_ms, x_terms.rounds, 512, x_terms.slots, Suite::x25519,
                        x_terms.noise, {}};
    for (const auto& id : x_ids) out.relays.push_back(id.public_key);
    return out;
  }
  [[nodiscard]] const Terms& terms() const { return x_terms; }
  [[nodiscard]] const VenueId& venue() const { return x_venue; }

 private:
  Terms x_terms;
  VenueId x_venue;
  std::vector<crypto::SigningPair> x_ids;
};

}  // namespace sw::mix::test
