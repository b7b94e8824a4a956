#pragma once
// The whole stack of two parties in one virtual time: the real carrier and station cores, cell ports, disks, and a bad
// network between the two machines. A seed gives the same world again.
#include <array>
#include <map>
#include <memory>

#include "support/address.hpp"
#include "support/host.hpp"

namespace sw::test {

/// What the network does with a packet.
struct Air {
  double loss = 0;
  double doubled = 0;
  Duration delay_least = milliseconds(5);
  Duration delay_most = milliseconds(5);  ///< drawn for each packet, so packets overtake each other
  double damaged = 0;                     ///< one bit of it
  double replayed = 0;                    ///< an old one comes again, from a third address
  double carried_off = 0;                 ///< it comes from a third address only
};

/// What an observer of every cable sees of one frame.
struct Departure {
  std::int64_t ns{};
  wire::Endpoint from;
  wire::Endpoint to;
  std::size_t bytes{};
  auto operator<=>(const Departure&) const = default;
};

/// The relays of a venue that all stations of a world are in.
class Relays {
 public:
  Relays() = default;
  Relays(const Relays&) = delete;
  Relays& operator=(const Relays&) = delete;
  virtual ~Relays() = default;

  [[nodiscard]] virtual wire::Endpoint here() const = 0;  ///< R1
  [[nodiscard]] virtual carrier::RelayTerms terms(std::size_t host) const = 0;
  [[nodiscard]] virtual station::KnownVenue venue() const = 0;
  [[nodiscard]] virtual Instant next() const = 0;
  virtual void run(Instant now) = 0;
  virtual void on_packet(Instant now, const Packet& packet) = 0;

  std::vector<Packet> sent;
};

class World {
 public:
  static constexpr std::uint32_t kRoundMs = 1000;

  using MakeDisk = std::unique_ptr<Disk> (*)(std::uint64_t seed);
  static std::unique_ptr<Disk> in_memory(std::uint64_t) { return std::make_unique<MemoryDisk>(); }

  explicit World(std::uint64_t seed, MakeDisk make_disk = in_memory) : World(seed, make_disk, 2, nullptr) {}
  /// The first two may pair; the others have no line.
  World(std::uint64_t seed, std::size_t hosts, std::unique_ptr<Relays> relays)
      : World(seed, in_memory, hosts, std::move(relays)) {}

  World(std::uint64_t seed, MakeDisk make_disk, std::size_t hosts, std::unique_ptr<Relays> relays)
      : x_rng(2 * seed), x_weather(2 * seed + 1), x_hosts(hosts), x_relays(std::move(relays)) {
    for (std::size_t i = 0; i < hosts; ++i) {
      const std::uint64_t own = x_rng.bits() >> 8;
      const auto here = address(static_cast<std::uint8_t>(i + 1));
      x_hosts[i] = std::make_unique<Host>(i, own, here, guard, make_disk(own));
      if (x_relays) {
        x_hosts[i]->carrier.relays = {x_relays->terms(i)};
        x_hosts[i]->station.venues = {x_relays->venue()};
      }
      x_hosts[i]->start_carrier(x_now);
      x_hosts[i]->start_station(x_now);
    }
  }

  Host& host(std::size_t i) { return *x_hosts[i]; }
  [[nodiscard]] const Host& host(std::size_t i) const { return *x_hosts[i]; }
  [[nodiscard]] Instant now() const { return x_now; }
  crypto::SeededRng& rng() { return x_rng; }
  bool chance(double p) { return x_rng.below(kOne) < share(p); }

  template <class Call>
  auto call(std::size_t i, Call what) {
    return x_hosts[i]->api(x_now, std::move(what));
  }

  /// Cards go from hand to hand; `confirm` says who compared the check number and confirmed.
  void pair(std::array<bool, 2> confirm = {true, true}) {
    std::array<crypto::SecretBytes, 2> cards;
    for (std::size_t i = 0; i < 2; ++i) {
      cards[i] = call(i, [&](station::Core& core, UtcMs utc) { return core.pair_offer(offer(i), utc); }).value();
    }
    std::array<line::CheckNumber, 2> checks{};
    for (std::size_t i = 0; i < 2; ++i) {
      checks[i] = call(i, [&](station::Core& core, UtcMs utc) {
                    return core.pair_accept("Line", as_text(cards[1 - i].view()), utc);
                  }).value();
    }
    if (checks[0] != checks[1]) guard.fault("the check numbers differ");
    for (std::size_t i = 0; i < 2; ++i) {
      if (confirm[i]) this->confirm(i);
    }
  }
  void confirm(std::size_t i) {
    call(i, [](station::Core& core, UtcMs utc) { return core.pair_confirm("Line", utc); }).value();
  }

