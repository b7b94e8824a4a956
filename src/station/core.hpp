#pragma once
// Everything an unlocked station decides: lines, desk and store behind the cell port. No clock, socket or thread: the
// shell (and the simulator) passes in time, records and durable tickets, and carries out what take_down() gives.
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <tuple>
#include <vector>

#include "desk/line_state.hpp"
#include "desk/office.hpp"
#include "station/identity.hpp"
#include "station/line_entry.hpp"
#include "station/news.hpp"

namespace sw::station {

/// A venue of relays whose file this station has.
struct KnownVenue {
  line::VenueTerms terms;
  std::uint8_t slots{};
  std::vector<std::string> operators = {};  ///< of its relays, in the chain's order
};

/// One leg of a line by itself.
struct LegView {
  desk::LineState state;
  std::string relay_operator;  ///< of the relay that is blamed; empty: none, or not known
};

/// What the faces show of one line.
struct LineView {
  const LineEntry& entry;
  desk::LineState state;
  std::string relay_operator;  ///< as a leg's
  desk::FarWatch far_watch;
  desk::Counts counts;
  std::optional<line::Status> status;  ///< absent before the pairing is confirmed
  std::vector<LegView> legs;           ///< in the order of its legs
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

  // --- venues of relays
  /// All whose files are there; before load(), and again when there is a new one. None is forgotten.
  void set_venues(const std::vector<KnownVenue>& venues);

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
    std::vector<wire::Endpoint> at;  ///< none: no direct venue
    std::uint32_t round_ms = 1000;
    bool replace = false;
    std::vector<std::string> venues = {};  ///< of relays: the beginning of an id in hexadecimal digits
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
  /// Venues of a line that is up (protocol 4.5). `venue`: the beginning of an id, or "direct" to leave that one; empty
  /// where they asked for it.
  enum class VenueAct : std::uint8_t { propose, accept, decline, leave };
  [[nodiscard]] Result<void> change_venue(std::string_view name, VenueAct act, std::string_view venue, UtcMs now);

  // --- messages
  [[nodiscard]] Result<MessageId> send(std::string_view name, const desk::Draft& draft, UtcMs now);
  [[nodiscard]] Result<MessageId> drill(std::string_view name, UtcMs now);
  [[nodiscard]] Result<void> stage(MessageId handle, desk::Stage stage, std::string_view initials,
                                   std::string_view post, UtcMs now);
  /// Reads a received text back to its sender; one that is repeated with its id is the one that there is.
  [[nodiscard]] Result<MessageId> read_back(MessageId handle, const std::string& text, std::string_view initials,
                                            std::optional<MessageId> id, UtcMs now);
  [[nodiscard]] Result<void> settle_read_back(MessageId handle, bool good, std::string_view initials, UtcMs now);
  [[nodiscard]] Result<void> set_exercise(bool on, std::string_view initials, UtcMs now);
  enum class WatchAct : std::uint8_t { take, hand_over, answer };
  [[nodiscard]] Result<void> watch(WatchAct act, std::string_view initials, UtcMs now);

  // --- drafts and translations
  /// What is absent stays as it was.
  struct DraftChange {
    std::string initials;
    std::optional<std::string> text = std::nullopt;
    std::optional<desk::Grade> grade = std::nullopt;
    std::optional<Precedence> precedence = std::nullopt;
    std::optional<desk::Mark> mark = std::nullopt;
  };
  [[nodiscard]] Result<MessageId> keep_draft(std::string_view name, const desk::Draft& draft, UtcMs now);
  [[nodiscard]] Result<void> change_draft(MessageId id, const DraftChange& change, UtcMs now);
  [[nodiscard]] Result<void> offer_draft(MessageId id, std::string_view initials, UtcMs now);
  [[nodiscard]] Result<void> discard_draft(MessageId id, std::string_view initials);
  [[nodiscard]] Result<MessageId> release_draft(MessageId id, std::string_view initials,
                                                std::optional<std::uint32_t> version, UtcMs now);
  [[nodiscard]] Result<void> translate(MessageId handle, std::string_view language, const std::string& text,
                                       std::string_view initials, UtcMs now);
  [[nodiscard]] Result<void> sign_translation(MessageId handle, desk::Desk::Sign sign, std::string_view initials,
                                              std::optional<std::uint32_t> version, UtcMs now);

  // --- what the office keeps about a line
  [[nodiscard]] Result<void> set_sheet(std::string_view name, const std::vector<desk::SheetEntry>& sheet,
                                       std::string_view initials, UtcMs now);
  [[nodiscard]] Result<void> add_line_note(std::string_view name, const std::string& text, std::string_view initials,
                                           UtcMs now);
  /// Empty where there is none.
  [[nodiscard]] Result<std::vector<desk::SheetEntry>> sheet(LineId line) const;
  [[nodiscard]] Result<std::string> note_text(const desk::LinePaper& note) const;

  /// Whose text, translation or file's name holds `text`, whatever the case, newest first: one part of the store at a
  /// time, from before that message on; `more` continues it. What `reads` refuses is not there. Errors: usage (an empty
  /// text), not_found, io.
  struct Found {
    std::vector<const desk::MessageRecord*> messages;
    std::optional<MessageId> more;
  };
  using Reads = std::function<bool(const desk::MessageRecord&)>;
  [[nodiscard]] Result<Found> search(std::optional<LineId> line, std::string_view text, std::optional<MessageId> before,
                                     const Reads& reads) const;

