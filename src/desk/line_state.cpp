#include "desk/line_state.hpp"

#include <array>

#include "base/assert.hpp"

namespace sw::desk {
namespace {

using wire::Fault;

bool clocks_apart(const LineSigns& s) {
  if (!s.peer_epoch) return false;
  // A neighbouring epoch is only its border passing.
  const std::uint64_t own = s.own_epoch.value;
  const std::uint64_t peer = s.peer_epoch->value;
  return (own > peer ? own - peer : peer - own) > 1;
}

bool opened_within(const LineSigns& s, std::uint32_t rounds) {
  return s.rounds_since_opened && *s.rounds_since_opened <= rounds;
}
bool not_open(const LineSigns& s) {
  return !opened_within(s, kOpenRounds);
}
bool at_fault(const LineSigns& s, Fault fault) {
  return not_open(s) && s.fault == fault;
}
bool answers(const LineSigns& s) {
  return s.link_up && s.quiet_rounds <= kOpenRounds;
}
/// The other end of a direct venue.
bool direct_not_open(const LineSigns& s) {
  return not_open(s) && !s.relays;
}

struct Row {
  bool (*applies)(const LineSigns&);
  Blame blame;
  std::string_view sentence;
};

// What decides the word by itself, first match.
struct StateRow {
  State state;
  Row row;
};
constexpr std::array<StateRow, 9> kStates{{
    {State::locked,
     {[](const LineSigns& s) { return s.locked; }, Blame::this_machine,
      "The store is locked: unlock it to see and use the line."}},
    {State::unknown,
     {[](const LineSigns& s) { return !s.confirmed_here; }, Blame::none,
      "The pairing is not confirmed here: compare the check number with the other side, then confirm."}},
    {State::unknown,
     {[](const LineSigns& s) { return !s.carrier; }, Blame::this_machine,
      "The carrier of this machine is not connected: start stillwire carrier."}},
    {State::unknown,
     {[](const LineSigns& s) { return s.carrier_silent; }, Blame::this_machine,
      "The carrier of this machine is connected but says nothing: stop stillwire carrier and start it again."}},
    {State::unknown,
     {[](const LineSigns& s) { return s.comes_later; }, Blame::none,
      "The line comes into this venue at the start of an epoch that both sides agreed on."}},
    {State::down,
     {[](const LineSigns& s) { return s.continuity == Continuity::refused; }, Blame::none,
      "Continuity was refused: the line stays down until both sides pair again."}},
    {State::down,
     {[](const LineSigns& s) { return s.continuity == Continuity::broken; }, Blame::none,
      "Continuity is broken: a side was restored or copied. Compare the six groups with the other side, then confirm "
      "or refuse."}},
    {State::paused,
     {[](const LineSigns& s) { return s.paused_here; }, Blame::none, "The line is paused here; resume it to talk."}},
    {State::paused,
     {[](const LineSigns& s) {
        return s.paused_there && s.rounds_since_opened && *s.rounds_since_opened <= kLateRounds;
      },
      Blame::none, "The other side has paused the line."}},
}};

// Whose fault, in protocol 6.2's order, first match. Asked when the state's own row did not say.
constexpr std::array<Row, 18> kBlames{{
    {[](const LineSigns& s) { return s.store_failing; }, Blame::this_machine,
     "The disk of this machine fails: free some space or look at the disk."},
    {[](const LineSigns& s) { return not_open(s) && s.bearer_failing; }, Blame::own_network,
     "This machine cannot send: look at its network."},
    {[](const LineSigns& s) { return not_open(s) && s.all_fell_silent; }, Blame::own_network,
     "Nothing comes from anywhere: all venues fell silent at the same time. Look at this machine's network."},
    {[](const LineSigns& s) { return at_fault(s, Fault::clock); }, Blame::clock,
     "This machine's clock is not that of the relays: set it right, then stop stillwire carrier and start it again."},
    {[](const LineSigns& s) { return direct_not_open(s) && clocks_apart(s); }, Blame::clock,
     "The clocks of the two sides are apart: set this machine's clock, and ask the other side to look at theirs."},
    {[](const LineSigns& s) { return at_fault(s, Fault::not_in); }, Blame::this_machine,
     "This machine has no part in the venue's running epoch: its carrier was started just now, or its set-up came too "
     "late, and the next epoch will do. If it lasts, ask the operator of relay 1 for another invitation."},
    {[](const LineSigns& s) { return at_fault(s, Fault::relay_1) && answers(s); }, Blame::relay_1,
     "Relay 1 of the venue answers, but carries nothing yet: it was started anew, or is about to make an epoch. If it "
     "lasts, ask its operator."},
    {[](const LineSigns& s) { return at_fault(s, Fault::relay_1); }, Blame::relay_1,
     "Nothing comes from relay 1 of the venue: it, or a network on the way to it, is down. Ask its operator."},
    {[](const LineSigns& s) { return at_fault(s, Fault::relay_2); }, Blame::relay_2,
     "Relay 2 of the venue carries nothing, says relay 1: it is down or was started anew. Ask its operator."},
    {[](const LineSigns& s) { return at_fault(s, Fault::relay_3); }, Blame::relay_3,
     "Relay 3 of the venue carries nothing, say the relays before it: it is down or was started anew. Ask its "
     "operator."},
    {[](const LineSigns& s) { return not_open(s) && s.relays && !s.rounds_since_opened; },
     Blame::their_machine_or_network,
     "The relays carry, but nothing has come from the other side since this station started."},
    {[](const LineSigns& s) { return not_open(s) && s.relays; }, Blame::their_machine_or_network,
     "The relays carry, but nothing comes from the other side: their station, machine or network is down."},
    {[](const LineSigns& s) { return not_open(s) && !s.rounds_since_opened && s.link_up; },
     Blame::their_machine_or_network,
     "Their carrier answers, but no session has opened yet: the pairing is not confirmed there, or their station is "
     "stopped or locked."},
    {[](const LineSigns& s) { return not_open(s) && !s.rounds_since_opened; }, Blame::their_machine_or_network,
     "Nothing has come from the other side since this station started."},
    {[](const LineSigns& s) { return not_open(s) && answers(s); }, Blame::their_machine_or_network,
     "Their carrier answers, but their station does not: it is stopped, locked or busy."},
    {[](const LineSigns& s) { return not_open(s); }, Blame::their_machine_or_network,
     "Nothing comes from the other side: their machine or a network on the way is down."},
    {[](const LineSigns& s) { return !s.watch_attended; }, Blame::their_watch,
     "The machines are connected, but nobody there has the watch."},
    {[](const LineSigns& s) { return !s.watch_age_ms || *s.watch_age_ms > kWatchAnswerMs; }, Blame::their_watch,
     "The machines are connected, but no person there has answered for more than 65 minutes: send a drill."},
}};

State by_age(const LineSigns& s) {
  if (!s.rounds_since_opened) return State::unknown;
  if (*s.rounds_since_opened <= kOpenRounds) return State::open;
  return *s.rounds_since_opened <= kLateRounds ? State::late : State::down;
}

}  // namespace

LineState line_state(const LineSigns& signs) {
  for (const StateRow& entry : kStates) {
    if (entry.row.applies(signs)) return {entry.state, entry.row.blame, entry.row.sentence};
  }
  const State state = by_age(signs);
  for (const Row& row : kBlames) {
    if (row.applies(signs)) return {state, row.blame, row.sentence};
  }
  return {state, Blame::none, "The line is open."};
}

LineState leg_state(LineSigns signs) {
  signs.paused_here = false;
  signs.paused_there = false;
  signs.continuity = Continuity::whole;
  signs.watch_attended = true;
  signs.watch_age_ms = 0;
  return line_state(signs);
}

std::string_view word(State state) {
  switch (state) {
    case State::open: return "OPEN";
    case State::late: return "LATE";
    case State::down: return "DOWN";
    case State::paused: return "PAUSED";
    case State::locked: return "LOCKED";
    case State::unknown: return "UNKNOWN";
  }
  SW_ASSERT(false);
  return {};
}

std::string_view word(Blame blame) {
  switch (blame) {
    case Blame::none: return "";
    case Blame::this_machine: return "this machine";
    case Blame::own_network: return "own network";
    case Blame::clock: return "clock";
    case Blame::relay_1: return "relay 1";
    case Blame::relay_2: return "relay 2";
    case Blame::relay_3: return "relay 3";
    case Blame::their_machine_or_network: return "their machine or network";
    case Blame::their_watch: return "their watch";
  }
  SW_ASSERT(false);
  return {};
}

}  // namespace sw::desk
