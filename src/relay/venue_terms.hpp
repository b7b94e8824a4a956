#pragma once
// A venue file's constants as the relay's core takes them. Protocol 8.6.
#include "mix/relay/terms.hpp"
#include "mix/venue.hpp"

namespace sw::relay {

[[nodiscard]] inline mix::relay::VenueTerms venue_terms(const mix::Venue& venue) {
  mix::relay::VenueTerms out;
  out.venue = mix::id_of(venue);
  for (const auto& relay : venue.relays) out.relays.push_back(relay.id);
  out.round_ms = venue.round_ms;
  out.rounds = venue.epoch_rounds;
  out.lead_rounds = static_cast<std::uint16_t>(venue.lead_rounds);
  out.slots = static_cast<std::uint8_t>(venue.slots);
  out.suite = venue.suite;
  out.noise = mix::terms_of(venue.noise);
  out.circuit_limit = venue.circuits();
  return out;
}

}  // namespace sw::relay
