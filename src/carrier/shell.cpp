#include "carrier/shell.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/signal_set.hpp>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <string>
#include <utility>

#include "bearer/clock.hpp"
#include "bearer/udp.hpp"
#include "carrier/core.hpp"
#include "carrier/key_file.hpp"
#include "carrier/port_server.hpp"
#include "carrier/sender.hpp"
#include "carrier/venue_files.hpp"
#include "crypto/rng.hpp"
#include "home/file.hpp"

namespace sw::carrier {

using bearer::clock_now;
using bearer::instant_now;
namespace asio = boost::asio;
using boost::system::error_code;

namespace {

// Datagrams read in one go before timers and the cell port have their turn.
constexpr int kDatagramsAtOnce = 64;
// Not each round: a disk that fails may take its time over it, and cells wait meanwhile.
constexpr Duration kSaveAgain = milliseconds(5'000);

/// Keys and cells must not reach a disk through a core dump, nor another process of the user through ptrace.
void forbid_core_dumps() {
  (void)::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
  const rlimit none{0, 0};
  (void)::setrlimit(RLIMIT_CORE, &none);
}

Result<home::Descriptor> lock_home(const std::filesystem::path& home) {
  const auto path = home / "carrier.run";
  home::Descriptor file(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!file) {
    if (errno == ENOENT) return fail(Errc::not_found, "no home at " + home.string() + "; run stillwire init first");
    return fail(Errc::io, "cannot open " + path.string() + ": " + std::strerror(errno));
  }
  if (::flock(file.get(), LOCK_EX | LOCK_NB) != 0) {
    return fail(Errc::conflict, "a carrier already runs on " + home.string());
  }
  return file;
}

class Shell final : public PortEvents {
 public:
  Shell(std::filesystem::path home, const bearer::UdpSocket& socket, std::unique_ptr<Sender> sender,
        const crypto::KeyPair& own, std::vector<Stamp> stamps)
      : x_home(std::move(home)),
        x_socket(socket),
        x_sender(std::move(sender)),
        x_core(own, clock_now(), instant_now(), x_rng, x_rng),
        x_venues(x_home),
        x_stamps(std::move(stamps)),
        x_timer(x_loop),
        x_datagrams(x_loop),
        x_signals(x_loop, SIGTERM, SIGINT) {}
  ~Shell() { (void)x_datagrams.release(); }  // the socket closes its own descriptor

  Result<void> open(const std::vector<Peer>& peers) {
    const int timer = ::timerfd_create(CLOCK_BOOTTIME, TFD_CLOEXEC | TFD_NONBLOCK);
    if (timer < 0) return fail(Errc::io, "cannot make a timer: " + std::string(std::strerror(errno)));
    x_timer.assign(timer);
    x_datagrams.assign(x_socket.descriptor());
    auto port = PortServer::open(x_loop, x_home, *this);
    if (!port) return std::unexpected(port.error());
    x_port = std::move(*port);
    perform(x_core.restore(instant_now(), peers));
    read_venues();
    return {};
  }

  void run() {
    x_signals.async_wait([this](error_code error, int) {
      if (!error) x_loop.stop();
    });
    await_timer();
    await_datagrams();
    arm();
    x_loop.run();
  }

  void on_record(const wire::DownRecord& record) override { perform(x_core.on_record(instant_now(), record)); }
  void on_station_gone() override { x_core.on_station_gone(); }

 private:
  void await_timer() {
    x_timer.async_wait(asio::posix::stream_descriptor::wait_read, [this](error_code error) {
      if (error) return;
      std::uint64_t expired = 0;
      (void)!::read(x_timer.native_handle(), &expired, sizeof expired);
      on_timer();
      await_timer();
    });
  }

  void on_timer() {
    // Cells that came in time must not be late because this process was not scheduled.
    x_port->drain();
    for (const VenueId& venue : x_core.venues()) {
      x_core.on_bearer(venue, x_sender->failing(venue) ? wire::BearerState::failing : wire::BearerState::good);
    }
    x_armed = Instant{};
    perform(x_core.advance(instant_now()));
    if (x_unsaved && instant_now() >= x_save_again) save();
    // The frames of this round are handed over, or its cells are not here yet: a slow disk harms neither.
    if (x_venues.changed(instant_now())) read_venues();
    arm();
  }

  void read_venues() {
    auto found = x_venues.look();
    for (const std::string& sentence : found.told) tell(sentence);
    for (RelayTerms& relay : found.relays) {
      const auto stamp = std::ranges::find(x_stamps, relay.rules.venue, &Stamp::venue);
      if (stamp != x_stamps.end()) relay.last_stamp = stamp->stamp;
    }
    perform(x_core.set_relays(instant_now(), found.relays));
  }

  void await_datagrams() {
    x_datagrams.async_wait(asio::posix::stream_descriptor::wait_read, [this](error_code error) {
      if (error) return;
      for (int i = 0; i < kDatagramsAtOnce; ++i) {
        const auto received = x_socket.receive(x_buffer);
        if (!received) break;
        // A datagram longer than a frame is nothing of ours.
        if (received->size > wire::kFrameBytes) continue;
        perform(x_core.on_datagram(instant_now(), ByteView(x_buffer).first(received->size), received->from));
      }
      await_datagrams();
    });
  }

  /// Sets the timer to the core's next wake, when that has changed.
  void arm() {
    Instant wake = x_core.next_wake();
    // Without a venue nothing else wakes this loop.
    if (x_core.venues().empty()) wake = std::max(x_venues.next_look(), instant_now());
    if (wake == x_armed) return;
    x_armed = wake;
    itimerspec when{};
    when.it_value.tv_sec = wake.ns / 1'000'000'000;
    when.it_value.tv_nsec = wake.ns % 1'000'000'000;
    (void)::timerfd_settime(x_timer.native_handle(), TFD_TIMER_ABSTIME, &when, nullptr);
  }

  static void tell(const std::string& sentence) { (void)std::fprintf(stderr, "carrier: %s\n", sentence.c_str()); }

  void perform(Actions&& actions) {
    for (const VenueId& venue : actions.ended) x_sender->end(venue);
    for (const auto& begun : actions.begun) {
      x_sender->begin(begun.venue, begun.departures, begun.first, begun.to, begun.frames);
    }
    for (const auto& f : actions.frames) x_sender->hand_over(f.venue, f.at, f.to, f.frame, f.slot);
    for (const auto& shifted : actions.shifted) x_sender->shift(shifted.venue, shifted.offset);
    for (const auto& cookie : actions.cookies) (void)x_socket.send(cookie.to, cookie.reply);
    x_port->send(actions.up);
    for (const std::string& sentence : actions.told) tell(sentence);
    if (!actions.ended.empty() || !actions.begun.empty()) arm();
    if (actions.peers_changed || actions.stamps_changed) save();
    if (actions.close_port) {
      x_port->close();
      x_core.on_station_gone();
    }
  }

  void save() {
    auto saved = save_peers(x_home, x_core.peers());
    std::vector<Stamp> stamps = x_core.stamps();
    for (const Stamp& old : x_stamps) {
      const bool newer = std::ranges::find(stamps, old.venue, &Stamp::venue) != stamps.end();
      if (!newer && stamps.size() < wire::kVenueLimit) stamps.push_back(old);
    }
    x_stamps = std::move(stamps);
    if (saved && !x_stamps.empty()) saved = save_stamps(x_home, x_stamps);
    if (!saved && !x_unsaved) tell(saved.error().what);
    x_unsaved = !saved;
    x_save_again = instant_now() + kSaveAgain;
  }

  std::filesystem::path x_home;
  const bearer::UdpSocket& x_socket;
  std::unique_ptr<Sender> x_sender;
  crypto::SystemRng x_rng;
  Core x_core;
  VenueFiles x_venues;
  std::vector<Stamp> x_stamps;  ///< also of venues that are not there any more, while there is room
  asio::io_context x_loop{1};
  asio::posix::stream_descriptor x_timer;
  asio::posix::stream_descriptor x_datagrams;
  asio::signal_set x_signals;
  std::unique_ptr<PortServer> x_port;
  ByteArray<wire::kFrameBytes> x_buffer{};
  Instant x_armed{};
  bool x_unsaved = false;  ///< the disk refused the peer table; it is tried again
  Instant x_save_again{};
};

}  // namespace

Result<int> run_carrier(const CarrierOptions& options) {
  forbid_core_dumps();
  // Whoever reads our log may go away; the wire goes on.
  (void)std::signal(SIGPIPE, SIG_IGN);
  if (!crypto::start()) return fail(Errc::unsupported, "this machine gives no randomness");
  crypto::SystemRng rng;
  const auto lock = lock_home(options.home);
  if (!lock) return std::unexpected(lock.error());
  const auto key = load_or_create_key(options.home, rng);
  if (!key) return std::unexpected(key.error());
  const auto peers = load_peers(options.home);
  if (!peers) return std::unexpected(peers.error());
  auto stamps = load_stamps(options.home);
  if (!stamps) return std::unexpected(stamps.error());
  const auto socket = bearer::UdpSocket::open(options.listen);
  if (!socket) return std::unexpected(socket.error());
  auto sender = Sender::start(*socket);
  if (!sender) return std::unexpected(sender.error());
  Shell shell(options.home, *socket, std::move(*sender), *key, std::move(*stamps));
  if (auto opened = shell.open(*peers); !opened) return std::unexpected(opened.error());
  (void)std::fprintf(stderr, "carrier: listening on %s\n", wire::to_text(options.listen).c_str());
  shell.run();
  (void)std::fprintf(stderr, "carrier: stopped\n");
  return 0;
}

}  // namespace sw::carrier
