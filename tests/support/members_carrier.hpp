#pragma once
// A machine in members_world: the real carrier core with its shell, and a station that knows fixed drops and says cells
// that everybody recognises.
#include "support/carrier_process.hpp"
#include "support/members_relay.hpp"

namespace sw::mix::test {

enum class Above : std::uint8_t { talking, idle, absent };

class Machine {
 public:
  struct Terms {
    std::size_t number{};             ///< 1 and up
    std::optional<std::size_t> peer;  ///< whom its line is with
    Above above = Above::talking;
    std::int64_t clock_off_ms = 0;  ///< how far its clock is ahead of R1's
    Micros starts = 0;
  };
  Machine(Timeline& time, Wire& wire, std::unique_ptr<RelayOne>& relay, Terms terms, std::uint64_t seed)
      : x_time(time),
        x_wire(wire),
        x_relay(relay),
        x_terms(terms),
        carrier(key_of(seed), sw::test::address(static_cast<std::uint8_t>(terms.number)), seed) {
    carrier::RelayTerms venue{relay->relays().rules(), relay->key(), sw::test::address(100), Token{}, 0};
    (*venue.token)[0] = static_cast<std::uint8_t>(terms.number);
    carrier.relays.push_back(venue);
    time.at(terms.starts, [this] {
      start_carrier();
      if (x_terms.above != Above::absent) connect();
    });
  }
  Machine(const Machine&) = delete;
  Machine& operator=(const Machine&) = delete;

  void start_carrier() {
    carrier.start(utc(), instant());
    pump();
  }
  /// The station knows of it at once.
  void kill_carrier() {
    carrier.kill();
    ++x_life;
    x_connected = false;
  }
  void connect() {
    x_connected = true;
    say(wire::StationHello{});
    for (const auto& record : direct) say(record);
    for (const auto& [name, keep] : kept) say(keep);
    // A line reserves rounds ahead of those that it sealed; who has none has no floor.
    if (x_terms.above == Above::talking) x_reserved = {floor.epoch, {floor.round.value + reserves}};
    say(wire::FloorRecord{venue(), x_reserved});
    if (x_reserved != RoundId{}) ++x_reserved.round.value;  // that one is not wrapped either
    pump();
  }
  void kill_station() {
    carrier.on_station_gone();
    x_connected = false;
    kept.clear();
  }
  void arrives(const link::Frame& frame, const wire::Endpoint& from) {
    if (!carrier.running()) return;
    carrier.on_datagram(instant(), {from, carrier.here(), to_bytes(frame)});
    pump();
  }

  [[nodiscard]] const VenueId& venue() const { return x_relay->relays().venue(); }
  [[nodiscard]] std::size_t right_in(std::uint64_t epoch) const {
    return static_cast<std::size_t>(
        std::ranges::count_if(right, [&](const RoundId& round) { return round.epoch.value == epoch; }));
  }

 private:
  Timeline& x_time;
  Wire& x_wire;
  std::unique_ptr<RelayOne>& x_relay;
  Terms x_terms;

 public:
  sw::test::CarrierProcess carrier;
  std::vector<wire::DownRecord> direct;  ///< what the station says of its direct venues
  std::map<std::pair<Epoch, Slot>, wire::KeepRecord> kept;
  RoundId floor{};             ///< the last tick
  std::uint32_t reserves = 0;  ///< rounds above it, that a line may have used
  std::map<std::size_t, Machine*> others;
  std::set<RoundId> said_in;  ///< rounds whose cells the station gave
  std::set<RoundId> right;    ///< that came back as the other end said them
  std::set<RoundId> wrong;    ///< that R1 had, and that came back as something else
  std::vector<wire::StatusRecord> statuses;
  std::vector<wire::CellRecord> direct_cells;

