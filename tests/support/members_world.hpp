#pragma once
// Stations and R1 of one venue in virtual time: each station's Passage over a real link::Link with a bad network to
// R1's RelayStations, the mix behind it by the cores of src/mix. Every cell is known, so each return is checked.
#include <functional>
#include <map>
#include <memory>
#include <set>

#include "link/link.hpp"
#include "mix/relay_stations.hpp"
#include "support/address.hpp"
#include "support/relay_venue.hpp"

namespace sw::mix::test {

using Micros = std::int64_t;

/// Events in the order of their time.
class Timeline {
 public:
  void at(Micros when, std::function<void()> what) { x_events.emplace(std::max(when, x_now), std::move(what)); }
  void run_until(Micros end) {
    while (!x_events.empty() && x_events.begin()->first <= end) {
      auto event = x_events.extract(x_events.begin());
      x_now = event.key();
      event.mapped()();
    }
    x_now = end;
  }
  [[nodiscard]] Micros now() const { return x_now; }

 private:
  std::multimap<Micros, std::function<void()>> x_events;
  Micros x_now = 0;
};

/// What an observer of the wire sees.
struct Seen {
  Micros when{};
  std::size_t from{};
  std::size_t to{};
  std::size_t bytes{};
  bool operator==(const Seen&) const = default;
};

struct Network {
  double loss = 0;
  double doubled = 0;
  Micros least = 3'000;
  Micros most = 9'000;
};

/// Frames between the station n (1 and up) and R1 (0). Its chance is its own, so that what is inside changes nothing.
class Wire {
 public:
  Wire(Timeline& time, Network network, std::uint64_t seed) : x_time(time), x_network(network), x_rng(seed) {}
  void launch(std::size_t from, std::size_t to, const link::Frame& frame,
              const std::function<void(const link::Frame&)>& arrive) {
    seen.push_back({x_time.now(), from, to, frame.size()});
    const int copies = chance(x_network.doubled) ? 2 : 1;
    for (int copy = 0; copy < copies; ++copy) {
      const Micros delay =
          x_network.least +
          static_cast<Micros>(x_rng.below(static_cast<std::uint64_t>(x_network.most - x_network.least) + 1));
      const bool lost = chance(x_network.loss);
      if (lost || cut.contains(from) || cut.contains(to)) continue;
      x_time.at(x_time.now() + delay, [arrive, frame] { arrive(frame); });
    }
  }
  std::vector<Seen> seen;
  std::set<std::size_t> cut;

 private:
  bool chance(double p) { return static_cast<double>(x_rng.below(1'000'000)) < p * 1e6; }
  Timeline& x_time;
  Network x_network;
  crypto::SeededRng x_rng;
};

/// The inner cell that a station says in a round: random to look at, and known.
inline wire::Cell said(std::size_t station, std::size_t path, RoundId round) {
  crypto::SeededRng rng(station * 1'000'003 + path * 7 + round.epoch.value * 100'000'007 + round.round.value * 11);
  return rng.array<wire::kCellBytes>();
}

}  // namespace sw::mix::test
