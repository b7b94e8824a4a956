#include "wire/text.hpp"

#include <algorithm>
#include <array>

#include "wire/sizes.hpp"

namespace sw::wire {
namespace {

struct Range {
  char32_t first;
  char32_t last;
};

// Control, bidi and zero-width characters, line and paragraph separators, fillers that draw nothing, variation
// selectors, private use, noncharacters, tags. Sorted. Spaces of other widths and visible format characters are not in.
constexpr std::array<Range, 24> kHidden{
    {{0x0000, 0x001F},   {0x007F, 0x009F},   {0x00AD, 0x00AD},   {0x034F, 0x034F},   {0x061C, 0x061C},
     {0x070F, 0x070F},   {0x115F, 0x1160},   {0x17B4, 0x17B5},   {0x180B, 0x180F},   {0x200B, 0x200F},
     {0x2028, 0x202E},   {0x2060, 0x206F},   {0x2800, 0x2800},   {0x3164, 0x3164},   {0xE000, 0xF8FF},
     {0xFDD0, 0xFDEF},   {0xFE00, 0xFE0F},   {0xFEFF, 0xFEFF},   {0xFFA0, 0xFFA0},   {0xFFF0, 0xFFFB},
     {0x13430, 0x1345F}, {0x1BCA0, 0x1BCA3}, {0x1D173, 0x1D17A}, {0xE0000, 0x10FFFF}}};

// Spaces that a name may not have: they look like the ordinary one.
bool is_odd_space(char32_t c) {
  return c == 0x00A0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200A) || c == 0x202F || c == 0x205F || c == 0x3000;
}

}  // namespace

std::optional<CodePoint> first_code_point(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  if (text.empty()) return std::nullopt;
  const std::uint8_t lead = byte(0);
  if (lead < 0x80) return CodePoint{lead, 1};
  const std::size_t bytes = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || text.size() < bytes) return std::nullopt;
  char32_t value = lead & (0x7FU >> bytes);
  for (std::size_t i = 1; i < bytes; ++i) {
    if ((byte(i) & 0xC0U) != 0x80U) return std::nullopt;
    value = (value << 6) | (byte(i) & 0x3FU);
  }
  constexpr std::array<char32_t, 5> least{0, 0, 0x80, 0x800, 0x10000};
  if (value < least[bytes] || value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF)) return std::nullopt;
  return CodePoint{value, bytes};
}

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const auto point = first_code_point(text);
    if (!point) return false;
    text.remove_prefix(point->bytes);
  }
  return true;
}

Result<void> check_name(std::string_view name) {
  if (name.empty()) return fail(Errc::usage, "A name needs at least one character.");
  if (name.size() > kLineNameLimit) return fail(Errc::usage, "A name has at most 64 bytes.");
  if (name.front() == ' ' || name.back() == ' ' || name.find("  ") != std::string_view::npos) {
    return fail(Errc::usage, "A name has no space at its ends and no two spaces together.");
  }
  while (!name.empty()) {
    const auto point = first_code_point(name);
    if (!point) return fail(Errc::usage, "A name must be UTF-8.");
    if (is_hidden(point->value) || is_odd_space(point->value)) {
      return fail(Errc::usage, "A name has no control, bidi or invisible characters.");
    }
    if (point->value == U'/') return fail(Errc::usage, "A name has no slash.");
    name.remove_prefix(point->bytes);
  }
  return {};
}

bool is_hidden(char32_t code_point) {
  if ((code_point & 0xFFFE) == 0xFFFE) return true;
  const auto range = std::ranges::lower_bound(kHidden, code_point, {}, &Range::last);
  return range != kHidden.end() && range->first <= code_point;
}

}  // namespace sw::wire
