// Sits before the first relay of a venue, where its card says that it is: forwards what each station sends from a port
// of the station's own, and what the relay answers there; writes down when each came (kernel's receive timestamp, ns
// UTC), whose it was and its size, as "ns,PORT>,size" from the station with that UDP port and "ns,>PORT,size" to it.
//   doorway --listen IP:PORT --to IP:PORT --trace FILE
#include <poll.h>
#include <pthread.h>
#include <sched.h>

#include <chrono>
#include <map>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "datagrams.hpp"

namespace {

using sw::test::Datagram;

// Stations of one demonstration; strangers beyond it get nothing.
constexpr std::size_t kStationLimit = 256;
constexpr int kReceiveBuffer = 1 << 20;
constexpr auto kWriteEvery = std::chrono::milliseconds(100);

/// Late forwarding would look to the relay like stations that are late. Where the machine grants it, below the
/// carriers.
void ask_for_fifo() {
  sched_param parameters{};
  parameters.sched_priority = 5;
  (void)::pthread_setschedparam(::pthread_self(), SCHED_FIFO, &parameters);
}

/// Lines that a thread of its own writes: a disk takes its time, and datagrams do not wait.
class Trace {
 public:
  explicit Trace(const std::string& path) : x_file(std::fopen(path.c_str(), "w")) {
    if (x_file == nullptr) sw::test::die("doorway: cannot write the trace");
    std::thread([this] {
      for (;; std::this_thread::sleep_for(kWriteEvery)) write();
    }).detach();
  }
  void add(const std::string& line) {
    const std::lock_guard hold(x_lock);
    x_lines += line;
  }

 private:
  void write() {
    std::string lines;
    {
      const std::lock_guard hold(x_lock);
      std::swap(lines, x_lines);
    }
    std::fputs(lines.c_str(), x_file);
    std::fflush(x_file);
  }
  std::FILE* x_file;
  std::mutex x_lock;
  std::string x_lines;
};

class Doorway {
 public:
  explicit Doorway(const std::map<std::string, std::string>& options)
      : x_relay(sw::test::v4(options.at("--to"))),
        x_door(sw::test::open_datagrams(sw::test::v4(options.at("--listen")))),
        x_trace(options.at("--trace")) {
    ::setsockopt(x_door, SOL_SOCKET, SO_RCVBUF, &kReceiveBuffer, sizeof kReceiveBuffer);
    ask_for_fifo();
  }

  [[noreturn]] void run() {
    for (;;) {
      std::vector<pollfd> waiting{{x_door, POLLIN, 0}};
      for (const Station& station : x_stations) waiting.push_back({station.fd, POLLIN, 0});
      ::poll(waiting.data(), waiting.size(), -1);
      for (Datagram in; receive_datagram(x_door, in);) inward(in);
      // The stations that came meanwhile have nothing to be read yet.
      for (std::size_t i = 1; i < waiting.size(); ++i) {
        if ((waiting[i].revents & POLLIN) != 0) outward(x_stations[i - 1]);
      }
    }
  }

 private:
  struct Station {
    sockaddr_in at{};
    int fd = -1;  ///< as which the relay knows it
  };

  void inward(const Datagram& in) {
    const unsigned port = ntohs(in.from.sin_port);
    auto known = x_by_port.find(port);
    if (known == x_by_port.end()) {
      if (x_stations.size() == kStationLimit) return;
      sockaddr_in own = x_relay;
      own.sin_port = 0;
      own.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
      x_stations.push_back({in.from, sw::test::open_datagrams(own)});
      known = x_by_port.emplace(port, x_stations.size() - 1).first;
    }
    x_trace.add(std::to_string(in.at_ns) + "," + std::to_string(port) + ">," + std::to_string(in.size) + "\n");
    sw::test::send_datagram(x_stations[known->second].fd, in.bytes, in.size, x_relay);
  }

  void outward(const Station& station) {
    for (Datagram out; receive_datagram(station.fd, out);) {
      x_trace.add(std::to_string(out.at_ns) + ",>" + std::to_string(ntohs(station.at.sin_port)) + "," +
                  std::to_string(out.size) + "\n");
      sw::test::send_datagram(x_door, out.bytes, out.size, station.at);
    }
  }

  sockaddr_in x_relay;
  int x_door;
  Trace x_trace;
  std::vector<Station> x_stations;
  std::map<unsigned, std::size_t> x_by_port;
};

}  // namespace

int main(int argc, char** argv) {
  std::map<std::string, std::string> options;
  for (int i = 1; i + 1 < argc; i += 2) options[argv[i]] = argv[i + 1];
  for (const char* needed : {"--listen", "--to", "--trace"}) {
    if (!options.contains(needed)) sw::test::die(std::string("doorway: missing ") + needed);
  }
  Doorway(options).run();
}
