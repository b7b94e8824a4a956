#include <algorithm>
#include <array>

#include "faces/cli/fields.hpp"
#include "faces/cli/layout.hpp"
#include "faces/cli/render.hpp"

namespace sw::faces {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kShortId = 8;
constexpr std::size_t kIndent = kShortId + 3;
constexpr std::size_t kWordWidth = 12;
/// The stages that follow from the disks; every other one was set by a person.
constexpr std::array<std::string_view, 4> kOfDisks{"draft", "released", "sent", "stored"};

std::string upper(std::string text) {
  std::ranges::transform(text, text.begin(),
                         [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
  return text;
}

bool is_of_a_person(const Json& stage) {
  return std::ranges::find(kOfDisks, text_of(stage, "stage")) == kOfDisks.end();
}

bool nobody_spoke(const Json& message) {
  return std::ranges::none_of(field(message, "stages"), is_of_a_person);
}

/// The grade and precedence of a text, or that it is a drill; then its mark.
std::string kind_of(const Json& message) {
  const std::string mark = shown(text_of(message, "mark"));
  const std::string kind = text_of(message, "kind");
  const std::string grade = shown(text_of(message, "grade"));
  const std::string word = kind == "drill" || kind == "read-back" ? kind : kind == "file" ? grade + " file" : grade;
  return mark.empty() ? word : mark + " " + word;
}

std::string stage_of(const Json& stage, std::int64_t beside_ms) {
  std::string out = shown(text_of(stage, "stage"));
  if (const auto at = number_of(stage, "at_ms")) out += " " + utc_text(*at, beside_ms);
  if (text_of(stage, "by") == "there") out += " there";
  if (const std::string by = text_of(stage, "initials"); !by.empty()) out += " " + shown(by);
  if (const std::string post = text_of(stage, "post"); !post.empty()) out += " (" + shown_cell(post) + ")";
  return out;
}

/// Who is waited for, and how long there is.
struct Waiting {
  std::string text;
  bool alarm = false;
};

Waiting waiting_of(const Json& message, Look look) {
  const auto until = number_of(message, "acknowledge_by_ms");
  const bool in = text_of(message, "direction") == "in";
  if (!nobody_spoke(message) || (!in && !until)) return {};
  const std::string clock = until ? ": " + clock_text(*until, look.now_ms) : std::string();
  const bool drill = text_of(message, "kind") == "drill";
  if (!in) return {"no word from there yet" + clock, *until < look.now_ms};
  return {(drill ? "answer it by hand, stillwire watch answer" : "unread, waits for you") + clock, true};
}

/// Who may release a draft.
std::string release_of(const Json& draft) {
  const std::string drafter = shown(text_of(draft, "drafter"));
  if (!flag_of(draft, "offered")) {
    return flag_of(draft, "needs_second") ? "private: offer it, a second person releases it" : "private";
  }
  return flag_of(draft, "needs_second") ? "offered: somebody else than " + drafter + " releases it" : "offered";
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
    table.row({shown(text_of(message, "id")).substr(0, kShortId), shown(text_of(message, "direction")),
               upper(shown(text_of(message, "precedence"))), shown_cell(text_of(message, "line")), kind_of(message)});
  }
  const std::vector<std::string> rows = table.rows();
  std::string out;
  std::size_t i = 0;
  for (const Json& message : messages) {
    const auto created = number_of(message, "created_ms");
    const Json& stages = field(message, "stages");
    std::string second =
        (created ? utc_text(*created) : "-") + "   " + std::to_string(number_of(message, "bytes").value_or(0)) + " B";
    if (stages.is_array() && !stages.empty()) second += "   " + stage_of(stages.back(), created.value_or(0));
    out += rows[i++] + "\n" + wrapped(second, kIndent, look.width);
    const Waiting waiting = waiting_of(message, look);
    if (!waiting.text.empty()) out += painted(wrapped(waiting.text, kIndent, look.width), waiting.alarm, look);
  }
  return out;
}

std::string message_text(const Json& message, Look look) {
  std::string out;
  const auto created = number_of(message, "created_ms");
  const auto row = [&](std::string_view word, const std::string& value) {
    if (!value.empty()) out += padded(word, kWordWidth) + value + "\n";
  };
  const Waiting waiting = waiting_of(message, look);
  if (!waiting.text.empty()) out += painted(waiting.text, waiting.alarm, look) + "\n";
  row("precedence", upper(shown(text_of(message, "precedence"))));
  row("line", shown_cell(text_of(message, "line")) + " (" + shown(text_of(message, "direction")) + ")");
  row("grade", kind_of(message));
  row("created", created ? utc_text(*created) : "");
  if (const auto until = number_of(message, "acknowledge_by_ms")) row("answer by", utc_text(*until));
  std::string word = "stages";
  for (const Json& stage : field(message, "stages")) {
    row(word, stage_of(stage, 0));
    word = " ";
  }
  const std::string meant = text_of(message, "kind") == "read-back" ? "reads back" : "answers";
  row(meant, shown(text_of(message, "ref")).substr(0, kShortId));
  row("read-back", shown(text_of(message, "read_back")));
  row("file", shown_cell(text_of(field(message, "file"), "name")));
  row("id", shown(text_of(message, "id")));
  row("bytes", std::to_string(number_of(message, "bytes").value_or(0)));
  const std::string text = text_of(message, "text");
  if (!text.empty()) out += "\n" + barred(shown_text(text), look);
  const Json& translation = field(message, "translation");
  if (!translation.is_object()) return out;
  out += "\n";
  row("translation", shown(text_of(translation, "language")));
  for (const auto& [who, when] : {std::pair("translator", "translated_ms"), std::pair("reviewer", "reviewed_ms"),
                                  std::pair("certifier", "certified_ms")}) {
    const auto at = number_of(translation, when);
    row(who, at ? shown(text_of(translation, who)) + " " + utc_text(*at) : "not yet");
  }
  return out + "\n" + barred(shown_text(text_of(translation, "text")), look);
}

std::string drafts_text(const Json& drafts, Look look) {
  if (!drafts.is_array() || drafts.empty()) return "no drafts\n";
  Table table;
  for (const Json& draft : drafts) {
    const std::string grade = shown(text_of(draft, "grade"));
    table.row({shown(text_of(draft, "id")).substr(0, kShortId), shown(text_of(draft, "drafter")),
               upper(shown(text_of(draft, "precedence"))), shown_cell(text_of(draft, "line")),
               flag_of(draft, "exercise") ? "EXERCISE " + grade : grade});
  }
  const std::vector<std::string> rows = table.rows();
  std::string out;
  std::size_t i = 0;
  for (const Json& draft : drafts) {
    const auto changed = number_of(draft, "changed_ms");
    const std::string second = (changed ? utc_text(*changed) : "-") + "   " + release_of(draft);
    out += rows[i++] + "\n" + wrapped(second, kIndent, look.width);
  }
  return out;
}

std::string draft_text(const Json& draft, Look look) {
  std::string out;
  const auto changed = number_of(draft, "changed_ms");
  const auto row = [&](std::string_view word, const std::string& value) {
    if (!value.empty()) out += padded(word, kWordWidth) + value + "\n";
  };
  row("precedence", upper(shown(text_of(draft, "precedence"))));
  row("line", shown_cell(text_of(draft, "line")));
  row("grade", (flag_of(draft, "exercise") ? "EXERCISE " : "") + shown(text_of(draft, "grade")));
  row("drafter", shown(text_of(draft, "drafter")));
  row("changed", changed ? utc_text(*changed) : "");
  row("version", std::to_string(number_of(draft, "version").value_or(0)));
  row("answers", shown(text_of(draft, "ref")).substr(0, kShortId));
  row("release", release_of(draft));
  row("id", shown(text_of(draft, "id")));
  return out + "\n" + barred(shown_text(text_of(draft, "text")), look);
}

}  // namespace sw::faces
