#include "mix/venue_words.hpp"

#include "wire/sizes.hpp"

namespace sw::mix {
namespace {

std::string span_text(std::uint64_t ms) {
  if (ms % 1000 != 0) return std::to_string(ms) + " ms";
  const std::uint64_t seconds = ms / 1000;
  return seconds % 60 != 0 || seconds == 0 ? std::to_string(seconds) + " s" : std::to_string(seconds / 60) + " min";
}

std::string who_runs_it(const Venue& venue, std::size_t place) {
  const RelayCard& relay = venue.relays[place];
  return "relay " + std::to_string(place + 1) + ": " + relay.host + " (" + relay.jurisdiction + "), " +
         wire::to_text(relay.at) + (venue.signatures[place] ? ", signed" : ", NOT SIGNED YET");
}

std::string class_text(const Venue& venue) {
  const std::uint64_t epoch = std::uint64_t{venue.epoch_rounds} * venue.round_ms;
  return "text: each station sends and gets " + std::to_string(2 * venue.slots) + " cells of " +
         std::to_string(wire::kCellBytes) + " bytes every " + span_text(venue.round_ms) +
         ", talk or no talk; new keys every " + span_text(epoch) + "; set-up closes " +
         std::to_string(venue.lead_rounds) + " rounds before";
}

std::string suite_text(const Venue& venue) {
  return venue.suite == Suite::x25519
             ? "suite 1: X25519. Who records today and has a quantum computer later learns who was paired"
             : "suite 2: X25519 and ML-KEM-768, also against who records today and has a quantum computer later";
}

std::string noise_text(const Venue& venue) {
  const NoiseTerms terms = terms_of(venue.noise);
  if (venue.noise == Noise::none) return "noise none: a single relay adds no cover circuits";
  return "noise " + std::string(word_of(venue.noise)) + ": each relay but the last adds " +
         std::to_string(terms.circuits) +
         " cover circuits to an epoch, so that the number of pairs tells next to nothing";
}

void add_hidden(const Venue& venue, std::vector<std::string>& out) {
  out.emplace_back("from every relay: what is said, and whether anything is said");
  out.emplace_back("from whoever watches the network: whether and with whom a station talks; not that it is a station");
  if (venue.hops() == 1) {
    out.emplace_back("NOT from the operator of its one relay: it sees who is paired with whom");
    return;
  }
  out.emplace_back("from its relays: who is paired with whom, as long as at least one of them is honest; together " +
                   std::string(venue.hops() == 2 ? "both" : "all three") + " see it");
  out.emplace_back("relay 1 sees the addresses of all stations; relay " + std::to_string(venue.hops()) +
                   " sees how many pairs there are, with the cover pairs among them");
}

void add_crowd(const Venue& venue, std::vector<std::string>& out) {
  out.push_back("at most " + std::to_string(venue.stations) +
                " stations; the crowd is those that are there, not this limit");
  out.emplace_back(
      "of two stations everybody knows who is paired, of four each has three possible peers; ten that have nothing to "
      "do with each other are a small crowd, a hundred are a good one");
}

// One order, or one intruder, that reaches two relays has two of them.
void add_warnings(const Venue& venue, std::vector<std::string>& out) {
  for (std::size_t i = 0; i < venue.hops(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      const RelayCard& one = venue.relays[j];
      const RelayCard& other = venue.relays[i];
      const std::string both = "CAUTION: relays " + std::to_string(j + 1) + " and " + std::to_string(i + 1);
      if (one.host == other.host) out.push_back(both + " have one operator: count them as one");
      if (one.jurisdiction == other.jurisdiction) {
        out.push_back(both + " are under one jurisdiction: one order reaches both");
      }
    }
  }
}

}  // namespace

std::vector<std::string> describe(const Venue& venue) {
  std::vector<std::string> out;
  out.reserve(venue.hops() + 10);
  for (std::size_t i = 0; i < venue.hops(); ++i) out.push_back(who_runs_it(venue, i));
  out.push_back(class_text(venue));
  out.push_back(suite_text(venue));
  out.push_back(noise_text(venue));
  out.emplace_back("it hides:");
  add_hidden(venue, out);
  add_crowd(venue, out);
  add_warnings(venue, out);
  return out;
}

}  // namespace sw::mix
