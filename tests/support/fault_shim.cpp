// Preloaded by the disk tests: a disk that fails or drags while the test says so. SW_DISK_FAULT names a file of 4
// bytes: an errno that every write and sync of a plain file then gives, or 0; below 0, the milliseconds that each sync
// takes.
#include <dlfcn.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <ctime>

namespace {

const std::atomic<int>* map_fault() {
  const char* name = std::getenv("SW_DISK_FAULT");
  const int fd = name == nullptr ? -1 : ::open(name, O_RDONLY | O_CLOEXEC);
  if (fd < 0) std::abort();  // a test that breaks nothing must not pass
  void* const at = ::mmap(nullptr, sizeof(int), PROT_READ, MAP_SHARED, fd, 0);
  ::close(fd);
  if (at == MAP_FAILED) std::abort();
  return static_cast<const std::atomic<int>*>(at);
}

int fault() {
  static const std::atomic<int>* const at = map_fault();
  return at->load(std::memory_order_relaxed);
}

[[gnu::constructor]] void map_early() {
  (void)fault();
}

bool fails(int fd) {
  struct stat about{};
  const int error = fault();
  if (error <= 0 || ::fstat(fd, &about) != 0 || !S_ISREG(about.st_mode)) return false;
  errno = error;
  return true;
}

/// The syncs of a disk that takes its time.
void wait() {
  const int milliseconds = -fault();
  if (milliseconds <= 0) return;
  const timespec time{milliseconds / 1000, milliseconds % 1000 * 1'000'000L};
  ::nanosleep(&time, nullptr);
}

template <class Function>
Function* next(const char* name) {
  return reinterpret_cast<Function*>(::dlsym(RTLD_NEXT, name));
}

}  // namespace

extern "C" ssize_t write(int fd, const void* bytes, size_t size) {
  static auto* const real = next<ssize_t(int, const void*, size_t)>("write");
  return fails(fd) ? -1 : real(fd, bytes, size);
}
extern "C" ssize_t pwrite(int fd, const void* bytes, size_t size, off_t at) {
  static auto* const real = next<ssize_t(int, const void*, size_t, off_t)>("pwrite");
  return fails(fd) ? -1 : real(fd, bytes, size, at);
}
extern "C" ssize_t pwrite64(int fd, const void* bytes, size_t size, off64_t at) {
  static auto* const real = next<ssize_t(int, const void*, size_t, off64_t)>("pwrite64");
  return fails(fd) ? -1 : real(fd, bytes, size, at);
}
extern "C" int fsync(int fd) {
  static auto* const real = next<int(int)>("fsync");
  wait();
  return fails(fd) ? -1 : real(fd);
}
extern "C" int fdatasync(int fd) {
  static auto* const real = next<int(int)>("fdatasync");
  wait();
  return fails(fd) ? -1 : real(fd);
}
