#pragma once
// The sending thread (protocol 3.6). It knows each venue's departures for ever and sends the frames of a round at each:
// those handed over for that round, else random bytes that it filled in beforehand. So the wire keeps its cadence while
// the rest of the carrier hangs. Hand-over is wait-free: neither side ever blocks the other.
#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <thread>
#include <vector>

#include "base/result.hpp"
#include "bearer/udp.hpp"
#include "carrier/timetable.hpp"
#include "home/file.hpp"
#include "link/frame.hpp"

namespace sw::carrier {

class Sender {
 public:
  /// Starts the thread; the socket outlives it. Errc::io when the machine has no timers left.
  [[nodiscard]] static Result<std::unique_ptr<Sender>> start(const bearer::UdpSocket& socket);
  Sender(const Sender&) = delete;
  Sender& operator=(const Sender&) = delete;
  ~Sender();

  // Called by one thread, the carrier's main one.

  /// From round `first` on the venue has so many frames a round, one for each slot, one behind the other. At most
  /// kVenueLimit venues at a time.
  void begin(const VenueId& venue, const Departures& departures, GridIndex first, const wire::Endpoint& to,
             std::uint8_t frames = 1);
  void end(const VenueId& venue);
  /// The frame of one round and slot. Too late or unknown: dropped. Its endpoint is also that of random frames from
  /// then on.
  void hand_over(const VenueId& venue, GridIndex round, const wire::Endpoint& to, const link::Frame& frame,
                 Slot slot = {});
  /// The departures are so much later than the timetable says, from the end of the round on that is under way: the
  /// thread takes it between two rounds, so none is sent twice and none is left out. Within half a round of the last.
  void shift(const VenueId& venue, Duration offset);
  /// Did the network refuse the last frame?
  [[nodiscard]] bool failing(const VenueId& venue) const;

 private:
  /// Life of a place: free -> offered (main) -> sending (thread) -> leaving (main) -> free (thread).
  enum class Plan : std::uint8_t { free, offered, sending, leaving };
  /// Life of a hand-over: empty -> writing (main) -> ready -> reading (thread) -> empty.
  enum class Box : std::uint8_t { empty, writing, ready, reading };

  /// One frame a round.
  struct Lane {
    std::atomic<Box> box{Box::empty};
    // Owned by whoever moved `box` to writing or reading.
    GridIndex round;
    wire::Endpoint to;
    link::Frame frame;
    // Written by main before the place is offered; then the thread's own.
    wire::Endpoint last_to;
    link::Frame spare;
  };
  struct Place {
    std::atomic<Plan> plan{Plan::free};
    std::atomic<bool> failing{false};
    std::atomic<std::int64_t> wanted_offset{0};
    // Written by main before `offered`; the thread's own until `free`.
    std::optional<Departures> departures;
    std::vector<Lane> lanes;
    GridIndex next;
    Duration offset;
    // Main's own.
    std::optional<VenueId> venue;

    [[nodiscard]] Instant departure() const { return departures->departure(next) + offset; }
  };
  // Twice the venues: a place that is leaving is free again only after the thread saw it.
  static constexpr std::size_t kPlaces = 2 * wire::kVenueLimit;

  Sender(const bearer::UdpSocket& socket, home::Descriptor timer, home::Descriptor bell);
  void run();
  void adopt();
  [[nodiscard]] Place* soonest();
  void sleep_until(std::optional<Instant> instant);
  void serve(Place& place);
  void load(Lane& lane, GridIndex round);
  void ring();
  [[nodiscard]] Place* find(const VenueId& venue);

  const bearer::UdpSocket& x_socket;
  home::Descriptor x_timer;
  home::Descriptor x_bell;
  std::array<Place, kPlaces> x_places;
  link::Frame x_out{};
  std::atomic<bool> x_stop{false};
  std::thread x_thread;
};

}  // namespace sw::carrier
