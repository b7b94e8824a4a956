#pragma once
// SW_ASSERT guards against our own bugs, always on; it must be unreachable from input.

namespace sw {
[[noreturn]] void assertion_failed(const char* expression, const char* file, int line) noexcept;
}

#define SW_ASSERT(expression) \
  ((expression) ? static_cast<void>(0) : ::sw::assertion_failed(#expression, __FILE__, __LINE__))