 private:
  static crypto::KeyPair key_of(std::uint64_t seed) {
    crypto::SeededRng rng(seed ^ 0xc0ffee);
    return crypto::KeyPair::generate(rng);
  }
  [[nodiscard]] Instant instant() const { return {(1'000'000 + x_time.now()) * 1'000}; }
  [[nodiscard]] UtcMs utc() const { return {kUtcAtZero + x_time.now() / 1'000 + x_terms.clock_off_ms}; }

  void say(const wire::DownRecord& record) { carrier.on_record(instant(), record); }

  /// Whatever came of the last step, until nothing more does.
  void pump() {
    while (!carrier.up.empty()) {
      for (const wire::UpRecord& record : std::exchange(carrier.up, {})) {
        if (x_connected) std::visit([&](const auto& r) { hear(r); }, record);
      }
    }
    for (const sw::test::Packet& packet : std::exchange(carrier.sent, {})) launch(packet);
    const Micros wake = (carrier.next().ns + 999) / 1'000 - 1'000'000;
    if (wake == x_wake) return;
    x_wake = wake;
    x_time.at(wake, [this, wake, life = x_life] {
      if (life != x_life || wake != x_wake) return;
      x_wake = -1;
      carrier.run(instant());
      pump();
    });
  }
  void launch(const sw::test::Packet& packet) {
    link::Frame frame;
    ASSERT_EQ(packet.bytes.size(), frame.size());
    std::ranges::copy(packet.bytes, frame.begin());
    const std::size_t own = x_terms.number;
    if (packet.to == sw::test::address(100)) {
      x_wire.launch(own, 0, frame, [this, own](const link::Frame& f) {
        x_relay->arrives(own, f, [this](const link::Frame& back) { arrives(back, sw::test::address(100)); });
      });
    }
    for (const auto& [number, other] : others) {
      if (packet.to != sw::test::address(static_cast<std::uint8_t>(number))) continue;
      x_wire.launch(own, number, frame, [this, other](const link::Frame& f) { other->arrives(f, carrier.here()); });
    }
  }

  // ---- the station
  void hear(const wire::CarrierHello&) {}
  void hear(const wire::StatusRecord& status) {
    if (status.venue == venue()) statuses.push_back(status);
  }
  void hear(const wire::TickRecord& tick) {
    if (tick.venue != venue()) return;
    EXPECT_GT(tick.round, floor) << "station " << x_terms.number;
    floor = tick.round;
    if (x_terms.above != Above::talking || tick.round <= x_reserved) return;
    for (const Path path : {Path::first, Path::second}) {
      say(wire::CellRecord{tick.venue, {}, path, tick.round, said(x_terms.number, index(path), tick.round)});
    }
    said_in.insert(tick.round);
  }
  void hear(const wire::KeepRecord& keep) { kept.insert_or_assign({keep.epoch, keep.slot}, keep); }
  void hear(const wire::EpochRecord& epoch) {
    EXPECT_EQ(epoch.day, day_of({kUtcAtZero + x_relay->start_of(epoch.epoch.value) / 1000}));
    if (!x_terms.peer) return;
    crypto::SeededRng drops(std::min(x_terms.number, *x_terms.peer) * 77 + epoch.epoch.value * 1'000);
    wire::DropsRecord record{epoch.venue, {}, epoch.epoch, {}};
    for (auto& drop : record.drops) drop = drops.array<32>();
    say(record);
  }
  void hear(const wire::CellRecord& cell) {
    if (cell.venue != venue()) return direct_cells.push_back(cell);
    const std::size_t other = x_terms.peer.value_or(x_terms.number);
    // Alone: its two circuits meet each other.
    const std::size_t path = x_terms.peer ? index(cell.path) : 1 - index(cell.path);
    if (cell.cell == said(other, path, cell.round)) {
      if (cell.path == Path::second) right.insert(cell.round);
      return;
    }
    const bool gave =
        other == x_terms.number ? said_in.contains(cell.round) : others.at(other)->said_in.contains(cell.round);
    const auto& absent = x_relay->absent[cell.round.epoch.value];
    const bool had = x_relay->taken.contains({other, cell.round});
    if (gave && had && !absent.contains(other) && !absent.contains(x_terms.number)) wrong.insert(cell.round);
  }

  RoundId x_reserved{};
  bool x_connected = false;
  std::uint64_t x_life = 0;
  Micros x_wake = -1;
};

}  // namespace sw::mix::test
