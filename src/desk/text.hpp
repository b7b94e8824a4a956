#pragma once
// Hostile text: what may enter, and how it is shown. Nothing here changes the text that is kept.
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "wire/text.hpp"

namespace sw::desk {

using wire::CodePoint;
using wire::first_code_point;
using wire::is_hidden;
using wire::is_utf8;

/// May a text leave? Errors: usage (empty), out_of_range (above kTextLimit), malformed (not UTF-8; says at which byte).
[[nodiscard]] Result<void> check_text(std::string_view text);
/// A name for a line or a party; wire::check_name.
[[nodiscard]] Result<void> check_line_name(std::string_view name);
/// May a person take one name for the other? Case, spaces, and the Cyrillic and Greek letters drawn like Latin ones
/// count as equal.
[[nodiscard]] bool look_alike(std::string_view a, std::string_view b);

inline constexpr std::size_t kSearchLimit = 256;
/// A text to be found in others, whatever the case of its letters (Latin, Greek, Cyrillic, Armenian).
class Needle {
 public:
  explicit Needle(std::string_view text);
  [[nodiscard]] bool in(std::string_view text) const;

 private:
  std::u32string x_text;
};

enum class Lines { keep, single };
/// The text for a terminal: every hidden character as <U+202E>, every wrong byte as <FF>. With Lines::keep, line feeds
/// and tabs stay (CR LF becomes LF). No escape sequence gets through.
[[nodiscard]] std::string visible(std::string_view text, Lines lines = Lines::keep);

}  // namespace sw::desk
