// A whole relay between its two neighbours, over real sockets, beside the bare transfer of the same bytes and the
// passes of the same batch: processor time and memory a circuit, and what a set-up does to the rounds.
// Protocol 8.3, 8.4, 8.7.
//   bench_relay [CIRCUITS]
#include <netinet/in.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <thread>

#include "bearer/clock.hpp"
#include "bench/figure.hpp"
#include "bench/pass_times.hpp"
#include "mix/relay/core.hpp"
#include "relay/crew.hpp"
#include "relay/guard.hpp"
#include "relay/neighbour.hpp"
#include "wire/sizes.hpp"

namespace sw::bench {
namespace {

namespace asio = boost::asio;
using mix::relay::Actions;
using mix::relay::Message;
using mix::relay::Side;
using mix::relay::Type;

constexpr std::size_t kHops = 3;
constexpr std::uint32_t kCover = 564;
constexpr int kRounds = 20;

struct Chain {
  explicit Chain(std::uint32_t circuits) {
    crypto::SystemRng rng;
    rng.fill(terms.venue.bytes);
    for (std::size_t hop = 0; hop < kHops; ++hop) {
      ids.push_back(crypto::SigningPair::generate(rng));
      links.push_back(crypto::KeyPair::generate(rng));
      terms.relays.push_back(ids.back().public_key);
      at.push_back(*wire::parse_endpoint("127.0.0.1:" + std::to_string(20'000 + rng.below(12'000))));
    }
    terms.round_ms = 50;
    terms.rounds = 50'000;
    terms.lead_rounds = 20;
    terms.slots = 1;
    terms.suite = mix::Suite::x25519;
    terms.noise = {kCover, 24'600};
    terms.circuit_limit = circuits;
  }
  [[nodiscard]] relay::NeighbourTerms ends(std::size_t hop, Side side) const {
    const std::size_t other = side == Side::next ? hop + 1 : hop - 1;
    return {terms, hop, side, links[hop], links[other].public_key, at[other]};
  }
  mix::relay::VenueTerms terms;
  std::vector<crypto::SigningPair> ids;
  std::vector<crypto::KeyPair> links;
  std::vector<wire::Endpoint> at;
};

/// R2 or R3: what `relay run` is made of, without its home.
class Middle final : public relay::NeighbourEvents {
 public:
  Middle(const Chain& chain, std::size_t hop)
      : x_core(chain.terms, hop, chain.ids[hop].secret.clone(), {}, x_rng),
        x_previous(x_loop, chain.ends(hop, Side::previous), *this, x_rng) {
    auto made = bearer::TcpListener::open(x_loop, chain.at[hop], [this](auto c) { x_previous.on_accepted(c); });
    need(made.has_value(), "a port is taken; try again");
    x_listener = std::move(*made);
    if (hop + 1 < kHops) x_next.emplace(x_loop, chain.ends(hop, Side::next), *this, x_rng);
  }
  void run() {
    relay::keep_little_memory();
    if (x_next) x_next->connect();
    x_loop.run();
  }
  void on_connected(Side side) override { perform(x_core.on_connected(bearer::clock_now(), side)); }
  void on_lost(Side side) override { perform(x_core.on_lost(bearer::clock_now(), side)); }
  void on_message(Side side, Message message) override {
    perform(x_core.on_message(bearer::clock_now(), side, std::move(message)));
  }
  Bytes room(std::size_t size) override { return x_crew.room(size); }
  void give(Bytes room) override { x_crew.give(std::move(room)); }

