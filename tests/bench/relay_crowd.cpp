// Many idle stations' carriers in one process, each with a socket, a link and a passage of its own, their frames spread
// over the round. Writes a line a second: `members N registered N carried N`: those whose cells came back.
//   relay_crowd --venue FILE --invitations FILE
#include <sys/epoll.h>
#include <sys/resource.h>

#include <cstdio>
#include <memory>
#include <queue>

#include "support/relay_member.hpp"

namespace {

using namespace sw;  // NOLINT(google-build-using-namespace): a program of the benches
using test::clock_ns;

struct Place {
  Place(const mix::Venue& venue, const mix::InviteToken& token, std::uint64_t number)
      : socket(test::open_socket()), member(venue, token, number, std::nullopt, socket) {}
  bearer::UdpSocket socket;
  test::Member member;
};

class Crowd {
 public:
  Crowd(const mix::Venue& venue, const std::string& invitations)
      : x_round(std::int64_t{venue.round_ms} * 1'000'000), x_epoll(::epoll_create1(0)) {
    std::ifstream file(invitations);
    std::string word;
    while (file >> word) {
      auto place = std::make_unique<Place>(venue, test::token_of(word), 1'000 + x_places.size());
      epoll_event event{};
      event.events = EPOLLIN;
      event.data.u64 = x_places.size();
      if (::epoll_ctl(x_epoll, EPOLL_CTL_ADD, place->socket.descriptor(), &event) != 0) test::die("no more sockets");
      x_places.push_back(std::move(place));
    }
    const std::int64_t now = clock_ns(CLOCK_MONOTONIC);
    // R1 answers so many callers a second: they come one after the other, as R1's own limits want it.
    const std::int64_t spread = std::max(x_round, static_cast<std::int64_t>(x_places.size()) * kCallEvery);
    for (std::size_t i = 0; i < x_places.size(); ++i) {
      x_due.emplace(now + spread * static_cast<std::int64_t>(i) / static_cast<std::int64_t>(x_places.size()), i);
    }
  }

  [[noreturn]] void run() {
    std::int64_t report = clock_ns(CLOCK_MONOTONIC);
    for (;;) {
      const std::int64_t now = clock_ns(CLOCK_MONOTONIC);
      if (now >= report) {
        say();
        report = now + 1'000'000'000;
      }
      depart(now);
      const std::int64_t wait = (x_due.top().first - clock_ns(CLOCK_MONOTONIC)) / 1'000'000;
      epoll_event events[256];
      const int ready = ::epoll_wait(x_epoll, events, 256, static_cast<int>(std::max<std::int64_t>(wait, 0)));
      for (int i = 0; i < ready; ++i) x_places[events[i].data.u64]->member.receive();
    }
  }

 private:
  static constexpr std::int64_t kCallEvery = 4'000'000;

  void depart(std::int64_t now) {
    while (x_due.top().first <= now) {
      const auto [due, index] = x_due.top();
      x_due.pop();
      test::Member& member = x_places[index]->member;
      member.depart();
      x_due.emplace(std::max(due, now - x_round) + x_round + member.take_move(), index);
    }
  }

  void say() const {
    std::size_t registered = 0;
    std::size_t carried = 0;
    for (const auto& place : x_places) {
      const auto count = place->member.count();
      registered += count.registered ? 1U : 0U;
      carried += count.right > 0 ? 1U : 0U;
    }
    (void)std::printf("members %zu registered %zu carried %zu\n", x_places.size(), registered, carried);
    (void)std::fflush(stdout);
  }

  using Due = std::pair<std::int64_t, std::size_t>;
  std::int64_t x_round;
  int x_epoll;
  std::vector<std::unique_ptr<Place>> x_places;
  std::priority_queue<Due, std::vector<Due>, std::greater<>> x_due;
};

}  // namespace

int main(int count, char** words) {
  std::map<std::string, std::string> args;
  for (int i = 1; i + 1 < count; i += 2) args[words[i]] = words[i + 1];
  if (!crypto::start()) test::die("no randomness");
  rlimit files{};
  (void)::getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  (void)::setrlimit(RLIMIT_NOFILE, &files);
  const mix::Venue venue = test::venue_of(args["--venue"]);
  Crowd crowd(venue, args["--invitations"]);
  crowd.run();
}
