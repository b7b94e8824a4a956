// needs: faces
// Drafts, files, translations, read-backs and search on the command line.
#include "crypto/base64.hpp"
#include "faces/cli/render.hpp"
#include "support/cli_world.hpp"

namespace sw::faces {
namespace {

using namespace sw::test;

const std::string kId(32, 'a');

TEST(CliPapers, AFileGoesUnderItsOwnNameAlone) {
  Fake fake({{"POST messages", {200, {{"id", kId}}}}});
  const std::string file = fake.folder.file("plan.pdf", std::string("\0\xff\x1b", 3));
  EXPECT_EQ(fake.run({"send", "berlin", "--attach", file}).out, kId + "\n");
  EXPECT_EQ(fake.asked().body, (json{{"line", "berlin"}, {"file", {{"name", "plan.pdf"}, {"base64", "AP8b"}}}}));
  EXPECT_EQ(fake.run({"send", "berlin", "--attach", file, "--file", file}).exit, 64);
  EXPECT_EQ(fake.run({"send", "berlin", "--attach", fake.folder.file(".hidden", "x")}).exit, 64);
  EXPECT_EQ(fake.run({"send", "berlin", "--attach", fake.folder.file("large", std::string(1'000'001, 'x'))}).exit, 65);
}

TEST(CliPapers, AFileThatCameIsSavedUnderTheUsersNameAndOverNothing) {
  Fake fake({{"GET messages/" + kId + "/file", {200, {{"name", "theirs.exe"}, {"base64", "AP8b"}}}}});
  const std::string to = fake.folder.path / "mine";
  EXPECT_EQ(fake.run({"show", kId, "--save", to}).out, "saved 3 bytes\n");
  std::ifstream in(to, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(in), {}};
  EXPECT_EQ(bytes, std::string("\0\xff\x1b", 3));
  struct stat found{};
  ASSERT_EQ(stat(to.c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 0777U, 0600U);
  EXPECT_EQ(fake.run({"show", kId, "--save", to}).exit, 75);
  EXPECT_EQ(fake.run({"show", kId, "--save", fake.folder.path / "no" / "folder"}).exit, 74);
  EXPECT_FALSE(std::filesystem::exists(fake.folder.path / "theirs.exe"));
}

TEST(CliPapers, AnAnswerNamesWhatItAnswers) {
  Fake fake({{"POST messages", {200, {{"id", kId}}}}, {"GET messages", {200, {{"messages", {{{"id", kId}}}}}}}});
  EXPECT_EQ(fake.run({"send", "a", "--file", fake.folder.file("t", "x"), "--ref", "aaaa", "--initials", "AB"}).exit, 0);
  EXPECT_EQ(fake.asked().body, (json{{"line", "a"}, {"text", "x"}, {"ref", kId}, {"initials", "AB"}}));
}

json a_draft() {
  return {{"id", kId},           {"line", "berlin"},      {"text", "Wir sind hier."},
          {"grade", "note"},     {"precedence", "flash"}, {"exercise", true},
          {"ref", nullptr},      {"drafter", "AB"},       {"created_ms", 0},
          {"changed_ms", 1'000}, {"offered", true},       {"needs_second", true},
          {"version", 2}};
}

TEST(CliPapers, ADraftFromItsTextToItsRelease) {
  Fake fake({{"POST drafts", {200, {{"id", kId}}}}, {"GET drafts", {200, {{"drafts", {a_draft()}}}}}});
  EXPECT_EQ(fake.run({"draft", "new", "berlin", "--file", fake.folder.file("t", "x"), "--grade", "note", "--exercise",
                      "--initials", "AB"})
                .out,
            kId + "\n");
  EXPECT_EQ(fake.asked().body,
            (json{{"line", "berlin"}, {"text", "x"}, {"initials", "AB"}, {"grade", "note"}, {"exercise", true}}));
  EXPECT_EQ(fake.run(words("draft ls")).out,
            "aaaaaaaa   AB   FLASH   berlin   EXERCISE note\n"
            "           1970-01-01 00:00:01 UTC   offered: somebody else than AB releases it\n");
  const std::string shown = fake.run(words("draft show aaaa")).out;
  EXPECT_NE(shown.find("\n| Wir sind hier.\n"), std::string::npos) << shown;
  EXPECT_EQ(fake.run({"draft", "ls", "ber lin", "--initials", "C&D"}).exit, 0);
  EXPECT_EQ(fake.asked().query, (std::map<std::string, std::string>{{"line", "ber lin"}, {"initials", "C&D"}}));
  for (const std::string act : {"offer", "release", "discard"}) {
    EXPECT_EQ(fake.run({"draft", act, "aaaa", "--initials", "CD"}).exit, 0);
    EXPECT_EQ(fake.asked().path, "drafts/" + kId + "/" + act);
    EXPECT_EQ(fake.asked().body, (json{{"initials", "CD"}}));
  }
  EXPECT_EQ(fake.run({"draft", "change", "aaaa", "--precedence", "routine", "--initials", "AB"}).exit, 0);
  EXPECT_EQ(fake.asked().body, (json{{"precedence", "routine"}, {"initials", "AB"}})) << "the text stays";
  EXPECT_EQ(fake.run({"draft", "change", "aaaa", "--file", fake.folder.file("t", "y"), "--initials", "AB"}).exit, 0);
  EXPECT_EQ(fake.asked().body, (json{{"text", "y"}, {"initials", "AB"}}));
  EXPECT_EQ(drafts_text(json::array(), {}), "no drafts\n");
}

TEST(CliPapers, TranslationsAndReadBacks) {
  Fake fake({});
  const std::string text = fake.folder.file("t", "bonjour");
  const std::map<std::vector<std::string>, std::pair<std::string, json>> table{
      {{"translation", "add", kId, "--language", "fr", "--file", text},
       {"translation", {{"language", "fr"}, {"text", "bonjour"}, {"initials", "AB"}}}},
      {{"translation", "review", kId}, {"translation/review", {{"initials", "AB"}}}},
      {{"translation", "certify", kId}, {"translation/certify", {{"initials", "AB"}}}},
      {{"read-back", "give", kId, "--file", text}, {"read-back", {{"text", "bonjour"}, {"initials", "AB"}}}},
      {{"read-back", "right", kId}, {"read-back/confirm", {{"good", true}, {"initials", "AB"}}}},
      {{"read-back", "wrong", kId}, {"read-back/confirm", {{"good", false}, {"initials", "AB"}}}}};
  for (const auto& [command, asked] : table) {
    EXPECT_EQ(fake.run(command).exit, 64) << "who?";
    auto whole = command;
    whole.insert(whole.end(), {"--initials", "AB"});
    EXPECT_EQ(fake.run(whole).exit, 0) << asked.first;
    EXPECT_EQ(fake.asked().path, "messages/" + kId + "/" + asked.first);
    EXPECT_EQ(fake.asked().body, asked.second);
  }
}

TEST(CliPapers, AMessageShowsWhatStandsBesideIt) {
  json message{{"id", kId},
               {"line", "berlin"},
               {"direction", "in"},
               {"kind", "text"},
               {"grade", "talk"},
               {"precedence", "flash"},
               {"mark", ""},
               {"created_ms", 0},
               {"bytes", 7},
               {"acknowledge_by_ms", nullptr},
               {"stages", json::array()},
               {"ref", std::string(32, 'b')},
               {"read_back", "asked"},
               {"file", nullptr},
               {"text", "Bonjour"}};
  message["translation"] = {{"language", "en"},     {"text", "Good \x1b[2Jday"}, {"translator", "AB"},
                            {"translated_ms", 0},   {"reviewer", "CD"},          {"reviewed_ms", 1000},
                            {"certifier", nullptr}, {"certified_ms", nullptr},   {"version", 1}};
  const std::string text = message_text(message, {});
  for (const char* each :
       {"answers     bbbbbbbb\n", "read-back   asked\n", "\n| Bonjour\n", "translation en\n",
        "translator  AB 1970-01-01 00:00:00 UTC\n", "certifier   not yet\n", "| Good <U+001B>[2Jday\n"}) {
    EXPECT_NE(text.find(each), std::string::npos) << each << "\n" << text;
  }
  message.update({{"kind", "file"}, {"file", {{"name", "a\u202e.pdf"}}}, {"text", ""}, {"translation", nullptr}});
  const std::string file = message_text(message, {});
  EXPECT_NE(file.find("talk file\n"), std::string::npos);
  EXPECT_NE(file.find("<U+202E>"), std::string::npos) << "even a station that lies";
}

TEST(CliPapers, WhatAWatchHandsOver) {
  const json note{{"at_ms", 0}, {"initials", "AB"}, {"text", "call \x1b back"}};
  const json sheet{{"at_ms", 0},
                   {"watch", {{"initials", "AB"}, {"taken_ms", 0}, {"answered_ms", 0}}},
                   {"lines",
                    {{{"line", open_line()},
                      {"open", json::array()},
                      {"ledger", {{{"at_ms", 0}, {"what", "AB took the watch"}}}},
                      {"notes", {note}}}}},
                   {"drafts", json::array()}};
  Fake fake({{"GET watch/sheet", {200, sheet}},
             {"GET lines/berlin/notes", {200, {{"notes", {note}}}}},
             {"GET lines/berlin/sheet",
              {200,
               {{"titles", {{{"ours", "Minister"}, {"theirs", "Министр"}}}},
                {"salutations", json::array()},
                {"phrases", {{{"code", "A1"}, {"ours", "yes"}, {"theirs", "да"}}}},
                {"initials", "AB"},
                {"at_ms", 0}}}}});
  const std::string out = fake.run(words("watch sheet")).out;
  for (const char* each : {"OPEN     berlin", "nothing is open", "AB took the watch", "| call <U+001B> back\n"}) {
    EXPECT_NE(out.find(each), std::string::npos) << each << "\n" << out;
  }
  EXPECT_EQ(fake.run(words("line notes berlin")).out, "1970-01-01 00:00:00 UTC   AB\n| call <U+001B> back\n");
  EXPECT_EQ(fake.run(words("line sheet berlin")).out,
            "written by AB 1970-01-01 00:00:00 UTC\n\ntitles\n  Minister   Министр\n\nphrases\n  A1   yes   да\n");
  const std::string text = fake.folder.file("t", "at six");
  EXPECT_EQ(fake.run({"line", "note", "berlin", "--initials", "AB", "--file", text}).exit, 0);
  EXPECT_EQ(fake.asked().body, (json{{"text", "at six"}, {"initials", "AB"}}));
}

TEST(CliPapers, ASearchReadsEveryPart) {
  Fake fake({{"GET messages", {200, {{"messages", json::array()}, {"more", nullptr}}}}});
  EXPECT_EQ(fake.run({"search", "a&b", "ber lin"}).out, "no messages\n");
  EXPECT_EQ(fake.asked().query, (std::map<std::string, std::string>{{"search", "a&b"}, {"line", "ber lin"}}));
}

}  // namespace
}  // namespace sw::faces
