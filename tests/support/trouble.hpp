#pragma once
// What befalls two machines: kills, locks, suspends, clocks that jump, disks and networks that fail. Once a round each
// may begin; each ends by itself, and all of them with heal().
#include "support/world.hpp"

namespace sw::test {

class Trouble {
 public:
  explicit Trouble(World& world) : x_world(world) {}

  void round() {
    for (std::size_t i = 0; i < 2; ++i) {
      end_some(i);
      begin_some(i);
    }
  }
  /// Everything runs again, at once. Clocks stay as they are.
  void heal() {
    for (std::size_t i = 0; i < 2; ++i) {
      Host& host = x_world.host(i);
      host.suspend(x_world.now());
      host.carrier.hangs_until = host.station.hangs_until = x_world.now();
      x_until[i] = {};
      end_some(i);
    }
  }

 private:
  struct Ends {
    Instant station_back, carrier_back, resumed, network_back, disk_fast, disk_good, room;
  };
  [[nodiscard]] Instant later(std::uint64_t most_rounds) {
    return x_world.now() + milliseconds(static_cast<std::int64_t>(x_world.rng().below(most_rounds * World::kRoundMs)));
  }

  void end_some(std::size_t i) {
    Host& host = x_world.host(i);
    const Ends& until = x_until[i];
    const Instant now = x_world.now();
    if (host.asleep(now)) return;
    if (!host.carrier.running() && until.carrier_back <= now) host.start_carrier(now);
    if (!host.station.running() && until.station_back <= now) host.start_station(now);
    if (until.network_back <= now) host.carrier.refused = false;
    if (until.disk_fast <= now) host.station.commit_time = milliseconds(2);
    if (until.disk_good <= now) host.station.disk_fails = false;
    if (until.room <= now) host.station.disk().full = false;
    if (until.resumed <= now) pause(i, false);
  }

  void begin_some(std::size_t i) {
    Host& host = x_world.host(i);
    Ends& until = x_until[i];
    const Instant now = x_world.now();
    if (host.asleep(now)) return;
    const auto befalls = [this](double rounds) { return x_world.chance(1 / rounds); };
    if (befalls(300)) {
      host.kill_station();
      until.station_back = later(befalls(4) ? 60 : 2);
    }
    if (befalls(600)) {
      host.kill_carrier(now);
      until.carrier_back = later(befalls(4) ? 60 : 2);
    }
    if (befalls(1200)) {
      host.kill_station();
      host.kill_carrier(now);
      until.station_back = until.carrier_back = later(40);
    }
    if (befalls(1200)) {
      host.lock_station();
      until.station_back = later(40);
    }
    if (befalls(1000)) host.suspend(later(40));
    if (befalls(600)) host.station.hangs_until = later(5);
    if (befalls(600)) host.carrier.hangs_until = later(5);
    if (befalls(800)) {
      host.carrier.refused = true;
      until.network_back = later(30);
    }
    if (befalls(500)) {
      host.station.commit_time = milliseconds(static_cast<std::int64_t>(x_world.rng().below(3000)));
      until.disk_fast = later(20);
    }
    if (befalls(1500)) {
      host.station.disk_fails = true;
      until.disk_good = later(20);
    }
    if (befalls(1500)) {
      host.station.disk().full = true;
      until.room = later(60);
    }
    if (befalls(1500)) {
      until.resumed = later(40);
      pause(i, true);
    }
    if (befalls(1500)) jump(host);
  }

  void pause(std::size_t i, bool paused) {
    if (!x_world.host(i).station.running()) return;
    (void)x_world.call(i, [paused](station::Core& core, UtcMs utc) { return core.pause("Line", paused, utc); });
  }

  /// UTC moves; a carrier sees it at its next start.
  void jump(Host& host) {
    constexpr std::int64_t day = 86'400'000;
    switch (x_world.rng().below(6)) {
      case 0: host.skew_ms -= day; break;
      case 1: host.skew_ms += day; break;
      // Each new start of the carrier steps through a year of keys once: rare, so that it does not rule the run.
      case 2: host.skew_ms = x_world.chance(0.2) ? 365 * day : 0; break;
      case 3: host.skew_ms = static_cast<std::int64_t>(x_world.rng().below(20'000)) - 10'000; break;
      default: host.skew_ms = 0;
    }
  }

  World& x_world;
  std::array<Ends, 2> x_until{};
};

}  // namespace sw::test
