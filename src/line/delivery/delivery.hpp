#pragma once
// Reliable, exactly-once delivery above sessions and venues; one object a line and process: protocol 5.
// Always: a message is reported stored only after the far side said STORED; a message arrives complete or not at all;
// what the peer can make us remember is bounded (wire/sizes.hpp). All state is in RAM: what must survive is the
// station's, and README.md in this folder says what the station does after a restart.
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <variant>
#include <vector>

#include "base/bytes.hpp"
#include "base/ids.hpp"
#include "base/precedence.hpp"
#include "crypto/secret.hpp"
#include "line/delivery/frames.hpp"
#include "line/delivery/inbox.hpp"
#include "line/delivery/outbox.hpp"
#include "line/delivery/receipts.hpp"
#include "line/delivery/track.hpp"
#include "wire/writer.hpp"

namespace sw::line {

/// A whole message came. Answer with stored_here() once it is durable, already_here() or refused_here(). A message may
/// arrive again after a restart or a late duplicate; the station knows by its store.
struct MessageArrived {
  MessageId id;
  Bytes bytes;
};
/// The far disk has it. If `id` is an unfinished message of ours: commit the stage. In any case (unknown and finished
/// ids too) call stored_there_committed() afterwards.
struct StoredThere {
  MessageId id;
};
/// The peer holds a part of a message that is not queued here. If it is no unfinished message of ours: cancel(id).
struct HeldThere {
  MessageId id;
};
/// Stage `sent`: the first fragment left in this process.
struct FirstFragmentSent {
  MessageId id;
};
/// The peer has committed `stored`: this received id needs no restore_received() after a restart any more.
struct ReceiptDone {
  MessageId id;
};
/// What the peer says of a venue: bytes that may be anything.
struct VenueHeard {
  VenueId venue;
  crypto::SecretBytes word;
};
using DeliveryEvent = std::variant<MessageArrived, StoredThere, HeldThere, FirstFragmentSent, ReceiptDone>;

class Delivery {
 public:
  using CellHeader = line::CellHeader;

  /// `incarnation`: random and not zero, of this process.
  explicit Delivery(std::uint64_t incarnation);

  /// A session of this venue is live. It also ends the one before; its seqs start again at 1 in both directions.
  void session_started(VenueId venue);
  void session_ended(VenueId venue);

  /// Appends at most `room` bytes of whole frames for the next cell of the venue's live session and gives that cell's
  /// ack and sack. `round_count` rises by one a round of this venue and is the same counter as take()'s. Without a
  /// live session: nothing, and zeros.
  CellHeader fill(VenueId venue, Path path, std::uint64_t round_count, std::size_t room, wire::Writer& out);

  /// The frames of one opened cell of the venue's live session. Never fails: parsing ends at the first frame that
  /// makes no sense. OFFER and ACCEPT are stepped over; they are the session's.
  void take(VenueId venue, std::uint64_t round_count, CellHeader header, ByteView frames);

  /// Is there room for another message of this precedence? At most 16, and 2 MiB (FLASH: 16).
  [[nodiscard]] bool has_room(Precedence precedence) const;
  /// Queues a message of 1 byte to 1 MiB; only after the sender's own commit, and only with has_room(). An id that is
  /// queued already is ignored.
  void submit(MessageId id, Precedence precedence, Bytes bytes);
  /// Stops sending; what the peer holds of it is dropped there. It may have arrived whole all the same.
  void cancel(MessageId id);

  /// The message is durable here: STORED goes out.
  void stored_here(MessageId id);
  /// The station had this id already: STORED goes out again.
  void already_here(MessageId id) { stored_here(id); }
  /// No room in the store: the message is kept here until offer_again().
  void refused_here(MessageId id);
  /// The store has room again: every refused message arrives once more.
  void offer_again();
  /// After a restart, before the first session: an id that is durable here and whose ReceiptDone was never committed.
  void restore_received(MessageId id);
  /// Answer to StoredThere: the stage is durable (or there is nothing to commit). DONE goes out.
  void stored_there_committed(MessageId id);
  // --- words on venues (protocol 4.5): one a venue, said until the peer has it in RAM, and again to a new peer
  /// `once`: an answer, which is over when it was heard, and is not for the next peer. Replaces the venue's word
  /// before. Without room for another venue nothing is said.
  void say_of(const VenueId& venue, crypto::SecretBytes word, bool once);
  void unsay_of(VenueId venue);
  /// What came, in order, since the last call.
  [[nodiscard]] std::vector<VenueHeard> take_heard() { return std::exchange(x_heard, {}); }

  /// The peer's wait flag: while it is up no DATA leaves.
  void set_peer_waits(bool waits) { x_peer_waits = waits; }

  /// Everything since the last call, in order.
  [[nodiscard]] std::vector<DeliveryEvent> take_events() { return std::exchange(x_events, {}); }

 private:
  struct Venue {
    Track track;
    std::uint64_t order = 0;   // of the sessions' beginnings
    std::uint64_t peer = 0;    // the peer's incarnation in this session; 0 before its first INC
    bool peer_echoed = false;  // the peer said our incarnation back
    bool owe_reply = false;    // an INC asked
    std::uint64_t filled_round = 0;
    std::uint64_t taken_round = 0;
  };

  void fill_inc(Venue& venue, std::size_t& room, wire::Writer& out);
  bool fill_receipt(Venue& venue, const SendPlace& place, std::size_t& room, wire::Writer& out);
  bool fill_data(Venue& venue, const SendPlace& place, std::size_t& room, wire::Writer& out);
  [[nodiscard]] bool alive(const Venue& venue) const;
  [[nodiscard]] SendPlace place(const VenueId& id, std::uint64_t round_count) const;
  void requeue(const Sent& sent, const std::optional<Avoid>& avoid);
  void expire(const VenueId& id, Venue& venue, std::uint64_t round_count);
  void abandon(Venue& venue);

  void on_inc(Venue& venue, const IncFrame& inc);
  [[nodiscard]] bool on_venue(const Venue& from, const VenueFrame& frame);
  void follow_peer(const Venue& venue);
  void on_new_peer(std::uint64_t incarnation);
  void on_acknowledged(const std::vector<Sent>& sent);
  [[nodiscard]] bool on_data(const DataFrame& data);
  [[nodiscard]] bool on_stored(const MessageId& id);
  void on_done(const MessageId& id);
  void on_have(const MessageId& id, std::uint32_t bytes);
  [[nodiscard]] bool on_frame(Venue& venue, const SeqFrame& frame);

  std::uint64_t x_own;
  std::uint64_t x_peer = 0;  // the incarnation that acknowledgements and HAVEs are believed from
  std::uint64_t x_peer_order = 0;
  std::uint64_t x_sessions = 0;
  bool x_peer_waits = false;
  std::map<VenueId, Venue> x_venues;
  Outbox x_outbox;
  Inbox x_inbox;
  Receipts x_receipts;                        // STORED, DONE, HAVE and VENUE on their way
  std::set<MessageId> x_committing;           // StoredThere given, not answered yet
  std::map<MessageId, std::uint32_t> x_held;  // HAVEs for messages that are not queued here yet
  struct Word {
    crypto::SecretBytes bytes;
    bool once{};
  };
  std::map<VenueId, Word> x_words;
  std::vector<VenueHeard> x_heard;
  std::vector<DeliveryEvent> x_events;
};

}  // namespace sw::line
