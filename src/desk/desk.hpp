#pragma once
// The desk: every message's head, its stages, the watch, drills and the ledger. A pure core: an operation changes the
// desk in memory and returns Effects, which the station carries out; nothing is said before its record is durable.
// Protocol 5.3, 6.1.
#include <map>
#include <set>
#include <span>
#include <tuple>
#include <unordered_map>
#include <variant>

#include "base/rng.hpp"
#include "desk/draft_record.hpp"
#include "desk/ledger.hpp"
#include "desk/line_paper.hpp"
#include "desk/message_record.hpp"
#include "desk/translation.hpp"
#include "desk/watch.hpp"

namespace sw::desk {

// What delivery is told.
/// Give these bytes to the line's delivery.
struct Submit {
  LineId line;
  MessageId id;
  Precedence precedence{};
  Bytes bytes;
};
/// Our disk has this message: STORED may go out.
struct SayStored {
  LineId line;
  MessageId id;
};
/// Our disk has the stage `stored`: DONE may go out.
struct SayDone {
  LineId line;
  MessageId id;
};
/// What this record was replaced by is durable: Store::erase() it.
struct Drop {
  RecordKey key;
};
using Step = std::variant<Submit, SayStored, SayDone, Drop>;

/// Store::put() this; when its ticket is durable call Desk::durable(key). When every put of the Effects is durable, in
/// whatever order that came, do each `then`, in order.
struct Put {
  RecordKey key;
  crypto::SecretBytes head;
  Bytes body;  ///< the whole message of protocol 6.1; empty: the record exists, keep its body
  Urgency urgency{};
  std::vector<Step> then;
};

/// In this order: puts, erases, steps (which need not wait for anything).
struct Effects {
  std::vector<Put> puts;
  std::vector<RecordKey> erases;
  std::vector<Step> steps;
};

struct Draft {
  std::string text;
  Grade grade = Grade::talk;
  Precedence precedence = Precedence::routine;
  Mark mark = Mark::none;  ///< none or exercise; TEST is for drills
  /// Chosen by whoever sends, so that a send that is repeated is one message; not zero. Random without it.
  std::optional<MessageId> id = std::nullopt;
  /// Handle of the received message that this answers; then `initials` say who does.
  std::optional<MessageId> answers = std::nullopt;
  std::string initials = {};
  std::string file_name = {};  ///< not empty: `text` is the bytes of a file, which goes as ROUTINE
};

struct Sent {
  MessageId id;  ///< wire id and handle
  Effects effects;
};

/// A message that the far disk does not have: Store::body(key) is what to submit.
struct Unsent {
  RecordKey key;
  MessageId id;
  Precedence precedence{};
};

/// How far the read-back of a message is (protocol 6.1).
enum class ReadBack : std::uint8_t { none, asked, given, confirmed, wrong };

/// What a line's delivery needs when it starts.
struct Opening {
  std::vector<Unsent> unsent;         ///< in the order in which they were sent
  std::vector<MessageId> remembered;  ///< received, stored here, DONE not seen: answer them STORED
  Effects effects;                    ///< stage reports and the watch, to be submitted again
};

struct Counts {
  std::size_t waiting = 0;              ///< not yet stored there
  std::size_t unread = 0;               ///< stored here, no stage set by a person
  std::optional<UtcMs> acknowledge_by;  ///< the first clock of the unread
};

/// How urgent the writes of a message are.
[[nodiscard]] Urgency urgency_of(Precedence precedence);

class Desk {
 public:
  // --- the start
  /// Rebuilds the desk from the store's records (those of the station and of lines are skipped), once, before all else.
  /// Errc::malformed: the record of another version or a defect; nothing may be erased then.
  [[nodiscard]] Result<void> load(std::span<const LoadedRecord> records);
  /// Once for each line, at start after load() and when a pairing was confirmed.
  [[nodiscard]] Opening open_line(LineId line);
  /// The line is gone: erases its messages, ledger entries and watch.
  [[nodiscard]] Effects remove_line(LineId line);
  /// At start, when every line was opened: what a removal that was cut short left behind. `known`: every line there is.
  [[nodiscard]] Effects remove_strays(std::span<const LineId> known);

