// needs: faces
// What a watch officer sees: word first, ages, clocks; colour only for what needs a person; hostile text made visible.
#include "faces/cli/layout.hpp"
#include "faces/cli/qr.hpp"
#include "support/cli_world.hpp"

namespace sw::faces {
namespace {

using namespace sw::test;

constexpr std::int64_t kNoon = 1'772'627'696'000;  // 2026-03-04 12:34:56

Look look_of(std::size_t width, bool colour = false) {
  return {colour, width, kNoon};
}

json down_line() {
  json line = open_line();
  line.update({{"name", "wien"},
               {"state", "DOWN"},
               {"age_ms", 240'000},
               {"blame", "own network"},
               {"detail", "the carrier cannot send"},
               {"watch", {{"initials", nullptr}, {"answered_age_ms", nullptr}}},
               {"healed_rounds", nullptr},
               {"machine_age_ms", nullptr},
               {"strip", "...."},
               {"acknowledge_by_ms", kNoon + 480'000},
               {"unread", 2}});
  return line;
}

TEST(Render, ALineAsTheDeskSaysIt) {
  EXPECT_EQ(lines_text(json::array({open_line()}), look_of(80)),
            "OPEN     berlin    2 s      ||||||||.||||\n"
            "         machine   1 s      healed 14 rounds ago\n"
            "         watch     12 min   AB\n");
  EXPECT_EQ(lines_text(json::array({open_line(), down_line()}), look_of(80)),
            "OPEN     berlin    2 s      ||||||||.||||\n"
            "         machine   1 s      healed 14 rounds ago\n"
            "         watch     12 min   AB\n"
            "DOWN     wien      4 min    ....\n"
            "         machine   -        never healed\n"
            "         watch     -        unattended\n"
            "         2 wait for you: 8 min left\n"
            "         own network: the carrier cannot send\n");
  EXPECT_EQ(lines_text(json::array(), look_of(80)), "no lines yet; make one with: stillwire pair offer\n");
}

json relay_venue(std::string_view state, std::string_view blame) {
  return {{"venue", "5e0c41aa" + std::string(24, '0')},
          {"state", state},
          {"age_ms", 12'000},
          {"blame", blame},
          {"operator", blame.starts_with("relay") ? json("Institute of Long Names") : json(nullptr)},
          {"detail", "Relay 3 of the venue carries nothing, say the relays before it."}};
}

TEST(Render, AVenueThatIsBrokenIsNamedBesideTheOneThatCarriesTheLine) {
  json line = open_line();
  line["venues"] = {{{"venue", "direct"}, {"state", "OPEN"}, {"age_ms", 1'000}, {"blame", ""}, {"detail", "open"}},
                    relay_venue("DOWN", "relay 3")};
  const std::string remark =
      "         venue 5e0c41aa: relay 3 (Institute of Long Names): Relay 3 of the venue\n"
      "         carries nothing, say the relays before it.\n";
  const std::string list = lines_text(json::array({line}), look_of(80, true));
  EXPECT_NE(list.find(remark), std::string::npos) << list;
  EXPECT_EQ(list.find('\x1b'), std::string::npos) << "the line is open: nobody is called\n" << list;
  const std::string shown = line_text(line, look_of(80));
  EXPECT_NE(shown.find(remark), std::string::npos) << shown;
  EXPECT_NE(shown.find("venue         OPEN   1 s    direct\n"
                       "venue         DOWN   12 s   5e0c41aa   relay 3\n"),
            std::string::npos)
      << shown;
}

TEST(Render, TheLinesOwnFaultIsSaidOnce) {
  json line = open_line();
  line.update(relay_venue("DOWN", "relay 3"));
  line["venues"] = {relay_venue("DOWN", "relay 3")};
  const std::string list = lines_text(json::array({line}), look_of(120));
  EXPECT_NE(list.find("         relay 3 (Institute of Long Names): Relay 3 of the venue"), std::string::npos) << list;
  EXPECT_EQ(list.find("venue 5e0c"), std::string::npos) << list;
}

TEST(Render, AnOverdueClockSaysSo) {
  json line = open_line();
  line["unread"] = 1;
  line["acknowledge_by_ms"] = kNoon - 180'000;
  const std::string text = lines_text(json::array({line}), look_of(80));
  EXPECT_NE(text.find("1 waits for you: OVERDUE by 3 min\n"), std::string::npos) << text;
}

TEST(Render, AChangeOfVenuesIsShown) {
  const auto leg = [](const std::string& state, const std::string& venue, const json& from, const json& until) {
    return json{{"venue", venue}, {"state", state}, {"age_ms", 1000}, {"from_epoch", from}, {"leaving_epoch", until}};
  };
  json line = open_line();
  line["venues"] = json::array({leg("OPEN", "direct", nullptr, nullptr)});
  EXPECT_EQ(line_text(line, look_of(80)).find("change"), std::string::npos);
  line["change"] = {{"venue", "00ab"}, {"state", "asked"}, {"from_epoch", nullptr}};
  EXPECT_NE(lines_text(json::array({line}), look_of(120)).find("answer: stillwire line venue NAME accept (or decline)"),
            std::string::npos);
  EXPECT_NE(line_text(line, look_of(80)).find("change        00ab, they ask for it\n"), std::string::npos);
  line["change"] = {{"venue", "00ab"}, {"state", "agreed"}, {"from_epoch", 12}};
  EXPECT_NE(line_text(line, look_of(80)).find("change        00ab, agreed from epoch 12\n"), std::string::npos);
  line["change"] = nullptr;
  line["venues"] = json::array({leg("OPEN", "direct", nullptr, 40), leg("UNKNOWN", "00ab", 12, nullptr)});
  EXPECT_NE(line_text(line, look_of(80)).find("until epoch 40   direct\n"), std::string::npos);
  EXPECT_NE(line_text(line, look_of(80)).find("from epoch 12    00ab\n"), std::string::npos);
}

TEST(Render, EveryRowFitsTheTerminal) {
  json line = down_line();
  line["name"] = "a line with a rather long name of its own";
  line["strip"] = std::string(60, '|');
  line["detail"] = "Continuity is broken: a side was restored or copied. Compare the six groups with the other side.";
  line["their_store_full"] = true;
  line["waiting"] = 12;
  json message{{"id", std::string(32, 'a')},
               {"line", "berlin"},
               {"direction", "in"},
               {"kind", "text"},
               {"grade", "note"},
               {"precedence", "immediate"},
               {"mark", "EXERCISE"},
               {"created_ms", kNoon},
               {"bytes", 1'048'000},
               {"acknowledge_by_ms", kNoon + 5},
               {"text", "words and words and words and words " + std::string(200, 'x')}};
  message["stages"] = json::array({{{"stage", "stored"}, {"at_ms", kNoon}, {"by", "here"}}});
  json status{{"party", "North"},
              {"locked", false},
              {"now_ms", kNoon},
              {"carrier", {{"connected", true}}},
              {"watch", {{"initials", "ABCD"}, {"taken_ms", kNoon - 90'000'000}, {"answered_ms", kNoon - 59'000}}},
              {"lines", json::array()}};
  for (const std::size_t width : {60U, 80U, 120U}) {
    json short_name = line;
    short_name["name"] = "wien";
    short_name["venues"] = {relay_venue("DOWN", "their machine or network"), relay_venue("LATE", "relay 3")};
    const std::string id(32, 'f');
    for (json& leg : short_name["venues"]) leg.update({{"from_epoch", UINT32_MAX}, {"leaving_epoch", UINT32_MAX}});
    short_name["change"] = {{"venue", id}, {"state", "asked"}, {"from_epoch", nullptr}};
    status["lines"] = {open_line(), short_name};
    for (const std::string& text :
         {lines_text(json::array({short_name, open_line()}), look_of(width)), line_text(short_name, look_of(width)),
          messages_text(json::array({message}), look_of(width)), message_text(message, look_of(width)),
          status_text(status, look_of(width))}) {
      std::istringstream rows(text);
      for (std::string row; std::getline(rows, row);) EXPECT_LE(columns(row), width) << row;
    }
    EXPECT_NE(status_text(status, look_of(width)).find("2026-03-04 12:34:56 UTC"), std::string::npos);
  }
}

TEST(Render, WideLettersAndMarksAreCounted) {
  EXPECT_EQ(columns("abc"), 3U);
  EXPECT_EQ(columns("北京"), 4U);
  EXPECT_EQ(columns("القاهرة"), 7U);
  EXPECT_EQ(columns("تأكيدًا"), 6U);  // the tanwin stands over its letter
  EXPECT_EQ(columns("e\u0301"), 1U);
  json line = open_line();
  line["name"] = "北京";
  EXPECT_EQ(lines_text(json::array({line}), look_of(80)),
            "OPEN     北京      2 s      ||||||||.||||\n"
            "         machine   1 s      healed 14 rounds ago\n"
            "         watch     12 min   AB\n");
}

// An Arabic name must not pull the age after it to its other side.
TEST(Render, RightToLeftNamesStayInTheirCell) {
  json line = open_line();
  line["name"] = "القاهرة";
  const std::string text = lines_text(json::array({line}), look_of(80));
  EXPECT_TRUE(text.starts_with("OPEN     \u2068القاهرة\u2069   2 s      |")) << text;
  EXPECT_EQ(isolated("berlin"), "berlin");
  EXPECT_EQ(isolated("שלום"), "\u2068שלום\u2069");
  EXPECT_TRUE(line_text(line, look_of(80)).starts_with("OPEN     \u2068القاهرة\u2069   2 s\n"));
}

TEST(Render, WrappedKeepsEveryWord) {
  EXPECT_EQ(wrapped("one two three", 2, 80), "  one two three\n");
  EXPECT_EQ(wrapped("aaaaaaaaa bbbbbbbbb ccccccccc", 1, 21), " aaaaaaaaa bbbbbbbbb\n ccccccccc\n");
  EXPECT_EQ(wrapped(std::string(50, 'x'), 0, 20),
            std::string(20, 'x') + "\n" + std::string(20, 'x') + "\n" + std::string(10, 'x') + "\n");
  EXPECT_EQ(wrapped("", 3, 80), "   \n");
  EXPECT_EQ(wrapped("  indented", 0, 80), "  indented\n");
}

TEST(Render, ColourOnlyWhereItNeedsAPerson) {
  EXPECT_EQ(lines_text(json::array({open_line()}), look_of(80, true)).find('\x1b'), std::string::npos);
  json down = open_line();
  down["state"] = "DOWN";
  EXPECT_NE(lines_text(json::array({down}), look_of(80, true)).find('\x1b'), std::string::npos);
  EXPECT_EQ(lines_text(json::array({down}), look_of(80)).find('\x1b'), std::string::npos);
}

/// No control character but line ends and tabs, no bidi control.
void expect_harmless(const std::string& text) {
  for (const char c : text) {
    EXPECT_TRUE(static_cast<unsigned char>(c) >= 0x20 || c == '\n' || c == '\t') << text;
    EXPECT_NE(c, '\x7f');
  }
  for (const char* bidi : {"\u202e", "\u2066", "\u200f", "\u061c", "\u0085", "\u009b"}) {
    EXPECT_EQ(text.find(bidi), std::string::npos) << text;
  }
}

TEST(Render, HostileTextIsMadeVisible) {
  const std::string evil = "a\x1b[2J\u202eb\u2066\u200f\u061c\u0085\u009b\a\rc\x7f";
  json line = open_line();
  for (const char* key : {"name", "state", "blame", "detail", "strip", "venue", "pairing", "continuity"})
    line[key] = evil;
  line["watch"]["initials"] = evil;
  line["continuity_check"] = json::array({evil});
  expect_harmless(lines_text(json::array({line}), {}));
  expect_harmless(line_text(line, {}));
  json message{{"created_ms", 0}, {"bytes", 1}, {"acknowledge_by_ms", 5}};
  for (const char* key : {"id", "line", "direction", "kind", "grade", "precedence", "mark", "text"})
    message[key] = evil;
  message["stages"] =
      json::array({{{"stage", evil}, {"at_ms", 1}, {"by", "there"}, {"initials", evil}, {"post", evil}}});
  expect_harmless(messages_text(json::array({message}), {}));
  expect_harmless(message_text(message, {}));
  EXPECT_NE(message_text(message, {}).find("<U+202E>"), std::string::npos);
  expect_harmless(watch_text({{"initials", evil}}, {}));
  expect_harmless(status_text({{"party", evil}, {"lines", json::array({line})}}, {}));
}

TEST(Render, AnAnswerOfAnotherShapeIsNoCrash) {
  for (const json& odd :
       {json(), json(7), json("x"), json::array({1, "a", nullptr}), json{{"stages", 5}, {"watch", 1}}}) {
    (void)lines_text(odd, {});
    (void)line_text(odd, {});
    (void)status_text(odd, {});
    (void)messages_text(odd, {});
    (void)message_text(odd, {});
    (void)watch_text(odd, {});
    (void)lines_exit(odd);
  }
}

TEST(Render, AMessageWithItsStages) {
  const json message{{"id", "3f2a91c0" + std::string(24, '0')},
                     {"line", "berlin"},
                     {"direction", "in"},
                     {"kind", "text"},
                     {"grade", "talk"},
                     {"precedence", "flash"},
                     {"mark", "EXERCISE"},
                     {"created_ms", 1'772'627'696'000},
                     {"bytes", 12},
                     {"acknowledge_by_ms", 1'772'628'296'000},
                     {"stages", {{{"stage", "stored"}, {"at_ms", 1'772'627'697'000}, {"by", "here"}}}},
                     {"text", "مرحبا"}};
  EXPECT_EQ(messages_text(json::array({message}), look_of(80)),
            "3f2a91c0   in   FLASH   berlin   EXERCISE talk\n"
            "           2026-03-04 12:34:56 UTC   12 B   stored 12:34:57 UTC\n"
            "           unread, waits for you: 10 min left\n");
  const std::string full = message_text(message, look_of(80));
  EXPECT_TRUE(full.starts_with("unread, waits for you: 10 min left\nprecedence  FLASH\n")) << full;
  EXPECT_NE(full.find("stages      stored 2026-03-04 12:34:57 UTC\n"), std::string::npos) << full;
  EXPECT_TRUE(full.ends_with("\n\n| مرحبا\n")) << full;
}

TEST(Render, WhoIsWaitedFor) {
  const auto last_row = [](const json& message) {
    const std::string text = messages_text(json::array({message}), look_of(80));
    const std::size_t end = text.rfind('\n', text.size() - 2);
    return text.substr(end + 12, text.size() - end - 13);
  };
  json message{{"id", std::string(32, 'a')},
               {"direction", "in"},
               {"kind", "drill"},
               {"mark", "TEST"},
               {"created_ms", kNoon},
               {"bytes", 0},
               {"acknowledge_by_ms", kNoon + 1'800'000}};
  message["stages"] = json::array({{{"stage", "stored"}, {"by", "here"}}});
  EXPECT_EQ(last_row(message), "answer it by hand, stillwire watch answer: 30 min left");
  message["direction"] = "out";
  message["acknowledge_by_ms"] = kNoon - 60'000;
  EXPECT_EQ(last_row(message), "no word from there yet: OVERDUE by 1 min");
  message["stages"].push_back({{"stage", "answered"}, {"by", "there"}, {"initials", "CD"}});
  EXPECT_EQ(last_row(message), "2026-03-04 12:34:56 UTC   0 B   answered there CD");
}

// A text that draws rows of ours stays behind the bar, however long its words are.
TEST(Render, NoTextPassesForARowOfOurs) {
  const std::string fake = "hello\n\nstages      read 2026-03-04 12:00:00 UTC there AB\n" + std::string(78, 'x') +
                           "precedence  ROUTINE" + std::string(300, 'y');
  const json message{{"id", "a"}, {"text", fake}, {"direction", "in"}, {"stages", json::array()}};
  const std::string text = message_text(message, look_of(80));
  std::istringstream rows(text.substr(text.find("\n\n") + 2));
  for (std::string row; std::getline(rows, row);) {
    EXPECT_TRUE(row.starts_with("| ")) << row;
    EXPECT_LE(columns(row), 80U);
  }
}

TEST(Render, Ages) {
  EXPECT_EQ(age_text(-5), "0 s");
  EXPECT_EQ(age_text(59'999), "59 s");
  EXPECT_EQ(age_text(60'000), "1 min");
  EXPECT_EQ(age_text(7'200'000), "2 h");
  EXPECT_EQ(age_text(172'800'000), "2 d");
}

/// The drawing as modules, dark or not; each character is two of them, one over the other.
std::vector<std::vector<bool>> modules_of(const std::string& drawing) {
  std::vector<std::vector<bool>> out;
  std::istringstream rows(drawing);
  for (std::string row; std::getline(rows, row);) {
    std::vector<bool> upper;
    std::vector<bool> lower;
    for (std::size_t i = 0; i < row.size(); i += row[i] == ' ' ? 1U : 3U) {
      const std::string_view one = row[i] == ' ' ? std::string_view(" ") : std::string_view(row).substr(i, 3);
      upper.push_back(one == "\u2588" || one == "\u2580");
      lower.push_back(one == "\u2588" || one == "\u2584");
    }
    out.push_back(upper);
    out.push_back(lower);
  }
  return out;
}

TEST(Qr, TheLargestCardFits80ColumnsWithItsQuietZone) {
  const std::string card = "SW1-CARD:" + std::string(270, 'x');  // four addresses
  const auto modules = modules_of(qr_text(card, false));
  const std::size_t side = modules[0].size();
  EXPECT_LE(side, 80U);
  ASSERT_GE(modules.size(), side);
  for (std::size_t i = 0; i < side; ++i) {
    for (const std::size_t edge : {0UL, 1UL, 2UL, 3UL, side - 4, side - 3, side - 2, side - 1}) {
      EXPECT_FALSE(modules[edge][i]);
      EXPECT_FALSE(modules[i][edge]);
    }
  }
  // The three finders: a dark ring of 7 with a dark 3 x 3 inside.
  for (const auto& [y, x] : {std::pair(4UL, 4UL), std::pair(4UL, side - 11), std::pair(side - 11, 4UL)}) {
    for (std::size_t dy = 0; dy < 7; ++dy) {
      for (std::size_t dx = 0; dx < 7; ++dx) {
        const bool ring = dy == 0 || dy == 6 || dx == 0 || dx == 6;
        const bool core = dy >= 2 && dy <= 4 && dx >= 2 && dx <= 4;
        EXPECT_EQ(modules[y + dy][x + dx], ring || core) << y + dy << " " << x + dx;
      }
    }
  }
  // On a terminal it is black on white, whatever the terminal's colours are.
  EXPECT_EQ(qr_text(card, false).find('\x1b'), std::string::npos);
  EXPECT_TRUE(qr_text(card, true).starts_with("\x1b[30;107m"));
}

}  // namespace
}  // namespace sw::faces
