#include "faces/cli/columns.hpp"

#include <algorithm>
#include <array>

#include "desk/text.hpp"

namespace sw::faces {
namespace {

constexpr std::size_t kRoomLeast = 20;

struct Range {
  char32_t first;
  char32_t last;
};

// Marks that are drawn over the letter before them.
constexpr std::array<Range, 24> kNarrow{
    {{0x0300, 0x036F}, {0x0483, 0x0489}, {0x0591, 0x05BD}, {0x05BF, 0x05BF}, {0x05C1, 0x05C2}, {0x05C4, 0x05C5},
     {0x0610, 0x061A}, {0x064B, 0x065F}, {0x0670, 0x0670}, {0x06D6, 0x06DC}, {0x06DF, 0x06E4}, {0x06E7, 0x06E8},
     {0x06EA, 0x06ED}, {0x0900, 0x0902}, {0x093C, 0x093C}, {0x0941, 0x0948}, {0x094D, 0x094D}, {0x0E31, 0x0E31},
     {0x0E34, 0x0E3A}, {0x0E47, 0x0E4E}, {0x1DC0, 0x1DFF}, {0x2066, 0x2069}, {0x20D0, 0x20FF}, {0xFE20, 0xFE2F}}};
// East Asian wide and full-width letters, and pictures.
constexpr std::array<Range, 11> kWide{{{0x1100, 0x115F},
                                       {0x2E80, 0x303E},
                                       {0x3041, 0x4DBF},
                                       {0x4E00, 0x9FFF},
                                       {0xA000, 0xA4CF},
                                       {0xAC00, 0xD7A3},
                                       {0xF900, 0xFAFF},
                                       {0xFE30, 0xFE6F},
                                       {0xFF00, 0xFF60},
                                       {0x1F300, 0x1FAFF},
                                       {0x20000, 0x3FFFD}}};
constexpr std::array<Range, 5> kRightToLeft{
    {{0x0590, 0x08FF}, {0xFB1D, 0xFDFF}, {0xFE70, 0xFEFF}, {0x10800, 0x10FFF}, {0x1E800, 0x1EFFF}}};

template <std::size_t N>
bool within(const std::array<Range, N>& ranges, char32_t c) {
  return std::ranges::any_of(ranges, [c](const Range& range) { return range.first <= c && c <= range.last; });
}

/// Calls `see` with each code point; a byte that is none counts as one.
template <class See>
void each_point(std::string_view text, See see) {
  while (!text.empty()) {
    const auto point = desk::first_code_point(text);
    see(point ? point->value : U'?');
    text.remove_prefix(point ? point->bytes : 1);
  }
}

/// The bytes of `text` that fit `width` columns.
std::size_t fitting(std::string_view text, std::size_t width) {
  std::size_t bytes = 0;
  std::size_t used = 0;
  while (bytes < text.size()) {
    const auto point = desk::first_code_point(text.substr(bytes));
    const std::string_view letter = text.substr(bytes, point ? point->bytes : 1);
    used += columns(letter);
    if (used > width) break;
    bytes += letter.size();
  }
  return bytes;
}

}  // namespace

std::size_t columns(std::string_view text) {
  std::size_t out = 0;
  each_point(text, [&](char32_t c) { out += within(kNarrow, c) ? 0U : within(kWide, c) ? 2U : 1U; });
  return out;
}

std::string padded(std::string_view text, std::size_t width) {
  std::string out(text);
  const std::size_t has = columns(text);
  if (has < width) out.append(width - has, ' ');
  return out;
}

std::string isolated(std::string_view text) {
  bool turns = false;
  each_point(text, [&](char32_t c) { turns = turns || within(kRightToLeft, c); });
  return turns ? "\u2068" + std::string(text) + "\u2069" : std::string(text);
}

std::string wrapped(std::string_view text, std::size_t indent, std::size_t width) {
  const std::string margin(indent, ' ');
  const std::size_t room = std::max(width, indent + kRoomLeast) - indent;
  std::string out = margin;
  std::size_t used = 0;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' ', text.find_first_not_of(' ')), text.size());
    std::string_view word = text.substr(0, end);
    text.remove_prefix(end);
    if (used > 0 && used + columns(word) > room) {
      out += "\n" + margin;
      used = 0;
      word.remove_prefix(std::min(word.find_first_not_of(' '), word.size()));
    }
    for (std::size_t fits = fitting(word, room); fits < word.size(); fits = fitting(word, room)) {
      out += std::string(word.substr(0, fits)) + "\n" + margin;
      word.remove_prefix(fits);
    }
    out += word;
    used += columns(word);
  }
  return out + "\n";
}

}  // namespace sw::faces
