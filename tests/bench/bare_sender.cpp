// The floor under a carrier: one frame of the wire's size every round to HOST:PORT, sleeping until 200 us before, then
// spinning; nothing else. bare_sender HOST:PORT ROUND_MS
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cstdlib>
#include <ctime>
#include <string>

#include "wire/sizes.hpp"

namespace {
constexpr long kSecond = 1'000'000'000;
constexpr long kSpinNs = 200'000;

long now() {
  timespec t{};
  ::clock_gettime(CLOCK_BOOTTIME, &t);
  return t.tv_sec * kSecond + t.tv_nsec;
}
}  // namespace

int main(int argc, char** argv) {
  const std::string at = argc == 3 ? argv[1] : "";
  const auto colon = at.rfind(':');
  if (colon == std::string::npos) return 64;
  const int s = ::socket(AF_INET, SOCK_DGRAM, 0);
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(static_cast<std::uint16_t>(std::atoi(at.c_str() + colon + 1)));
  ::inet_pton(AF_INET, at.substr(0, colon).c_str(), &to.sin_addr);
  const long period = std::atol(argv[2]) * 1'000'000;
  const char frame[sw::wire::kFrameBytes] = {};
  for (long next = now() + period;; next += period) {
    const long wake = next - kSpinNs;
    const timespec until{wake / kSecond, wake % kSecond};
    ::clock_nanosleep(CLOCK_BOOTTIME, TIMER_ABSTIME, &until, nullptr);
    while (now() < next) {
    }
    ::sendto(s, frame, sizeof frame, 0, reinterpret_cast<const sockaddr*>(&to), sizeof to);
  }
}
