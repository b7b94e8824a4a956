// Sits on the wire between two carriers: forwards datagrams, writes down when each came (kernel's receive timestamp, ns
// UTC), its direction and size, and impairs what it forwards.
//   observer --listen-a IP:PORT --to-a IP:PORT --listen-b IP:PORT --to-b IP:PORT --trace FILE
//            [--loss PERCENT] [--delay MS] [--jitter MS] [--duplicate PERCENT] [--seed N]
//            [--record FILE] [--inject IP:PORT]
// What arrives on listen-a comes from A and leaves from listen-b's socket to B (to-b), and the other way round.
// --record keeps whole datagrams: 'a' or 'b' (who sent it), size u16, bytes. A datagram that comes to --inject, 'a' or
// 'b' and bytes, leaves toward that side from the address where it knows its peer, unimpaired and untraced.
#include <poll.h>

#include <map>
#include <queue>
#include <random>

#include "datagrams.hpp"

namespace {

using sw::test::Datagram;
using sw::test::die;

constexpr std::int64_t kMs = 1'000'000;

std::int64_t now_ns() {
  timespec t{};
  ::clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1'000'000'000 + t.tv_nsec;
}

struct Side {
  int fd = -1;
  sockaddr_in to{};
  const char* direction = "";
};

Side open_side(const std::string& listen, const std::string& to, const char* direction) {
  return {sw::test::open_datagrams(sw::test::v4(listen)), sw::test::v4(to), direction};
}

struct Waiting {
  std::int64_t at;
  int side;
  std::string bytes;
  bool operator<(const Waiting& other) const { return at > other.at; }
};

class Observer {
 public:
  explicit Observer(const std::map<std::string, std::string>& options)
      : x_sides{open_side(options.at("--listen-a"), options.at("--to-a"), "a>b"),
                open_side(options.at("--listen-b"), options.at("--to-b"), "b>a")},
        x_trace(std::fopen(options.at("--trace").c_str(), "w")),
        x_record(options.contains("--record") ? std::fopen(options.at("--record").c_str(), "w") : nullptr),
        x_loss(number(options, "--loss")),
        x_delay(number(options, "--delay")),
        x_jitter(number(options, "--jitter")),
        x_duplicate(number(options, "--duplicate")),
        x_random(static_cast<unsigned>(number(options, "--seed"))) {
    if (x_trace == nullptr) die("cannot write the trace");
    if (options.contains("--inject")) x_inject = open_side(options.at("--inject"), options.at("--to-a"), "").fd;
  }

  [[noreturn]] void run() {
    for (;;) {
      pollfd fds[3] = {{x_sides[0].fd, POLLIN, 0}, {x_sides[1].fd, POLLIN, 0}, {x_inject, POLLIN, 0}};
      int timeout = 1000;
      if (!x_waiting.empty()) {
        const std::int64_t left = x_waiting.top().at - now_ns();
        timeout = left <= 0 ? 0 : static_cast<int>((left + kMs - 1) / kMs);
      }
      ::poll(fds, 3, timeout);
      for (int side = 0; side < 2; ++side) {
        if ((fds[side].revents & POLLIN) != 0) receive(side);
      }
      if ((fds[2].revents & POLLIN) != 0) inject();
      while (!x_waiting.empty() && x_waiting.top().at <= now_ns()) {
        send(x_waiting.top());
        x_waiting.pop();
      }
      std::fflush(x_trace);
    }
  }

 private:
  static double number(const std::map<std::string, std::string>& options, const char* name) {
    const auto found = options.find(name);
    return found == options.end() ? 0 : std::atof(found->second.c_str());
  }
  double uniform() { return std::uniform_real_distribution<double>(0, 100)(x_random); }

  void receive(int side) {
    Datagram in;
    if (!sw::test::receive_datagram(x_sides[side].fd, in)) return;
    std::fprintf(x_trace, "%lld,%s,%zu\n", static_cast<long long>(in.at_ns), x_sides[side].direction, in.size);
    record(side, in.bytes, in.size);
    if (uniform() < x_loss) return;
    const int copies = uniform() < x_duplicate ? 2 : 1;
    for (int i = 0; i < copies; ++i) {
      const double delay = x_delay + x_jitter * uniform() / 100;
      Waiting waiting{now_ns() + static_cast<std::int64_t>(delay * double{kMs}), 1 - side,
                      std::string(in.bytes, in.size)};
      if (delay <= 0) {
        send(waiting);
      } else {
        x_waiting.push(std::move(waiting));
      }
    }
  }

  void record(int side, const char* bytes, std::size_t size) {
    if (x_record == nullptr) return;
    const auto length = static_cast<std::uint16_t>(size);
    std::fputc("ab"[side], x_record);
    std::fwrite(&length, sizeof length, 1, x_record);
    std::fwrite(bytes, 1, size, x_record);
    std::fflush(x_record);
  }

  void inject() {
    char bytes[4096];
    for (int i = 0; i < 64; ++i) {
      const ssize_t size = ::recv(x_inject, bytes, sizeof bytes, MSG_DONTWAIT);
      if (size < 1) return;
      send({0, bytes[0] == 'a' ? 0 : 1, std::string(bytes + 1, static_cast<std::size_t>(size - 1))});
    }
  }

  void send(const Waiting& waiting) {
    const Side& side = x_sides[waiting.side];
    sw::test::send_datagram(side.fd, waiting.bytes.data(), waiting.bytes.size(), side.to);
  }

  Side x_sides[2];
  std::FILE* x_trace;
  std::FILE* x_record;
  int x_inject = -1;
  double x_loss, x_delay, x_jitter, x_duplicate;
  std::mt19937 x_random;
  std::priority_queue<Waiting> x_waiting;
};

}  // namespace

int main(int argc, char** argv) {
  std::map<std::string, std::string> options;
  for (int i = 1; i + 1 < argc; i += 2) options[argv[i]] = argv[i + 1];
  for (const char* needed : {"--listen-a", "--to-a", "--listen-b", "--to-b", "--trace"}) {
    if (!options.contains(needed)) die(std::string("missing ") + needed);
  }
  Observer(options).run();
}
