#include "relay/crew.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/post.hpp>
#include <latch>
#include <utility>

#include "base/assert.hpp"

namespace sw::relay {

namespace asio = boost::asio;
using mix::relay::Work;

namespace {

/// Fewer rows for a thread are done sooner than it is woken.
constexpr std::size_t kRowsAPart = 4096;
constexpr int kLowestPriority = 19;

}  // namespace

Crew::Crew(asio::io_context& loop, std::size_t threads, std::function<void(Work)> done)
    : x_loop(loop), x_done(std::move(done)), x_threads(std::max<std::size_t>(threads, 1)), x_helpers(x_threads) {
  // Of this thread alone, as Linux has it.
  asio::post(x_patient, [] { (void)::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), kLowestPriority); });
}

void Crew::stop() {
  x_passes.join();
  x_patient.join();
  x_helpers.join();
}

void Crew::run(Work work) {
  asio::thread_pool& where = work.patient() ? x_patient : x_passes;
  asio::post(where, [this, moved = std::move(work)]() mutable {
    moved.run(*this, x_rng);
    asio::post(x_loop, [this, done = std::move(moved)]() mutable { x_done(std::move(done)); });
  });
}

std::size_t Crew::parts(std::size_t rows) {
  return std::clamp<std::size_t>(rows / kRowsAPart, 1, x_threads);
}

void Crew::share(std::size_t rows, std::size_t parts, const std::function<void(std::size_t, crypto::Rows)>& work) {
  const auto range = [&](std::size_t part) { return crypto::Rows{rows * part / parts, rows * (part + 1) / parts}; };
  std::latch others(static_cast<std::ptrdiff_t>(parts - 1));
  for (std::size_t part = 1; part < parts; ++part) {
    asio::post(x_helpers, [&, part] {
      work(part, range(part));
      others.count_down();
    });
  }
  work(0, range(0));
  others.wait();
}

Bytes Crew::room(std::size_t size) {
  Bytes out;
  {
    const std::lock_guard lock(x_mutex);
    const auto fits = std::ranges::find_if(x_rooms, [&](const Bytes& room) { return room.capacity() >= size; });
    if (fits != x_rooms.end()) out = std::exchange(*fits, {});
  }
  out.resize(size);
  return out;
}

void Crew::give(Bytes room) {
  const std::lock_guard lock(x_mutex);
  // What is larger stays.
  const auto least = std::ranges::min_element(x_rooms, {}, &Bytes::capacity);
  if (room.capacity() > least->capacity()) std::swap(*least, room);
}

}  // namespace sw::relay
