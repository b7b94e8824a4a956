#include "base/assert.hpp"

#include <cstdio>
#include <cstdlib>

namespace sw {
void assertion_failed(const char* expression, const char* file, int line) noexcept {
  (void)std::fprintf(stderr, "stillwire: internal error: %s (%s:%d)\n", expression, file, line);
  std::abort();
}
}  // namespace sw
