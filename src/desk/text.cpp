#include "desk/text.hpp"

#include <algorithm>
#include <array>

#include "desk/message.hpp"

namespace sw::desk {
namespace {

struct Twin {
  char32_t letter;
  char latin;
};
// Lower-case Cyrillic and Greek letters that are drawn like Latin ones.
constexpr std::array<Twin, 26> kTwins{
    {{0x0430, 'a'}, {0x0435, 'e'}, {0x043E, 'o'}, {0x0440, 'p'}, {0x0441, 'c'}, {0x0443, 'y'}, {0x0445, 'x'},
     {0x0455, 's'}, {0x0456, 'i'}, {0x0458, 'j'}, {0x04BB, 'h'}, {0x0501, 'd'}, {0x051B, 'q'}, {0x051D, 'w'},
     {0x043C, 'm'}, {0x043D, 'h'}, {0x0442, 't'}, {0x0432, 'b'}, {0x043A, 'k'}, {0x03B1, 'a'}, {0x03BF, 'o'},
     {0x03C1, 'p'}, {0x03BD, 'v'}, {0x03B9, 'i'}, {0x03BA, 'k'}, {0x03C5, 'u'}}};

char32_t folded(char32_t c) {
  if (c >= U'A' && c <= U'Z') c += 32;
  if (c >= 0x0410 && c <= 0x042F) c += 32;
  if (c >= 0x0400 && c <= 0x040F) c += 80;
  if (c >= 0x0391 && c <= 0x03A9) c += 32;
  for (const Twin& twin : kTwins) {
    if (twin.letter == c) return static_cast<char32_t>(twin.latin);
  }
  if (c == U'0') return U'o';
  if (c == U'1' || c == U'l' || c == U'|') return U'i';
  return c;
}

std::u32string folded(std::string_view text) {
  std::u32string out;
  while (!text.empty()) {
    const auto point = first_code_point(text);
    const std::size_t bytes = point ? point->bytes : 1;
    if (point && point->value != U' ') out.push_back(folded(point->value));
    text.remove_prefix(bytes);
  }
  return out;
}

struct Letters {
  char32_t first;
  char32_t last;
  int to_small;  ///< 0: capitals and small letters alternate, each capital even; 1: each capital odd
};
// Capital letters of alphabets that have two cases.
constexpr std::array<Letters, 22> kCapitals{
    {{0x0041, 0x005A, 32}, {0x00C0, 0x00D6, 32}, {0x00D8, 0x00DE, 32}, {0x0100, 0x0137, 0},  {0x0139, 0x0148, 1},
     {0x014A, 0x0177, 0},  {0x0179, 0x017E, 1},  {0x0386, 0x0386, 38}, {0x0388, 0x038A, 37}, {0x038C, 0x038C, 64},
     {0x038E, 0x038F, 63}, {0x0391, 0x03AB, 32}, {0x03C2, 0x03C2, 0},  {0x0400, 0x040F, 80}, {0x0410, 0x042F, 32},
     {0x0460, 0x0481, 0},  {0x048A, 0x04BF, 0},  {0x04C1, 0x04CE, 1},  {0x04D0, 0x052F, 0},  {0x0531, 0x0556, 48},
     {0x1E00, 0x1E95, 0},  {0xFF21, 0xFF3A, 32}}};

char32_t small_letter(char32_t c) {
  for (const Letters& each : kCapitals) {
    if (c < each.first) break;
    if (c > each.last) continue;
    if (each.to_small > 1) return c + static_cast<char32_t>(each.to_small);
    return (c & 1U) == static_cast<char32_t>(each.to_small) ? c + 1 : c;
  }
  return c;
}

std::u32string in_small_letters(std::string_view text) {
  std::u32string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const auto point = first_code_point(text);
    out.push_back(point ? small_letter(point->value) : U'\xFFFD');
    text.remove_prefix(point ? point->bytes : 1);
  }
  return out;
}

std::string hexadecimal(std::uint32_t value, int least_digits) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string out;
  for (int shift = 28; shift >= 0; shift -= 4) {
    const std::uint32_t digit = (value >> shift) & 15U;
    if (digit != 0 || !out.empty() || shift < 4 * least_digits) out.push_back(digits[digit]);
  }
  return out;
}

}  // namespace

Result<void> check_text(std::string_view text) {
  if (text.empty()) return fail(Errc::usage, "The text is empty: there is nothing to send.");
  if (text.size() > kTextLimit) {
    return fail(Errc::out_of_range, "The text is too large: " + std::to_string(text.size()) + " bytes, at most " +
                                        std::to_string(kTextLimit) + " fit one message. Send it in parts.");
  }
  std::string_view rest = text;
  while (!rest.empty()) {
    const auto point = first_code_point(rest);
    if (!point) {
      return fail(Errc::malformed, "The text is not UTF-8 (byte " + std::to_string(text.size() - rest.size() + 1) +
                                       "). Save it as UTF-8 and send it again.");
    }
    rest.remove_prefix(point->bytes);
  }
  return {};
}

Result<void> check_line_name(std::string_view name) {
  return wire::check_name(name);
}

bool look_alike(std::string_view a, std::string_view b) {
  return folded(a) == folded(b);
}

Needle::Needle(std::string_view text) : x_text(in_small_letters(text)) {}

bool Needle::in(std::string_view text) const {
  return in_small_letters(text).find(x_text) != std::u32string::npos;
}

std::string visible(std::string_view text, Lines lines) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const auto point = first_code_point(text);
    const std::size_t bytes = point ? point->bytes : 1;
    const bool keep = lines == Lines::keep && (text.front() == '\n' || text.front() == '\t');
    if (lines == Lines::keep && text.starts_with("\r\n")) {
      // The line feed alone follows.
    } else if (!point) {
      out += "<" + hexadecimal(static_cast<std::uint8_t>(text.front()), 2) + ">";
    } else if (is_hidden(point->value) && !keep) {
      out += "<U+" + hexadecimal(point->value, 4) + ">";
    } else {
      out += text.substr(0, bytes);
    }
    text.remove_prefix(bytes);
  }
  return out;
}

}  // namespace sw::desk
