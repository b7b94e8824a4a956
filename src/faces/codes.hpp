#pragma once
// One table from kinds of failure, and the API's codes for them, to exit codes (docs/api.md).
#include <string_view>

#include "base/result.hpp"

namespace sw::faces {

inline constexpr int kExitOk = 0;
inline constexpr int kExitLate = 1;
inline constexpr int kExitDown = 2;
inline constexpr int kExitUnknown = 3;
inline constexpr int kExitUsage = 64;
inline constexpr int kExitNoStation = 69;
inline constexpr int kExitSoftware = 70;
inline constexpr int kExitConfig = 78;

struct Code {
  Errc errc{};
  std::string_view name;  ///< "code" in a problem body
  int exit{};
};

[[nodiscard]] const Code& code_of(Errc errc);
/// The word for an exit code, for problems that never reached a station: "no_station", "configuration", else as the
/// API.
[[nodiscard]] std::string_view word_of_exit(int exit);
/// The row of a problem body's "code"; the one of Errc::io for a name that is not in the table.
[[nodiscard]] const Code& code_named(std::string_view name);

}  // namespace sw::faces
