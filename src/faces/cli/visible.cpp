// Text that may be hostile, made visible.
#include <array>
#include <cstdint>
#include <optional>

#include "faces/cli/layout.hpp"

namespace sw::faces {
namespace {

struct Range {
  char32_t first;
  char32_t last;
};

/// Characters that steer a terminal or the order of others, or that nobody can see. Unicode's Cc, Cf and line ends.
constexpr std::array<Range, 16> kSteering{{
    {0x0000, 0x001F},   {0x007F, 0x009F},   {0x00AD, 0x00AD},   {0x061C, 0x061C},
    {0x070F, 0x070F},   {0x180E, 0x180E},   {0x200B, 0x200B},   {0x200E, 0x200F},
    {0x2028, 0x202E},   {0x2060, 0x206F},   {0xFEFF, 0xFEFF},   {0xFFF9, 0xFFFB},
    {0x1BCA0, 0x1BCA3}, {0x1D173, 0x1D17A}, {0xE0000, 0xE0FFF}, {0xFDD0, 0xFDEF},
}};

bool steers(char32_t c) {
  for (const Range& range : kSteering) {
    if (c >= range.first && c <= range.last) return true;
  }
  return false;
}

/// The code point that `text` begins with, and its bytes; nothing where it is not UTF-8 (RFC 3629).
struct Decoded {
  char32_t value;
  std::size_t bytes;
};
std::optional<Decoded> first_of(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  const std::uint8_t lead = byte(0);
  if (lead < 0x80) return Decoded{lead, 1};
  const std::size_t bytes = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || text.size() < bytes) return std::nullopt;
  char32_t value = lead & (0x7FU >> bytes);
  for (std::size_t i = 1; i < bytes; ++i) {
    if ((byte(i) & 0xC0U) != 0x80U) return std::nullopt;
    value = (value << 6U) | (byte(i) & 0x3FU);
  }
  constexpr std::array<char32_t, 5> least{0, 0, 0x80, 0x800, 0x10000};
  if (value < least[bytes] || value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF)) return std::nullopt;
  return Decoded{value, bytes};
}

void append_name(std::string& out, char32_t c) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  out += "<U+";
  for (unsigned shift = c > 0xFFFF ? 20 : 12;; shift -= 4) {
    out.push_back(digits[(c >> shift) & 15U]);
    if (shift == 0) break;
  }
  out.push_back('>');
}

std::string visible(std::string_view text, std::string_view kept) {
  std::string out;
  while (!text.empty()) {
    const auto next = first_of(text);
    if (!next) {
      out += "\uFFFD";
      text.remove_prefix(1);
      continue;
    }
    const bool keep = next->bytes == 1 && kept.find(text[0]) != std::string_view::npos;
    if (steers(next->value) && !keep) {
      append_name(out, next->value);
    } else {
      out += text.substr(0, next->bytes);
    }
    text.remove_prefix(next->bytes);
  }
  return out;
}

}  // namespace

std::string shown(std::string_view text) {
  return visible(text, "");
}

std::string shown_text(std::string_view text) {
  return visible(text, "\n\t");
}

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const auto next = first_of(text);
    if (!next) return false;
    text.remove_prefix(next->bytes);
  }
  return true;
}

}  // namespace sw::faces
