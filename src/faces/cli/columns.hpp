#pragma once
// How wide text is on a terminal, and what keeps it inside its width: Chinese takes two columns, a combining mark
// none, and Arabic must not pull the figures after it to its other side.
#include <string>
#include <string_view>

namespace sw::faces {

/// The columns that text in its visible form takes.
[[nodiscard]] std::size_t columns(std::string_view text);
/// Filled with spaces to `width` columns.
[[nodiscard]] std::string padded(std::string_view text, std::size_t width);
/// The text on its own in a row of other text: where it has right-to-left letters, inside an isolate (UAX 9), so that
/// the row around it stays in order.
[[nodiscard]] std::string isolated(std::string_view text);
/// Broken at spaces, a longer word anywhere; each line begun with `indent` spaces, at most `width` columns wide (and 20
/// beside the indent at least), ended by a line feed.
[[nodiscard]] std::string wrapped(std::string_view text, std::size_t indent, std::size_t width);

}  // namespace sw::faces
