#pragma once
// One party's machine in virtual time: its carrier, its station, the cell port between them, its clocks.
#include <functional>

#include "support/carrier_process.hpp"
#include "support/station_process.hpp"

namespace sw::test {

inline constexpr Instant kStart{1'000'000'000};
inline constexpr std::int64_t kStartUtcMs = 1'790'000'800'000;  // an epoch ends 200 s later
inline constexpr Duration kPortDelay = microseconds(200);

/// One record of the cell port as it passed.
struct PortNote {
  std::int64_t ns{};
  bool up{};
  std::uint8_t type{};
  std::size_t bytes{};
  auto operator<=>(const PortNote&) const = default;
};

class Host {
 public:
  Host(std::size_t side, std::uint64_t seed, const wire::Endpoint& here, Guard& guard, std::unique_ptr<Disk> disk)
      : carrier(key_of(seed), here, seed), station(side, carrier.key(), seed ^ 0x5a5a, guard, std::move(disk)) {}

  CarrierProcess carrier;
  StationProcess station;
  std::int64_t skew_ms = 0;                          ///< this machine's UTC minus the true one
  std::optional<std::vector<PortNote>> notes;        ///< kept when set
  std::function<void(Host&)> after_station;          ///< called when the station did something
  std::function<void(const wire::UpRecord&)> on_up;  ///< sees what the carrier says to the station
  std::function<void(const wire::DownRecord&)> on_down;

  [[nodiscard]] UtcMs utc(Instant now) const { return {kStartUtcMs + (now - kStart).ns / 1'000'000 + skew_ms}; }
  [[nodiscard]] bool asleep(Instant now) const { return x_asleep_until > now; }

  void start_carrier(Instant now) { carrier.start(utc(now), now); }
  void kill_carrier(Instant now) {
    if (!carrier.running()) return;
    carrier.kill();
    x_port_down.clear();
    station.disconnect(now);
  }
  void start_station(Instant now) {
    if (!station.running()) station.unlock(now, utc(now));
  }
  void kill_station() {
    if (!station.running()) return;
    station.kill();
    port_lost();
  }
  void lock_station() {
    if (!station.running()) return;
    station.lock();
    port_lost();
  }
  void suspend(Instant until) { x_asleep_until = until; }

  [[nodiscard]] Instant next() const {
    Instant least = std::min(carrier.next(), station.next());
    if (station.running() && !station.connected() && carrier.running()) least = std::min(least, station.retry_at);
    if (!x_port_down.empty() && carrier.running()) {
      least = std::min(least, std::max(x_port_down.front().first, carrier.hangs_until));
    }
    return std::max(least, x_asleep_until);
  }
  void run(Instant now) {
    if (carrier.running()) {
      while (!x_port_down.empty() && x_port_down.front().first <= now && carrier.hangs_until <= now) read_down(now);
      carrier.run(now);
      pass_up(now);
    }
    if (!station.running()) return;
    if (!station.connected() && station.retry_at <= now) {
      station.retry_at = now + milliseconds(100);
      if (carrier.running()) {
        x_decoder = {};
        station.connect();
      }
    }
    station.run(now, utc(now));
    pass_down(now);
    if (after_station) after_station(*this);
  }
  void on_packet(Instant now, const Packet& packet) {
    if (asleep(now) || !carrier.running() || carrier.hangs_until > now) return;
    carrier.on_datagram(now, packet);
    pass_up(now);
  }
  /// A call of the API, by a person or a script.
  template <class Call>
  auto api(Instant now, Call call) {
    auto out = call(station.core(), utc(now));
    station.collect();
    pass_down(now);
    return out;
  }
  /// Records that somebody else says to the carrier in the station's place.
  void say_down(Instant now, const std::vector<wire::DownRecord>& records) {
    for (const auto& record : records) x_port_down.emplace_back(now + kPortDelay, wire::encode(record));
  }

 private:
  static crypto::KeyPair key_of(std::uint64_t seed) {
    crypto::SeededRng rng(seed ^ 0xc0ffee);
    return crypto::KeyPair::generate(rng);
  }
  void port_lost() {
    x_port_down.clear();
    if (carrier.running()) carrier.on_station_gone();
  }
  void read_down(Instant now) {
    x_decoder.feed(x_port_down.front().second);
    x_port_down.pop_front();
    while (auto record = x_decoder.next().value()) {
      carrier.on_record(now, *record);
      if (std::exchange(carrier.closed_port, false)) return drop_port(now);
    }
  }
  void drop_port(Instant now) {
    x_port_down.clear();
    carrier.up.clear();
    station.disconnect(now);
  }
  void pass_up(Instant now) {
    for (const auto& record : carrier.up) {
      if (on_up) on_up(record);
      Bytes bytes = wire::encode(record);
      note(now, true, bytes);
      if (station.connected()) station.receive(now + kPortDelay, std::move(bytes));
    }
    carrier.up.clear();
  }
  void pass_down(Instant now) {
    for (const auto& record : station.down) {
      if (on_down) on_down(record);
      Bytes bytes = wire::encode(record);
      note(now, false, bytes);
      if (station.connected()) x_port_down.emplace_back(now + kPortDelay, std::move(bytes));
    }
    station.down.clear();
  }
  void note(Instant now, bool up, const Bytes& bytes) {
    if (notes) notes->push_back({now.ns, up, bytes.front(), bytes.size()});
  }

  wire::PortDecoder<wire::DownRecord> x_decoder;
  std::deque<std::pair<Instant, Bytes>> x_port_down;
  Instant x_asleep_until{};
};

/// The disk of a host whose world has no other kind.
inline MemoryDisk& memory(Host& host) {
  return dynamic_cast<MemoryDisk&>(host.station.disk());
}

}  // namespace sw::test
