#pragma once
// Hostile text: what may enter, and how it is shown. Nothing here changes the text that is kept.
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace sw::desk {

/// Strict UTF-8: no overlong forms, no surrogates, nothing above U+10FFFF.
[[nodiscard]] bool is_utf8(std::string_view text);
/// The next code point and its length in bytes; nothing where the bytes are not UTF-8. `text` is not empty.
struct CodePoint {
  char32_t value{};
  std::size_t bytes{};
};
[[nodiscard]] std::optional<CodePoint> first_code_point(std::string_view text);

/// May a text leave? Errors: usage (empty), out_of_range (above kTextLimit), malformed (not UTF-8; says at which byte).
[[nodiscard]] Result<void> check_text(std::string_view text);
/// A name for a line or a party: 1 to 64 bytes of UTF-8; no control, bidi or invisible characters, no slash, no space
/// at either end and no two together. Errors: usage.
[[nodiscard]] Result<void> check_line_name(std::string_view name);
/// May a person take one name for the other? Case, spaces, and the Cyrillic and Greek letters drawn like Latin ones
/// count as equal.
[[nodiscard]] bool look_alike(std::string_view a, std::string_view b);

/// Control, bidi, invisible and noncharacter code points: everything that would act on a screen instead of being read.
[[nodiscard]] bool is_hidden(char32_t code_point);

enum class Lines { keep, single };
/// The text for a terminal: every hidden character as <U+202E>, every wrong byte as <FF>. With Lines::keep, line feeds
/// and tabs stay (CR LF becomes LF). No escape sequence gets through.
[[nodiscard]] std::string visible(std::string_view text, Lines lines = Lines::keep);

}  // namespace sw::desk
