#pragma once
// The relays of a world's venue: the real cores of the chain with their streams, and R1's gate for the stations, as
// relay/shell.cpp joins them.
#include "relay/stations_gate.hpp"
#include "support/relay_world.hpp"
#include "support/world.hpp"

namespace sw::test {

class RelayChain final : public Relays {
 public:
  static constexpr std::uint32_t kEpochRounds = 60;
  static constexpr std::size_t kHops = 3;

  explicit RelayChain(std::uint64_t seed)
      : x_rng(seed),
        x_link(crypto::KeyPair::generate(x_rng)),
        chain({.hops = kHops,
               .seed = seed,
               .circuits = 0,
               .rounds = kEpochRounds,
               .round_ms = World::kRoundMs,
               .start = x_start.utc}),
        x_gate({x_link, chain.terms, serial_of, x_start}, x_rng) {
    chain.attend = [this](mix::relay::Actions& actions) { attend(actions); };
  }

  [[nodiscard]] wire::Endpoint here() const override { return address(100); }
  [[nodiscard]] carrier::RelayTerms terms(std::size_t host) const override {
    carrier::RelayTerms out{chain.terms.rules(), x_link.public_key, here(), mix::Token{}, 0};
    (*out.token)[0] = static_cast<std::uint8_t>(host + 1);
    return out;
  }
  [[nodiscard]] station::KnownVenue venue() const override {
    const auto& terms = chain.terms;
    return {{terms.venue, terms.round_ms, terms.rounds, line::VenueKind::relays}, terms.slots};
  }
  [[nodiscard]] Instant next() const override { return std::min(x_gate.next_wake(), x_start.instant_at(chain.next())); }
  void run(Instant now) override {
    x_now = now;
    chain.run_until(x_start.utc_at(now));
    x_gate.depart(now, [this](const auto& to, const auto& frame) { sent.push_back({here(), to, to_bytes(frame)}); });
    count();
  }
  void on_packet(Instant now, const Packet& packet) override {
    x_now = now;
    chain.run_until(x_start.utc_at(now));
    if (auto answer = x_gate.on_datagram(now, packet.bytes, packet.from)) {
      sent.push_back({here(), answer->to, std::move(answer->bytes)});
    }
    count();
  }

  [[nodiscard]] std::size_t registered() const { return x_gate.registered(); }

 private:
  using Seed = crypto::SeededRng;
  static std::optional<std::uint32_t> serial_of(const mix::Token& token) { return token[0]; }

  void count() {
    if (const auto circuits = x_gate.circuits(x_now)) chain.circuits(*circuits);
  }
  void attend(mix::relay::Actions& actions) {
    for (const auto& each : actions.published) x_gate.on_published(each);
    for (const Epoch epoch : actions.halted) x_gate.on_halted(epoch);
    for (const Epoch epoch : actions.making) x_gate.on_making(epoch);
    for (const auto& each : actions.receipts) x_gate.on_receipt(each);
    for (const Epoch epoch : actions.close_setup) {
      if (const auto onions = x_gate.close_setup(epoch)) chain.onions(epoch, *onions);
    }
    for (const RoundId at : actions.close_round) {
      if (auto cells = x_gate.close_round(x_now, at)) chain.cells(at, std::move(*cells));
    }
    for (auto& each : actions.returned) {
      if (x_gate.on_returned(std::move(each))) ++returned;
    }
  }

  relay::Moment x_start{{kStartUtcMs}, kStart};
  Instant x_now = kStart;
  Seed x_rng;
  crypto::KeyPair x_link;

 public:
  mix::relay::test::World chain;
  std::uint64_t returned = 0;  ///< rounds that came back whole

 private:
  relay::StationsGate x_gate;
};

}  // namespace sw::test
