// Preloaded by the clock tests: the wall clock of one process, set by the test while it runs. SW_CLOCK_SHIFT names a
// file of 8 bytes: nanoseconds that are added to CLOCK_REALTIME. Every other clock stays as it is.
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <ctime>

namespace {

constexpr std::int64_t kSecond = 1'000'000'000;

const std::atomic<std::int64_t>* map_shift() {
  const char* name = std::getenv("SW_CLOCK_SHIFT");
  const int fd = name == nullptr ? -1 : ::open(name, O_RDONLY | O_CLOEXEC);
  if (fd < 0) std::abort();  // a test that shifts nothing must not pass
  void* const at = ::mmap(nullptr, sizeof(std::int64_t), PROT_READ, MAP_SHARED, fd, 0);
  ::close(fd);
  if (at == MAP_FAILED) std::abort();
  return static_cast<const std::atomic<std::int64_t>*>(at);
}

std::int64_t shift() {
  // On first use, which is before main: the station confines itself later.
  static const std::atomic<std::int64_t>* const at = map_shift();
  return at->load(std::memory_order_relaxed);
}

[[gnu::constructor]] void map_early() {
  (void)shift();
}

}  // namespace

extern "C" int clock_gettime(clockid_t clock, timespec* out) noexcept {
  const long result = ::syscall(SYS_clock_gettime, clock, out);
  if (result != 0 || (clock != CLOCK_REALTIME && clock != CLOCK_REALTIME_COARSE)) return static_cast<int>(result);
  const std::int64_t now = out->tv_sec * kSecond + out->tv_nsec + shift();
  out->tv_sec = now / kSecond;
  out->tv_nsec = now % kSecond;
  return 0;
}

extern "C" int gettimeofday(timeval* out, void*) noexcept {
  timespec now{};
  clock_gettime(CLOCK_REALTIME, &now);
  *out = {now.tv_sec, now.tv_nsec / 1000};
  return 0;
}

extern "C" time_t time(time_t* out) noexcept {
  timespec now{};
  clock_gettime(CLOCK_REALTIME, &now);
  if (out != nullptr) *out = now.tv_sec;
  return now.tv_sec;
}
