#pragma once
// One line: its keys, its legs (a session in each of its venues), one delivery above them all. Time, randomness and
// cells come in; two cells a round and venue, and events, go out. Protocol 4, 5.
#include <algorithm>

#include "line/leg.hpp"
#include "line/venue_talk.hpp"

namespace sw::line {

using Event =
    std::variant<MessageArrived, StoredThere, HeldThere, FirstFragmentSent, ReceiptDone, ContinuityChanged, VenueMoved>;

/// What the faces show of a line: of the leg that opened a cell last, and each by itself.
struct Status : LegStatus {
  std::vector<LegStatus> legs;  ///< in the order of the line's venues
};

/// Errc::unsupported when the cards say ML-KEM and this machine's libcrypto has none.
[[nodiscard]] Result<void> check_machine(std::uint8_t caps);

class Line {
 public:
  /// `incarnation`: random, not zero, of this process. Errors: those of check_machine(); never something weaker.
  [[nodiscard]] static Result<Line> make(LineKeys keys, std::uint64_t incarnation);

  /// The two cells of round `now` in that venue, which is one of the line's, as in all calls that name one.
  [[nodiscard]] std::array<wire::Cell, kPaths> seal(const VenueId& venue, RoundId now, Rng& rng);
  /// A cell that came, in the sender's numbering.
  void open(const VenueId& venue, Path path, RoundId round, const wire::Cell& cell, Rng& rng);
  /// The carrier says where its timetable is: reserve from there on, before the first tick. The line may be there no
  /// more afterwards.
  void expect(const VenueId& venue, RoundId now);
  /// A round of that venue has no name.
  void pass_round(const VenueId& venue) { leg(venue).pass_round(); }
  /// Any venue of relays: the epoch begins on that day, out of its descriptor.
  void announce(const VenueId& venue, Epoch epoch, std::uint32_t day);

  /// The drop ids of the line's two circuits in that epoch (protocol 8.2); nothing for a day that is out of reach.
  [[nodiscard]] std::optional<std::array<ByteArray<32>, kPaths>> drops(const VenueId& venue, Epoch epoch,
                                                                       std::uint32_t day) const;

  // --- durable state: store durable_head(), then say which version is on the disk
  [[nodiscard]] std::uint64_t durable_version() const { return x_durable.version; }
  [[nodiscard]] crypto::SecretBytes durable_head() const { return x_durable.keys.save(); }
  void durable_committed(std::uint64_t version);

  [[nodiscard]] Delivery& delivery() { return x_delivery; }
  void set_paused(bool paused) { x_paused = paused; }
  /// Our store has no room: the peer is told to wait.
  void set_wait(bool wait) { x_wait = wait; }
  [[nodiscard]] bool waiting() const { return x_wait; }
  /// Where the peer is now: 1 to 4 addresses that can be sent to, else Errc::usage.
  [[nodiscard]] Result<void> readdress(std::vector<wire::Endpoint> at);
  // --- venues (protocol 4.5); what VenueTalk says of each, and its errors
  /// After it, announce() the epochs that are known of the venue.
  [[nodiscard]] Result<void> want_venue(const OfferedVenue& venue, Rng& rng);
  [[nodiscard]] Result<void> decline_venue();
  /// Besides, Errc::conflict while the line is open nowhere else.
  [[nodiscard]] Result<void> leave_venue(const VenueId& venue, Rng& rng);

  /// Of the venue whose groups status() shows: confirming settles that one only, refusing puts all of them down.
  [[nodiscard]] Result<void> confirm_continuity();
  [[nodiscard]] Result<void> refuse_continuity();

  [[nodiscard]] std::vector<Event> take_events();
  [[nodiscard]] const LineKeys& keys() const { return x_durable.keys; }
  [[nodiscard]] bool is_in(const VenueId& venue) const {
    return std::ranges::any_of(x_legs, [&](const Leg& leg) { return leg.terms().id == venue; });
  }
  /// No round above it was ever sealed there: the floor for the carrier.
  [[nodiscard]] RoundId reserved(const VenueId& venue) const { return x_durable.keys.in(venue).reserved; }
  [[nodiscard]] Status status() const;

 private:
  Line(LineKeys keys, std::uint64_t incarnation);
  [[nodiscard]] Leg& leg(const VenueId& venue);
  [[nodiscard]] std::size_t questioned() const;  ///< index of a leg
  void follow_venues();

  Durable x_durable;
  std::vector<Leg> x_legs;  ///< in the order of keys().venues
  Delivery x_delivery;
  VenueTalk x_talk;
  bool x_paused = false;
  bool x_wait = false;
};

}  // namespace sw::line
