// needs: station
// Who may do what, through the router: every role and every scope against every route; and lines that a caller may not
// see, which do not exist.
#include <gtest/gtest.h>

#include <fstream>
#include <regex>
#include <set>

#include "station/routes.hpp"
#include "support/station_world.hpp"

namespace sw::station {
namespace {

using namespace sw::test;
using desk::Role;
using nlohmann::json;

/// The letters of the roles that may: Officer, Releaser, Interpreter, Principal, Archivist, aDmin.
const std::map<std::string, std::string> kMay{
    {"POST pair/offer", "D"},
    {"POST pair/accept", "D"},
    {"GET pair/check", "D"},
    {"POST pair/confirm", "D"},
    {"POST pair/cancel", "D"},
    {"GET lines", "ORIPAD"},
    {"GET lines/*", "ORIPAD"},
    {"POST lines/*/pause", "ORD"},
    {"POST lines/*/resume", "ORD"},
    {"POST lines/*/remove", "D"},
    {"POST lines/*/rename", "D"},
    {"POST lines/*/address", "D"},
    {"POST lines/*/continuity", "D"},
    {"POST lines/*/venue", "D"},
    {"POST lines/*/drill", "ORD"},
    {"GET lines/*/export", "AD"},
    {"GET lines/*/sheet", "ORIPAD"},
    {"POST lines/*/sheet", "ORD"},
    {"GET lines/*/notes", "ORD"},
    {"POST lines/*/notes", "ORD"},
    {"POST messages", "ORD"},
    {"GET messages", "ORIPAD"},
    {"GET messages/*", "ORIPAD"},
    {"POST messages/*/stage", "ORPD"},
    {"POST messages/*/translation", "ORID"},
    {"POST messages/*/translation/review", "ORID"},
    {"POST messages/*/translation/certify", "ORID"},
    {"POST messages/*/read-back", "ORD"},
    {"POST messages/*/read-back/confirm", "ORPD"},
    {"GET messages/*/file", "ORIPAD"},
    {"POST drafts", "ORD"},
    {"GET drafts", "ORD"},
    {"POST drafts/*/change", "ORD"},
    {"POST drafts/*/offer", "ORD"},
    {"POST drafts/*/discard", "ORD"},
    {"POST drafts/*/release", "ORD"},
    {"GET watch", "ORIPAD"},
    {"GET watch/sheet", "ORD"},
    {"POST watch/exercise", "ORD"},
    {"POST watch/take", "ORD"},
    {"POST watch/hand-over", "ORD"},
    {"POST watch/answer", "ORD"},
    {"GET operators", "D"},
    {"POST operators/*/remove", "D"},
    {"GET tokens", "D"},
    {"POST tokens", "D"},
    {"POST tokens/*/remove", "D"},
};
constexpr std::pair<char, Role> kRoles[] = {{'O', Role::officer},   {'R', Role::releaser},  {'I', Role::interpreter},
                                            {'P', Role::principal}, {'A', Role::archivist}, {'D', Role::admin}};

Caller person(Role role, std::optional<std::vector<LineId>> lines = std::nullopt, const char* initials = "MN") {
  desk::Operator out;
  out.name = "Minister";
  out.initials = initials;
  out.role = role;
  out.lines = std::move(lines);
  return caller_of(out);
}

Caller program(desk::Rights rights, std::vector<desk::LineScope> lines = {}) {
  desk::Token out;
  out.name = "program";
  out.rights = rights;
  out.lines = std::move(lines);
  return caller_of(out);
}

/// The north has a second line, of another compartment.
struct RightsTest : TwoStations, ::testing::Test {
  RightsTest() {
    pair();
    (void)north.offer("secret");
    open_line = north.core->by_name("to-south")->id;
    secret_line = north.core->by_name("secret")->id;
  }
  Response call(const Caller& caller, const std::string& method, const std::string& path,
                const json& body = json::object(), std::map<std::string, std::string> query = {}) {
    return route(*north.core, {method, path, std::move(query), body, {}, caller}, now);
  }
  static bool refused(const Caller& caller, const Response& response) {
    return response.status == 403 && response.body["detail"] == refusal(caller);
  }
  MessageId received(const std::string& text) {
    EXPECT_TRUE(until([&] { return open(); }));
    EXPECT_TRUE(south.core->send("to-north", draft_of(text), now));
    EXPECT_TRUE(until([&] { return !north.inbox("to-south").empty(); }));
    return north.inbox("to-south").front()->handle;
  }
  LineId open_line;
  LineId secret_line;
};

TEST_F(RightsTest, TheTableNamesEveryRoute) {
  std::ifstream in(std::string(SW_TESTS_DIR) + "/../src/station/routes.cpp");
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  const std::regex name(R"re(\{"(GET|POST)", "([^"]+)")re");
  std::set<std::string> routes;
  for (auto it = std::sregex_iterator(text.begin(), text.end(), name); it != std::sregex_iterator(); ++it) {
    routes.insert((*it)[1].str() + " " + (*it)[2].str());
  }
  std::set<std::string> named;
  for (const auto& [route, roles] : kMay) named.insert(route);
  EXPECT_EQ(routes, named);
}

TEST_F(RightsTest, EveryRoleOnEveryRoute) {
  for (const auto& [route, roles] : kMay) {
    const auto space = route.find(' ');
    const std::string path = std::regex_replace(route.substr(space + 1), std::regex(R"(\*)"), "nothing");
    for (const auto& [letter, role] : kRoles) {
      const Caller caller = person(role);
      const Response response = call(caller, route.substr(0, space), path);
      EXPECT_EQ(!refused(caller, response), roles.find(letter) != std::string::npos)
          << desk::word(role) << ": " << route << " " << response.status << response.body;
    }
    EXPECT_TRUE(refused(nobody(), call(nobody(), route.substr(0, space), path))) << route;
    EXPECT_FALSE(refused({}, call({}, route.substr(0, space), path))) << route << ": the station's user";
  }
}

TEST_F(RightsTest, ALineOfAnotherCompartmentDoesNotExist) {
  for (const Role role : {Role::officer, Role::releaser, Role::interpreter, Role::principal, Role::archivist}) {
    const Caller caller = person(role, std::vector<LineId>{open_line});
    const Response all = call(caller, "GET", "lines");
    ASSERT_EQ(all.body["lines"].size(), 1U);
    EXPECT_EQ(all.body["lines"][0]["name"], "to-south");
    // What there is not and what they may not see are answered alike.
    const json other = call(caller, "GET", "lines/nothing").body;
    const Response hidden = call(caller, "GET", "lines/secret");
    EXPECT_EQ(hidden.status, 404);
    EXPECT_EQ(hidden.body["detail"], "there is no line named secret");
    EXPECT_EQ(other["detail"], "there is no line named nothing");
    EXPECT_EQ(call(caller, "GET", "messages", json::object(), {{"line", "secret"}}).status, 404);
  }
  const Caller officer = person(Role::officer, std::vector<LineId>{open_line});
  EXPECT_EQ(call(officer, "POST", "messages", {{"line", "secret"}, {"text", "x"}}).status, 404);
  EXPECT_EQ(call(officer, "POST", "lines/secret/pause").status, 404);
  EXPECT_EQ(call(officer, "POST", "lines/secret/pause", {{"line", "to-south"}}).status, 404)
      << "whatever else the call names";
  EXPECT_EQ(call(officer, "POST", "lines/to-south/pause").status, 200);
  EXPECT_EQ(call(officer, "POST", "lines/to-south/resume").status, 200);
}

TEST_F(RightsTest, AMessageOfAnotherCompartmentDoesNotExist) {
  const MessageId id = received("for the first compartment");
  const Caller inside = person(Role::officer, std::vector<LineId>{open_line});
  const Caller outside = person(Role::officer, std::vector<LineId>{secret_line});
  EXPECT_EQ(call(inside, "GET", "messages/" + id.hex()).status, 200);
  EXPECT_EQ(call(inside, "GET", "messages").body["messages"].size(), 1U);
  EXPECT_EQ(call(outside, "GET", "messages").body["messages"].size(), 0U);
  const json none = call(outside, "GET", "messages/" + std::string(32, '7')).body;
  const Response hidden = call(outside, "GET", "messages/" + id.hex());
  EXPECT_EQ(hidden.status, 404);
  EXPECT_EQ(hidden.body, none);
  EXPECT_EQ(call(outside, "POST", "messages/" + id.hex() + "/stage", {{"stage", "read"}}).status, 404);
}

TEST_F(RightsTest, APrincipalSeesWhatIsPassedToThem) {
  const MessageId id = received("for the minister");
  const Caller minister = person(Role::principal);
  EXPECT_EQ(call(minister, "GET", "messages").body["messages"].size(), 0U);
  EXPECT_EQ(call(minister, "GET", "messages/" + id.hex()).status, 404);
  ASSERT_TRUE(north.core->stage(id, desk::Stage::passed, "AB", "Adviser", now));
  EXPECT_EQ(call(minister, "GET", "messages/" + id.hex()).status, 404) << "to somebody else";
  ASSERT_TRUE(north.core->stage(id, desk::Stage::passed, "AB", "Minister", now));
  EXPECT_EQ(call(minister, "GET", "messages/" + id.hex()).status, 200);
  EXPECT_EQ(call(minister, "GET", "messages").body["messages"].size(), 1U);
  EXPECT_EQ(call(minister, "POST", "messages/" + id.hex() + "/stage", {{"stage", "read"}}).status, 403);
  EXPECT_EQ(call(minister, "POST", "messages/" + id.hex() + "/stage", {{"stage", "seen"}}).status, 200);
  const auto marks = north.inbox("to-south").front()->marks;
  EXPECT_EQ(marks.back().initials, "MN") << "signed with their own initials";
}

TEST_F(RightsTest, OperatorsSignWithTheirOwnInitials) {
  const Caller officer = person(Role::officer);
  EXPECT_EQ(call(officer, "POST", "watch/take").body["initials"], "MN");
  EXPECT_EQ(call(officer, "POST", "watch/take", {{"initials", "MN"}}).status, 200);
  EXPECT_EQ(call(officer, "POST", "watch/take", {{"initials", "XX"}}).status, 403);
  EXPECT_EQ(call(officer, "POST", "watch/take", {{"initials", 7}}).status, 403);
  EXPECT_EQ(call(officer, "POST", "watch/hand-over", {{"initials", "XX"}}).body["initials"], "XX");
  EXPECT_EQ(call({}, "POST", "watch/take").status, 400) << "the station's user has none";
  EXPECT_EQ(call(program({desk::Right::admin}), "POST", "watch/take").status, 403);
}

TEST_F(RightsTest, WhatNeedsTwoPersonsIsNotSentByOne) {
  const auto sent = [&](const Caller& caller, const char* precedence, const char* grade) {
    return call(caller, "POST", "messages",
                {{"line", "to-south"}, {"text", "x"}, {"precedence", precedence}, {"grade", grade}})
        .status;
  };
  for (const Role role : {Role::officer, Role::releaser, Role::admin}) {
    EXPECT_EQ(sent(person(role), "immediate", "talk"), 200) << desk::word(role);
    EXPECT_EQ(sent(person(role), "flash", "talk"), 403) << desk::word(role);
    EXPECT_EQ(sent(person(role), "routine", "note"), 403) << desk::word(role);
  }
  EXPECT_EQ(sent({}, "flash", "note"), 200) << "the station's user";

  const auto upto = [&](Precedence highest, desk::Rights rights) {
    return program(rights, {{open_line, false, highest}});
  };
  EXPECT_EQ(sent(upto(Precedence::priority, {}), "priority", "talk"), 200);
  EXPECT_EQ(sent(upto(Precedence::priority, {}), "routine", "service"), 200);
  EXPECT_EQ(sent(upto(Precedence::priority, {}), "immediate", "talk"), 403);
  EXPECT_EQ(sent(upto(Precedence::priority, {}), "routine", "note"), 403);
  EXPECT_EQ(sent(upto(Precedence::priority, {desk::Right::release}), "routine", "note"), 200);
  EXPECT_EQ(sent(upto(Precedence::flash, {}), "flash", "talk"), 403);
  EXPECT_EQ(sent(upto(Precedence::flash, {desk::Right::release}), "flash", "talk"), 200);
  EXPECT_EQ(sent(program({desk::Right::release}), "routine", "talk"), 403);
  EXPECT_EQ(sent(program({}, {{secret_line, true, Precedence::flash}}), "routine", "talk"), 404);
  EXPECT_EQ(sent(program({desk::Right::admin}), "routine", "talk"), 403);
}

TEST_F(RightsTest, ADraftIsItsDraftersUntilItIsOfferedAndAReleaserReleasesWhatIsFormal) {
  const auto all = std::nullopt;
  const Caller drafter = person(Role::officer, all, "AB");
  const Caller officer = person(Role::officer, all, "CD");
  const Caller releaser = person(Role::releaser, all, "EF");
  const Caller outside = person(Role::releaser, std::vector<LineId>{secret_line}, "GH");
  const json draft{{"line", "to-south"}, {"text", "x"}, {"precedence", "flash"}};
  EXPECT_EQ(call(outside, "POST", "drafts", draft).status, 404);
  const Response kept = call(drafter, "POST", "drafts", draft);
  ASSERT_EQ(kept.status, 200) << kept.body;
  const std::string path = "drafts/" + kept.body["id"].get<std::string>();
  const auto seen = [&](const Caller& caller) { return call(caller, "GET", "drafts").body["drafts"].size(); };
  EXPECT_EQ(seen(drafter), 1U);
  EXPECT_EQ(seen(releaser), 0U);
  EXPECT_EQ(call(releaser, "GET", "drafts", json::object(), {{"initials", "AB"}}).body["drafts"].size(), 0U)
      << "whosever eyes they ask for";
  EXPECT_EQ(call(releaser, "POST", path + "/release").status, 404);
  EXPECT_EQ(call(drafter, "POST", path + "/offer").status, 200);
  EXPECT_EQ(seen(releaser), 1U);
  EXPECT_EQ(seen(outside), 0U);
  EXPECT_EQ(call(outside, "POST", path + "/release").status, 404);
  EXPECT_EQ(call(outside, "GET", "watch/sheet").body["drafts"].size(), 0U);
  EXPECT_EQ(call(officer, "POST", path + "/release").status, 403) << "not a releaser";
  EXPECT_EQ(call(releaser, "POST", path + "/release", {{"initials", "AB"}}).status, 403) << "in another's name";
  EXPECT_EQ(call(releaser, "POST", path + "/release").status, 200);
  EXPECT_EQ(call(person(Role::releaser, all, "IJ"), "POST", path + "/release").status, 409);
  EXPECT_EQ(call(outside, "POST", path + "/release").status, 404) << "nor does its message exist";
}

TEST_F(RightsTest, ScopesOfTokens) {
  const MessageId id = received("hello");
  const Caller status = program({desk::Right::status});
  const Caller reader = program({}, {{open_line, true, std::nullopt}});
  const Caller sender = program({}, {{open_line, false, Precedence::flash}});
  EXPECT_EQ(call(status, "GET", "lines").body["lines"].size(), 2U);
  EXPECT_EQ(call(status, "GET", "messages").status, 403);
  EXPECT_EQ(call(status, "GET", "messages/" + id.hex()).status, 403);
  EXPECT_EQ(call(reader, "GET", "lines").body["lines"].size(), 1U) << "the line that it reads";
  EXPECT_EQ(call(reader, "GET", "lines/secret").status, 404);
  EXPECT_EQ(call(reader, "GET", "messages/" + id.hex()).status, 200);
  EXPECT_EQ(call(reader, "GET", "messages").body["messages"].size(), 1U);
  EXPECT_EQ(call(reader, "POST", "messages", {{"line", "to-south"}, {"text", "x"}}).status, 403);
  EXPECT_EQ(call(reader, "POST", "messages/" + id.hex() + "/stage", {{"stage", "read"}, {"initials", "A"}}).status,
            403);
  EXPECT_EQ(call(sender, "GET", "messages").status, 403);
  EXPECT_EQ(call(sender, "GET", "messages/" + id.hex()).status, 403);
  EXPECT_EQ(call(sender, "GET", "lines/to-south/export").status, 403);
  EXPECT_EQ(call(program({desk::Right::admin}), "POST", "lines/secret/rename", {{"to", "other"}}).status, 200);
  EXPECT_EQ(call(program({desk::Right::admin}), "GET", "messages/" + id.hex()).status, 403);
}

TEST_F(RightsTest, ATokenReadsBackOnlyWhereItSends) {
  const MessageId id = received("hello");
  const std::string path = "messages/" + id.hex() + "/read-back";
  const json body{{"text", "x"}, {"initials", "AB"}};
  const auto with = [&](std::optional<Precedence> here) {
    return call(program({}, {{open_line, true, here}, {secret_line, true, Precedence::flash}}), "POST", path, body)
        .status;
  };
  EXPECT_EQ(with(std::nullopt), 403) << "it sends on another line";
  ASSERT_EQ(north.inbox("to-south").front()->header.precedence, Precedence::routine);
  EXPECT_EQ(with(Precedence::routine), 200);
}

TEST_F(RightsTest, TokensAreMadeOfScopes) {
  const json good{{"name", "monitor"}, {"scope", {"status", "read:to-south", "send:to-south:priority"}}};
  const std::string secret = call({}, "POST", "tokens", good).body["token"];
  EXPECT_TRUE(secret.starts_with("SW1-TOKEN:"));
  EXPECT_EQ(secret.size(), 10U + 43U);
  EXPECT_EQ(call({}, "GET", "tokens").body["tokens"][0], good);
  EXPECT_EQ(call({}, "POST", "tokens", good).status, 409);
  for (const char* scope :
       {"", "Status", "read", "read:nothing", "send:to-south", "send:to-south:now", "send::flash", "send:flash"}) {
    EXPECT_GE(call({}, "POST", "tokens", {{"name", "other"}, {"scope", {scope}}}).status, 400) << scope;
  }
  EXPECT_EQ(call({}, "POST", "tokens", {{"name", "other"}, {"scope", json::array()}}).status, 400);
  ASSERT_TRUE(north.core->rename("to-south", "a:b", now));
  EXPECT_EQ(call({}, "POST", "tokens", {{"name", "other"}, {"scope", {"send:a:b:flash"}}}).status, 200);
  EXPECT_EQ(call({}, "POST", "tokens/monitor/remove").status, 200);
  EXPECT_EQ(call({}, "POST", "tokens/monitor/remove").status, 404);
}

TEST_F(RightsTest, OperatorsAreThereAfterARestartAndTheLastAdminStays) {
  desk::Operator ada;
  ada.name = "Ada";
  ada.initials = "AD";
  ada.role = Role::admin;
  ASSERT_TRUE(north.core->add_operator(ada));
  north.commit(now);
  north.restart(now);
  const json listed = call({}, "GET", "operators").body["operators"];
  ASSERT_EQ(listed.size(), 1U);
  EXPECT_EQ(listed[0],
            (json{{"name", "Ada"}, {"initials", "AD"}, {"role", "admin"}, {"language", "en"}, {"lines", nullptr}}));
  EXPECT_EQ(call(caller_of(ada), "POST", "operators/Ada/remove").status, 409);
  EXPECT_EQ(call({}, "POST", "operators/Ada/remove").status, 200);
  EXPECT_EQ(call({}, "POST", "operators/Ada/remove").status, 404);
}

}  // namespace
}  // namespace sw::station