  // --- who works here
  [[nodiscard]] Result<void> add_operator(desk::Operator person);
  [[nodiscard]] Result<void> change_operator(std::string_view name, const desk::OperatorChange& change);
  [[nodiscard]] Result<void> remove_operator(std::string_view name);
  /// What the program is to show from then on; it is told this once.
  [[nodiscard]] Result<crypto::SecretBytes> add_token(desk::Token token);
  [[nodiscard]] Result<void> remove_token(std::string_view name);

  /// The venue with the shortest rounds: the store's cadence follows it.
  struct Pace {
    VenueId venue;
    std::uint32_t round_ms;
  };
  [[nodiscard]] std::optional<Pace> pace() const;

  // --- what the faces show
  [[nodiscard]] const Identity& identity() const { return x_identity; }
  [[nodiscard]] const desk::Desk& desk() const { return x_desk; }
  [[nodiscard]] const desk::Office& office() const { return x_office; }
  [[nodiscard]] const News& news() const { return x_news; }
  [[nodiscard]] std::vector<LineView> lines(UtcMs now) const;
  [[nodiscard]] Result<LineView> line(std::string_view name, UtcMs now) const;
  [[nodiscard]] const LineEntry* by_id(LineId id) const;
  [[nodiscard]] const LineEntry* by_name(std::string_view name) const;
  /// A message's text; of a file, its bytes.
  [[nodiscard]] Result<std::string> content(const desk::MessageRecord& message) const;
  [[nodiscard]] Result<std::string> draft_text(const desk::DraftRecord& draft) const;
  [[nodiscard]] Result<std::string> translation_text(const desk::Translation& translation) const;
  /// Rises whenever a draft may not be as it was.
  [[nodiscard]] std::uint64_t draft_changes() const { return x_draft_changes; }

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
  [[nodiscard]] LineEntry* on_slot(const VenueId& venue, Slot slot);
  [[nodiscard]] const KnownVenue* known(const VenueId& venue) const;
  [[nodiscard]] Result<line::OfferedVenue> offered(std::string_view venue, std::string_view line) const;
  [[nodiscard]] Result<line::OfferedVenue> on_free_slot(const KnownVenue& venue, std::string_view line) const;
  [[nodiscard]] Result<void> want_venue(LineEntry& entry, VenueAct act, std::string_view venue);
  [[nodiscard]] Result<void> leave_venue(LineEntry& entry, std::string_view venue);
  [[nodiscard]] LineView view(const LineEntry& entry, UtcMs now) const;
  void add_leg_signs(const VenueId& venue, desk::LineSigns& signs) const;
  [[nodiscard]] bool all_fell_silent(const VenueId& venue) const;
  [[nodiscard]] std::string relay_operator(const VenueId& venue, desk::Blame blame) const;

  [[nodiscard]] Result<void> start_line(LineEntry& entry, line::LineKeys keys, UtcMs now);
  void announce(const LineEntry& entry);
  void announce(const KnownVenue& venue);
  void give_drops(LineEntry& entry, const wire::EpochRecord& epoch);
  void give_drops(LineEntry& entry);
  void free_slots(const LineEntry& entry);
  [[nodiscard]] std::array<ByteArray<32>, kPaths> loop();
  [[nodiscard]] Result<void> save(LineEntry& entry);
  void save_if_moved(LineEntry& entry);

  void on_tick(const wire::TickRecord& tick, UtcMs now);
  void on_cell(const wire::CellRecord& cell, UtcMs now);
  void on_status(const wire::StatusRecord& status, UtcMs now);
  void on_epoch(const wire::EpochRecord& epoch, UtcMs now);
  void on_keep(const wire::KeepRecord& keep);
  void on_events(LineEntry& entry, UtcMs now);
  void on_arrived(LineEntry& entry, const line::MessageArrived& message, UtcMs now);
  void on_continuity(LineEntry& entry, const line::ContinuityChanged& change, UtcMs now);
  void on_moved(LineEntry& entry, const line::VenueMoved& moved, UtcMs now);

  [[nodiscard]] Result<void> perform(desk::Effects effects);
  void run(const desk::Step& step);
  void feed(LineEntry& entry);
  [[nodiscard]] Result<MessageId> sent_before(const desk::MessageRecord& before, const LineEntry& entry,
                                              const desk::Draft& draft, UtcMs now);
  [[nodiscard]] bool can_send(const LineEntry& entry, std::size_t text_bytes) const;
  [[nodiscard]] static std::unexpected<Error> no_room();
  [[nodiscard]] static std::unexpected<Error> paused_here();
  [[nodiscard]] Result<void> act_on_drafts(Result<desk::Effects> effects);
  void changed(const MessageId& handle);
  [[nodiscard]] static bool is_waiting(const LineEntry& entry, MessageId id);

  Identity x_identity;
  desk::Store& x_store;
  Rng& x_rng;
  desk::Desk x_desk;
  desk::Office x_office;
  News x_news{0};
  std::map<std::string, LineEntry, std::less<>> x_lines;
  std::map<std::uint64_t, Pending> x_pending;
  std::vector<wire::DownRecord> x_down;
  /// The carrier's last word on a venue.
  struct Report {
    wire::StatusRecord last;
    bool ticked = false;  ///< its round had a name
  };
  std::map<VenueId, Report> x_reports;
  std::vector<KnownVenue> x_venues;
  std::map<VenueId, std::map<Epoch, wire::EpochRecord>> x_epochs;  ///< the newest that the carrier announced
  /// What the carrier gave to keep, of the newest epochs; in memory only (protocol 2.4).
  std::map<std::tuple<VenueId, Epoch, Slot>, crypto::SecretBytes> x_kept;
  std::uint64_t x_lives = 0;
  std::uint64_t x_draft_changes = 0;
  bool x_carrier = false;
  bool x_store_failing = false;
  bool x_restored = false;
};

}  // namespace sw::station
