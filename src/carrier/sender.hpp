#pragma once
// The sending thread (protocol 3.6). It knows each venue's departures for ever and sends one frame at each: the one
// handed over for that round, else random bytes that it filled in beforehand. So the wire keeps its cadence while the
// rest of the carrier hangs. Hand-over is wait-free: neither side ever blocks the other.
#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <thread>

#include "base/result.hpp"
#include "bearer/udp.hpp"
#include "carrier/home_file.hpp"
#include "carrier/timetable.hpp"
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

  /// From round `first` on the venue has one frame a round. At most kVenueLimit venues at a time.
  void begin(const VenueId& venue, const Departures& departures, GridIndex first, const wire::Endpoint& to);
  void end(const VenueId& venue);
  /// The frame of one round. Too late or unknown: dropped. Its endpoint is also that of random frames from then on.
  void hand_over(const VenueId& venue, GridIndex round, const wire::Endpoint& to, const link::Frame& frame);
  /// Did the network refuse the last frame?
  [[nodiscard]] bool failing(const VenueId& venue) const;

 private:
  /// Life of a place: free -> offered (main) -> sending (thread) -> leaving (main) -> free (thread).
  enum class Plan : std::uint8_t { free, offered, sending, leaving };
  /// Life of a hand-over: empty -> writing (main) -> ready -> reading (thread) -> empty.
  enum class Box : std::uint8_t { empty, writing, ready, reading };

  struct Place {
    std::atomic<Plan> plan{Plan::free};
    std::atomic<Box> box{Box::empty};
    std::atomic<bool> failing{false};
    // Written by main before `offered`; the thread's own until `free`.
    std::optional<Departures> departures;
    GridIndex next;
    wire::Endpoint last_to;
    link::Frame spare;
    // Owned by whoever moved `box` to writing or reading.
    GridIndex round;
    wire::Endpoint to;
    link::Frame frame;
    // Main's own.
    std::optional<VenueId> venue;
  };
  // Twice the venues: a place that is leaving is free again only after the thread saw it.
  static constexpr std::size_t kPlaces = 2 * wire::kVenueLimit;

  Sender(const bearer::UdpSocket& socket, Descriptor timer, Descriptor bell);
  void run();
  void adopt();
  [[nodiscard]] Place* soonest();
  void sleep_until(std::optional<Instant> instant);
  void serve(Place& place);
  void load(Place& place);
  void ring();
  [[nodiscard]] Place* find(const VenueId& venue);

  const bearer::UdpSocket& x_socket;
  Descriptor x_timer;
  Descriptor x_bell;
  std::array<Place, kPlaces> x_places;
  link::Frame x_out{};
  std::atomic<bool> x_stop{false};
  std::thread x_thread;
};

}  // namespace sw::carrier