  // --- messages from here
  /// Errors: refused (a notice), usage (an empty text, a TEST mark), out_of_range (too large), malformed (not UTF-8),
  /// not_found (the line is not open), conflict (the draft's id has a message already). The caller asks
  /// Store::has_room first; where put() fails, withdraw(key).
  [[nodiscard]] Result<Sent> send(LineId line, const Draft& draft, UtcMs now, Rng& rng);
  /// Keeps the draft's text; needs its `initials`. Errors: as send(), full (kDraftLimit).
  [[nodiscard]] Result<Sent> keep_draft(LineId line, const Draft& draft, UtcMs now, Rng& rng);
  /// Another text and other terms, by its drafter; it is private again. Errors: as send(), not_found, refused.
  [[nodiscard]] Result<Effects> change_draft(MessageId id, const Draft& draft, UtcMs now);
  /// Others may see and release it from now on. Errors: not_found, usage (as all these, of the initials).
  [[nodiscard]] Result<Effects> offer_draft(MessageId id, std::string_view initials, UtcMs now);
  [[nodiscard]] Result<Effects> discard_draft(MessageId id, std::string_view initials);
  /// Makes it a message; `text` is its body, `version` the one that was read. Released by these initials already:
  /// no effects. Errors: as send(), not_found, refused (it needs a second person), conflict (somebody else released
  /// it, or it is of another version).
  [[nodiscard]] Result<Sent> release_draft(MessageId id, const std::string& text, std::string_view initials,
                                           std::optional<std::uint32_t> version, UtcMs now);
  /// A TEST message that the other watch must answer by hand. Errc::conflict while the last one is not stored there.
  [[nodiscard]] Result<Sent> drill(LineId line, UtcMs now, Rng& rng);
  /// The store refused a put of a new record: it never was.
  void withdraw(RecordKey key);
  /// A put of this record became durable; call it before the put's `then`.
  void durable(RecordKey key, UtcMs now);

  // --- what delivery reports
  /// The first cell of a message left.
  [[nodiscard]] Effects first_cell_left(LineId line, MessageId id, UtcMs now);
  /// STORED came; the effects end in SayDone, for unknown ids too (protocol 5.3).
  [[nodiscard]] Effects stored_there(LineId line, MessageId id, UtcMs now);
  /// DONE came.
  [[nodiscard]] Effects done(LineId line, MessageId id);
  /// A complete message came. However often it comes, it counts once and ends in SayStored. Errors: malformed or
  /// refused: it is not kept and must never be said to be stored.
  [[nodiscard]] Result<Effects> receive(LineId line, MessageId id, ByteView bytes, UtcMs now);

