#include <algorithm>

#include "faces/cli/fields.hpp"
#include "faces/cli/layout.hpp"
#include "faces/cli/render.hpp"
#include "faces/codes.hpp"

namespace sw::faces {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kStateWidth = 9;  // "UNKNOWN" and two spaces

bool needs_a_person(std::string_view state) {
  return state != "OPEN" && state != "PAUSED" && state != "LATE";
}

std::string watch_of(const Json& line) {
  const Json& watch = field(line, "watch");
  const std::string initials = text_of(watch, "initials");
  const auto age = number_of(watch, "answered_age_ms");
  if (initials.empty()) return "watch unattended";
  return "watch " + shown(initials) + (age ? " " + age_text(*age) : " never answered");
}

std::string healed_of(const Json& line) {
  const auto rounds = number_of(line, "healed_rounds");
  return rounds ? "healed " + std::to_string(*rounds) + " rounds" : "healed never";
}

std::string machine_of(const Json& line) {
  const auto age = number_of(line, "machine_age_ms");
  return age ? "machine " + age_text(*age) : "machine silent";
}

/// What does not fit the row, one sentence a row under it; `alarm` where a person must act.
struct Remark {
  bool alarm;
  std::string text;
};

std::vector<Remark> remarks_of(const Json& line) {
  std::vector<Remark> out;
  const std::string state = text_of(line, "state");
  const std::string blame = shown(text_of(line, "blame"));
  const std::string detail = shown(text_of(line, "detail"));
  if (!blame.empty() || (state != "OPEN" && !detail.empty())) {
    const std::string_view between = blame.empty() || detail.empty() ? "" : ": ";
    out.push_back({needs_a_person(state), blame + std::string(between) + detail});
  }
  if (text_of(line, "continuity") == "broken") {
    out.push_back({true, "continuity broken: compare the six groups with them, then: stillwire line continuity NAME"});
  }
  if (text_of(line, "continuity") == "refused") out.push_back({true, "continuity refused: pair again"});
  const std::string pairing = text_of(line, "pairing");
  if (pairing == "offered") out.push_back({false, "offered: now accept their card"});
  if (pairing == "accepted") out.push_back({false, "accepted: compare the check number, then confirm"});
  if (flag_of(line, "their_store_full")) out.push_back({true, "their store is full: messages wait here"});
  if (flag_of(line, "paused_here")) out.push_back({false, "paused here"});
  if (flag_of(line, "paused_there")) out.push_back({false, "paused there"});
  if (const auto n = number_of(line, "unread").value_or(0); n > 0) {
    out.push_back({true, std::to_string(n) + " unread"});
  }
  if (const auto n = number_of(line, "waiting").value_or(0); n > 0) {
    out.push_back({false, std::to_string(n) + " not yet stored there"});
  }
  return out;
}

std::string state_word(const Json& line, std::size_t width, Look look) {
  const std::string state = shown(text_of(line, "state"));
  return painted(padded(state, width), needs_a_person(state), look);
}

std::string remarks_text(const Json& line, std::size_t indent, Look look) {
  std::string out;
  for (const Remark& remark : remarks_of(line)) {
    out += std::string(indent, ' ') + painted(remark.text, remark.alarm, look) + "\n";
  }
  return out;
}

}  // namespace

int state_exit(std::string_view state) {
  if (state == "OPEN" || state == "PAUSED") return kExitOk;
  if (state == "LATE") return kExitLate;
  if (state == "DOWN") return kExitDown;
  return kExitUnknown;
}

int lines_exit(const Json& lines) {
  int worst = kExitOk;
  for (const Json& line : lines) worst = std::max(worst, state_exit(text_of(line, "state")));
  return worst;
}

std::string lines_text(const Json& lines, Look look) {
  Table table;
  for (const Json& line : lines) {
    const auto age = number_of(line, "age_ms");
    table.row({shown(text_of(line, "name")), age ? age_text(*age) : "-", machine_of(line), watch_of(line),
               healed_of(line), shown(text_of(line, "strip"))});
  }
  const std::vector<std::string> rows = table.rows();
  std::string out;
  std::size_t i = 0;
  for (const Json& line : lines) {
    out += state_word(line, kStateWidth, look) + rows[i++] + "\n" + remarks_text(line, kStateWidth, look);
  }
  return out.empty() ? "no lines yet; make one with: stillwire pair offer\n" : out;
}

std::string line_text(const Json& line, Look look) {
  const auto age = number_of(line, "age_ms");
  std::string out = state_word(line, 0, look) + (age ? "  " + age_text(*age) : "") + "\n";
  out += remarks_text(line, 2, look);
  const auto row = [&](std::string_view word, const std::string& value) {
    if (!value.empty()) out += padded(word, 14) + value + "\n";
  };
  const auto count = [&](std::string_view key) {
    const auto n = number_of(line, key);
    return n ? std::to_string(*n) : std::string();
  };
  const std::string heard = count("heard");
  row("line", shown(text_of(line, "name")));
  row("machine", machine_of(line).substr(8));
  row("watch", watch_of(line).substr(6));
  row("healed", healed_of(line).substr(7));
  row("heard there", heard.empty() ? "" : heard + " of our last 16 rounds");
  row("rounds", shown(text_of(line, "strip")));
  row("round", count("round_ms").empty() ? "" : count("round_ms") + " ms");
  row("opened", count("rounds_opened").empty() ? "" : count("rounds_opened") + " rounds");
  row("venue", shown(text_of(line, "venue")));
  row("pairing", shown(text_of(line, "pairing")));
  row("continuity", shown(text_of(line, "continuity")));
  row("compare", groups_text(field(line, "continuity_check")));
  row("waiting", count("waiting"));
  row("unread", count("unread"));
  return out;
}

std::string status_text(const Json& status, Look look) {
  std::string out;
  const bool locked = flag_of(status, "locked");
  const auto now = number_of(status, "now_ms");
  if (locked) {
    out += painted("LOCKED", true, look) + "   unlock with: stillwire unlock\n";
  } else {
    out += shown(text_of(status, "party")) + (now ? "   " + utc_text(*now) : "") + "\n";
  }
  if (locked) return out;
  if (!flag_of(field(status, "carrier"), "connected")) {
    out += painted("no carrier", true, look) + ": start it with: stillwire carrier\n";
  }
  const Json& store = field(status, "store");
  const auto rows = number_of(store, "rows").value_or(0);
  const auto used = number_of(store, "used").value_or(0);
  if (flag_of(store, "full")) {
    out += painted("the store is full", true, look) + ": export and remove a line, or messages wait there\n";
  } else if (rows > 0 && used * 10 > rows * 8) {
    out += "the store is " + std::to_string(used * 100 / rows) + " % full\n";
  }
  out += watch_text(field(status, "watch")) + "\n";
  return out + lines_text(field(status, "lines"), look);
}

std::string watch_text(const Json& watch) {
  const std::string initials = text_of(watch, "initials");
  if (initials.empty()) return "watch     unattended; take it with: stillwire watch take --initials AB\n";
  std::string out = "watch     " + shown(initials);
  if (const auto taken = number_of(watch, "taken_ms")) out += "   taken " + utc_text(*taken);
  if (const auto answered = number_of(watch, "answered_ms")) out += "   answered " + utc_text(*answered);
  return out + "\n";
}

}  // namespace sw::faces
