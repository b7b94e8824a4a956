// needs: station
// The calls of docs/api.md on the core: each is answered, each refusal is a problem object, and nothing is called that
// the document does not list.
#include <gtest/gtest.h>

#include <fstream>
#include <regex>
#include <set>

#include "station/routes.hpp"
#include "support/api_doc.hpp"
#include "support/station_world.hpp"

namespace sw::station {
namespace {

using namespace sw::test;
using nlohmann::json;

struct Routes : TwoStations, ::testing::Test {
  Routes() { pair(); }

  Response call(const std::string& method, const std::string& path, const json& body = json::object(),
                std::map<std::string, std::string> query = {}) {
    return route(*north.core, {method, path, std::move(query), body}, now);
  }
  json get(const std::string& path, std::map<std::string, std::string> query = {}) {
    const Response response = call("GET", path, json::object(), std::move(query));
    EXPECT_EQ(response.status, 200) << path << response.body;
    return response.body;
  }
  json post(const std::string& path, const json& body = json::object()) {
    const Response response = call("POST", path, body);
    EXPECT_EQ(response.status, 200) << path << response.body;
    return response.body;
  }
  void expect_problem(const Response& response, int status, const std::string& code, const std::string& what) {
    EXPECT_EQ(response.status, status) << what << response.body;
    EXPECT_EQ(response.body.value("status", 0), status) << what;
    EXPECT_EQ(response.body.value("code", ""), code) << what;
    EXPECT_FALSE(response.body.value("title", "").empty()) << what;
    EXPECT_FALSE(response.body.value("detail", "").empty()) << what;
    EXPECT_EQ(response.body.size(), 4U) << what;
  }
};

/// What a source file's table or comparisons name.
std::set<std::string> named_in(const std::string& file, const std::string& pattern) {
  std::ifstream in(std::string(SW_TESTS_DIR) + "/../src/station/" + file);
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  std::set<std::string> out;
  const std::regex name(pattern);
  for (auto it = std::sregex_iterator(text.begin(), text.end(), name); it != std::sregex_iterator(); ++it) {
    out.insert((*it)[1].str() + " " + (*it)[2].str());
  }
  return out;
}

TEST(Calls, TheDocumentAndTheTablesNameTheSame) {
  std::set<std::string> built = named_in("routes.cpp", R"re(\{"(GET|POST)", "([^"]+)")re");
  ASSERT_GT(built.size(), 20U);
  built.merge(named_in("shell.cpp", R"re(call == "(GET|POST) ([^"]+)")re"));
  built.merge(named_in("doors.cpp", R"re(\{"(GET|POST) ([^"]+)", &Doors)re"));
  EXPECT_EQ(built, documented());
}

TEST_F(Routes, ASendThatIsRepeatedIsOneMessage) {
  const std::string id = "0123456789abcdef0123456789abcdef";
  const json message{{"line", "to-south"}, {"text", "once"}, {"id", id}};
  EXPECT_EQ(post("messages", message)["id"], id);
  EXPECT_EQ(post("messages", message)["id"], id) << "before the disk has it";
  north.commit(now);
  EXPECT_EQ(post("messages", message)["id"], id) << "and after";
  for (const auto& [field, value] : std::map<std::string, json>{
           {"text", "ONCE"}, {"precedence", "flash"}, {"grade", "service"}, {"exercise", true}}) {
    json other = message;
    other[field] = value;
    expect_problem(call("POST", "messages", other), 409, "conflict", field);
  }
  json odd = message;
  odd["id"] = std::string(32, '0');
  expect_problem(call("POST", "messages", odd), 409, "conflict", "zeros name no message");
  odd["id"] = "12";
  expect_problem(call("POST", "messages", odd), 404, "not_found", "not an id");
  EXPECT_EQ(get("messages")["messages"].size(), 1U);
}

TEST_F(Routes, EveryDocumentedCallIsAnswered) {
  for (const std::string& each : named_in("routes.cpp", R"re(\{"(GET|POST)", "([^"]+)")re")) {
    const auto space = each.find(' ');
    const std::string path = std::regex_replace(each.substr(space + 1), std::regex(R"(\*)"), "to-south");
    const Response response = call(each.substr(0, space), path);
    EXPECT_EQ(response.body.dump().find("there is no such call"), std::string::npos) << each;
  }
  for (const char* path : {"", "nothing", "lines/to-south/nothing", "lines/to-south/pause/now", "messages/a/b/c"}) {
    expect_problem(call("GET", path), 404, "not_found", path);
    expect_problem(call("POST", path), 404, "not_found", path);
  }
  expect_problem(call("GET", "lines/"), 404, "not_found", "a line without a name is not the list");
  expect_problem(call("GET", "messages/"), 404, "not_found", "nor a message without an id");
  expect_problem(call("POST", "lines"), 404, "not_found", "the wrong method");
  expect_problem(call("GET", "watch/take"), 404, "not_found", "the wrong method");
}

const std::string kId = "0123456789abcdef0123456789abcdef";

struct Body {
  const char* path;
  json good;
};

TEST_F(Routes, UnknownMissingAndWrongFieldsAreUsage) {
  const std::vector<Body> bodies{
      {"pair/offer", {{"line", "new"}, {"at", {"192.0.2.1:1"}}, {"round_ms", 1000}, {"replace", false}}},
      {"pair/accept", {{"line", "to-south"}, {"card", "SW1-CARD:x"}}},
      {"pair/confirm", {{"line", "to-south"}}},
      {"pair/cancel", {{"line", "to-south"}}},
      {"lines/to-south/pause", json::object()},
      {"lines/to-south/resume", json::object()},
      {"lines/to-south/remove", json::object()},
      {"lines/to-south/drill", json::object()},
      {"lines/to-south/rename", {{"to", "x"}}},
      {"lines/to-south/address", {{"at", {"192.0.2.1:1"}}}},
      {"lines/to-south/continuity", {{"confirm", true}}},
      {"lines/to-south/venue", {{"act", "propose"}, {"venue", "00ab"}}},
      {"messages",
       {{"line", "to-south"}, {"text", "x"}, {"precedence", "flash"}, {"grade", "talk"}, {"exercise", true}}},
      {"messages/00000000000000000000000000000000/stage", {{"stage", "read"}, {"initials", "AB"}, {"post", "Adviser"}}},
      {"messages/00000000000000000000000000000000/translation",
       {{"language", "fr"}, {"text", "x"}, {"initials", "AB"}}},
      {"messages/00000000000000000000000000000000/translation/review", {{"initials", "AB"}, {"version", 1U}}},
      {"messages/00000000000000000000000000000000/translation/certify", {{"initials", "AB"}, {"version", 1U}}},
      {"messages/00000000000000000000000000000000/read-back", {{"text", "x"}, {"initials", "AB"}, {"id", kId}}},
      {"messages/00000000000000000000000000000000/read-back/confirm", {{"good", true}, {"initials", "AB"}}},
      {"drafts",
       {{"line", "to-south"},
        {"text", "x"},
        {"precedence", "flash"},
        {"grade", "talk"},
        {"exercise", true},
        {"ref", kId},
        {"initials", "AB"},
        {"id", kId}}},
      {"drafts/00000000000000000000000000000000/change",
       {{"text", "x"}, {"precedence", "flash"}, {"grade", "talk"}, {"exercise", true}, {"initials", "AB"}}},
      {"drafts/00000000000000000000000000000000/offer", {{"initials", "AB"}}},
      {"drafts/00000000000000000000000000000000/discard", {{"initials", "AB"}}},
      {"drafts/00000000000000000000000000000000/release", {{"initials", "AB"}, {"version", 1U}}},
      {"lines/nowhere/sheet",
       {{"titles", {{{"ours", "x"}, {"theirs", "y"}}}},
        {"salutations", json::array()},
        {"phrases", {{{"code", "a"}, {"ours", "x"}, {"theirs", "y"}}}},
        {"initials", "AB"}}},
      {"lines/nowhere/notes", {{"text", "x"}, {"initials", "AB"}}},
      {"watch/take", {{"initials", "AB"}}},
      {"watch/exercise", {{"on", true}, {"initials", "AB"}}},
      {"watch/hand-over", {{"initials", "AB"}}},
      {"watch/answer", json::object()},
  };
  const std::set<std::string> optional{"round_ms", "replace", "precedence", "grade",  "exercise",
                                       "post",     "id",      "ref",        "version"};
  for (const Body& each : bodies) {
    json more = each.good;
    more["nonsense"] = 1;
    expect_problem(call("POST", each.path, more), 400, "usage", std::string(each.path) + " unknown field");
    for (const auto& [name, value] : each.good.items()) {
      json less = each.good;
      less.erase(name);
      const bool may_stay = name == "text" && std::string(each.path).ends_with("/change");
      if (!optional.contains(name) && !may_stay) {
        expect_problem(call("POST", each.path, less), 400, "usage", std::string(each.path) + " without " + name);
      }
      for (const json& wrong :
           {json(nullptr), json(-1), json(1.5), json::array({1}), json::object(), json(5'000'000'000)}) {
        json odd = each.good;
        odd[name] = wrong;
        expect_problem(call("POST", each.path, odd), 400, "usage", std::string(each.path) + " " + odd.dump());
      }
    }
  }
  EXPECT_EQ(get("lines")["lines"].size(), 1U);  // nothing was done
  EXPECT_EQ(get("lines/to-south")["paused_here"], false);
  EXPECT_TRUE(get("messages")["messages"].empty());
}

TEST_F(Routes, WordsAndAddressesThatAreNone) {
  const json message{{"line", "to-south"}, {"text", "x"}};
  json odd = message;
  odd["precedence"] = "urgent";
  expect_problem(call("POST", "messages", odd), 400, "usage", "precedence");
  odd = message;
  odd["grade"] = "secret";
  expect_problem(call("POST", "messages", odd), 400, "usage", "grade");
  odd = message;
  odd["grade"] = "notice";
  expect_problem(call("POST", "messages", odd), 403, "refused", "a notice");
  odd = message;
  odd["line"] = "nowhere";
  expect_problem(call("POST", "messages", odd), 404, "not_found", "no such line");
  odd = message;
  odd["text"] = std::string(desk::kTextLimit + 1, 'x');
  expect_problem(call("POST", "messages", odd), 422, "out_of_range", "too long");
  odd["text"] = "";
  expect_problem(call("POST", "messages", odd), 400, "usage", "empty");
  for (const char* at : {"example.org:1", "192.0.2.1", "192.0.2.1:0", "192.0.2.1:70000", "", ":1"}) {
    const Response response = call("POST", "lines/to-south/address", {{"at", {at}}});
    EXPECT_GE(response.status, 400) << at;
  }
  expect_problem(call("POST", "lines/to-south/address", {{"at", json::array()}}), 400, "usage", "no address");
  expect_problem(call("GET", "messages/abc"), 404, "not_found", "no id");
  expect_problem(call("GET", "messages/" + std::string(32, '0')), 404, "not_found", "no such message");
  expect_problem(call("GET", "pair/check"), 400, "usage", "no line");
  expect_problem(call("GET", "pair/check", {}, {{"line", "to-south"}, {"x", "1"}}), 400, "usage", "unknown key");
  expect_problem(call("GET", "messages", {}, {{"lines", "to-south"}}), 400, "usage", "unknown key");
  expect_problem(call("GET", "messages", {}, {{"line", "nowhere"}}), 404, "not_found", "no such line");
  expect_problem(call("POST", "watch/answer"), 409, "conflict", "nobody has the watch");
  expect_problem(call("POST", "lines/to-south/continuity", {{"confirm", true}}), 409, "conflict", "nothing broken");
  expect_problem(call("POST", "lines/to-south/venue", {{"act", "accept"}}), 409, "conflict", "nothing asked");
  expect_problem(call("POST", "lines/to-south/venue", {{"act", "propose"}, {"venue", "00ab"}}), 404, "not_found",
                 "added");
}

TEST_F(Routes, ProblemsOfEveryKind) {
  const std::vector<std::tuple<Errc, std::string, int>> table{{Errc::usage, "usage", 400},
                                                              {Errc::malformed, "malformed", 422},
                                                              {Errc::forged, "forged", 422},
                                                              {Errc::out_of_range, "out_of_range", 422},
                                                              {Errc::not_found, "not_found", 404},
                                                              {Errc::full, "full", 507},
                                                              {Errc::io, "io", 500},
                                                              {Errc::conflict, "conflict", 409},
                                                              {Errc::refused, "refused", 403},
                                                              {Errc::unsupported, "unsupported", 403},
                                                              {Errc::locked, "locked", 423}};
  for (const auto& [code, word, status] : table) expect_problem(problem({code, "do this"}), status, word, word);
}

TEST_F(Routes, ALineHasTheFieldsOfTheDocument) {
  const json line = get("lines/to-south");
  std::set<std::string> names;
  for (const auto& [name, value] : line.items()) names.insert(name);
  EXPECT_EQ(names, (std::set<std::string>{"name",
                                          "state",
                                          "age_ms",
                                          "blame",
                                          "operator",
                                          "detail",
                                          "machine_age_ms",
                                          "watch",
                                          "healed_rounds",
                                          "heard",
                                          "strip",
                                          "round_ms",
                                          "rounds_opened",
                                          "paused_here",
                                          "paused_there",
                                          "their_store_full",
                                          "venue",
                                          "venues",
                                          "change",
                                          "pairing",
                                          "continuity",
                                          "continuity_check",
                                          "waiting",
                                          "unread",
                                          "acknowledge_by_ms"}));
  EXPECT_EQ(line["strip"].get<std::string>().size(), 60U);
  EXPECT_TRUE(line["age_ms"].is_null());
  EXPECT_EQ(line["pairing"], "confirmed");
  EXPECT_EQ(get("lines")["lines"][0], line);
}

TEST_F(Routes, AMessageFromDraftToAnsweredWithItsClock) {
  ASSERT_TRUE(until([this] { return open(); }));
  const json sent = post("messages", {{"line", "to-south"}, {"text", "до встречи"}, {"precedence", "flash"}});
  const std::string id = sent["id"];
  EXPECT_EQ(id.size(), 32U);
  const auto message = [&] { return get("messages/" + id); };
  EXPECT_EQ(message()["text"], "до встречи");
  EXPECT_TRUE(message()["acknowledge_by_ms"].is_null());
  ASSERT_TRUE(until([&] { return !message()["acknowledge_by_ms"].is_null(); }));
  ASSERT_TRUE(
      south.core->stage(MessageId{south.inbox("to-north")[0]->handle}, desk::Stage::passed, "CD", "Adviser", now)
          .has_value());
  ASSERT_TRUE(until([&] { return message()["acknowledge_by_ms"].is_null(); }));
  const json last = message()["stages"].back();
  EXPECT_EQ(last["stage"], "passed");
  EXPECT_EQ(last["by"], "there");
  EXPECT_EQ(last["initials"], "CD");
  EXPECT_EQ(last["post"], "Adviser");
  EXPECT_FALSE(get("messages", {{"line", "to-south"}})["messages"][0].contains("text"));
  const json exported = get("lines/to-south/export");
  EXPECT_EQ(exported["messages"][0]["text"], "до встречи");
  EXPECT_FALSE(exported["ledger"].empty());
}

TEST_F(Routes, WhatWaitsHereShowsItsFirstClock) {
  ASSERT_TRUE(until([this] { return open(); }));
  ASSERT_TRUE(south.core->send("to-north", draft_of("later", Precedence::routine), now).has_value());
  ASSERT_TRUE(south.core->send("to-north", draft_of("soon", Precedence::flash), now).has_value());
  ASSERT_TRUE(until([this] { return get("lines/to-south")["unread"] == 2; }));
  const json messages = get("messages")["messages"];
  std::int64_t first = INT64_MAX;
  for (const json& m : messages) first = std::min(first, m["acknowledge_by_ms"].get<std::int64_t>());
  EXPECT_EQ(get("lines/to-south")["acknowledge_by_ms"], first);
  for (const json& m : messages) {
    post("messages/" + m["id"].get<std::string>() + "/stage", {{"stage", "read"}, {"initials", "AB"}});
  }
  EXPECT_EQ(get("lines/to-south")["unread"], 0);
  EXPECT_TRUE(get("lines/to-south")["acknowledge_by_ms"].is_null());
}

TEST_F(Routes, TheWatch) {
  EXPECT_EQ(get("watch"),
            (json{{"initials", nullptr}, {"taken_ms", nullptr}, {"answered_ms", nullptr}, {"exercise", nullptr}}));
  const json taken = post("watch/take", {{"initials", "AB"}});
  EXPECT_EQ(taken,
            (json{{"initials", "AB"}, {"taken_ms", now.value}, {"answered_ms", now.value}, {"exercise", nullptr}}));
  now.value += 5000;
  EXPECT_EQ(post("watch/answer")["answered_ms"], now.value);
  EXPECT_EQ(post("watch/hand-over", {{"initials", "CD"}})["initials"], "CD");
  EXPECT_EQ(get("watch")["taken_ms"], now.value);
}

}  // namespace
}  // namespace sw::station
