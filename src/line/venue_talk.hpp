#pragma once
// How a line comes into a venue of relays, and out of one, while it is up: what people here decide, what the other
// station says, and which epochs have come. Protocol 4.5.
// Always: the state is in LineKeys, and a word leaves only when the state that it tells is on the disk. A venue is
// entered only after people on both sides wanted it. The line is never left without a venue.
#include <map>
#include <set>

#include "line/delivery/delivery.hpp"
#include "line/session/durable.hpp"
#include "line/venue_word.hpp"

namespace sw::line {

/// For the ledger, and for whoever gives drop ids and tells the carrier.
struct VenueMoved {
  enum class What : std::uint8_t {
    proposed,  ///< by people here
    agreed,    ///< the line has it, from an epoch on
    declined,  ///< by either side, or withdrawn: nothing came of it
    leaving,   ///< until an epoch
    left,
  };
  What what{};
  VenueTerms venue;  ///< of one that was only asked for, the id
};

class VenueTalk {
 public:
  // --- people. Errc::conflict with a sentence for what cannot be now.
  /// Proposes the venue, or accepts it where they asked for it. Errc::full: the line has kLineVenues.
  [[nodiscard]] Result<void> want(Durable& durable, const OfferedVenue& venue, Rng& rng);
  /// Declines what they ask for, withdraws what was proposed here.
  [[nodiscard]] Result<void> decline(Durable& durable);
  /// At an epoch drawn out of the next kVenueLeaveEpochs.
  [[nodiscard]] Result<void> leave(Durable& durable, const VenueId& venue, Rng& rng);

  // --- the other station
  void hear(Durable& durable, const VenueHeard& heard);

  // --- time
  /// There is this epoch of that venue.
  void learn(Durable& durable, const VenueId& venue, Epoch epoch);
  /// It runs there. A line that was to be there no more is not, from here on.
  void pass(Durable& durable, const VenueId& venue, Epoch epoch);

  /// After all of these, and after a commit: says what can be said.
  void say(const Durable& durable, Delivery& delivery);
  [[nodiscard]] std::vector<VenueMoved> take_moves() { return std::exchange(x_moves, {}); }

 private:
  struct Answer {
    VenueId venue;
    VenueWord word;
  };
  /// What they said last of the change; in memory only, they say it again to a new process.
  struct Theirs {
    Epoch newest{};
    Epoch from{};
    PskId psk{};
  };

  void take(Durable& durable, const VenueId& venue, WantWord&& word);
  void take(Durable& durable, const VenueId& venue, const VoidWord& word);
  void take(Durable& durable, const VenueId& venue, const InWord& word);
  void take(Durable& durable, const VenueId& venue, const LeaveWord& word);
  void settle(Durable& durable);
  void enter(Durable& durable, Epoch from);
  void drop_change(Durable& durable);
  void touch(Durable& durable);
  void answer(const VenueId& venue, VenueWord&& word);
  void again(const VenueId& venue);
  void move(VenueMoved::What what, const VenueTerms& venue) { x_moves.push_back({what, venue}); }
  [[nodiscard]] Epoch newest(const VenueId& venue) const;

  std::map<VenueId, Epoch> x_newest;
  std::uint64_t x_version = 0;  ///< of the durable state, with what is to be said
  bool x_unsaid = true;
  std::map<VenueId, crypto::SecretBytes> x_said;
  std::set<VenueId> x_again;  ///< to be said once more, though it is the same
  std::vector<Answer> x_answers;
  Theirs x_theirs;
  Epoch x_settled{};  ///< the last that was; another one is above it
  std::vector<VenueMoved> x_moves;
};

}  // namespace sw::line