  void run_until(Instant until) {
    for (;;) {
      Instant machines = x_relays ? x_relays->next() : kNever;
      for (const auto& host : x_hosts) machines = std::min(machines, host->next());
      const bool arrival = !x_flying.empty() && x_flying.begin()->first.first < machines;
      const Instant next = arrival ? x_flying.begin()->first.first : machines;
      if (next > until) break;
      x_now = std::max(x_now, next);
      if (arrival) {
        arrive();
      } else {
        for (auto& host : x_hosts) {
          if (host->next() <= x_now) host->run(x_now);
        }
        if (x_relays && x_relays->next() <= x_now) x_relays->run(x_now);
      }
      for (auto& host : x_hosts) launch(host->carrier.sent);
      if (x_relays) launch(x_relays->sent);
    }
    x_now = std::max(x_now, until);
  }
  void rounds(std::uint64_t n) { run_until(x_now + milliseconds(static_cast<std::int64_t>(n * kRoundMs))); }

  [[nodiscard]] std::optional<desk::LineState> state(std::size_t i) const {
    const Host& host = *x_hosts[i];
    if (!host.station.running()) return std::nullopt;
    return host.station.core().line("Line", host.utc(x_now)).value().state;
  }
  [[nodiscard]] line::Status status(std::size_t i) const {
    return *x_hosts[i]->station.core().line("Line", x_hosts[i]->utc(x_now)).value().status;
  }
  [[nodiscard]] bool is_open(std::size_t i) const {
    const auto shown = state(i);
    return shown && shown->state == desk::State::open;
  }
  [[nodiscard]] bool open() const { return is_open(0) && is_open(1); }
  /// Rounds until `done()`, looked at once a round; `most` when it was not.
  template <class Done>
  std::uint64_t rounds_until(std::uint64_t most, Done done) {
    for (std::uint64_t n = 0; n < most; ++n) {
      if (done()) return n;
      rounds(1);
    }
    return most;
  }
  std::uint64_t rounds_until_open(std::uint64_t most) {
    return rounds_until(most, [this] { return open(); });
  }

  Guard guard;
  Air air;
  std::optional<std::vector<Departure>> trace;             ///< kept when set
  std::function<void(const Packet& packet)> on_departure;  ///< sees each frame that leaves

 private:
  /// With relays the line goes through them alone.
  [[nodiscard]] station::Core::OfferTerms offer(std::size_t i) const {
    if (x_relays) return {"Line", {}, kRoundMs, false, {x_relays->venue().terms.id.hex()}};
    return {"Line", {x_hosts[i]->carrier.here()}, kRoundMs, false};
  }
  void launch(std::vector<Packet>& sent) {
    for (Packet& packet : sent) {
      if (on_departure) on_departure(packet);
      if (trace) trace->push_back({x_now.ns, packet.from, packet.to, packet.bytes.size()});
      if (packet.bytes.size() == wire::kFrameBytes) guard.frame(packet.bytes);
      const int copies = befalls(air.doubled) ? 2 : 1;
      for (int copy = 0; copy < copies; ++copy) fly(packet);
    }
    sent.clear();
  }
  void fly(Packet packet) {
    const auto spread = static_cast<std::uint64_t>((air.delay_most.ns - air.delay_least.ns) + 1);
    const Instant due = x_now + Duration{air.delay_least.ns + static_cast<std::int64_t>(x_weather.below(spread))};
    Packet& old = x_old[x_order++ % x_old.size()];
    if (befalls(air.replayed) && !old.bytes.empty()) {
      old.from = address(66);
      x_flying.emplace(std::pair(due, x_order), std::move(old));
    }
    old = packet;
    if (befalls(air.loss)) return;
    if (befalls(air.damaged)) {
      auto& byte = packet.bytes[x_weather.below(packet.bytes.size())];
      byte = static_cast<std::uint8_t>(byte ^ (1U << x_weather.below(8)));
    }
    if (befalls(air.carried_off)) packet.from = address(66);
    x_flying.emplace(std::pair(due, ++x_order), std::move(packet));
  }
  void arrive() {
    const auto node = x_flying.extract(x_flying.begin());
    const Packet& packet = node.mapped();
    for (auto& host : x_hosts) {
      if (host->carrier.here() == packet.to) host->on_packet(x_now, packet);
    }
    if (x_relays && x_relays->here() == packet.to) x_relays->on_packet(x_now, packet);
  }

  bool befalls(double p) { return p > 0 && x_weather.below(kOne) < share(p); }

  static constexpr std::uint64_t kOne = 1'000'000'000;
  static std::uint64_t share(double p) { return static_cast<std::uint64_t>(p * static_cast<double>(kOne)); }

  crypto::SeededRng x_rng;      ///< of whoever plays with the world
  crypto::SeededRng x_weather;  ///< of the network alone, so that it does the same whatever is said
  Instant x_now = kStart;
  std::vector<std::unique_ptr<Host>> x_hosts;
  std::unique_ptr<Relays> x_relays;
  std::map<std::pair<Instant, std::uint64_t>, Packet> x_flying;
  std::array<Packet, 61> x_old;
  std::uint64_t x_order = 0;
};

}  // namespace sw::test
