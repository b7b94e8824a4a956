#include "faces/codes.hpp"

#include <algorithm>
#include <array>

#include "base/assert.hpp"

namespace sw::faces {
namespace {

constexpr std::array<Code, 11> kCodes{{
    {Errc::usage, "usage", "The request is wrong", 400, kExitUsage},
    {Errc::malformed, "malformed", "The input does not parse", 422, 65},
    {Errc::forged, "forged", "The input is not authentic", 422, 65},
    {Errc::out_of_range, "out_of_range", "The input is beyond a bound", 422, 65},
    {Errc::not_found, "not_found", "There is no such thing", 404, 66},
    {Errc::full, "full", "The store has no room", 507, 73},
    {Errc::io, "io", "This machine failed", 500, 74},
    {Errc::conflict, "conflict", "The state does not allow it", 409, 75},
    {Errc::refused, "refused", "A rule forbids it", 403, 77},
    {Errc::unsupported, "unsupported", "This machine lacks what it needs", 403, 77},
    {Errc::locked, "locked", "The store is locked", 423, kExitUnknown},
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

}  // namespace sw::faces
