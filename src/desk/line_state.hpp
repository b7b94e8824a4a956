#pragma once
// The word for a line, whose fault it is when it is not OPEN, and one plain sentence: protocol 6.2. A pure function.
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/ids.hpp"
#include "wire/cell_port.hpp"

namespace sw::desk {

enum class State : std::uint8_t { open, late, down, paused, locked, unknown };
enum class Blame : std::uint8_t {
  none,
  this_machine,
  own_network,
  clock,
  relay_1,
  relay_2,
  relay_3,
  their_machine_or_network,
  their_watch
};

[[nodiscard]] std::string_view word(State state);  ///< "OPEN"
[[nodiscard]] std::string_view word(Blame blame);  ///< "own network"; "" for none

/// What the line's session says: the continuity of protocol 4.4.
enum class Continuity : std::uint8_t { whole, broken, refused };

inline constexpr std::uint32_t kOpenRounds = 3;
inline constexpr std::uint32_t kLateRounds = 10;
/// Lines are tested every hour; five minutes more are for the person to answer.
inline constexpr std::int64_t kWatchAnswerMs = 65 * 60'000;

/// Everything the state follows from. The session and the carrier's word are those of one leg.
struct LineSigns {
  // this machine
  bool locked = false;
  bool store_failing = false;
  bool carrier = false;         ///< the cell port is connected
  bool carrier_silent = false;  ///< and says nothing any more: no round of this station passes
  bool confirmed_here = false;
  // people
  bool paused_here = false;
  bool paused_there = false;
  Continuity continuity = Continuity::whole;
  bool comes_later = false;  ///< a leg: both sides agreed on an epoch that has not begun (protocol 4.5)
  // the session
  std::optional<std::uint32_t> rounds_since_opened;  ///< nothing: no cell opened since the station started
  // the carrier's status record (protocol 2.4)
  bool relays = false;  ///< the neighbour is a relay, not the other side's carrier
  bool bearer_failing = false;
  bool all_fell_silent = false;  ///< this venue and others at the same time, and nothing came in any since
  wire::Fault fault = wire::Fault::none;
  bool link_up = false;
  std::uint32_t quiet_rounds = 0;  ///< since the last authentic frame
  Epoch own_epoch{};
  std::optional<Epoch> peer_epoch;  ///< of the newest authentic frame
  // the far watch
  bool watch_attended = false;
  std::optional<std::int64_t> watch_age_ms;  ///< since a person there answered
};

struct LineState {
  State state = State::unknown;
  Blame blame = Blame::none;
  std::string_view sentence;  ///< what is the matter and what to do; static text
};

/// Of a line, by the signs of its best leg.
[[nodiscard]] LineState line_state(const LineSigns& signs);
/// Of one leg by itself: pauses, continuity and watches are the line's.
[[nodiscard]] LineState leg_state(LineSigns signs);

}  // namespace sw::desk
