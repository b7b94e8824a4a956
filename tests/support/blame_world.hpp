#pragma once
// Two machines with their stations and carriers, and the three relays of their venue, in one virtual time: every part
// is the real core, each can be broken, and what the screen says is looked at ten times a round. Protocol 6.2, 8.
#include "relay/stations_gate.hpp"
#include "support/address.hpp"
#include "support/host.hpp"
#include "support/relay_world.hpp"

namespace sw::test {

class BlameWorld {
 public:
  static constexpr std::int64_t kRoundMs = 100;
  static constexpr std::size_t kRelays = 3;
  enum class Legs : std::uint8_t { relays, both };

  explicit BlameWorld(std::uint64_t seed, Legs legs = Legs::relays)
      : x_rng(seed), relays({.hops = kRelays, .seed = seed + 1, .circuits = 0}) {
    relays.attend = [this](mix::relay::Actions& actions) { attend(actions); };
    start_gate();
    for (std::size_t i = 0; i < 2; ++i) {
      const std::uint64_t own = x_rng.bits() >> 8;
      const auto here = address(static_cast<std::uint8_t>(i + 1));
      hosts[i] = std::make_unique<Host>(i, own, here, guard, std::make_unique<MemoryDisk>());
      hosts[i]->skew_ms = relays.now.value - kStartUtcMs;
      carrier::RelayTerms terms{relays.terms.rules(), relays.keys[0].public_key, address(200), mix::InviteToken{}, 0};
      (*terms.token)[0] = static_cast<std::uint8_t>(i + 1);
      hosts[i]->carrier.relays.push_back(terms);
      // Their grids are not R1's.
      run(static_cast<std::int64_t>(x_rng.below(kRoundMs)));
      hosts[i]->start_carrier(now);
      hosts[i]->start_station(now);
      hosts[i]->api(now, [&](station::Core& core, UtcMs) {
        core.set_venues(
            {{{relays.terms.venue, kRoundMs, relays.terms.rounds, line::VenueKind::relays}, 1, {"A", "B", "C"}}});
        return 0;
      });
    }
    pair(legs);
  }

  void run(std::int64_t ms) {
    for (std::int64_t i = 0; i < ms; ++i) {
      now = now + milliseconds(1);
      relays.run(1);
      if (gate && !relays.relays[0].hung) drive_gate();
      while (!x_flying.empty() && x_flying.begin()->first <= now) arrive();
      for (auto& host : hosts) {
        while (host && host->next() <= now) host->run(now);
        if (host) launch(*host);
      }
    }
  }
  void rounds(std::int64_t n) { run(n * kRoundMs); }

  void kill_relay(std::size_t hop) {
    if (hop == 0) gate.reset();
    relays.kill(hop);
  }
  void start_relay(std::size_t hop) {
    if (hop == 0) start_gate();
    relays.start(hop);
  }

  void take_watches() {
    using Act = station::Core::WatchAct;
    for (auto& host : hosts) {
      EXPECT_TRUE(host->api(now, [](station::Core& core, UtcMs utc) { return core.watch(Act::take, "AB", utc); }));
    }
  }
  [[nodiscard]] station::LineView view(std::size_t i) const {
    return hosts[i]->station.core().line("Line", hosts[i]->utc(now)).value();
  }
  [[nodiscard]] bool open() const {
    return view(0).state.state == desk::State::open && view(1).state.state == desk::State::open;
  }
  /// Rounds until both sides are OPEN; `most` when they are not.
  std::int64_t until_open(std::int64_t most) {
    for (std::int64_t n = 0; n < most; ++n) {
      if (open()) return n;
      rounds(1);
    }
    return most;
  }

 private:
  crypto::SeededRng x_rng;

 public:
  Instant now = kStart;
  mix::relay::test::World relays;
  std::optional<relay::StationsGate> gate;
  std::array<std::unique_ptr<Host>, 2> hosts;
  Guard guard;
  std::set<std::size_t> cut;  ///< machines whose packets are lost, both ways, without their carrier's knowledge
  std::vector<std::pair<std::int64_t, std::size_t>> departures;  ///< of R1's frames: when, and of how many bytes

