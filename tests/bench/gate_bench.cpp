// R1's gate on real UDP: a frame in and a frame out for each station a round, beside the bare echo of datagrams of that
// size with recvmmsg and sendmmsg; and what it allocates. Protocol 8.8.
//   bench_gate [STATIONS]
#include <netinet/in.h>
#include <openssl/crypto.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <new>

#include "bearer/udp.hpp"
#include "bench/figure.hpp"
#include "crypto/rng.hpp"
#include "mix/invitation.hpp"
#include "mix/relay/making.hpp"
#include "relay/stations_gate.hpp"
#include "wire/sizes.hpp"

namespace {
std::uint64_t allocations = 0;  // of this process
}
// NOLINTBEGIN(misc-new-delete-overloads)
void* operator new(std::size_t size) {
  ++allocations;
  if (void* at = std::malloc(size)) return at;
  std::abort();
}
void operator delete(void* at) noexcept {
  std::free(at);
}
void operator delete(void* at, std::size_t /*size*/) noexcept {
  std::free(at);
}
// NOLINTEND(misc-new-delete-overloads)

namespace sw::bench {
namespace {

constexpr std::size_t kSockets = 16;
constexpr int kRounds = 7;
constexpr std::size_t kWindow = 8192;   ///< stations that speak before the gate's process has its turn
constexpr std::size_t kAhead = 3;       ///< as the relay's own loop
constexpr std::size_t kAtOnce = 2'000;  ///< handshakes

void need(bool good, const char* what) {
  if (good) return;
  std::fprintf(stderr, "bench: %s\n", what);
  std::exit(2);
}

/// A port that is free, and a socket on it.
std::pair<wire::Endpoint, bearer::UdpSocket> open_socket(const std::string& host, Rng& rng) {
  for (int attempt = 0; attempt < 100; ++attempt) {
    const auto at = wire::parse_endpoint(host + ":" + std::to_string(20'000 + rng.below(12'000)));
    if (auto socket = bearer::UdpSocket::open(*at)) {
      socket->widen(1 << 26);
      return {*at, std::move(*socket)};
    }
  }
  need(false, "no free port");
  std::abort();
}

/// Many stations with an address each, 127.1.x.y and one of a few ports, behind few sockets.
class Ends {
 public:
  Ends(const wire::Endpoint& gate, Rng& rng) {
    for (std::size_t i = 0; i < kSockets; ++i) x_sockets.push_back(open_socket("0.0.0.0", rng));
    x_to.sin_family = AF_INET;
    x_to.sin_port = htons(gate.port);
    x_to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  }
  [[nodiscard]] wire::Endpoint address(std::size_t station) const {
    wire::Endpoint out = *wire::parse_endpoint("127.1.0.0:1");
    const std::size_t host = station / kSockets;
    out.ip[14] = static_cast<std::uint8_t>(host >> 8);
    out.ip[15] = static_cast<std::uint8_t>(host);
    out.port = x_sockets[station % kSockets].first.port;
    return out;
  }
  void send(std::size_t station, ByteView frame) {
    Leaving& leaving = x_leaving[station % kSockets];
    const std::size_t i = leaving.count++;
    std::ranges::copy(frame, leaving.frames[i].begin());
    leaving.pieces[i] = {leaving.frames[i].data(), frame.size()};
    msghdr& head = leaving.heads[i].msg_hdr;
    head = {&x_to, sizeof x_to, &leaving.pieces[i], 1, leaving.controls[i].data(), leaving.controls[i].size(), 0};
    cmsghdr* const control = CMSG_FIRSTHDR(&head);
    control->cmsg_level = IPPROTO_IP;
    control->cmsg_type = IP_PKTINFO;
    control->cmsg_len = CMSG_LEN(sizeof(in_pktinfo));
    in_pktinfo from{};
    std::memcpy(&from.ipi_spec_dst, address(station).ip.data() + 12, 4);
    std::memcpy(CMSG_DATA(control), &from, sizeof from);
    if (leaving.count == leaving.heads.size()) flush(station % kSockets);
  }
  void flush() {
    for (std::size_t i = 0; i < kSockets; ++i) flush(i);
  }
  void drain() {
    for (const auto& [_, socket] : x_sockets) {
      while (x_in.receive(socket) > 0) {
      }
    }
  }

