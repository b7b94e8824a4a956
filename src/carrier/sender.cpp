#include "carrier/sender.hpp"

#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <sys/eventfd.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "base/assert.hpp"
#include "bearer/clock.hpp"
#include "crypto/rng.hpp"

namespace sw::carrier {

using bearer::instant_now;

namespace {

// Protocol 3.6: "it sleeps until 200 us before, then spins".
constexpr Duration kSpin = microseconds(200);
constexpr int kFifoPriority = 10;

/// Higher precision where the machine grants it; without, the frames are only less exact.
void ask_for_fifo() {
  sched_param parameters{};
  parameters.sched_priority = kFifoPriority;
  (void)::pthread_setschedparam(::pthread_self(), SCHED_FIFO, &parameters);
}

void spin_until(Instant instant) {
  while (instant_now() < instant) {
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#endif
  }
}

}  // namespace

Result<std::unique_ptr<Sender>> Sender::start(const bearer::UdpSocket& socket) {
  home::Descriptor timer(::timerfd_create(CLOCK_BOOTTIME, TFD_CLOEXEC | TFD_NONBLOCK));
  home::Descriptor bell(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  if (!timer || !bell) return fail(Errc::io, "cannot make a timer: " + std::string(std::strerror(errno)));
  return std::unique_ptr<Sender>(new Sender(socket, std::move(timer), std::move(bell)));
}

Sender::Sender(const bearer::UdpSocket& socket, home::Descriptor timer, home::Descriptor bell)
    : x_socket(socket), x_timer(std::move(timer)), x_bell(std::move(bell)), x_thread([this] { run(); }) {}

Sender::~Sender() {
  x_stop.store(true, std::memory_order_release);
  ring();
  x_thread.join();
}

void Sender::ring() {
  const std::uint64_t one = 1;
  (void)!::write(x_bell.get(), &one, sizeof one);
}

Sender::Place* Sender::find(const VenueId& venue) {
  const auto at = std::find_if(x_places.begin(), x_places.end(), [&](const Place& p) { return p.venue == venue; });
  return at == x_places.end() ? nullptr : &*at;
}

void Sender::begin(const VenueId& venue, const Departures& departures, GridIndex first, const wire::Endpoint& to,
                   std::uint8_t frames) {
  SW_ASSERT(find(venue) == nullptr);
  const auto is_free = [](const Place& p) { return p.plan.load(std::memory_order_acquire) == Plan::free; };
  auto place = std::find_if(x_places.begin(), x_places.end(), is_free);
  // Only after dozens of changes within one spin of the thread; it frees places without waiting for anybody.
  while (place == x_places.end()) {
    ::sched_yield();
    place = std::find_if(x_places.begin(), x_places.end(), is_free);
  }
  place->departures.emplace(departures.clone());
  place->next = first;
  place->offset = Duration{};
  place->wanted_offset.store(0, std::memory_order_relaxed);
  place->lanes = std::vector<Lane>(frames);
  for (Lane& lane : place->lanes) {
    lane.last_to = to;
    crypto::SystemRng().fill(lane.spare);
  }
  place->venue = venue;
  place->failing.store(false, std::memory_order_relaxed);
  place->plan.store(Plan::offered, std::memory_order_release);
  ring();
}

void Sender::end(const VenueId& venue) {
  Place* const place = find(venue);
  if (place == nullptr) return;
  place->venue.reset();
  place->plan.store(Plan::leaving, std::memory_order_release);
  ring();
}

void Sender::hand_over(const VenueId& venue, GridIndex round, const wire::Endpoint& to, const link::Frame& frame,
                       Slot slot) {
  Place* const place = find(venue);
  if (place == nullptr || slot.value >= place->lanes.size()) return;
  Lane& lane = place->lanes[slot.value];
  auto expected = Box::empty;
  if (!lane.box.compare_exchange_strong(expected, Box::writing, std::memory_order_acquire)) {
    // A frame that was never fetched came too late for its round; the thread may be looking at it this instant.
    expected = Box::ready;
    if (!lane.box.compare_exchange_strong(expected, Box::writing, std::memory_order_acquire)) return;
  }
  lane.round = round;
  lane.to = to;
  lane.frame = frame;
  lane.box.store(Box::ready, std::memory_order_release);
}

void Sender::shift(const VenueId& venue, Duration offset) {
  // No bell: the departure that the thread waits for stays.
  if (Place* const place = find(venue)) place->wanted_offset.store(offset.ns, std::memory_order_relaxed);
}

bool Sender::failing(const VenueId& venue) const {
  const auto at = std::find_if(x_places.begin(), x_places.end(), [&](const Place& p) { return p.venue == venue; });
  return at != x_places.end() && at->failing.load(std::memory_order_relaxed);
}

void Sender::run() {
  ask_for_fifo();
  while (!x_stop.load(std::memory_order_acquire)) {
    adopt();
    Place* const place = soonest();
    if (place == nullptr) {
      sleep_until(std::nullopt);
      continue;
    }
    const Instant wake = place->departure() - kSpin;
    if (instant_now() < wake) {
      sleep_until(wake);
      if (instant_now() < wake) continue;  // the bell, not the timer
    }
    serve(*place);
  }
}

void Sender::adopt() {
  for (Place& place : x_places) {
    auto plan = place.plan.load(std::memory_order_acquire);
    if (plan == Plan::offered) {
      // May fail only against a main thread that takes the offer back.
      (void)place.plan.compare_exchange_strong(plan, Plan::sending, std::memory_order_acq_rel);
    }
    if (plan == Plan::leaving) {
      place.departures.reset();
      place.plan.store(Plan::free, std::memory_order_release);
    }
  }
}

Sender::Place* Sender::soonest() {
  Place* out = nullptr;
  Instant least{};
  for (Place& place : x_places) {
    if (place.plan.load(std::memory_order_acquire) != Plan::sending) continue;
    const Instant departure = place.departure();
    if (out == nullptr || departure < least) {
      out = &place;
      least = departure;
    }
  }
  return out;
}

void Sender::sleep_until(std::optional<Instant> instant) {
  itimerspec when{};
  if (instant) {
    when.it_value.tv_sec = instant->ns / 1'000'000'000;
    when.it_value.tv_nsec = instant->ns % 1'000'000'000;
  }
  (void)::timerfd_settime(x_timer.get(), TFD_TIMER_ABSTIME, &when, nullptr);
  pollfd events[] = {{x_timer.get(), POLLIN, 0}, {x_bell.get(), POLLIN, 0}};
  if (::poll(events, 2, -1) > 0 && (events[1].revents & POLLIN) != 0) {
    std::uint64_t rings = 0;
    (void)!::read(x_bell.get(), &rings, sizeof rings);
  }
}

/// Moves the round's frame, or random bytes, to x_out.
void Sender::load(Lane& lane, GridIndex round) {
  auto expected = Box::ready;
  if (lane.box.compare_exchange_strong(expected, Box::reading, std::memory_order_acquire)) {
    const bool due = lane.round == round;
    if (due) {
      x_out = lane.frame;
      lane.last_to = lane.to;
    }
    lane.box.store(Box::empty, std::memory_order_release);
    if (due) return;
  }
  x_out = lane.spare;
  crypto::SystemRng().fill(lane.spare);
}

void Sender::serve(Place& place) {
  const Instant departure = place.departure();
  // Protocol 2.2: "Rounds missed are skipped, never sent in a burst."
  const Duration late = instant_now() - departure;
  if (late.ns > place.departures->round().ns / 2) {
    place.next = place.departures->first_after(instant_now() + Duration{-place.offset.ns});
    return;
  }
  bool sent = true;
  for (Lane& lane : place.lanes) {
    load(lane, place.next);
    spin_until(departure);
    sent = x_socket.send(lane.last_to, x_out) && sent;
  }
  place.failing.store(!sent, std::memory_order_relaxed);
  place.next = next(place.next);
  place.offset.ns = place.wanted_offset.load(std::memory_order_relaxed);
}

}  // namespace sw::carrier
