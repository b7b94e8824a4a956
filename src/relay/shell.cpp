#include "relay/shell.hpp"

#include <sys/timerfd.h>
#include <unistd.h>

#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/thread_pool.hpp>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <limits>
#include <thread>
#include <utility>

#include "bearer/clock.hpp"
#include "bearer/udp.hpp"
#include "crypto/rng.hpp"
#include "relay/crew.hpp"
#include "relay/epoch_record.hpp"
#include "relay/guard.hpp"
#include "relay/home.hpp"
#include "relay/metrics.hpp"
#include "relay/neighbour.hpp"
#include "relay/notices.hpp"
#include "relay/stations_gate.hpp"
#include "relay/venue_terms.hpp"
#include "wire/sizes.hpp"

namespace sw::relay {

using bearer::clock_now;
using bearer::instant_now;
namespace asio = boost::asio;
using boost::system::error_code;
using mix::relay::Actions;
using mix::relay::Message;
using mix::relay::Side;

namespace {

// All stations speak within a part of a round, and wait while this relay's own frames leave.
constexpr int kDatagramsWaiting = 1 << 26;
constexpr std::size_t kDatagramsAhead = 3;  // so long it takes until what was fetched is there
constexpr Duration kConnectedQuiet = milliseconds(2'000);
constexpr Duration kMetricsEvery = milliseconds(1'000);

void say(const std::string& line) {
  (void)std::fprintf(stderr, "relay: %s\n", line.c_str());
}

class Shell final : public NeighbourEvents {
 public:
  Shell(const RelayOptions& options, const Home& home, const mix::Venue& venue, std::size_t hop, Epoch highest)
      : x_options(options),
        x_home(home),
        x_venue(venue),
        x_hop(hop),
        x_terms(venue_terms(venue)),
        x_clock{clock_now(), instant_now()},
        x_core(x_terms, hop, home.keys().id.secret.clone(), highest, x_rng),
        x_timer(x_loop),
        x_datagrams(x_loop),
        x_signals(x_loop, SIGTERM, SIGINT) {}
  ~Shell() override {
    x_disk.join();
    x_crew.stop();
    (void)x_datagrams.release();  // the socket closes its own descriptor
  }

  Result<void> open(const wire::Endpoint& listen) {
    const int timer = ::timerfd_create(CLOCK_BOOTTIME, TFD_CLOEXEC | TFD_NONBLOCK);
    if (timer < 0) return fail(Errc::io, "cannot make a timer: " + std::string(std::strerror(errno)));
    x_timer.assign(timer);
    if (x_hop == 0) {
      auto socket = bearer::UdpSocket::open(listen);
      if (!socket) return std::unexpected(socket.error());
      x_socket.emplace(std::move(*socket));
      x_socket->widen(kDatagramsWaiting);
      x_datagrams.assign(x_socket->descriptor());
      x_gate.emplace(StationsGate::Terms{x_home.keys().link, x_terms,
                                         [this](const mix::Token& token) {
                                           return mix::check_invitation(x_home.keys().invite, x_terms.venue, token);
                                         },
                                         x_clock},
                     x_rng);
    } else {
      x_previous.emplace(x_loop, ends(Side::previous), *this, x_rng);
      auto listener = bearer::TcpListener::open(
          x_loop, listen, [this](auto connection) { x_previous->on_accepted(std::move(connection)); });
      if (!listener) return std::unexpected(listener.error());
      x_listener = std::move(*listener);
    }
    if (x_hop + 1 < x_terms.hops()) x_next.emplace(x_loop, ends(Side::next), *this, x_rng);
    x_metrics.neighbours = (x_previous ? 1U : 0U) + (x_next ? 1U : 0U);
    return {};
  }

  void run() {
    x_signals.async_wait([this](error_code error, int) {
      if (!error) x_loop.stop();
    });
    if (x_next) x_next->connect();
    if (x_socket) await_datagrams();
    await_timer();
    wake();
    x_loop.run();
  }

  void on_connected(Side side) override {
    // A neighbour that comes and goes fills no log.
    Instant& quiet = x_connected_quiet[static_cast<std::size_t>(side)];
    if (instant_now() >= quiet) say("connected with relay " + std::to_string(side == Side::next ? x_hop + 2 : x_hop));
    quiet = instant_now() + kConnectedQuiet;
    perform(x_core.on_connected(now(), side));
    arm();
  }
  void on_lost(Side side) override {
    perform(x_core.on_lost(now(), side));
    arm();
  }
  void on_message(Side side, Message message) override {
    perform(x_core.on_message(now(), side, std::move(message)));
    arm();
  }
  Bytes room(std::size_t size) override { return x_crew.room(size); }
  void give(Bytes room) override { x_crew.give(std::move(room)); }

 private:
  [[nodiscard]] UtcMs now() const { return x_clock.utc_at(instant_now()); }
  [[nodiscard]] std::optional<Neighbour>& neighbour(Side side) { return side == Side::next ? x_next : x_previous; }
  [[nodiscard]] NeighbourTerms ends(Side side) const {
    const mix::RelayCard& other = x_venue.relays[side == Side::next ? x_hop + 1 : x_hop - 1];
    return {x_terms, x_hop, side, x_home.keys().link, other.link, other.at};
  }

  // ---- time

  void await_timer() {
    x_timer.async_wait(asio::posix::stream_descriptor::wait_read, [this](error_code error) {
      if (error) return;
      std::uint64_t expired = 0;
      (void)!::read(x_timer.native_handle(), &expired, sizeof expired);
      x_armed = Instant{};
      wake();
      await_timer();
    });
  }

  void wake() {
    perform(x_core.advance(now()));
    if (x_gate) {
      x_gate->on_fault(x_core.fault(now()));
      x_gate->depart(instant_now(), [this](const auto& to, const auto& frame) { x_out.send(*x_socket, to, frame); });
      x_out.flush(*x_socket);
      count_stations();
    }
    publish_metrics();
    arm();
  }

  /// Sets the timer to the next thing that is due, when that has changed.
  void arm() {
    Instant wake = x_clock.instant_at(x_core.next_wake());
    if (x_gate) wake = std::min(wake, x_gate->next_wake());
    if (x_options.metrics) wake = std::min(wake, x_metrics_at);
    if (wake == x_armed) return;
    x_armed = wake;
    itimerspec when{};
    when.it_value.tv_sec = wake.ns / 1'000'000'000;
    when.it_value.tv_nsec = wake.ns % 1'000'000'000;
    (void)::timerfd_settime(x_timer.native_handle(), TFD_TIMER_ABSTIME, &when, nullptr);
  }

  // ---- stations

  void await_datagrams() {
    x_datagrams.async_wait(asio::posix::stream_descriptor::wait_read, [this](error_code error) {
      if (error) return;
      const std::size_t count = x_in.receive(*x_socket);
      for (std::size_t i = 0; i < count; ++i) x_gate->expect(x_in.received(i).from);
      for (std::size_t i = 0; i < count; ++i) {
        if (i + kDatagramsAhead < count) x_gate->approach(x_in.received(i + kDatagramsAhead).from);
        const auto received = x_in.received(i);
        // A datagram longer than a frame is nothing of ours.
        if (received.size > received.bytes.size()) continue;
        if (auto answer = x_gate->on_datagram(instant_now(), received.bytes, received.from)) {
          (void)x_socket->send(answer->to, answer->bytes);
        }
        count_stations();
      }
      await_datagrams();
    });
  }

  void count_stations() {
    if (const auto circuits = x_gate->circuits(instant_now())) {
      perform(x_core.on_circuits(now(), *circuits));
      arm();
    }
  }

  // ---- what the core wants

  void perform(Actions actions) {
    for (auto& work : actions.works) x_crew.run(std::move(work));
    for (auto& outgoing : actions.messages) {
      if (outgoing.message.type == mix::relay::Type::back) ++x_metrics.rounds_carried;
      auto& to = neighbour(outgoing.to);
      const bool left = to && to->send(std::move(outgoing.message));
      if (!left && to && to->up()) ++x_metrics.batches_lost;
    }
    for (const Epoch epoch : actions.records) record(epoch);
    for (const auto& notice : actions.notices) notify(notice);
    if (x_gate) attend(actions);
    if (const auto running = x_core.running(); running && running->value != x_metrics.running) {
      x_metrics.running = running->value;
      x_metrics.counts = x_core.counts();
      if (!std::exchange(x_runs, true)) say("epoch " + std::to_string(running->value) + " runs");
    }
  }

  void attend(Actions& actions) {
    for (const auto& each : actions.published) x_gate->on_published(each);
    for (const Epoch epoch : actions.halted) x_gate->on_halted(epoch);
    for (const Epoch epoch : actions.making) x_gate->on_making(epoch);
    for (const auto& each : actions.receipts) x_gate->on_receipt(each);
    for (const Epoch epoch : actions.close_setup) {
      if (auto onions = x_gate->close_setup(epoch)) perform(x_core.on_onions(now(), epoch, std::move(*onions)));
    }
    for (const RoundId at : actions.close_round) {
      if (auto cells = x_gate->close_round(instant_now(), at)) perform(x_core.on_cells(now(), at, std::move(*cells)));
    }
    for (auto& each : actions.returned) {
      if (x_gate->on_returned(std::move(each))) ++x_metrics.rounds_carried;
    }
  }

  void notify(const mix::relay::Notice& notice) {
    using Kind = mix::relay::Notice::Kind;
    if (notice.kind == Kind::batch_refused) ++x_metrics.batches_refused;
    if (notice.kind == Kind::epoch_halted) ++x_metrics.epochs_halted;
    if (notice.kind == Kind::emergency_epoch || notice.kind == Kind::neighbour_lost) x_runs = false;
    if (const auto line = x_notices.line(instant_now(), notice)) say(*line);
  }

  /// On a thread of its own: a disk takes its time, and rounds do not wait.
  void record(Epoch epoch) {
    asio::post(x_disk, [this, epoch] {
      auto kept = record_signed_epoch(x_options.home, epoch);
      asio::post(x_loop, [this, epoch, result = std::move(kept)] { on_recorded(epoch, result); });
    });
  }
  void on_recorded(Epoch epoch, const Result<void>& kept) {
    if (kept) {
      ++x_metrics.epochs_signed;
      perform(x_core.on_recorded(now(), epoch));
      return arm();
    }
    if (instant_now() < x_disk_quiet) return;
    x_disk_quiet = instant_now() + milliseconds(60'000);
    say("epoch " + std::to_string(epoch.value) + " is not signed: " + kept.error().what);
  }

  void publish_metrics() {
    if (!x_options.metrics || instant_now() < x_metrics_at) return;
    x_metrics_at = instant_now() + kMetricsEvery;
    x_metrics.neighbours_up = (x_previous && x_previous->up() ? 1U : 0U) + (x_next && x_next->up() ? 1U : 0U);
    asio::post(x_disk, [path = *x_options.metrics, text = to_text(x_metrics)] { replace_metrics(path, text); });
  }

  const RelayOptions& x_options;
  const Home& x_home;
  const mix::Venue& x_venue;
  std::size_t x_hop;
  mix::relay::VenueTerms x_terms;
  Moment x_clock;
  crypto::SystemRng x_rng;
  mix::relay::Core x_core;
  asio::io_context x_loop{1};
  asio::thread_pool x_disk{1};
  Crew x_crew{x_loop, std::thread::hardware_concurrency(), [this](mix::relay::Work work) {
                perform(x_core.on_done(now(), std::move(work)));
                arm();
              }};
  asio::posix::stream_descriptor x_timer;
  std::optional<bearer::UdpSocket> x_socket;
  asio::posix::stream_descriptor x_datagrams;
  asio::signal_set x_signals;
  std::optional<StationsGate> x_gate;
  std::unique_ptr<bearer::TcpListener> x_listener;
  std::optional<Neighbour> x_previous;
  std::optional<Neighbour> x_next;
  bearer::UdpBatch x_in{wire::kFrameBytes};
  bearer::UdpBatch x_out{wire::kFrameBytes};
  NoticeLog x_notices;
  Metrics x_metrics;
  Instant x_metrics_at{};
  std::array<Instant, 2> x_connected_quiet{};
  Instant x_disk_quiet{};
  Instant x_armed{};
  bool x_runs = false;  ///< it was said that an epoch runs
};

}  // namespace

Result<int> run_relay(const RelayOptions& options) {
  if (!guard_memory()) {
    say("memory is not locked, keys may reach swap; allow it (LimitMEMLOCK=infinity) or use no swap");
  }
  keep_little_memory();
  // Whoever reads our log may go away; the venue goes on.
  (void)std::signal(SIGPIPE, SIG_IGN);
  if (!crypto::start()) return fail(Errc::unsupported, "this machine gives no randomness");
  const auto home = Home::open(options.home);
  if (!home) return std::unexpected(home.error());
  const auto venue = home->venue();
  if (!venue) return std::unexpected(venue.error());
  if (!venue->has_value() || !mix::complete(**venue)) {
    return fail(Errc::conflict,
                "this home has no venue that all its relays signed; join it again once the others have signed");
  }
  const auto hop = mix::place_of(**venue, home->card().id);
  if (!hop) return fail(Errc::refused, "this relay is not in the venue that its home keeps");
  const auto highest = read_signed_epoch(options.home);
  if (!highest) return std::unexpected(highest.error());
  const wire::Endpoint listen = options.listen.value_or(home->card().at);
  Shell shell(options, *home, **venue, *hop, *highest);
  if (auto opened = shell.open(listen); !opened) return std::unexpected(opened.error());
  say("relay " + std::to_string(*hop + 1) + " of " + std::to_string((*venue)->hops()) + ", listening on " +
      wire::to_text(listen));
  shell.run();
  say("stopped");
  return 0;
}

}  // namespace sw::relay
