#pragma once
// UTF-8 from outside: what it may hold, and what a name may be: of a line, a party, a relay's operator.
#include <optional>
#include <string_view>

#include "base/result.hpp"

namespace sw::wire {

/// Strict UTF-8: no overlong forms, no surrogates, nothing above U+10FFFF.
[[nodiscard]] bool is_utf8(std::string_view text);
/// The next code point and its length in bytes; nothing where the bytes are not UTF-8. `text` is not empty.
struct CodePoint {
  char32_t value{};
  std::size_t bytes{};
};
[[nodiscard]] std::optional<CodePoint> first_code_point(std::string_view text);

/// A name: 1 to 64 bytes of UTF-8; no control, bidi or invisible characters, no slash, no space
/// at either end and no two together. Errors: usage.
[[nodiscard]] Result<void> check_name(std::string_view name);
/// Control, bidi, invisible and noncharacter code points: everything that would act on a screen instead of being read.
[[nodiscard]] bool is_hidden(char32_t code_point);

}  // namespace sw::wire