 private:
  void perform(Actions actions) {
    for (auto& work : actions.works) x_crew.run(std::move(work));
    for (auto& each : actions.messages) {
      if (each.to == Side::previous) (void)x_previous.send(std::move(each.message));
      if (each.to == Side::next && x_next) (void)x_next->send(std::move(each.message));
    }
    for (const Epoch epoch : actions.records) perform(x_core.on_recorded(bearer::clock_now(), epoch));
  }
  crypto::SystemRng x_rng;
  mix::relay::Core x_core;
  asio::io_context x_loop{1};
  relay::Crew x_crew{x_loop, std::thread::hardware_concurrency(),
                     [this](mix::relay::Work work) { perform(x_core.on_done(bearer::clock_now(), std::move(work))); }};
  relay::Neighbour x_previous;
  std::unique_ptr<bearer::TcpListener> x_listener;
  std::optional<relay::Neighbour> x_next;
};

/// R1, played by hand: it makes epochs of onions that are random bytes, so that each is peeled in vain and replaced.
class First final : public relay::NeighbourEvents {
 public:
  explicit First(const Chain& chain) : x_chain(chain), x_next(x_loop, chain.ends(0, Side::next), *this, x_rng) {
    x_next.connect();
    until([&] { return x_up; });
    need(x_next.send({Type::hello, {}, {}}), "no connection");
    // R2 tries R3 again after a second, where it was not there yet.
    x_loop.run_for(std::chrono::milliseconds(2'500));
  }
  void on_connected(Side) override { x_up = true; }
  void on_lost(Side) override { need(false, "a relay went away"); }
  void on_message(Side, Message message) override {
    need(message.type != Type::halt, "a relay halted the epoch");
    if (message.type == Type::receipt) {
      ++x_receipts;
    } else if (message.type == Type::back) {
      ++x_back;
    } else {
      x_said.push_back(std::move(message));
    }
  }

  /// Until the relays agreed on the epoch; its set-up is on its way.
  void make(Epoch epoch) {
    const mix::relay::VenueTerms& terms = x_chain.terms;
    const mix::relay::Want want{{bearer::clock_now().value + 1'000}, terms.lead_rounds, terms.circuit_limit};
    mix::relay::Making making(terms, epoch, want, mix::relay::Making::Haste::in_turn, {});
    auto keys = mix::EpochKeys::generate(terms.suite, x_rng);
    need(keys && making.take_keys({1, keys->kx.public_key, {}, {}}), "no keys");
    x_next.send(mix::relay::want_message(epoch, want));
    while (!making.has_all_keys()) {
      const auto offered = mix::relay::read_keys(next(Type::keys).bytes, terms);
      need(offered && making.take_keys(*offered), "keys refused");
    }
    const auto body = making.build(terms);
    need(body && making.take_signature(terms, {1, mix::sign_descriptor(x_chain.ids[0].secret, *body)}), "no body");
    x_next.send(mix::relay::body_message(epoch, *body));
    while (!making.has_all_signatures()) {
      const auto signature = mix::relay::read_signature(next(Type::signature).bytes);
      need(signature && making.take_signature(terms, *signature), "signature refused");
    }
    x_next.send(mix::relay::descriptor_message(epoch, *body, making.all_signatures()));
    Bytes onions(terms.taken(1, terms.circuit_limit) * mix::onion_bytes(terms.suite, kHops, 1));
    x_rng.fill(onions);
    x_receipts = 0;
    x_next.send({Type::setup, {epoch, {}}, std::move(onions)});
  }
  [[nodiscard]] bool ready() const { return x_receipts == kHops - 1; }
  void wait_ready() {
    until([&] { return ready(); });
  }
  /// One round there and back; its nanoseconds.
  double round(Epoch epoch) {
    Message batch{
        Type::forward, {epoch, {x_round++}}, Bytes(x_chain.terms.taken(1, x_chain.terms.circuit_limit) * 512)};
    const std::size_t before = x_back;
    const double start = ns_of(CLOCK_MONOTONIC);
    need(x_next.send(std::move(batch)), "too much waits");
    until([&] { return x_back > before; });
    return ns_of(CLOCK_MONOTONIC) - start;
  }

 private:
  template <class Condition>
  void until(Condition condition) {
    while (!condition()) x_loop.run_one();
  }
  Message next(Type type) {
    until([&] { return !x_said.empty(); });
    Message out = std::move(x_said.front());
    x_said.pop_front();
    need(out.type == type, "another message than was to come");
    return out;
  }
  const Chain& x_chain;
  crypto::SystemRng x_rng;
  asio::io_context x_loop{1};
  relay::Neighbour x_next;
  std::deque<Message> x_said;
  std::size_t x_receipts = 0;
  std::size_t x_back = 0;
  std::uint32_t x_round = 0;
  bool x_up = false;
};

template <class Body>
pid_t child(Body body) {
  const pid_t pid = ::fork();
  need(pid >= 0, "no process");
  if (pid > 0) return pid;
  (void)::prctl(PR_SET_PDEATHSIG, SIGKILL);
  (void)std::signal(SIGPIPE, SIG_IGN);
  body();
  ::_exit(0);
}

double cpu_ns(pid_t pid) {
  clockid_t clock{};
  need(::clock_getcpuclockid(pid, &clock) == 0, "no clock of a child");
  return ns_of(clock);
}

double status_bytes(pid_t pid, const std::string& word) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/status");
  std::string found;
  double kb = 0;
  while (file >> found) {
    if (found == word && file >> kb) return kb * 1024;
  }
  return 0;
}

void write_all(int socket, ByteView bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (n <= 0) ::_exit(0);
    bytes = bytes.subspan(static_cast<std::size_t>(n));
  }
}
void read_all(int socket, MutableBytes bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::recv(socket, bytes.data(), bytes.size(), 0);
    if (n <= 0) ::_exit(0);
    bytes = bytes.subspan(static_cast<std::size_t>(n));
  }
}

/// Two ends of a TCP connection over the loopback.
std::array<int, 2> connection() {
  const int listener = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof at;
  need(::bind(listener, reinterpret_cast<sockaddr*>(&at), size) == 0 && ::listen(listener, 1) == 0, "no port");
  (void)::getsockname(listener, reinterpret_cast<sockaddr*>(&at), &size);
  const int one = ::socket(AF_INET, SOCK_STREAM, 0);
  need(::connect(one, reinterpret_cast<sockaddr*>(&at), size) == 0, "no connection");
  const int other = ::accept(listener, nullptr, nullptr);
  ::close(listener);
  return {one, other};
}

/// The same bytes through a process that does nothing else: in whole, on, back in whole, back. Of its processor time.
double bare_ns(std::uint32_t circuits) {
  const std::size_t first = std::size_t{circuits + kCover} * 512;
  const std::size_t second = std::size_t{circuits + 2 * kCover} * 512;
  const auto before = connection();
  const auto after = connection();
  const pid_t pid = child([&] {
    ::close(before[0]);
    ::close(after[1]);
    Bytes batch(second);
    for (;;) {
      read_all(before[1], MutableBytes(batch).first(first));
      write_all(after[0], batch);
      read_all(after[0], batch);
      write_all(before[1], ByteView(batch).first(first));
    }
  });
  ::close(before[1]);
  ::close(after[0]);
  Bytes batch(second);
  const auto round = [&] {
    write_all(before[0], ByteView(batch).first(first));
    read_all(after[1], batch);
    write_all(after[1], batch);
    read_all(before[0], MutableBytes(batch).first(first));
  };
  std::vector<double> times;
  round();
  for (int i = 0; i < kRounds; ++i) {
    const double from = cpu_ns(pid);
    round();
    times.push_back(cpu_ns(pid) - from);
  }
  ::close(before[0]);
  ::close(after[1]);
  (void)::waitpid(pid, nullptr, 0);
  return median(std::move(times)) / circuits;
}

double quantile(std::vector<double> values, double q) {
  std::ranges::sort(values);
  return values[std::min(values.size() - 1, static_cast<std::size_t>(q * static_cast<double>(values.size())))];
}

int run(std::uint32_t circuits) {
  (void)std::signal(SIGPIPE, SIG_IGN);
  need(crypto::start(), "no randomness");
  Figures figures;
  const double bare = bare_ns(circuits);
  const double pass = pass_cpu_ns(circuits);
  const Chain chain(circuits);
  const pid_t second = child([&] { Middle(chain, 1).run(); });
  const pid_t third = child([&] { Middle(chain, 2).run(); });
  First first(chain);
  const double empty = status_bytes(second, "VmRSS:");
  first.make(Epoch{1});
  first.wait_ready();
  std::vector<double> cpu;
  std::vector<double> quiet;
  for (int i = 0; i < 3 * kRounds; ++i) {
    const double from = cpu_ns(second);
    quiet.push_back(first.round(Epoch{1}));
    cpu.push_back((cpu_ns(second) - from) / circuits);
  }
  const double resident = status_bytes(second, "VmRSS:") - empty;
  const double relay = median(std::move(cpu));
  figures.add(
      fmt::format("a whole relay a circuit and round, {} circuits", circuits), relay / (bare + 2 * pass), Bound::most,
      2, "x",
      fmt::format("{:.0f} ns = receive, peel, permute, send, both ways; bare transfer {:.0f}, two passes {:.0f}", relay,
                  bare, 2 * pass));
  figures.add("memory of a relay a circuit, rounds both ways", resident / circuits / 1e3, Bound::most, 1.4, "kB",
              fmt::format("resident, beside {:.0f} MB without circuits", empty / 1e6));
  std::vector<double> busy;
  first.make(Epoch{2});
  while (!first.ready()) busy.push_back(first.round(Epoch{1}));
  const double p99 = quantile(quiet, 0.99);
  figures.add("p99 of the round during a set-up, of that without", quantile(busy, 0.99) / p99, Bound::most, 1.25, "x",
              fmt::format("{} rounds of {:.0f} ms (p50 {:.0f}), without: {} of {:.0f} (p50 {:.0f}); quiet", busy.size(),
                          quantile(busy, 0.99) / 1e6, quantile(busy, 0.5) / 1e6, quiet.size(), p99 / 1e6,
                          quantile(quiet, 0.5) / 1e6));
  for (const pid_t pid : {second, third}) {
    (void)::kill(pid, SIGKILL);
    (void)::waitpid(pid, nullptr, 0);
  }
  return figures.status();
}

}  // namespace
}  // namespace sw::bench

int main(int count, char** words) {
  return sw::bench::run(count > 1 ? static_cast<std::uint32_t>(std::strtoul(words[1], nullptr, 10)) : 100'000);
}
