#pragma once
// Relays, their cards and a venue of them, from a seed.
#include <string>
#include <vector>

#include "crypto/dh.hpp"
#include "crypto/rng.hpp"
#include "mix/venue.hpp"

namespace sw::test {

struct RelayOfTest {
  crypto::SigningPair id;
  mix::RelayCard card;
};

inline std::vector<RelayOfTest> make_relays(std::size_t count, Rng& rng) {
  std::vector<RelayOfTest> out;
  for (std::size_t i = 0; i < count; ++i) {
    const std::string number = std::to_string(i + 1);
    auto id = crypto::SigningPair::generate(rng);
    mix::RelayCard card{"Institute " + number, "Land " + number, id.public_key,
                        crypto::KeyPair::generate(rng).public_key,
                        *wire::parse_endpoint("192.0.2." + number + ":7150")};
    out.push_back({std::move(id), std::move(card)});
  }
  return out;
}

inline mix::Venue make_venue(const std::vector<RelayOfTest>& relays) {
  mix::Venue out;
  for (const RelayOfTest& relay : relays) out.relays.push_back(relay.card);
  if (relays.size() == 1) out.noise = mix::Noise::none;
  out.signatures.resize(relays.size());
  return out;
}

inline void sign_all(mix::Venue& venue, const std::vector<RelayOfTest>& relays) {
  for (std::size_t i = 0; i < relays.size(); ++i) venue.signatures[i] = mix::sign_venue(venue, relays[i].id.secret);
}

}  // namespace sw::test
