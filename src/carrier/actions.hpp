#pragma once
// What a carrier's shell has to do, as the core decided it.
#include <string>
#include <vector>

#include "carrier/timetable.hpp"
#include "link/gate.hpp"
#include "wire/cell_port.hpp"

namespace sw::carrier {

/// In this order: ended, begun, frames, shifted, cookies, up, the table, the port.
struct Actions {
  struct Begun {
    VenueId venue;
    Departures departures;
    GridIndex first;
    wire::Endpoint to;
    std::uint8_t frames = 1;  ///< a round
  };
  struct Prepared {
    VenueId venue;
    GridIndex at;
    Instant departure;
    wire::Endpoint to;
    link::Frame frame;
    Slot slot{};
  };
  /// From the round after the one that was sealed last, the venue's departures are so much later than its timetable
  /// says.
  struct Shifted {
    VenueId venue;
    Duration offset;
  };
  struct Cookie {
    wire::Endpoint to;
    link::CookieReply reply;
  };
  std::vector<VenueId> ended;
  std::vector<Begun> begun;
  std::vector<Prepared> frames;
  std::vector<Shifted> shifted;
  std::vector<Cookie> cookies;     ///< at once
  std::vector<wire::UpRecord> up;  ///< to the station, if one is there
  std::vector<std::string> told;   ///< sentences for whoever reads the log
  bool peers_changed = false;      ///< save peers()
  bool stamps_changed = false;     ///< save stamps()
  bool close_port = false;         ///< the station broke the cell port's rules
};

}  // namespace sw::carrier
