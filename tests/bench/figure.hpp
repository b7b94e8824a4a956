#pragma once
// One figure beside its limit, in the shape of figure() of processes.py; script/bench counts the lines.
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <string_view>
#include <vector>

namespace sw::bench {

enum class Bound : std::uint8_t { most, least };

class Figures {
 public:
  void add(std::string_view name, double value, Bound bound, double limit, std::string_view unit,
           std::string_view note) {
    const bool good = bound == Bound::most ? value <= limit : value >= limit;
    x_good = x_good && good;
    fmt::print("{}  {:58} {:9.3f} {:4} (at {} {:g})   {}\n", good ? "ok    " : "MISSED", name, value, unit,
               bound == Bound::most ? "most" : "least", limit, note);
    std::fflush(stdout);
  }
  [[nodiscard]] int status() const { return x_good ? 0 : 1; }

 private:
  bool x_good = true;
};

/// CLOCK_MONOTONIC for what takes microseconds (reading it costs 20 ns), CLOCK_PROCESS_CPUTIME_ID for what waits.
inline double ns_of(clockid_t clock) {
  timespec t{};
  ::clock_gettime(clock, &t);
  return static_cast<double>(t.tv_sec) * 1e9 + static_cast<double>(t.tv_nsec);
}

inline double median(std::vector<double> values) {
  std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2), values.end());
  return values[values.size() / 2];
}

/// Nanoseconds of one call: the median over batches, so that what else the machine does counts little.
template <class Work>
double ns_each(clockid_t clock, int batches, int calls, Work&& work) {
  std::vector<double> times;
  for (int batch = 0; batch < batches; ++batch) {
    const double start = ns_of(clock);
    for (int call = 0; call < calls; ++call) work();
    times.push_back((ns_of(clock) - start) / calls);
  }
  return median(std::move(times));
}

}  // namespace sw::bench
