// needs: station
// Drafts, answers, translations, read-backs, files and search through the API of two stations.
#include <gtest/gtest.h>

#include "crypto/base64.hpp"
#include "station/routes.hpp"
#include "support/station_world.hpp"

namespace sw::station {
namespace {

using namespace sw::test;
using nlohmann::json;

struct PapersApi : TwoStations, ::testing::Test {
  PapersApi() { pair(); }
  Response call(StationWorld& at, const std::string& method, const std::string& path, const json& body = json::object(),
                std::map<std::string, std::string> query = {}) {
    return route(*at.core, {method, path, std::move(query), body}, now);
  }
  json get(StationWorld& at, const std::string& path, std::map<std::string, std::string> query = {}) {
    const Response response = call(at, "GET", path, json::object(), std::move(query));
    EXPECT_EQ(response.status, 200) << path << response.body;
    return response.body;
  }
  json post(StationWorld& at, const std::string& path, const json& body) {
    const Response response = call(at, "POST", path, body);
    EXPECT_EQ(response.status, 200) << path << response.body;
    return response.body;
  }
  std::string detail(StationWorld& at, const std::string& path, const json& body, int status) {
    const Response response = call(at, "POST", path, body);
    EXPECT_EQ(response.status, status) << path << response.body;
    return response.body.value("detail", "");
  }
  bool has_stage(StationWorld& at, const std::string& id, const std::string& stage) {
    const json stages = get(at, "messages/" + id)["stages"];
    return std::ranges::any_of(stages, [&](const json& each) { return each["stage"] == stage; });
  }
  std::string say(StationWorld& at, const json& body) {
    json whole = body;
    whole["line"] = &at == &north ? "to-south" : "to-north";
    return post(at, "messages", whole)["id"];
  }
  bool came(StationWorld& at, const std::string& id) {
    return until([&] { return call(at, "GET", "messages/" + id).status == 200; });
  }
};

TEST_F(PapersApi, ADraftReleasedByTwoIsSentOnce) {
  ASSERT_TRUE(until([this] { return open(); }));
  const json body{{"line", "to-south"}, {"text", "halt"}, {"precedence", "flash"}, {"initials", "AB"}};
  const std::string id = post(north, "drafts", body)["id"];
  json again = body;
  again["id"] = id;
  EXPECT_EQ(post(north, "drafts", again)["id"], id) << "an answer that was lost";
  EXPECT_TRUE(get(north, "drafts", {{"initials", "CD"}})["drafts"].empty()) << "private";
  EXPECT_EQ(get(north, "drafts", {{"initials", "AB"}})["drafts"].size(), 1U);
  post(north, "drafts/" + id + "/offer", {{"initials", "AB"}});
  const json draft = get(north, "drafts", {{"initials", "CD"}})["drafts"][0];
  EXPECT_EQ(draft["text"], "halt");
  EXPECT_EQ(draft["needs_second"], true);
  const std::string path = "drafts/" + id + "/release";
  EXPECT_NE(detail(north, path, {{"initials", "ab"}}, 403).find("second person"), std::string::npos);
  EXPECT_EQ(post(north, path, {{"initials", "CD"}, {"version", 1U}})["id"], id);
  EXPECT_NE(detail(north, path, {{"initials", "EF"}}, 409).find("CD"), std::string::npos);
  EXPECT_TRUE(get(north, "drafts")["drafts"].empty());
  ASSERT_TRUE(came(south, id));
  steps(5);
  EXPECT_EQ(south.inbox("to-north").size(), 1U);
  const json stages = get(north, "messages/" + id)["stages"];
  EXPECT_EQ(stages[0]["initials"], "AB");
  EXPECT_EQ(stages[1]["initials"], "CD");
  EXPECT_EQ(get(south, "messages/" + id)["text"], "halt");
  EXPECT_FALSE(get(south, "messages/" + id).dump().find("CD") != std::string::npos) << "who drafted it stays here";
}

TEST_F(PapersApi, APowerCutBetweenTwoReleasesLeavesOneMessage) {
  ASSERT_TRUE(until([this] { return open(); }));
  const std::string id = post(north, "drafts", {{"line", "to-south"}, {"text", "x"}, {"initials", "AB"}})["id"];
  steps(2);
  post(north, "drafts/" + id + "/offer", {{"initials", "AB"}});
  steps(2);
  post(north, "drafts/" + id + "/release", {{"initials", "CD"}});
  (void)north.store.commit();  // on the disk, and the station never heard
  north.restart(now);
  EXPECT_TRUE(get(north, "drafts")["drafts"].empty());
  EXPECT_NE(detail(north, "drafts/" + id + "/release", {{"initials", "EF"}}, 409).find("CD"), std::string::npos);
  ASSERT_TRUE(until([&] { return south.inbox("to-north").size() == 1; }));
  steps(5);
  EXPECT_EQ(south.inbox("to-north").size(), 1U);
}

TEST_F(PapersApi, AChangeKeepsWhatItDoesNotName) {
  const std::string id =
      post(north, "drafts",
           {{"line", "to-south"}, {"text", "one"}, {"grade", "note"}, {"exercise", true}, {"initials", "AB"}})["id"];
  post(north, "drafts/" + id + "/change", {{"precedence", "immediate"}, {"initials", "AB"}});
  const json draft = get(north, "drafts")["drafts"][0];
  EXPECT_EQ(draft["text"], "one");
  EXPECT_EQ(draft["grade"], "note");
  EXPECT_EQ(draft["exercise"], true);
  EXPECT_EQ(draft["precedence"], "immediate");
  EXPECT_EQ(draft["version"], 2);
  EXPECT_FALSE(detail(north, "drafts/" + id + "/change", {{"grade", "notice"}, {"initials", "AB"}}, 403).empty());
  EXPECT_FALSE(detail(north, "drafts/" + id + "/change", {{"grade", "grand"}, {"initials", "AB"}}, 400).empty());
  post(north, "drafts/" + id + "/discard", {{"initials", "AB"}});
  EXPECT_TRUE(get(north, "drafts")["drafts"].empty());
}

TEST_F(PapersApi, AnAnswerIsSeenAsOneThere) {
  ASSERT_TRUE(until([this] { return open(); }));
  const std::string question = say(south, {{"text", "where?"}});
  ASSERT_TRUE(came(north, question));
  EXPECT_FALSE(detail(north, "messages", {{"line", "to-south"}, {"text", "here"}, {"ref", question}}, 400).empty())
      << "who answers?";
  const std::string answer = say(north, {{"text", "here"}, {"ref", question}, {"initials", "AB"}});
  EXPECT_TRUE(has_stage(north, question, "answered"));
  ASSERT_TRUE(came(south, answer));
  EXPECT_EQ(get(south, "messages/" + answer)["ref"], question);
  EXPECT_TRUE(until([&] { return has_stage(south, question, "answered"); })) << "reported as stages are";
  json again{{"text", "here"}, {"ref", question}, {"initials", "AB"}, {"id", answer}};
  EXPECT_EQ(say(north, again), answer);
  again["ref"] = std::string(32, '0');
  again["line"] = "to-south";
  EXPECT_EQ(call(north, "POST", "messages", again).status, 409);
}

TEST_F(PapersApi, WhateverCameIsPassedDeclinedOrPutOff) {
  ASSERT_TRUE(until([this] { return open(); }));
  const std::string text = say(south, {{"text", "a text"}});
  const std::string file = say(south, {{"file", {{"name", "a.txt"}, {"base64", "AAAA"}}}});
  ASSERT_TRUE(came(north, text) && came(north, file));
  const std::string back =
      post(north, "messages/" + text + "/read-back", {{"text", "a text"}, {"initials", "AB"}})["id"];
  ASSERT_TRUE(came(south, back));
  for (auto& [at, id] :
       std::vector<std::pair<StationWorld*, std::string>>{{&north, text}, {&north, file}, {&south, back}}) {
    for (const json& stage :
         {json{{"stage", "passed"}, {"initials", "AB"}, {"post", "Adviser"}},
          json{{"stage", "declined"}, {"initials", "AB"}}, json{{"stage", "not-now"}, {"initials", "AB"}}}) {
      post(*at, "messages/" + id + "/stage", stage);
      StationWorld& other = at == &north ? south : north;
      EXPECT_TRUE(until([&] { return has_stage(other, id, stage["stage"]); })) << stage;
    }
    EXPECT_EQ(call(*at, "POST", "messages/" + id + "/stage", {{"stage", "confirmed"}, {"initials", "AB"}}).status, 400);
  }
}

TEST_F(PapersApi, ATranslationStandsBesideItsMessageAndIsNeverSent) {
  ASSERT_TRUE(until([this] { return open(); }));
  const std::string id = say(south, {{"text", "Bonjour"}});
  ASSERT_TRUE(came(north, id));
  EXPECT_TRUE(get(north, "messages/" + id)["translation"].is_null());
  const auto before = north.core->news().last();
  post(north, "messages/" + id + "/translation", {{"language", "en"}, {"text", "Good day"}, {"initials", "AB"}});
  EXPECT_GT(north.core->news().last(), before) << "whoever watches is told";
  post(north, "messages/" + id + "/translation/review", {{"initials", "CD"}});
  post(north, "messages/" + id + "/translation", {{"language", "en"}, {"text", "Good day"}, {"initials", "AB"}});
  EXPECT_EQ(get(north, "messages/" + id)["translation"]["reviewer"], "CD") << "the same again is the same";
  EXPECT_FALSE(detail(north, "messages/" + id + "/translation/certify", {{"initials", "CD"}}, 403).empty());
  post(north, "messages/" + id + "/translation/certify", {{"initials", "EF"}, {"version", 1U}});
  const json shown = get(north, "messages/" + id);
  EXPECT_EQ(shown["text"], "Bonjour") << "the original stays";
  EXPECT_EQ(shown["translation"]["text"], "Good day");
  EXPECT_EQ(shown["translation"]["certifier"], "EF");
  ASSERT_TRUE(until([&] { return has_stage(south, id, "translated"); }));
  EXPECT_TRUE(get(south, "messages/" + id)["translation"].is_null());
  EXPECT_TRUE(south.inbox("to-north").empty());
  EXPECT_FALSE(get(north, "messages")["messages"][0].contains("translation")) << "lists have no texts";
}

TEST_F(PapersApi, AReadBackIsGivenAndSettled) {
  ASSERT_TRUE(until([this] { return open(); }));
  const std::string id = say(south, {{"text", "stop at noon"}, {"precedence", "immediate"}});
  ASSERT_TRUE(came(north, id));
  EXPECT_EQ(get(north, "messages/" + id)["read_back"], "asked");
  const std::string own(32, 'a');
  const json given{{"text", "stop at moon"}, {"initials", "AB"}, {"id", own}};
  EXPECT_EQ(post(north, "messages/" + id + "/read-back", given)["id"], own);
  EXPECT_EQ(post(north, "messages/" + id + "/read-back", given)["id"], own) << "an answer that was lost";
  EXPECT_EQ(
      call(north, "POST", "messages/" + id + "/read-back", {{"text", "x"}, {"initials", "AB"}, {"id", own}}).status,
      409);
  ASSERT_TRUE(until([&] { return get(south, "messages/" + id)["read_back"] == "given"; }));
  const json back = get(south, "messages/" + own);
  EXPECT_EQ(back["kind"], "read-back");
  EXPECT_EQ(back["text"], "stop at moon");
  EXPECT_EQ(back["ref"], id);
  post(south, "messages/" + id + "/read-back/confirm", {{"good", false}, {"initials", "CD"}});
  ASSERT_TRUE(until([&] { return get(north, "messages/" + id)["read_back"] == "wrong"; }));
  post(north, "messages/" + id + "/read-back", {{"text", "stop at noon"}, {"initials", "AB"}});
  ASSERT_TRUE(until([&] { return get(south, "messages/" + id)["read_back"] == "given"; }));
  post(south, "messages/" + id + "/read-back/confirm", {{"good", true}, {"initials", "CD"}});
  ASSERT_TRUE(until([&] { return get(north, "messages/" + id)["read_back"] == "confirmed"; }));
  EXPECT_FALSE(
      detail(north, "messages/" + id + "/read-back/confirm", {{"good", true}, {"initials", "AB"}}, 403).empty());
}

TEST_F(PapersApi, AFileOfAMegabyteComesWhole) {
  ASSERT_TRUE(until([this] { return open(); }));
  std::string bytes(20'000, '\xfe');
  for (std::size_t at = 0; at < bytes.size(); at += 3) bytes[at] = static_cast<char>(at);
  const auto base64 = crypto::to_base64(as_bytes(bytes));
  const json file{{"name", "карта.png"}, {"base64", as_text(base64.view())}};
  const std::string id = say(north, {{"file", file}});
  ASSERT_TRUE(until([&] { return call(south, "GET", "messages/" + id).status == 200; }, 300));
  EXPECT_EQ(get(south, "messages/" + id + "/file"), file);
  const json shown = get(south, "messages/" + id);
  EXPECT_EQ(shown["kind"], "file");
  EXPECT_EQ(shown["file"]["name"], "карта.png");
  EXPECT_EQ(shown["precedence"], "routine");
  EXPECT_EQ(shown["text"], "");
  EXPECT_EQ(shown["bytes"], bytes.size());
  EXPECT_EQ(get(south, "lines/to-north/export")["messages"][0]["file"], file);
  const auto refused = [&](const json& body, int status) {
    json whole = body;
    whole["line"] = "to-south";
    EXPECT_EQ(call(north, "POST", "messages", whole).status, status) << body.dump().substr(0, 99);
  };
  refused({{"file", file}, {"text", "both"}}, 400);
  refused({{"file", file}, {"precedence", "flash"}}, 400);
  refused({{"file", {{"name", "../x"}, {"base64", "AAAA"}}}}, 400);
  refused({{"file", {{"name", ""}, {"base64", "AAAA"}}}}, 400);
  refused({{"file", {{"name", "x"}, {"base64", ""}}}}, 400);
  refused({{"file", {{"name", "x"}, {"base64", "AA"}}}}, 422);
  refused({{"file", {{"name", "x"}, {"base64", "A-_A"}}}}, 422);
  refused({{"file", {{"name", "x"}, {"base64", "AAAA"}, {"path", "/"}}}}, 400);
  const auto large = crypto::to_base64(Bytes(1'000'001));
  refused({{"file", {{"name", "x"}, {"base64", as_text(large.view())}}}}, 422);
  const auto whole = crypto::to_base64(Bytes(1'000'000));
  EXPECT_FALSE(say(north, {{"file", {{"name", "x"}, {"base64", as_text(whole.view())}}}}).empty());
  EXPECT_EQ(call(south, "GET", "messages/" + std::string(32, '1') + "/file").status, 404);
}

TEST_F(PapersApi, ASearchFindsTextsTranslationsAndNames) {
  ASSERT_TRUE(until([this] { return open(); }));
  const std::string first = say(north, {{"text", "Встреча в полдень"}});
  const std::string second = say(north, {{"file", {{"name", "Полдень.txt"}, {"base64", "AAAA"}}}});
  const std::string third = say(south, {{"text", "Midi"}});
  ASSERT_TRUE(came(north, third));
  post(north, "messages/" + third + "/translation", {{"language", "ru"}, {"text", "ПОЛДЕНЬ"}, {"initials", "AB"}});
  const auto search = [&](const std::string& text) {
    std::vector<std::string> out;
    const json found = get(north, "messages", {{"search", text}});
    for (const json& each : found["messages"]) out.push_back(each["id"]);
    return out;
  };
  EXPECT_EQ(search("ПОЛДЕНЬ"), (std::vector{third, second, first})) << "newest first";
  EXPECT_EQ(search("встреча"), (std::vector{first}));
  EXPECT_TRUE(search("midnight").empty());
  EXPECT_EQ(call(north, "GET", "messages", {}, {{"search", ""}}).status, 400);
  EXPECT_EQ(call(north, "GET", "messages", {}, {{"search", std::string(257, 'x')}}).status, 400);
  EXPECT_EQ(call(north, "GET", "messages", {}, {{"before", first}}).status, 400);
  EXPECT_EQ(call(north, "GET", "messages", {}, {{"search", "x"}, {"before", std::string(32, '1')}}).status, 404);
}

TEST_F(PapersApi, ASheetAndNotesAreKeptHere) {
  ASSERT_TRUE(until([this] { return open(); }));
  const std::string path = "lines/to-south/sheet";
  const json none = get(north, path);
  EXPECT_TRUE(none["initials"].is_null() && none["titles"].empty());
  const json entry{{"ours", "Ministre"}, {"theirs", "Министр"}};
  const json phrase{{"code", "A1"}, {"ours", "oui"}, {"theirs", "да"}};
  const json body{{"titles", {entry}}, {"salutations", json::array()}, {"phrases", {phrase}}, {"initials", "AB"}};
  post(north, path, body);
  steps(2);
  north.restart(now);
  json shown = get(north, path);
  EXPECT_EQ(shown["at_ms"].get<std::int64_t>() / 1'000'000, now.value / 1'000'000);
  shown.erase("at_ms");
  EXPECT_EQ(shown, body);
  for (const json& odd :
       {json{{"ours", "x"}}, json{{"ours", "x"}, {"theirs", "y"}, {"code", "z"}}, json{{"ours", 1}, {"theirs", "y"}}}) {
    json wrong = body;
    wrong["titles"] = {odd};
    EXPECT_EQ(call(north, "POST", path, wrong).status, 400) << odd;
  }
  post(north, "lines/to-south/notes", {{"text", "they change at six"}, {"initials", "CD"}});
  const json notes = get(north, "lines/to-south/notes")["notes"];
  ASSERT_EQ(notes.size(), 1U);
  EXPECT_EQ(notes[0]["text"], "they change at six");
  EXPECT_EQ(call(north, "GET", "lines/nowhere/notes").status, 404);
}

TEST_F(PapersApi, AWatchHandsOverWhatStillNeedsSomebody) {
  ASSERT_TRUE(until([this] { return open(); }));
  const std::string id = say(south, {{"text", "answer me"}, {"precedence", "flash"}});
  ASSERT_TRUE(came(north, id));
  post(north, "watch/take", {{"initials", "AB"}});
  post(north, "lines/to-south/notes", {{"text", "call back"}, {"initials", "AB"}});
  const std::string draft = post(north, "drafts", {{"line", "to-south"}, {"text", "x"}, {"initials", "AB"}})["id"];
  EXPECT_TRUE(get(north, "watch/sheet")["drafts"].empty()) << "it is private";
  post(north, "drafts/" + draft + "/offer", {{"initials", "AB"}});
  const json sheet = get(north, "watch/sheet");
  EXPECT_EQ(sheet["watch"]["initials"], "AB");
  EXPECT_EQ(sheet["drafts"][0]["id"], draft);
  const json line = sheet["lines"][0];
  EXPECT_EQ(line["line"]["name"], "to-south");
  ASSERT_EQ(line["open"].size(), 1U);
  EXPECT_EQ(line["open"][0]["id"], id);
  EXPECT_FALSE(line["open"][0]["acknowledge_by_ms"].is_null()) << "its clock";
  EXPECT_EQ(line["notes"][0]["text"], "call back");
  EXPECT_EQ(line["ledger"].back()["what"], "AB took the watch");
}

TEST_F(PapersApi, ALongSearchGoesOnWhereItStopped) {
  commits = false;
  for (int n = 0; n < 5; ++n) say(north, {{"text", std::string(400'000, 'x') + std::to_string(n)}});
  north.commit(now);
  std::map<std::string, std::string> query{{"search", "X4"}};
  std::size_t found = 0;
  int calls = 0;
  for (;; ++calls) {
    const json part = get(north, "messages", query);
    found += part["messages"].size();
    if (part["more"].is_null()) break;
    query["before"] = part["more"];
  }
  EXPECT_EQ(found, 1U);
  EXPECT_GE(calls, 2);
}

}  // namespace
}  // namespace sw::station
