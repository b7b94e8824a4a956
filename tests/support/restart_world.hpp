#pragma once
// A whole venue in virtual time, for what a relay's restart costs: three relay cores and R1's gate, connections that
// come up again once a round, stations with a link and a passage behind a network that delays and loses. Protocol 8.7,
// 8.8.
#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <memory>

#include "carrier/relay_clock.hpp"
#include "carrier/setup_queue.hpp"
#include "crypto/rng.hpp"
#include "link/link.hpp"
#include "mix/passage.hpp"
#include "relay/stations_gate.hpp"
#include "support/address.hpp"

namespace sw::relay::test {

using mix::relay::Actions;
using mix::relay::Core;
using mix::relay::Message;
using mix::relay::Side;
using sw::test::address;

struct RestartTerms {
  std::uint64_t seed = 1;
  std::int64_t round_ms = 1'000;
  double loss = 0;
  std::int64_t delay_ms = 50;
  std::size_t stations = 2;
};

class RestartWorld {
 public:
  static constexpr std::size_t kHops = 3;
  static constexpr std::uint32_t kRounds = 200;

  explicit RestartWorld(const RestartTerms& terms) : x_terms(terms), x_rng(terms.seed) {
    EXPECT_TRUE(crypto::start());
    x_rng.fill(x_venue.venue.bytes);
    for (std::size_t hop = 0; hop < kHops; ++hop) {
      x_ids.push_back(crypto::SigningPair::generate(x_rng));
      x_venue.relays.push_back(x_ids.back().public_key);
    }
    x_venue.round_ms = static_cast<std::uint32_t>(terms.round_ms);
    x_venue.rounds = kRounds;
    x_venue.lead_rounds = 20;
    x_venue.slots = 1;
    x_venue.suite = mix::Suite::x25519;
    x_venue.noise = {8, 1'000};
    x_venue.circuit_limit = 64;
    for (std::size_t hop = 0; hop < kHops; ++hop) start(hop);
    for (std::size_t n = 0; n < terms.stations; ++n) add_station(static_cast<std::uint8_t>(n + 1));
  }

  void kill(std::size_t hop) {
    x_relays[hop].core.reset();
    if (hop == 0) x_gate.reset();
    for (const std::size_t link : {hop - 1, hop}) {
      if (link >= kHops - 1 || !x_up[link]) continue;
      x_up[link] = false;
      const std::size_t other = link == hop ? hop + 1 : link;
      const Side side = other > hop ? Side::previous : Side::next;
      if (x_relays[other].core) perform(other, x_relays[other].core->on_lost(utc(), side));
    }
    ++x_life;
  }
  void start(std::size_t hop) {
    Relay& relay = x_relays[hop];
    relay.core = std::make_unique<Core>(x_venue, hop, x_ids[hop].secret.clone(), relay.highest, x_rng);
    if (hop != 0) return;
    const auto check = [](const mix::Token& t) { return std::optional<std::uint32_t>(t[0]); };
    x_gate.emplace(StationsGate::Terms{x_link, x_venue, check, Moment{utc(), x_now}}, x_rng);
  }

  void run(std::int64_t rounds) { run_ms(rounds * x_terms.round_ms); }
  void run_ms(std::int64_t ms) {
    for (; ms > 0; --ms) step();
  }
  /// Rounds until every station got its partner's cells of one round; nothing when that takes more than `most`.
  std::optional<double> rounds_until_cells(std::int64_t most) {
    for (auto& s : x_stations) s->right = false;
    const Instant from = x_now;
    while (!std::ranges::all_of(x_stations, [](const auto& s) { return s->right; })) {
      step();
      if (x_now - from > milliseconds(most * x_terms.round_ms)) return std::nullopt;
    }
    return static_cast<double>((x_now - from).ns) / static_cast<double>(milliseconds(x_terms.round_ms).ns);
  }
  [[nodiscard]] crypto::SeededRng& rng() { return x_rng; }

 private:
  struct Relay {
    std::unique_ptr<Core> core;
    Epoch highest{};
  };
  struct Station {
    crypto::KeyPair keys;
    link::Link link;
    mix::Passage passage;
    std::uint8_t number;
    Instant next;  ///< its frame leaves
    carrier::RelayClock clock;
    std::uint32_t clock_life = 0;
    std::uint32_t life = 0;
    carrier::SetupQueue setups{};
    bool right = false;
  };

  [[nodiscard]] UtcMs utc() const { return {1'790'000'000'000 + x_now.ns / 1'000'000}; }
  void later(std::int64_t ms, std::function<void()> what) {
    x_events.emplace((x_now + milliseconds(ms)).ns, std::move(what));
  }
  [[nodiscard]] bool lost() { return static_cast<double>(x_rng.below(1'000'000)) < x_terms.loss * 1e6; }

  void step() {
    x_now = x_now + milliseconds(1);
    while (!x_events.empty() && x_events.begin()->first <= x_now.ns) x_events.extract(x_events.begin()).mapped()();
    const std::int64_t ms = x_now.ns / 1'000'000;
    // Each tries again once a round since it started; all their times are different.
    for (std::size_t link = 0; link + 1 < kHops; ++link) {
      if (ms % x_terms.round_ms == 17 * static_cast<std::int64_t>(link + 1)) connect(link);
    }
    for (std::size_t hop = 0; hop < kHops; ++hop) {
      auto& core = x_relays[hop].core;
      if (core && core->next_wake() <= utc()) perform(hop, core->advance(utc()));
    }
    if (x_gate) {
      x_gate->depart(x_now, [this](const auto& to, const auto& frame) {
        const relay::StationsGate::Datagram sent{to, to_bytes(frame)};
        if (!lost()) later(x_terms.delay_ms, [this, sent] { hear(sent); });
      });
      count();
    }
    for (auto& s : x_stations) {
      if (x_now < s->next) continue;
      speak(*s);
      s->next = s->next + milliseconds(x_terms.round_ms) + s->clock.take_move();
    }
  }

  // ---- relays
  void connect(std::size_t link) {
    if (x_up[link] || !x_relays[link].core || !x_relays[link + 1].core) return;
    x_up[link] = true;
    perform(link, x_relays[link].core->on_connected(utc(), Side::next));
    perform(link + 1, x_relays[link + 1].core->on_connected(utc(), Side::previous));
  }
  void perform(std::size_t hop, Actions actions) {
    for (auto& out : actions.messages) {
      const std::size_t to = out.to == Side::next ? hop + 1 : hop - 1;
      if (!x_up[std::min(hop, to)]) continue;
      later(3, [this, to, side = mix::relay::other(out.to), life = x_life, message = std::move(out.message)] {
        if (life == x_life && x_relays[to].core) perform(to, x_relays[to].core->on_message(utc(), side, message));
      });
    }
    for (const Epoch epoch : actions.records) {
      x_relays[hop].highest = epoch;
      later(2, [this, hop, epoch, life = x_life] {
        if (life == x_life && x_relays[hop].core) perform(hop, x_relays[hop].core->on_recorded(utc(), epoch));
      });
    }
    for (auto& work : actions.works) {
      work.run(x_hands, x_rng);
      perform(hop, x_relays[hop].core->on_done(utc(), std::move(work)));
    }
    if (hop == 0 && x_gate) attend(actions);
  }
  void attend(Actions& actions) {
    for (const auto& each : actions.published) x_gate->on_published(each);
    for (const Epoch epoch : actions.halted) x_gate->on_halted(epoch);
    for (const Epoch epoch : actions.making) x_gate->on_making(epoch);
    for (const auto& each : actions.receipts) x_gate->on_receipt(each);
    for (const Epoch epoch : actions.close_setup) {
      if (const auto onions = x_gate->close_setup(epoch))
        perform(0, x_relays[0].core->on_onions(utc(), epoch, to_bytes(*onions)));
    }
    for (const RoundId at : actions.close_round) {
      auto cells = x_gate->close_round(x_now, at);
      if (cells) perform(0, x_relays[0].core->on_cells(utc(), at, std::move(*cells)));
    }
    for (auto& each : actions.returned) (void)x_gate->on_returned(std::move(each));
  }
  void count() {
    if (const auto circuits = x_gate->circuits(x_now)) perform(0, x_relays[0].core->on_circuits(utc(), *circuits));
  }

  // ---- stations
  void add_station(std::uint8_t number) {
    auto keys = crypto::KeyPair::generate(x_rng);
    link::LinkTerms terms{x_venue.venue,           x_link.public_key,
                          crypto::Role::initiator, mix::frame_rounds(kRounds, 1),
                          {address(200)},          0,
                          wire::kStationStreams};
    terms.retry = wire::kCallRounds;
    link::Link link(keys, std::move(terms));
    const auto phase = static_cast<std::int64_t>(x_rng.below(static_cast<std::uint64_t>(x_terms.round_ms)));
    x_stations.push_back(
        std::make_unique<Station>(Station{std::move(keys), std::move(link), mix::Passage(x_venue.rules()), number,
                                          x_now + milliseconds(phase), carrier::RelayClock(x_venue.round_ms)}));
  }
  static wire::Cell said(std::uint8_t from, RoundId round, std::uint8_t path) {
    wire::Cell out{};
    out.fill(static_cast<std::uint8_t>(91U * from + 17U * path + round.round.value + round.epoch.value));
    return out;
  }
  void speak(Station& s) {
    if (s.life != s.link.lane_life()) {
      s.life = s.link.lane_life();
      s.setups.clear();
      s.passage.lane_renewed();
      Bytes token(wire::kTokenBytes, 0);
      token[0] = s.number;
      s.link.send(link::Stream::enrol, std::move(token));
    }
    auto turn = s.passage.begin_round(s.clock.at(utc()).value_or(UtcMs{}), x_rng);
    if (turn.all_void) {
      s.link.withdraw(link::Stream::setup);
      s.setups.clear();
    }
    for (auto& upload : turn.uploads) s.setups.add(std::move(upload));
    for (const std::uint64_t number : s.setups.serve(s.link)) s.passage.delivered(number);
    // The two of a pair have the drops of an epoch in common.
    for (const auto& wanted : turn.wanted) {
      std::array<mix::DropId, kPaths> drops{};
      for (std::uint8_t path = 0; path < kPaths; ++path) {
        drops[path].fill(static_cast<std::uint8_t>((s.number + 1) / 2));
        drops[path][0] = path;
        drops[path][1] = static_cast<std::uint8_t>(wanted.epoch.value);
      }
      s.passage.drops({0}, wanted.epoch, drops[0], drops[1]);
    }
    mix::SlotCells cells{x_rng.array<wire::kCellBytes>(), x_rng.array<wire::kCellBytes>()};
    if (turn.round) {
      cells = {said(s.number, *turn.round, 0), said(s.number, *turn.round, 1)};
      s.passage.wrap({0}, cells, x_rng);
    }
    const auto out = s.link.prepare(turn.round.value_or(RoundId{}), utc(), cells[0], cells[1], x_rng);
    if (lost()) return;
    later(x_terms.delay_ms, [this, frame = out.frame, from = address(s.number)] {
      if (!x_gate) return;
      (void)x_gate->on_datagram(x_now, frame, from);
      count();
    });
  }
  void hear(const StationsGate::Datagram& datagram) {
    for (auto& s : x_stations) {
      if (address(s->number) != datagram.to) continue;
      link::Frame frame;
      std::ranges::copy(datagram.bytes, frame.begin());
      auto in = s->link.receive(frame, address(200), {}, x_rng);
      if (!in) continue;
      if (std::exchange(s->clock_life, s->link.lane_life()) != s->link.lane_life()) s->clock.renew();
      s->clock.phase(in->phase);
      if (const auto t0 = s->passage.begins(in->round.epoch)) s->clock.heard(in->round, *t0, utc());
      const auto peer = static_cast<std::uint8_t>(((s->number - 1) ^ 1) + 1);
      if (s->passage.unwrap(in->round, {0}, in->cells) && in->cells[0] == said(peer, in->round, 0)) s->right = true;
      if (!in->object) continue;
      const Bytes& object = in->object->bytes;
      if (in->object->stream == link::Stream::descriptor) (void)s->passage.take_descriptor(object);
      if (in->object->stream == link::Stream::receipt) (void)s->passage.take_receipt(object);
      if (in->object->stream == link::Stream::notice) (void)s->passage.take_notice(object);
    }
  }

  RestartTerms x_terms;
  crypto::SeededRng x_rng;
  mix::relay::OwnHands x_hands;
  std::vector<crypto::SigningPair> x_ids;
  crypto::KeyPair x_link = crypto::KeyPair::generate(x_rng);
  mix::relay::VenueTerms x_venue;
  std::array<Relay, kHops> x_relays;
  std::array<bool, kHops - 1> x_up{};
  std::uint32_t x_life = 0;  ///< what was said before a relay died is gone
  std::optional<StationsGate> x_gate;
  std::vector<std::unique_ptr<Station>> x_stations;
  std::multimap<std::int64_t, std::function<void()>> x_events;
  Instant x_now{5'000'000'000};
};

}  // namespace sw::relay::test