 private:
  void start_gate() {
    const auto check = [](const mix::Token& token) { return std::optional<std::uint32_t>(token[0]); };
    gate.emplace(relay::StationsGate::Terms{relays.keys[0], relays.terms, check, {relays.now, now}}, x_rng);
  }
  void count() {
    if (const auto circuits = gate->circuits(now)) {
      relays.perform_first(relays.relays[0].core->on_circuits(relays.clock(0), *circuits));
    }
  }
  void drive_gate() {
    for (const Packet& packet : std::exchange(x_waiting, {})) hear(packet);
    gate->on_fault(relays.relays[0].core->fault(relays.clock(0)));
    gate->depart(now, [this](const auto& to, const auto& frame) {
      departures.emplace_back(now.ns, frame.size());
      fly({address(200), to, to_bytes(frame)});
    });
    count();
  }
  void hear(const Packet& packet) {
    if (auto answer = gate->on_datagram(now, packet.bytes, packet.from)) {
      fly({address(200), answer->to, std::move(answer->bytes)});
    }
    count();
  }
  void attend(mix::relay::Actions& actions) {
    if (!gate) return;
    auto& core = *relays.relays[0].core;
    for (const auto& each : actions.published) gate->on_published(each);
    for (const Epoch epoch : actions.halted) gate->on_halted(epoch);
    for (const Epoch epoch : actions.making) gate->on_making(epoch);
    for (const auto& each : actions.receipts) gate->on_receipt(each);
    for (const Epoch epoch : actions.close_setup) {
      if (const auto onions = gate->close_setup(epoch)) {
        relays.perform_first(core.on_onions(relays.clock(0), epoch, to_bytes(*onions)));
      }
    }
    for (const RoundId at : actions.close_round) {
      if (auto cells = gate->close_round(now, at)) {
        relays.perform_first(core.on_cells(relays.clock(0), at, std::move(*cells)));
      }
    }
    for (auto& each : actions.returned) (void)gate->on_returned(std::move(each));
  }

  void launch(Host& host) {
    for (Packet& packet : std::exchange(host.carrier.sent, {})) fly(std::move(packet));
  }
  void fly(Packet packet) { x_flying.emplace(now + milliseconds(3), std::move(packet)); }
  void arrive() {
    const auto node = x_flying.extract(x_flying.begin());
    const Packet& packet = node.mapped();
    for (const std::size_t i : cut) {
      if (packet.from == hosts[i]->carrier.here() || packet.to == hosts[i]->carrier.here()) return;
    }
    for (auto& host : hosts) {
      if (host && host->carrier.here() == packet.to) host->on_packet(now, packet);
    }
    if (packet.to != address(200) || !gate) return;
    if (relays.relays[0].hung) {
      x_waiting.push_back(packet);
    } else {
      hear(packet);
    }
  }

  void pair(Legs legs) {
    std::array<crypto::SecretBytes, 2> cards;
    for (std::size_t i = 0; i < 2; ++i) {
      cards[i] = hosts[i]
                     ->api(now,
                           [&](station::Core& core, UtcMs utc) {
                             station::Core::OfferTerms terms{"Line", {}, kRoundMs, false, {relays.terms.venue.hex()}};
                             if (legs == Legs::both) terms.at = {hosts[i]->carrier.here()};
                             return core.pair_offer(terms, utc);
                           })
                     .value();
    }
    for (std::size_t i = 0; i < 2; ++i) {
      const auto do_here = [&](auto what) { EXPECT_TRUE(hosts[i]->api(now, what)); };
      do_here(
          [&](station::Core& core, UtcMs utc) { return core.pair_accept("Line", as_text(cards[1 - i].view()), utc); });
      do_here([](station::Core& core, UtcMs utc) { return core.pair_confirm("Line", utc); });
    }
  }

  std::multimap<Instant, Packet> x_flying;
  std::vector<Packet> x_waiting;  ///< for R1, which is stopped
};

}  // namespace sw::test
