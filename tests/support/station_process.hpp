#pragma once
// A station process in virtual time: the real core over a disk, and what its shell and its committing thread
// do with them (station/shell.cpp). A locked station has no core, as one that was killed.
#include <deque>
#include <memory>
#include <optional>
#include <vector>

#include "station/cadence.hpp"
#include "station/core.hpp"
#include "support/carrier_process.hpp"
#include "support/guard.hpp"
#include "support/memory_disk.hpp"

namespace sw::test {

class StationProcess {
 public:
  StationProcess(std::size_t side, const PublicKey& carrier, std::uint64_t seed, Guard& guard, std::unique_ptr<Disk> on)
      : x_disk(std::move(on)), x_side(side), x_rng(seed), x_chance(~seed), x_guard(guard) {
    const station::Identity identity{"Party", carrier};
    (void)x_disk->put(station::Identity::key(), identity.encode(), {}, desk::Urgency::state);
    while (!x_disk->idle()) (void)x_disk->tick();
  }

  [[nodiscard]] bool running() const { return x_core != nullptr; }
  [[nodiscard]] station::Core& core() { return *x_core; }
  [[nodiscard]] const station::Core& core() const { return *x_core; }
  [[nodiscard]] Disk& disk() { return *x_disk; }
  [[nodiscard]] const Disk& disk() const { return *x_disk; }
  [[nodiscard]] bool connected() const { return x_connected; }

  /// The passphrase was given.
  void unlock(Instant now, UtcMs clock) {
    const auto records = x_disk->load().value();
    const auto own = std::ranges::find(records, station::Identity::key(), &desk::LoadedRecord::key);
    x_core = std::make_unique<station::Core>(station::Identity::decode(own->head.view()).value(), *x_disk, x_rng);
    x_core->set_venues(venues);
    if (const auto loaded = x_core->load(clock, x_disk->restored()); !loaded)
      x_guard.fault("load: " + loaded.error().what);
    x_cadence = station::Cadence(now);
    x_second = now + milliseconds(1000);
    x_commit.reset();
    retry_at = now;
  }
  /// SIGKILL. A commit that runs may have reached the disk.
  void kill() {
    if (x_commit && x_chance.below(2) == 0) (void)x_disk->tick();
    end();
    x_disk->crash();
  }
  /// Locked, or ended by SIGTERM: what waits is written first.
  void lock() {
    while (!x_disk->idle()) (void)x_disk->tick();
    end();
    x_disk->crash();
  }

  void connect() {
    x_connected = true;
    x_core->carrier_connected();
    x_incoming.clear();
    x_decoder = {};
    collect();
  }
  void disconnect(Instant now) {
    if (!x_connected) return;
    x_connected = false;
    x_incoming.clear();
    retry_at = now + milliseconds(100);
    if (x_core) x_core->carrier_gone();
  }
  /// A copy of a process does not have the luck of the first one.
  void reseed(std::uint64_t seed) { x_rng.reseed(seed); }
  void receive(Instant at, Bytes bytes) { x_incoming.emplace_back(at, std::move(bytes)); }

  [[nodiscard]] Instant next() const {
    if (!x_core) return kNever;
    Instant least = std::min(x_cadence.next(), x_second);
    if (x_commit) least = std::min(least, *x_commit);
    if (!x_incoming.empty()) least = std::min(least, x_incoming.front().first);
    return std::max(least, hangs_until);
  }
  void run(Instant now, UtcMs clock) {
    if (hangs_until > now) return;
    if (x_commit && *x_commit <= now) {
      x_commit.reset();
      x_core->on_store_failing(disk_fails);
      if (!disk_fails) x_core->on_durable(x_disk->tick(), clock);
      if (x_core->restored_handled() && x_disk->restored()) x_disk->clear_restored();
      collect();
    }
    while (!x_incoming.empty() && x_incoming.front().first <= now) {
      x_decoder.feed(x_incoming.front().second);
      x_incoming.pop_front();
      while (auto record = x_decoder.next().value()) on_record(now, clock, *record);
    }
    if (x_cadence.next() <= now) {
      if (commits) commits->push_back(now.ns);
      if (!x_commit) x_commit = now + commit_time;  // one that still runs is not doubled
      x_cadence.ticked(now);
    }
    if (x_second <= now) {
      x_second = now + milliseconds(1000);
      x_core->housekeep(clock);
      collect();
    }
  }
  /// After a call of the API.
  void collect() {
    auto records = x_core->take_down();
    for (const auto& record : records) {
      const auto* cell = std::get_if<wire::CellRecord>(&record);
      if (cell != nullptr && !x_rng.made(cell->cell)) x_guard.cell(x_side, *cell);
      if (x_connected) down.push_back(record);
    }
  }

  std::vector<station::KnownVenue> venues;  ///< HOME/venues, one slot each
  std::vector<wire::DownRecord> down;       ///< taken by the host
  Instant hangs_until{};
  Instant retry_at{};
  Duration commit_time = milliseconds(2);
  bool disk_fails = false;
  std::optional<std::vector<std::int64_t>> commits;  ///< when they begin; kept when set

 private:
  void end() {
    x_core.reset();
    x_commit.reset();
    x_incoming.clear();
    x_connected = false;
    hangs_until = Instant{};
  }
  void on_record(Instant now, UtcMs clock, const wire::UpRecord& record) {
    const auto* tick = std::get_if<wire::TickRecord>(&record);
    if (std::holds_alternative<wire::CellRecord>(record)) x_cadence.arrived(now);
    if (tick != nullptr) {
      if (const auto pace = x_core->pace(); pace && pace->venue == tick->venue) x_cadence.sealed(now, pace->round_ms);
    }
    if (const auto good = x_core->on_record(record, clock); !good) x_guard.fault(good.error().what);
    const std::size_t from = down.size();
    collect();
    if (tick != nullptr) check_answer(*tick, from);
  }
  /// Protocol 2.4: "Each tick is answered with both cells of that round and no other, busy or idle."
  void check_answer(const wire::TickRecord& tick, std::size_t from) {
    bool right = down.size() == from + kPaths;
    for (std::size_t path = 0; right && path < kPaths; ++path) {
      const auto* cell = std::get_if<wire::CellRecord>(&down[from + path]);
      right = cell != nullptr && cell->venue == tick.venue && cell->round == tick.round && index(cell->path) == path;
    }
    if (!right) x_guard.fault("a tick was not answered with exactly the two cells of its round");
  }

  std::unique_ptr<Disk> x_disk;
  std::size_t x_side;
  NotingRng x_rng;
  crypto::SeededRng x_chance;
  Guard& x_guard;
  std::unique_ptr<station::Core> x_core;
  station::Cadence x_cadence{Instant{}};
  Instant x_second{};
  std::optional<Instant> x_commit;  ///< when the commit under way reaches the disk
  bool x_connected = false;
  wire::PortDecoder<wire::UpRecord> x_decoder;
  std::deque<std::pair<Instant, Bytes>> x_incoming;
};

}  // namespace sw::test
