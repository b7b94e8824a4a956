#pragma once
// Everything an unlocked station decides: lines, desk and store behind the cell port. No clock, socket or thread: the
// shell (and the simulator) passes in time, records and durable tickets, and carries out what take_down() gives.
#include <map>
#include <memory>
#include <span>
#include <vector>

#include "desk/line_state.hpp"
#include "station/identity.hpp"
#include "station/line_entry.hpp"

namespace sw::station {

/// What the faces show of one line.
struct LineView {
  const LineEntry& entry;
  desk::LineState state;
  desk::FarWatch far_watch;
  desk::Counts counts;
  std::optional<line::Status> status;  ///< absent before the pairing is confirmed
  /// For so long no round has passed here, so that `status` does not age: without a carrier, or with one that hangs.
  std::int64_t stale_ms = 0;
};

class Core {
 public:
  Core(Identity identity, desk::Store& store, Rng& rng);

  /// Reads the store and starts every line. `restored`: the store is a backup that was put back; every line's
  /// continuity is broken on purpose, and restored_handled() tells when that is durable.
  [[nodiscard]] Result<void> load(UtcMs now, bool restored);
  [[nodiscard]] bool restored_handled() const { return x_restored && x_pending.empty(); }

  // --- the carrier
  void carrier_connected();
  void carrier_gone();
  [[nodiscard]] bool carrier_is_there() const { return x_carrier; }
  /// One record of the cell port. Errc::refused when the carrier is not the one of this home.
  [[nodiscard]] Result<void> on_record(const wire::UpRecord& record, UtcMs now);
  [[nodiscard]] std::vector<wire::DownRecord> take_down() { return std::exchange(x_down, {}); }

  // --- the store
  void on_durable(std::span<const desk::Ticket> tickets, UtcMs now);
  void on_store_failing(bool failing) { x_store_failing = failing; }
  /// Would a message of this size find room? Some is kept back for what people do (watches, pairings, the ledger), so
  /// that a store full of messages still lets them act.
  [[nodiscard]] bool has_room(std::size_t message_bytes) const;
  /// Once a second or so: expiries, room that came back.
  void housekeep(UtcMs now);

  // --- pairing (protocol 4.1)
  struct OfferTerms {
    std::string line;
    std::vector<wire::Endpoint> at;
    std::uint32_t round_ms = 1000;
    bool replace = false;
  };
  /// The card's text; secret until the pairing is confirmed.
  [[nodiscard]] Result<crypto::SecretBytes> pair_offer(const OfferTerms& terms, UtcMs now);
  [[nodiscard]] Result<line::CheckNumber> pair_accept(std::string_view name, std::string_view card, UtcMs now);
  [[nodiscard]] Result<line::CheckNumber> pair_check(std::string_view name) const;
  [[nodiscard]] Result<void> pair_confirm(std::string_view name, UtcMs now);
  [[nodiscard]] Result<void> pair_cancel(std::string_view name);

  // --- lines
  [[nodiscard]] Result<void> pause(std::string_view name, bool paused, UtcMs now);
  [[nodiscard]] Result<void> rename(std::string_view name, std::string_view to, UtcMs now);
  [[nodiscard]] Result<void> remove(std::string_view name);
  [[nodiscard]] Result<void> readdress(std::string_view name, std::vector<wire::Endpoint> at);
  [[nodiscard]] Result<void> settle_continuity(std::string_view name, bool confirm, UtcMs now);

  // --- messages
  [[nodiscard]] Result<MessageId> send(std::string_view name, const desk::Draft& draft, UtcMs now);
  [[nodiscard]] Result<MessageId> drill(std::string_view name, UtcMs now);
  [[nodiscard]] Result<void> stage(MessageId handle, desk::Stage stage, std::string_view initials,
                                   std::string_view post, UtcMs now);
  enum class WatchAct : std::uint8_t { take, hand_over, answer };
  [[nodiscard]] Result<void> watch(WatchAct act, std::string_view initials, UtcMs now);

  /// The venue with the shortest rounds: the store's cadence follows it.
  struct Pace {
    VenueId venue;
    std::uint32_t round_ms;
  };
  [[nodiscard]] std::optional<Pace> pace() const;

  // --- what the faces show
  [[nodiscard]] const Identity& identity() const { return x_identity; }
  [[nodiscard]] const desk::Desk& desk() const { return x_desk; }
  [[nodiscard]] std::vector<LineView> lines(UtcMs now) const;
  [[nodiscard]] Result<LineView> line(std::string_view name, UtcMs now) const;
  [[nodiscard]] const LineEntry* by_id(LineId id) const;
  [[nodiscard]] Result<std::string> text(const desk::MessageRecord& message) const;

 private:
  /// What is done when every put of one Effects is durable.
  struct Group {
    std::size_t waiting;
    std::vector<desk::Step> then;
  };
  /// What is done when a ticket is durable.
  struct Pending {
    desk::RecordKey key;
    std::shared_ptr<Group> group;  ///< of a record of the desk
    std::uint64_t line_life = 0;   ///< of a line's head: whose, and which version
    std::uint64_t line_version = 0;
  };

  [[nodiscard]] Result<LineEntry*> find(std::string_view name);
  [[nodiscard]] Result<LineEntry*> confirmed(std::string_view name);
  [[nodiscard]] LineEntry* by_venue(const VenueId& venue);
  [[nodiscard]] LineView view(const LineEntry& entry, UtcMs now) const;

  [[nodiscard]] Result<void> start_line(LineEntry& entry, line::LineKeys keys, UtcMs now);
  void announce(const LineEntry& entry);
  [[nodiscard]] Result<void> save(LineEntry& entry);
  void save_if_moved(LineEntry& entry);

  void on_tick(const wire::TickRecord& tick, UtcMs now);
  void on_cell(const wire::CellRecord& cell, UtcMs now);
  void on_events(LineEntry& entry, UtcMs now);
  void on_arrived(LineEntry& entry, const line::MessageArrived& message, UtcMs now);
  void on_continuity(LineEntry& entry, const line::ContinuityChanged& change, UtcMs now);

  [[nodiscard]] Result<void> perform(desk::Effects effects);
  void run(const desk::Step& step);
  void feed(LineEntry& entry);
  [[nodiscard]] static bool is_waiting(const LineEntry& entry, MessageId id);

  Identity x_identity;
  desk::Store& x_store;
  Rng& x_rng;
  desk::Desk x_desk;
  std::map<std::string, LineEntry, std::less<>> x_lines;
  std::map<std::uint64_t, Pending> x_pending;
  std::vector<wire::DownRecord> x_down;
  std::uint64_t x_lives = 0;
  bool x_carrier = false;
  bool x_store_failing = false;
  bool x_restored = false;
};

}  // namespace sw::station
