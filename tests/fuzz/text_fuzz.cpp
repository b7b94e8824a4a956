// needs: desk
// Hostile text on its way to a screen: nothing that acts on a terminal gets through, and nothing is changed twice.
#include "desk/message.hpp"
#include "desk/text.hpp"
#include "fuzz/fuzz.hpp"

namespace sw::fuzz {
namespace {

void check_shown(std::string_view text, desk::Lines lines) {
  const std::string shown = desk::visible(text, lines);
  SW_ASSERT(shown.size() <= 8 * text.size());
  for (std::string_view rest = shown; !rest.empty();) {
    const auto point = desk::first_code_point(rest);
    SW_ASSERT(point.has_value());
    const bool layout = lines == desk::Lines::keep && (point->value == U'\n' || point->value == U'\t');
    SW_ASSERT(layout || !desk::is_hidden(point->value));
    rest.remove_prefix(point->bytes);
  }
  SW_ASSERT(desk::visible(shown, lines) == shown);
}

}  // namespace

void run(ByteView data) {
  const std::string_view text = as_text(data);
  check_shown(text, desk::Lines::keep);
  check_shown(text, desk::Lines::single);
  const auto sendable = desk::check_text(text);
  SW_ASSERT(sendable.has_value() == (!text.empty() && desk::is_utf8(text)));
  const auto plain = [&] { return desk::visible(text, desk::Lines::single) == text; };
  if (desk::check_line_name(text)) SW_ASSERT(plain());
  if (desk::check_post(text)) SW_ASSERT(plain());
  if (desk::check_initials(text)) SW_ASSERT(plain());
  const std::string_view a = text.substr(0, text.size() / 2);
  const std::string_view b = text.substr(text.size() / 2);
  SW_ASSERT(desk::look_alike(a, a));
  SW_ASSERT(desk::look_alike(a, b) == desk::look_alike(b, a));
}

std::vector<Bytes> seeds() {
  std::vector<Bytes> out;
  for (const char* text :
       {"THE QUICK BROWN FOX 1234567890", "Линия Север", "\xd8\xa7\xd9\x84\xd8\xae\xd8\xb7", "北京\r\n\t",
        "\xe2\x80\xaeltr\x1b[31m", "\xf0\x9f\x98\x80\xef\xb8\x8f", "\xed\xa0\x80", "\xc0\x80", "North  "}) {
    out.push_back(to_bytes(as_bytes(text)));
  }
  return out;
}

}  // namespace sw::fuzz
