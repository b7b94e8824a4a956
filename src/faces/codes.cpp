#include "faces/codes.hpp"

#include <algorithm>
#include <array>

#include "base/assert.hpp"

namespace sw::faces {
namespace {

constexpr std::array<Code, 11> kCodes{{
    {Errc::usage, "usage", kExitUsage},
    {Errc::malformed, "malformed", 65},
    {Errc::forged, "forged", 65},
    {Errc::out_of_range, "out_of_range", 65},
    {Errc::not_found, "not_found", 66},
    {Errc::full, "full", 73},
    {Errc::io, "io", 74},
    {Errc::conflict, "conflict", 75},
    {Errc::refused, "refused", 77},
    {Errc::unsupported, "unsupported", 77},
    {Errc::locked, "locked", kExitUnknown},
}};

}  // namespace

const Code& code_of(Errc errc) {
  const auto* row = std::ranges::find(kCodes, errc, &Code::errc);
  SW_ASSERT(row != kCodes.end());
  return *row;
}

const Code& code_named(std::string_view name) {
  const auto* row = std::ranges::find(kCodes, name, &Code::name);
  return row == kCodes.end() ? code_of(Errc::io) : *row;
}

std::string_view word_of_exit(int exit) {
  if (exit == kExitNoStation) return "no_station";
  if (exit == kExitSoftware) return "software";
  if (exit == kExitConfig) return "configuration";
  for (const Code& code : kCodes) {
    if (code.exit == exit) return code.name;
  }
  return code_of(Errc::io).name;
}

}  // namespace sw::faces