 private:
  struct Leaving {
    std::size_t count = 0;
    std::array<ByteArray<wire::kFrameBytes>, 64> frames;
    std::array<iovec, 64> pieces;
    std::array<mmsghdr, 64> heads;
    std::array<std::array<char, CMSG_SPACE(sizeof(in_pktinfo))>, 64> controls;
  };
  void flush(std::size_t socket) {
    Leaving& leaving = x_leaving[socket];
    const auto count = static_cast<unsigned>(std::exchange(leaving.count, 0));
    (void)::sendmmsg(x_sockets[socket].second.descriptor(), leaving.heads.data(), count, 0);
  }
  std::vector<std::pair<wire::Endpoint, bearer::UdpSocket>> x_sockets;
  sockaddr_in x_to{};
  std::vector<Leaving> x_leaving{kSockets};
  bearer::UdpBatch x_in{wire::kFrameBytes};
};

/// What the two processes tell each other.
struct Shared {
  std::atomic<std::uint64_t> taken;  ///< datagrams that the other process took
  std::atomic<std::uint64_t> sent;
  std::atomic<std::uint64_t> allocated;  ///< while it took and sent those
  std::atomic<double> cpu_ns;
};

Shared& shared() {
  void* at = ::mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  need(at != MAP_FAILED, "no memory");
  return *new (at) Shared{};
}

template <class Body>
pid_t child(Body body) {
  const pid_t pid = ::fork();
  need(pid >= 0, "no process");
  if (pid > 0) return pid;
  (void)::prctl(PR_SET_PDEATHSIG, SIGKILL);
  body();
  ::_exit(0);
}
void end(pid_t pid) {
  (void)::kill(pid, SIGKILL);
  (void)::waitpid(pid, nullptr, 0);
}

/// Of one datagram taken and one sent, with nothing done to it.
double echo_ns(std::size_t count, Rng& rng) {
  auto [at, socket] = open_socket("127.0.0.1", rng);
  Ends ends(at, rng);
  Shared& told = shared();
  const pid_t pid = child([&] {
    bearer::UdpBatch in(wire::kFrameBytes);
    bearer::UdpBatch out(wire::kFrameBytes);
    for (;;) {
      const std::size_t got = in.receive(socket);
      for (std::size_t i = 0; i < got; ++i) out.send(socket, in.received(i).from, in.received(i).bytes);
      out.flush(socket);
      if (got == 0) ::usleep(100);
      told.cpu_ns = ns_of(CLOCK_PROCESS_CPUTIME_ID);
      told.taken += got;
    }
  });
  const ByteArray<wire::kFrameBytes> frame{};
  std::vector<double> times;
  for (int round = 0; round < kRounds; ++round) {
    const double from = told.cpu_ns;
    const std::uint64_t before = told.taken;
    for (std::size_t i = 0; i < count; ++i) {
      ends.send(i, frame);
      if (i % kWindow == 0) ends.drain();
      while (told.taken + kWindow < before + i) ::usleep(50);
    }
    ends.flush();
    for (int wait = 0; wait < 1'000 && told.taken < before + count; ++wait) ::usleep(1'000);
    need(told.taken == before + count, "the echo lost datagrams");
    times.push_back((told.cpu_ns - from) / static_cast<double>(count));
    ends.drain();
  }
  end(pid);
  return median(std::move(times));
}

/// R1 with all its stations registered, in one process; then the stations' half leaves for another one.
class World {
 public:
  World(std::size_t stations, Rng& rng)
      : x_rng(rng), x_socket(open_socket("127.0.0.1", rng)), x_ends(x_socket.first, rng) {
    x_rng.fill(x_venue.venue.bytes);
    x_venue.relays.push_back(x_id.public_key);
    x_venue.round_ms = 1'000;
    x_venue.rounds = 80'000;
    x_venue.lead_rounds = 20;
    x_venue.slots = 1;
    x_venue.suite = mix::Suite::x25519;
    x_venue.circuit_limit = static_cast<std::uint32_t>(2 * stations);
    x_gate.emplace(
        relay::StationsGate::Terms{
            x_link, x_venue,
            [this](const mix::Token& token) { return mix::check_invitation(x_secret, x_venue.venue, token); }, kStart},
        x_rng);
    for (std::size_t first = 0; first < stations; first += kAtOnce) {
      enrol(first, std::min(stations, first + kAtOnce));
    }
    need(x_gate->registered() == stations, "not all stations are registered");
    begin_epoch();
  }