  // --- people here
  /// Sets a stage on a received message and reports it. `read` on a drill answers it. Errors: not_found, usage
  /// (initials, post, a stage that no person sets), refused (a message sent from here), conflict (it has kStageMarks
  /// already).
  [[nodiscard]] Result<Effects> stage(MessageId handle, Stage stage, std::string_view initials, std::string_view post,
                                      UtcMs now);
  /// Reads a received text back to its sender. Errors: as send(), not_found, usage, refused.
  [[nodiscard]] Result<Sent> read_back(MessageId handle, const std::string& text, std::string_view initials,
                                       std::optional<MessageId> id, UtcMs now, Rng& rng);
  /// What was read back of a message from here is right, or is not. Errors: not_found, usage, refused (of a received
  /// one), conflict (nothing was read back, or it was settled otherwise).
  [[nodiscard]] Result<Effects> settle_read_back(MessageId handle, bool good, std::string_view initials, UtcMs now);
  /// A translation, or another one in its place; the first of a received message is its stage `translated`. Errors:
  /// as send(), not_found, refused (neither text nor read-back), conflict (it is certified already).
  [[nodiscard]] Result<Effects> translate(MessageId handle, std::string_view language, const std::string& text,
                                          std::string_view initials, UtcMs now);
  /// By another person than the translator; then by a third. Errors: not_found, usage, refused (the same person),
  /// conflict (somebody else did, not reviewed yet, another version).
  enum class Sign : std::uint8_t { review, certify };
  [[nodiscard]] Result<Effects> sign_translation(MessageId handle, Sign sign, std::string_view initials,
                                                 std::optional<std::uint32_t> version, UtcMs now);
  /// The line's protocol sheet, in the place of the one before. Errors: not_found (the line is not open), usage.
  [[nodiscard]] Result<Effects> set_sheet(LineId line, const std::vector<SheetEntry>& sheet, std::string_view initials,
                                          UtcMs now);
  /// For the next watch; the oldest of more than kLineNotes goes. Errors: as above, out_of_range, malformed.
  [[nodiscard]] Result<Effects> add_line_note(LineId line, const std::string& text, std::string_view initials,
                                              UtcMs now);
  /// Begins or ends an exercise of this station; nothing when it is so already. Errc::usage.
  [[nodiscard]] Result<Effects> set_exercise(bool on, std::string_view initials, UtcMs now);
  [[nodiscard]] Result<Effects> take_watch(std::string_view initials, UtcMs now);
  /// Errc::conflict when nobody has the watch.
  [[nodiscard]] Result<Effects> hand_over_watch(std::string_view initials, UtcMs now);
  /// A person is here: answers every waiting drill of every line and tells each far watch. Errc::conflict as above.
  [[nodiscard]] Result<Effects> answer_watch(UtcMs now);

  // --- housekeeping
  /// Adds a ledger entry; zeros for the line: the whole station.
  [[nodiscard]] Effects note(LineId line, LedgerEvent event, std::string_view initials, UtcMs now);
  /// Erases answered drills of more than 7 days; call it now and then.
  [[nodiscard]] Effects sweep(UtcMs now);

  // --- what the faces show
  [[nodiscard]] const Exercise& exercise() const { return x_exercise; }
  /// The mark that a message made now has, where its sender asks for this one.
  [[nodiscard]] Mark marked(Mark asked) const;
  [[nodiscard]] const Watch& watch() const { return x_watch; }
  [[nodiscard]] FarWatch far_watch(LineId line) const;
  [[nodiscard]] Counts counts(LineId line) const;
  /// Null for an unknown one, and for a received one that our disk does not have yet.
  [[nodiscard]] const MessageRecord* find(MessageId handle) const;
  /// Oldest first; of all lines without `line`.
  [[nodiscard]] std::vector<const MessageRecord*> messages(std::optional<LineId> line) const;
  /// The message that it answers or reads back, as this desk knows it; null: none, or not known here.
  [[nodiscard]] const MessageRecord* meant_by(const MessageRecord& record) const;
  [[nodiscard]] ReadBack read_back_of(const MessageRecord& record) const;
  [[nodiscard]] const Translation* translation(MessageId handle) const;
  /// Of a line, oldest first; of sheets there is one at most.
  [[nodiscard]] std::vector<const LinePaper*> papers(LineId line, PaperKind kind) const;
  /// Somebody must still do something about it, here or there: what a watch hands over.
  [[nodiscard]] bool needs_somebody(const MessageRecord& record) const;
  /// Null when it is released.
  [[nodiscard]] const DraftRecord* find_draft(MessageId id) const;
  /// Oldest first.
  [[nodiscard]] std::vector<const DraftRecord*> drafts() const;
  [[nodiscard]] std::vector<LedgerEntry> ledger(LineId line) const { return x_ledger.entries(line); }

