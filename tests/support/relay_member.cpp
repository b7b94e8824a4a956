// One relay_member.hpp as a process. Writes a line a second: `registered 0|1 epoch N right N wrong N disturbed N frames
// N`.
//   relay_member --venue FILE --invitation TEXT --number N [--peer N]
#include "support/relay_member.hpp"

#include <poll.h>

#include <cstdio>

namespace {

using namespace sw;  // NOLINT(google-build-using-namespace): a program of the tests
using test::clock_ns;
using test::Member;

void run(Member& member, const bearer::UdpSocket& socket, std::int64_t round_ns) {
  std::int64_t next = clock_ns(CLOCK_MONOTONIC);
  std::int64_t report = next;
  for (;;) {
    const std::int64_t now = clock_ns(CLOCK_MONOTONIC);
    if (now >= report) {
      member.report();
      report = now + 1'000'000'000;
    }
    if (now >= next) {
      member.depart();
      next = std::max(next, now - round_ns) + round_ns + member.take_move();
      continue;
    }
    pollfd waiting{socket.descriptor(), POLLIN, 0};
    (void)::poll(&waiting, 1, static_cast<int>((next - now) / 1'000'000 + 1));
    member.receive();
  }
}

}  // namespace

int main(int count, char** words) {
  std::map<std::string, std::string> args;
  for (int i = 1; i + 1 < count; i += 2) args[words[i]] = words[i + 1];
  if (!crypto::start()) test::die("no randomness");
  const mix::Venue venue = test::venue_of(args["--venue"]);
  const std::uint64_t number = std::strtoull(args["--number"].c_str(), nullptr, 10);
  std::optional<std::uint64_t> peer;
  if (args.contains("--peer")) peer = std::strtoull(args["--peer"].c_str(), nullptr, 10);
  const auto socket = test::open_socket();
  Member member(venue, test::token_of(args["--invitation"]), number, peer, socket);
  run(member, socket, std::int64_t{venue.round_ms} * 1'000'000);
}
