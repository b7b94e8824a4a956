#pragma once
// Two carriers' links in virtual time with a bad network between them. Every cell is known, so each delivery is
// checked.
#include <deque>
#include <map>
#include <memory>
#include <set>
#include <utility>
#include <vector>

#include "crypto/rng.hpp"
#include "link/link.hpp"
#include "support/address.hpp"

namespace sw::test {

struct Weather {
  double loss = 0;
  double doubled = 0;
  std::uint32_t delay_least = 0;  ///< rounds
  std::uint32_t delay_most = 0;
};

class LinkWorld {
 public:
  struct Side {
    explicit Side(crypto::KeyPair&& own) : keys(std::move(own)) {}
    crypto::KeyPair keys;
    wire::Endpoint here;
    std::unique_ptr<link::Link> link;
    std::int64_t clock_ms = 1'790'000'000'000;
    std::uint64_t position = 0;  ///< rounds since epoch 100
    std::uint64_t kept_stamp = 0;
    std::map<RoundId, std::array<wire::Cell, kPaths>> said;
    std::set<RoundId> heard;  ///< of the other side
    std::uint64_t last_heard_at = 0;
  };

  explicit LinkWorld(std::uint64_t seed, std::uint32_t rounds = 200, std::uint32_t retry = wire::kLinkRetryRounds)
      : x_rng(seed), x_rounds(rounds), x_retry(retry) {
    auto a = crypto::KeyPair::generate(x_rng);
    auto b = crypto::KeyPair::generate(x_rng);
    if (b.public_key < a.public_key) std::swap(a, b);
    x_sides[0].keys = std::move(a);  // the initiator
    x_sides[1].keys = std::move(b);
    x_sides[0].here = address(1);
    x_sides[1].here = address(2);
    x_venue.bytes = x_rng.array<16>();
    for (std::size_t i = 0; i < 2; ++i) restart(i);
  }

  Side& side(std::size_t i) { return x_sides[i]; }
  link::Link& at(std::size_t i) { return *x_sides[i].link; }
  Rng& rng() { return x_rng; }
  [[nodiscard]] std::uint64_t round() const { return x_round; }
  [[nodiscard]] RoundId now(std::size_t i) const {
    const std::uint64_t p = x_sides[i].position;
    return {Epoch{100 + p / x_rounds}, Round{static_cast<std::uint32_t>(p % x_rounds)}};
  }

  /// A new process: keys are gone, the stamp and the addresses of the card are kept.
  void restart(std::size_t i, bool keep_stamp = true) {
    Side& s = x_sides[i];
    if (s.link) s.kept_stamp = s.link->last_stamp();
    s.link = std::make_unique<link::Link>(
        s.keys, link::LinkTerms{x_venue,
                                x_sides[1 - i].keys.public_key,
                                link::direct_role(s.keys.public_key, x_sides[1 - i].keys.public_key),
                                x_rounds,
                                {address(static_cast<std::uint8_t>(9)), card(1 - i)},
                                keep_stamp ? s.kept_stamp : 0,
                                wire::kDirectStreams,
                                1,
                                std::nullopt,
                                x_retry});
  }
  void skip(std::size_t i, std::uint64_t rounds) { x_sides[i].position += rounds; }

  /// One round of both sides. False when a delivered cell is wrong or came twice.
  bool step(const Weather& weather) {
    ++x_round;
    for (std::size_t i = 0; i < 2; ++i) {
      Side& s = x_sides[i];
      ++s.position;
      s.clock_ms += 1000;
      const std::array<wire::Cell, kPaths> cells{x_rng.array<wire::kCellBytes>(), x_rng.array<wire::kCellBytes>()};
      s.said[now(i)] = cells;
      if (s.said.size() > 4000) s.said.erase(s.said.begin());
      auto out = s.link->prepare(now(i), UtcMs{s.clock_ms}, cells[0], cells[1], x_rng);
      if (out.to == x_sides[1 - i].here) launch(i, out.frame, weather);
      x_last[i] = out;
    }
    return deliver();
  }
  /// Rounds until both sides opened something that was sealed from now on; `limit` when they did not.
  std::uint64_t recover(const Weather& weather, std::uint64_t limit) {
    const std::array<RoundId, 2> from{now(0), now(1)};
    for (std::uint64_t n = 1; n <= limit; ++n) {
      if (!step(weather)) return limit;
      if (fresh(0, from[1]) && fresh(1, from[0])) return n;
    }
    return limit;
  }
  const link::Link::Outgoing& last(std::size_t i) const { return *x_last[i]; }
  /// A frame that a third party sends.
  void inject(std::size_t to, const link::Frame& frame, const wire::Endpoint& from) {
    x_flying.push_back({x_round, to, frame, from});
  }
  [[nodiscard]] bool fresh(std::size_t i, RoundId after) const {
    return !x_sides[i].heard.empty() && *x_sides[i].heard.rbegin() > after;
  }

 private:
  struct Flight {
    std::uint64_t due;
    std::size_t to;
    link::Frame frame;
    wire::Endpoint from;
  };
  static wire::Endpoint card(std::size_t i) { return address(static_cast<std::uint8_t>(i + 1)); }

  bool chance(double p) { return static_cast<double>(x_rng.below(1'000'000)) < p * 1e6; }
  void launch(std::size_t i, const link::Frame& frame, const Weather& weather) {
    for (int copy = 0; copy < (chance(weather.doubled) ? 2 : 1); ++copy) {
      if (chance(weather.loss)) continue;
      const auto spread = weather.delay_most - weather.delay_least + 1;
      const auto delay = weather.delay_least + x_rng.below(spread);
      x_flying.push_back({x_round + delay, 1 - i, frame, x_sides[i].here});
    }
  }
  bool deliver() {
    bool right = true;
    std::deque<Flight> later;
    for (Flight& flight : x_flying) {
      if (flight.due > x_round) {
        later.push_back(flight);
        continue;
      }
      Side& to = x_sides[flight.to];
      const auto in = to.link->receive(flight.frame, flight.from, now(flight.to), x_rng);
      if (!in) continue;
      const Side& sender = x_sides[1 - flight.to];
      const auto said = sender.said.find(in->round);
      right = right && said != sender.said.end() && said->second == in->cells && to.heard.insert(in->round).second;
      to.last_heard_at = x_round;
    }
    x_flying = std::move(later);
    return right;
  }

  crypto::SeededRng x_rng;
  std::uint32_t x_rounds;
  std::uint32_t x_retry;
  VenueId x_venue;
  std::array<Side, 2> x_sides{Side(blank()), Side(blank())};
  std::deque<Flight> x_flying;
  std::array<std::optional<link::Link::Outgoing>, 2> x_last;
  std::uint64_t x_round = 0;

  crypto::KeyPair blank() { return crypto::KeyPair::generate(x_rng); }
};

}  // namespace sw::test