 private:
  struct LineDesk {
    FarWatch far;
    bool open = false;
    std::optional<MessageId> watch_under_way;  // at most one watch message a line travels
  };
  struct WireName {
    LineId line;
    Direction direction{};
    MessageId id;
    auto operator<=>(const WireName&) const = default;
  };

  [[nodiscard]] bool is_open(LineId line) const;
  [[nodiscard]] MessageRecord* by_wire(LineId line, Direction direction, MessageId id);
  MessageRecord& insert(MessageRecord record);
  void forget(MessageId handle);
  [[nodiscard]] MessageId free_handle(const WireName& name) const;
  [[nodiscard]] Result<Sent> keep_outgoing(LineId line, MessageId id, const Message& message, UtcMs now,
                                           Provenance from = {});
  [[nodiscard]] Result<Message> compose(LineId line, const Draft& draft, UtcMs now) const;
  [[nodiscard]] Result<const MessageRecord*> answered_by(LineId line, MessageId handle) const;
  void mark_alone(MessageId handle, Stage stage, std::string_view initials, UtcMs now, Effects& effects);
  [[nodiscard]] Result<const DraftRecord*> draft_for(MessageId id, std::string_view initials) const;
  [[nodiscard]] Result<const DraftRecord*> own_draft(MessageId id, std::string_view initials) const;
  [[nodiscard]] const MessageRecord* newest_read_back(const MessageRecord& record) const;
  [[nodiscard]] Result<void> load_draft(const LoadedRecord& record);
  [[nodiscard]] Result<void> load_translation(const LoadedRecord& record);
  [[nodiscard]] Result<void> load_paper(const LoadedRecord& record);
  [[nodiscard]] LinePaper& new_paper(LineId line, PaperKind kind, std::string_view initials, UtcMs now);
  void drop_released();
  void drop_old_sheets();
  void erase_papers(LineId line, Effects& effects);
  [[nodiscard]] bool taken(LineId line, MessageId id) const;
  [[nodiscard]] MessageId free_id(LineId line, Rng& rng) const;
  [[nodiscard]] Effects keep_incoming(LineId line, MessageId id, const Message& message, ByteView bytes, UtcMs now);
  [[nodiscard]] Effects apply_report(LineId line, MessageId id, const MessageHeader& header, UtcMs now);
  [[nodiscard]] Put person_acted(LineId line, const MessageHeader& header, UtcMs now);
  [[nodiscard]] Submit set_mark(MessageRecord& record, Stage stage, std::string_view initials, std::string_view post,
                                UtcMs now);
  void set_watch(std::string_view initials, UtcMs taken, UtcMs now, Effects& effects);
  [[nodiscard]] std::optional<Submit> next_watch_message(LineId line, LineDesk& desk);
  [[nodiscard]] Result<void> load_state(ByteView head);
  [[nodiscard]] Result<void> load_message(const LoadedRecord& record);

  std::unordered_map<MessageId, MessageRecord, IdHash> x_messages;  // by handle
  std::map<WireName, MessageId> x_wire;                             // to the handle
  std::map<std::uint64_t, MessageId> x_by_order;                    // to the handle
  std::map<std::pair<LineId, MessageId>, MessageId> x_reports;      // id of an unreported mark, to the handle
  std::map<WireName, std::set<std::pair<std::uint64_t, MessageId>>> x_read_backs;  // by what they mean; order, handle
  std::map<MessageId, DraftRecord> x_drafts;
  std::map<MessageId, Translation> x_translations;  // by the message's handle
  using PaperName = std::tuple<LineId, PaperKind, std::uint32_t>;
  std::map<PaperName, LinePaper> x_papers;
  std::vector<RecordKey> x_strays;  // found at the start: records that another one replaced
  std::map<LineId, LineDesk> x_lines;
  Exercise x_exercise;
  Watch x_watch;
  bool x_watch_kept = false;  // the watch has its record
  Ledger x_ledger;
  std::uint64_t x_next_order = 0;
};

}  // namespace sw::desk
