#include <algorithm>

#include "faces/cli/fields.hpp"
#include "faces/cli/layout.hpp"
#include "faces/cli/render.hpp"

namespace sw::faces {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kShortId = 8;

std::string upper(std::string text) {
  std::ranges::transform(text, text.begin(),
                         [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
  return text;
}

bool has_stage(const Json& message, std::string_view stage) {
  return std::ranges::any_of(field(message, "stages"), [&](const Json& s) { return text_of(s, "stage") == stage; });
}

bool is_unread(const Json& message) {
  return text_of(message, "direction") == "in" && text_of(message, "kind") != "drill" && !has_stage(message, "read");
}

/// The grade and precedence of a text, or that it is a drill; then its mark.
std::string kind_of(const Json& message) {
  const std::string mark = shown(text_of(message, "mark"));
  const bool drill = text_of(message, "kind") == "drill";
  const std::string word = drill ? "drill" : shown(text_of(message, "grade"));
  return mark.empty() ? word : mark + " " + word;
}

std::string stage_of(const Json& stage, std::int64_t beside_ms) {
  std::string out = shown(text_of(stage, "stage"));
  if (const auto at = number_of(stage, "at_ms")) out += " " + utc_text(*at, beside_ms);
  if (text_of(stage, "by") == "there") out += " there";
  if (const std::string by = text_of(stage, "initials"); !by.empty()) out += " " + shown(by);
  if (const std::string post = text_of(stage, "post"); !post.empty()) out += " (" + shown(post) + ")";
  return out;
}

/// The sentence that a message waiting for us wears.
std::string clock_of(const Json& message) {
  const auto until = number_of(message, "acknowledge_by_ms");
  if (!until || !is_unread(message)) return "";
  return "acknowledge by " + utc_text(*until, number_of(message, "created_ms").value_or(0));
}

}  // namespace

std::string groups_text(const Json& groups) {
  std::string out;
  if (!groups.is_array()) return out;
  for (const Json& group : groups) {
    if (!group.is_string()) continue;
    if (!out.empty()) out += "  ";
    out += shown(group.get<std::string>());
  }
  return out;
}

std::string messages_text(const Json& messages, Look look) {
  if (!messages.is_array() || messages.empty()) return "no messages\n";
  Table table;
  for (const Json& message : messages) {
    const auto created = number_of(message, "created_ms");
    const Json& stages = field(message, "stages");
    const std::string last =
        stages.is_array() && !stages.empty() ? stage_of(stages.back(), created.value_or(0)) : std::string();
    table.row({shown(text_of(message, "id")).substr(0, kShortId), shown(text_of(message, "direction")),
               shown(text_of(message, "line")), upper(shown(text_of(message, "precedence"))), kind_of(message),
               std::to_string(number_of(message, "bytes").value_or(0)) + " B", created ? utc_text(*created) : "-",
               last});
  }
  const std::vector<std::string> rows = table.rows();
  std::string out;
  std::size_t i = 0;
  for (const Json& message : messages) {
    const std::string clock = clock_of(message);
    const std::string unread = is_unread(message) ? "unread" : "";
    out += rows[i++];
    if (!unread.empty()) out += "   " + painted(clock.empty() ? unread : unread + ", " + clock, true, look);
    out += "\n";
  }
  return out;
}

std::string message_text(const Json& message, Look look) {
  std::string out;
  const auto created = number_of(message, "created_ms");
  const auto row = [&](std::string_view word, const std::string& value) {
    if (!value.empty()) out += padded(word, 12) + value + "\n";
  };
  row("id", shown(text_of(message, "id")));
  row("line", shown(text_of(message, "line")) + " (" + shown(text_of(message, "direction")) + ")");
  row("grade", kind_of(message));
  row("precedence", upper(shown(text_of(message, "precedence"))));
  row("created", created ? utc_text(*created) : "");
  row("bytes", std::to_string(number_of(message, "bytes").value_or(0)));
  const std::string clock = clock_of(message);
  if (!clock.empty()) out += painted(clock, true, look) + "\n";
  std::string word = "stages";
  for (const Json& stage : field(message, "stages")) {
    row(word, stage_of(stage, 0));
    word = " ";
  }
  const std::string text = text_of(message, "text");
  if (!text.empty()) out += "\n" + shown_text(text) + (text.ends_with('\n') ? "" : "\n");
  return out;
}

}  // namespace sw::faces
