#include <algorithm>
#include <utility>

#include "faces/cli/fields.hpp"
#include "faces/cli/layout.hpp"
#include "faces/cli/render.hpp"
#include "faces/codes.hpp"

namespace sw::faces {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kStateWidth = 9;  // "UNKNOWN" and two spaces
constexpr std::size_t kGap = 3;
constexpr std::size_t kWordWidth = 14;  // of `line show`
constexpr std::size_t kStripLeast = 10;
constexpr std::size_t kVenueDigits = 8;  // of an id; enough for every command that takes one

bool needs_a_person(std::string_view state) {
  return state != "OPEN" && state != "PAUSED" && state != "LATE";
}

std::string age_of(const Json& object, std::string_view key) {
  const auto age = number_of(object, key);
  return age ? age_text(*age) : "-";
}

std::string healed_of(const Json& line) {
  const auto rounds = number_of(line, "healed_rounds");
  return rounds ? "healed " + std::to_string(*rounds) + " rounds ago" : "never healed";
}

std::string watch_of(const Json& line) {
  const std::string initials = text_of(field(line, "watch"), "initials");
  return initials.empty() ? "unattended" : shown(initials);
}

/// What does not fit a row, one sentence a row under it; `alarm` where a person must act.
struct Remark {
  bool alarm;
  std::string text;
};

/// What waits for a person here, and for how long.
void add_unread(const Json& line, Look look, std::vector<Remark>& out) {
  const auto unread = number_of(line, "unread").value_or(0);
  if (unread <= 0) return;
  const auto until = number_of(line, "acknowledge_by_ms");
  const std::string clock = until ? ": " + clock_text(*until, look.now_ms) : std::string();
  out.push_back({true, std::to_string(unread) + (unread == 1 ? " waits for you" : " wait for you") + clock});
}

/// Whose fault it is, whom to ask, and what to do; of a line or of one of its venues. Empty when nothing is wrong.
std::string fault_of(const Json& object) {
  const std::string detail = shown(text_of(object, "detail"));
  const std::string host = shown(text_of(object, "operator"));
  std::string blame = shown(text_of(object, "blame"));
  if (blame.empty() && (text_of(object, "state") == "OPEN" || detail.empty())) return "";
  if (!host.empty()) blame += " (" + host + ")";
  return blame + (blame.empty() || detail.empty() ? "" : ": ") + detail;
}

std::string venue_name(const Json& venue) {
  return shown(text_of(venue, "venue").substr(0, kVenueDigits));
}

/// Each venue's state, age and name, and who is at fault; that goes where it does not fit, a row lower.
std::vector<std::string> venue_rows(const Json& line, std::size_t width) {
  Table table;
  for (const Json& venue : field(line, "venues")) {
    const auto from = number_of(venue, "from_epoch");
    const auto until = number_of(venue, "leaving_epoch");
    const std::string when = until  ? "until epoch " + std::to_string(*until)
                             : from ? "from epoch " + std::to_string(*from)
                                    : age_of(venue, "age_ms");
    table.row({text_of(venue, "state"), when, venue_name(venue)});
  }
  std::vector<std::string> out = table.rows();
  std::size_t longest = 0;
  for (const std::string& row : out) longest = std::max(longest, columns(row));
  for (std::size_t i = 0; i < out.size(); ++i) {
    const std::string blame = shown(text_of(field(line, "venues")[i], "blame"));
    if (blame.empty()) continue;
    const bool fits = kWordWidth + longest + kGap + columns(blame) <= width;
    out[i] = fits ? padded(out[i], longest + kGap) + blame : out[i] + "\n" + std::string(kWordWidth, ' ') + blame;
  }
  return out;
}

/// What the line's own word does not say: another venue is broken, too, or one is while another carries the line.
void add_venues(const Json& line, const std::string& said, std::vector<Remark>& out) {
  const std::string state = text_of(line, "state");
  if (state != "OPEN" && state != "LATE" && state != "DOWN") return;
  for (const Json& venue : field(line, "venues")) {
    if (number_of(venue, "from_epoch")) continue;
    const std::string fault = fault_of(venue);
    if (!fault.empty() && fault != said) out.push_back({false, "venue " + venue_name(venue) + ": " + fault});
  }
}

std::vector<Remark> remarks_of(const Json& line, Look look) {
  std::vector<Remark> out;
  const std::string state = text_of(line, "state");
  add_unread(line, look, out);
  const std::string fault = fault_of(line);
  if (!fault.empty()) out.push_back({needs_a_person(state), fault});
  add_venues(line, fault, out);
  if (text_of(line, "continuity") == "broken") out.push_back({true, "next: stillwire line continuity NAME"});
  if (text_of(line, "continuity") == "refused") out.push_back({true, "next: stillwire pair offer --replace"});
  if (const Json& change = field(line, "change"); text_of(change, "state") == "asked") {
    out.push_back(
        {true, "they ask for venue " + venue_name(change) + "; answer: stillwire line venue NAME accept (or decline)"});
  }
  const std::string pairing = text_of(line, "pairing");
  if (pairing == "offered") out.push_back({false, "offered: now accept their card"});
  if (pairing == "accepted") out.push_back({false, "accepted: compare the check number, then confirm"});
  if (flag_of(line, "their_store_full")) out.push_back({true, "their store is full: messages wait here"});
  if (flag_of(line, "paused_here") && state != "PAUSED") out.push_back({false, "paused here"});
  if (flag_of(line, "paused_there") && state != "PAUSED") out.push_back({false, "paused there"});
  if (const auto n = number_of(line, "waiting").value_or(0); n > 0) {
    out.push_back({false, std::to_string(n) + " not yet stored there"});
  }
  return out;
}

std::string state_word(const Json& line, std::size_t width, Look look) {
  const std::string state = shown(text_of(line, "state"));
  return painted(padded(state, width), needs_a_person(state), look);
}

std::string remarks_text(const Json& line, Look look) {
  std::string out;
  for (const Remark& remark : remarks_of(line, look)) {
    out += painted(wrapped(remark.text, kStateWidth, look.width), remark.alarm, look);
  }
  return out;
}

/// The newest rounds that fit what is left of the row.
std::string strip_of(const Json& line, std::size_t used, Look look) {
  const std::string strip = shown(text_of(line, "strip"));
  const std::size_t room = std::max(look.width > used ? look.width - used : 0, kStripLeast);
  return strip.size() > room ? strip.substr(strip.size() - room) : strip;
}

/// What one side proposed, and how far it is.
std::string change_of(const Json& line) {
  const Json& change = field(line, "change");
  if (change.is_null()) return "";
  const std::string state = text_of(change, "state");
  const auto from = number_of(change, "from_epoch");
  return venue_name(change) + (state == "asked"      ? ", they ask for it"
                               : state == "proposed" ? ", proposed; they have not answered"
                               : from                ? ", agreed from epoch " + std::to_string(*from)
                                                     : ", agreed");
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
  std::size_t names = columns("machine");
  std::size_t ages = 0;
  const auto watch_age = [](const Json& line) { return age_of(field(line, "watch"), "answered_age_ms"); };
  for (const Json& line : lines) {
    names = std::max(names, columns(shown(text_of(line, "name"))));
    for (const auto& age : {age_of(line, "age_ms"), age_of(line, "machine_age_ms"), watch_age(line)}) {
      ages = std::max(ages, columns(age));
    }
  }
  std::string out;
  const auto row = [&](std::string_view name, const std::string& age, const std::string& rest) {
    out += padded(name, names + kGap) + padded(age, ages + kGap) + rest;
    out.erase(out.find_last_not_of(' ') + 1);
    out += "\n";
  };
  const std::string margin(kStateWidth, ' ');
  for (const Json& line : lines) {
    out += state_word(line, kStateWidth, look);
    row(shown_cell(text_of(line, "name")), age_of(line, "age_ms"),
        strip_of(line, kStateWidth + names + ages + 2 * kGap, look));
    if (text_of(line, "pairing") == "confirmed") {
      out += margin;
      row("machine", age_of(line, "machine_age_ms"), healed_of(line));
      out += margin;
      row("watch", watch_age(line), watch_of(line));
    }
    out += remarks_text(line, look);
  }
  return out.empty() ? "no lines yet; make one with: stillwire pair offer\n" : out;
}

std::string line_text(const Json& line, Look look) {
  std::string out = state_word(line, kStateWidth, look) + shown_cell(text_of(line, "name")) + std::string(kGap, ' ') +
                    age_of(line, "age_ms") + "\n" + remarks_text(line, look);
  const auto row = [&](std::string_view word, const std::string& value) {
    if (!value.empty()) out += padded(word, kWordWidth) + value + "\n";
  };
  const auto count = [&](std::string_view key, std::string_view unit = "") {
    const auto n = number_of(line, key);
    return n ? std::to_string(*n) + std::string(unit) : std::string();
  };
  const auto answered = number_of(field(line, "watch"), "answered_age_ms");
  row("machine", age_of(line, "machine_age_ms"));
  row("watch", watch_of(line) + (answered ? ", answered " + age_text(*answered) + " ago" : ", never answered"));
  row("healed", number_of(line, "healed_rounds") ? count("healed_rounds", " rounds ago") : "never");
  row("heard there", count("heard", " of our last 16 rounds"));
  row("rounds", strip_of(line, kWordWidth, look));
  row("round", count("round_ms", " ms"));
  row("opened", count("rounds_opened", " rounds"));
  for (const std::string& venue : venue_rows(line, look.width)) row("venue", venue);
  if (const std::string change = change_of(line); !change.empty()) row("change", change);
  row("pairing", shown(text_of(line, "pairing")));
  row("continuity", shown(text_of(line, "continuity")));
  row("compare", groups_text(field(line, "continuity_check")));
  row("waiting", count("waiting", " not yet stored there"));
  row("unread", count("unread", " here"));
  return out;
}

std::string status_text(const Json& status, Look look) {
  std::string out;
  const bool locked = flag_of(status, "locked");
  look.now_ms = number_of(status, "now_ms").value_or(look.now_ms);
  if (locked) return painted("LOCKED", true, look) + "   unlock with: stillwire unlock\n";
  out += shown_cell(text_of(status, "party")) + std::string(kGap, ' ') + utc_text(look.now_ms) + "\n";
  out += watch_text(field(status, "watch"), look);
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
  return out + "\n" + lines_text(field(status, "lines"), look);
}

std::string watch_text(const Json& watch, Look look) {
  const std::string initials = text_of(watch, "initials");
  const Json& exercise = field(watch, "exercise");
  std::string out;
  if (const auto since = number_of(exercise, "since_ms")) {
    out =
        "EXERCISE since " + utc_text(*since, look.now_ms) + ", begun by " + shown(text_of(exercise, "initials")) + "\n";
  }
  if (initials.empty()) return out + "watch    unattended; take it with: stillwire watch take --initials AB\n";
  out += "watch    " + shown(initials);
  if (const auto answered = number_of(watch, "answered_ms")) {
    out += "   answered " + age_text(look.now_ms - *answered) + " ago";
  }
  if (const auto taken = number_of(watch, "taken_ms")) {
    const std::string since = "taken " + utc_text(*taken, look.now_ms);
    // On another day it has its date, and that may be too much for one row.
    const bool fits = columns(out.substr(out.rfind("watch"))) + kGap + columns(since) <= look.width;
    out += (fits ? std::string(kGap, ' ') : "\n" + std::string(kStateWidth, ' ')) + since;
  }
  return out + "\n";
}

}  // namespace sw::faces
