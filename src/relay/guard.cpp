#include "relay/guard.hpp"

#include <malloc.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>

namespace sw::relay {

bool guard_memory() {
  (void)::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
  const rlimit none{0, 0};
  (void)::setrlimit(RLIMIT_CORE, &none);
  // Under a limit a lock on all that comes would make memory run out.
  const rlimit all{RLIM_INFINITY, RLIM_INFINITY};
  return ::setrlimit(RLIMIT_MEMLOCK, &all) == 0 && ::mlockall(MCL_CURRENT | MCL_FUTURE) == 0;
}

void keep_little_memory() {
  // The C library would raise the first by itself with every batch that is freed, and keep the next ones in its heaps.
  constexpr int kOwnMapping = 1 << 20;
  (void)::mallopt(M_MMAP_THRESHOLD, kOwnMapping);
  (void)::mallopt(M_TRIM_THRESHOLD, kOwnMapping);
  (void)::mallopt(M_ARENA_MAX, 1);
}

}  // namespace sw::relay
