#pragma once
// Columns, colour and hostile text: what every rendering needs.
#include <string>
#include <string_view>
#include <vector>

#include "faces/cli/columns.hpp"
#include "faces/cli/render.hpp"

namespace sw::faces {

/// One line of text in its visible form: no control character, no bidi control, nothing that is not UTF-8.
[[nodiscard]] std::string shown(std::string_view text);
/// shown() as one cell of a row: a name of right-to-left letters leaves the figures after it in their place.
[[nodiscard]] std::string shown_cell(std::string_view text);
/// The same for a text of many lines, whose line ends and tabs stay.
[[nodiscard]] std::string shown_text(std::string_view text);
[[nodiscard]] bool is_utf8(std::string_view text);

/// In the one colour that calls a person, where `alarm` and the look allow it.
[[nodiscard]] std::string painted(const std::string& text, bool alarm, Look look);

/// A text behind a bar, so that none can pass for a row of ours; its visible form is passed in.
[[nodiscard]] std::string barred(const std::string& text, Look look);

/// Rows whose columns stand under each other, three spaces apart.
class Table {
 public:
  void row(std::vector<std::string> cells) { x_rows.push_back(std::move(cells)); }
  [[nodiscard]] std::vector<std::string> rows() const;

 private:
  std::vector<std::vector<std::string>> x_rows;
};

}  // namespace sw::faces