  /// Frames through the gate's process, and what one in and one out cost it.
  struct Cost {
    double cpu_ns;
    double allocations;
  };
  Cost measure() {
    Shared& told = shared();
    const pid_t pid = child([&] { serve(told); });
    std::vector<double> times;
    double allocated = 0;
    std::vector<link::Frame> frames(x_links.size());
    const auto count = static_cast<double>(x_links.size());
    for (std::uint32_t round = 0; round < kRounds; ++round) {
      const std::uint64_t before = told.taken;
      const std::uint64_t left = told.sent;
      const double from = told.cpu_ns;
      const std::uint64_t had = told.allocated;
      // All of them first: they are to come as fast as the echo's.
      for (std::size_t i = 0; i < x_links.size(); ++i) {
        frames[i] = x_links[i]->prepare({kEpoch, {round}}, kStart.utc, {}, {}, x_rng).frame;
      }
      for (std::size_t i = 0; i < x_links.size(); ++i) {
        x_ends.send(i, frames[i]);
        while (told.taken + kWindow < before + i) ::usleep(50);
      }
      x_ends.flush();
      for (int wait = 0; wait < 5'000 && told.sent < left + x_links.size(); ++wait) {
        x_ends.drain();
        ::usleep(1'000);
      }
      need(told.sent == left + x_links.size(), "not every station got a frame");
      if (round < 3) continue;  // pages are touched, and buffers grow, for the first time
      times.push_back((told.cpu_ns - from) / count);
      allocated = std::max(allocated, static_cast<double>(told.allocated - had) / count);
    }
    end(pid);
    return {median(std::move(times)), allocated};
  }

 private:
  static constexpr Epoch kEpoch{1};
  static constexpr relay::Moment kStart{{1'790'000'000'000}, {1'000'000'000'000}};

  void depart(const relay::StationsGate::Send& out) {
    x_now = std::max(x_now, x_gate->next_wake());
    x_gate->depart(x_now, out);
  }
  void enrol(std::size_t first, std::size_t last) {
    std::map<wire::Endpoint, std::size_t> here;
    for (std::size_t i = first; i < last; ++i) {
      x_keys.push_back(crypto::KeyPair::generate(x_rng));
      link::LinkTerms terms{x_venue.venue,           x_link.public_key,
                            crypto::Role::initiator, mix::frame_rounds(x_venue.rounds, 1),
                            {x_socket.first},        0,
                            wire::kStationStreams};
      x_links.push_back(std::make_unique<link::Link>(x_keys.back(), std::move(terms)));
      here[x_ends.address(i)] = i;
      hear(i, x_links[i]->prepare({kEpoch, {}}, kStart.utc, {}, {}, x_rng).frame);
    }
    const auto hear_all = [&] {
      depart([&](const auto& to, const auto& frame) {
        if (const auto whose = here.find(to); whose != here.end()) {
          (void)x_links[whose->second]->receive(frame, x_socket.first, {kEpoch, {}}, x_rng);
        }
      });
    };
    hear_all();
    for (std::size_t i = first; i < last; ++i) {
      const auto token = mix::make_invitation(x_secret, x_venue.venue, static_cast<std::uint32_t>(i));
      x_links[i]->send(link::Stream::enrol, to_bytes(token));
      hear(i, x_links[i]->prepare({kEpoch, {}}, kStart.utc, {}, {}, x_rng).frame);
    }
    hear_all();
  }
  void hear(std::size_t station, const link::Frame& frame) {
    x_now = x_now + milliseconds(60);  // within the bounds on first messages
    (void)x_gate->on_datagram(x_now, frame, x_ends.address(station));
  }
  /// Stations and gate hear each other until every lane is idle, as they are most of the time: the stations' half takes
  /// no frames later on, and what it does not acknowledge would be sent again for ever.
  void settle() {
    std::map<wire::Endpoint, std::size_t> whose;
    for (std::size_t i = 0; i < x_links.size(); ++i) whose[x_ends.address(i)] = i;
    for (int round = 0; round < 8; ++round) {
      for (std::size_t i = 0; i < x_links.size(); ++i) {
        const auto frame = x_links[i]->prepare({kEpoch, {}}, kStart.utc, {}, {}, x_rng).frame;
        (void)x_gate->on_datagram(x_now, frame, x_ends.address(i));
      }
      depart([&](const auto& to, const auto& frame) {
        (void)x_links[whose.at(to)]->receive(frame, x_socket.first, {kEpoch, {}}, x_rng);
      });
    }
  }
  void begin_epoch() {
    x_gate->on_making(kEpoch);
    mix::relay::Making making(x_venue, kEpoch, {{kStart.utc.value}, 20, x_venue.circuit_limit},
                              mix::relay::Making::Haste::in_turn, {});
    const auto kx = crypto::KeyPair::generate(x_rng);
    need(making.take_keys({1, kx.public_key, {}, {}}), "no keys");
    const auto body = making.build(x_venue);
    need(body.has_value(), "no body");
    x_gate->on_published({kEpoch, *body, {mix::sign_descriptor(x_id.secret, *body)}});
    settle();
    need(x_gate->close_setup(kEpoch).has_value(), "no set-up");
  }

  [[noreturn]] void serve(Shared& told) {
    bearer::UdpBatch in(wire::kFrameBytes);
    bearer::UdpBatch out(wire::kFrameBytes);
    std::uint32_t round = 0;
    const std::size_t count = x_links.size();
    for (std::uint64_t taken = 0;;) {
      const std::size_t got = in.receive(x_socket.second);
      for (std::size_t i = 0; i < got; ++i) x_gate->expect(in.received(i).from);
      for (std::size_t i = 0; i < got; ++i) {
        if (i + kAhead < got) x_gate->approach(in.received(i + kAhead).from);
        const auto received = in.received(i);
        (void)x_gate->on_datagram(x_now, received.bytes, received.from);
      }
      taken += got;
      told.taken = taken;
      if (got == 0) ::usleep(100);
      if (taken < (round + 1) * count) continue;
      auto cells = x_gate->close_round(x_now, {kEpoch, {round}});
      // Every station said zeros: a frame that was not taken would have left random bytes.
      need(cells.has_value(), "no round");
      for (std::size_t at = 0; at < cells->size(); at += wire::kCellBytes) {
        need((*cells)[at] == 0 && (*cells)[at + 1] == 0 && (*cells)[at + 2] == 0, "the gate did not take every frame");
      }
      need(x_gate->on_returned({{kEpoch, {round}}, std::move(*cells)}).has_value(), "no round");
      std::uint64_t sent = 0;
      depart([&](const auto& to, const auto& frame) {
        out.send(x_socket.second, to, frame);
        ++sent;
      });
      out.flush(x_socket.second);
      ++round;
      told.allocated = allocations;
      told.cpu_ns = ns_of(CLOCK_PROCESS_CPUTIME_ID);
      told.sent += sent;
    }
  }

  Rng& x_rng;
  std::pair<wire::Endpoint, bearer::UdpSocket> x_socket;
  Ends x_ends;
  crypto::SigningPair x_id = crypto::SigningPair::generate(x_rng);
  crypto::KeyPair x_link = crypto::KeyPair::generate(x_rng);
  mix::InviteSecret x_secret = mix::InviteSecret::random(x_rng);
  mix::relay::VenueTerms x_venue;
  std::optional<relay::StationsGate> x_gate;
  std::deque<crypto::KeyPair> x_keys;
  std::vector<std::unique_ptr<link::Link>> x_links;
  Instant x_now = kStart.instant;
};

int run(std::size_t stations) {
  need(crypto::start(), "no randomness");
  // libcrypto's count, too.
  (void)::CRYPTO_set_mem_functions(
      [](std::size_t size, const char*, int) {
        ++allocations;
        return std::malloc(size);
      },
      [](void* at, std::size_t size, const char*, int) {
        ++allocations;
        return std::realloc(at, size);
      },
      [](void* at, const char*, int) { std::free(at); });
  crypto::SystemRng rng;
  Figures figures;
  World world(stations, rng);
  const double echo = echo_ns(stations, rng);
  const World::Cost cost = world.measure();
  figures.add(
      fmt::format("R1's gate, {} stations, of a bare echo", stations), echo / cost.cpu_ns, Bound::least, 0.55, "x",
      fmt::format("{:.2f} us for a frame in and one out, echo {:.2f}; processor time", cost.cpu_ns / 1e3, echo / 1e3));
  figures.add("allocations of R1's gate a frame", cost.allocations, Bound::most, 0.01, "", "");
  return figures.status();
}

}  // namespace
}  // namespace sw::bench

int main(int count, char** words) {
  return sw::bench::run(count > 1 ? std::strtoul(words[1], nullptr, 10) : 100'000);
}
