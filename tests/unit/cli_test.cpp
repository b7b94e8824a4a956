// needs: faces
// The command line against a station: what is asked of it, what is printed, how it exits.
#include "faces/cli/render.hpp"
#include "support/cli_world.hpp"

namespace sw::faces {
namespace {

using namespace sw::test;

TEST(Cli, NoStationExits69) {
  Folder folder;
  for (const char* text : {"status", "line ls", "inbox", "watch status", "lock"}) {
    const Ended ended = ran(folder.path, words(text));
    EXPECT_EQ(ended.exit, kExitNoStation);
    EXPECT_EQ(ended.err, "stillwire: no station is running on this home; start it with: stillwire station\n");
  }
  EXPECT_EQ(ran(folder.path, words("status --wait OPEN --timeout 1")).exit, kExitNoStation);
  EXPECT_EQ(ran(folder.path / std::string(120, 'x'), {"status"}).exit, 65);
}

TEST(Cli, EveryCodeOfTheApiHasItsExit) {
  const std::map<std::string, std::pair<int, int>> contract{
      {"usage", {400, 64}},     {"malformed", {422, 65}},   {"forged", {422, 65}}, {"out_of_range", {422, 65}},
      {"not_found", {404, 66}}, {"full", {507, 73}},        {"io", {500, 74}},     {"conflict", {409, 75}},
      {"refused", {403, 77}},   {"unsupported", {403, 77}}, {"locked", {423, 3}}};
  for (const auto& [code, numbers] : contract) {
    const json body{{"title", "t"}, {"status", numbers.first}, {"code", code}, {"detail", "do this"}};
    Fake fake({{"POST lock", {numbers.first, body}}});
    const Ended plain = fake.run({"lock"});
    EXPECT_EQ(plain.exit, numbers.second) << code;
    EXPECT_EQ(plain.err, "stillwire: do this\n");
    EXPECT_EQ(plain.out, "");
    EXPECT_EQ(json::parse(fake.run({"lock", "--json"}).out), body);
  }
}

TEST(Cli, SendGivesTheTextAsItIsAndPrintsTheId) {
  const std::string id(32, 'a');
  Fake fake({{"POST messages", {200, {{"id", id}}}},
             {"GET messages/" + id, {200, {{"id", id}, {"stages", {{{"stage", "stored"}}}}}}}});
  const std::string text = "Слово\n\"quoted\" \\ مرحبا 你好\n";
  const Ended ended = fake.run({"send", "berlin", "--precedence", "flash", "--exercise", "--wait", "stored", "--file",
                                fake.folder.file("text", text)});
  EXPECT_EQ(ended.exit, 0) << ended.err;
  EXPECT_EQ(ended.out, id + "\n");
  EXPECT_EQ(fake.asked().path, "messages/" + id);
  EXPECT_EQ(fake.run({"send", "berlin", "--file", fake.folder.file("text", text)}).exit, 0);
  EXPECT_EQ(fake.asked().body, (json{{"line", "berlin"}, {"text", text}}));
  EXPECT_EQ(fake.run({"send", "berlin", "--file", fake.folder.file("empty", "")}).exit, 64);
  EXPECT_EQ(fake.run({"send", "berlin", "--file", fake.folder.file("wrong", "\xff")}).exit, 65);
  EXPECT_EQ(fake.run({"send", "berlin", "--file", fake.folder.file("long", std::string(10'000'000, 'x'))}).exit, 65);
  EXPECT_EQ(fake.run({"send", "berlin", "--file", fake.folder.path / "none"}).exit, 66);
}

TEST(Cli, AnIdMayBeShort) {
  const std::string one = "aaaa1" + std::string(27, '0');
  const std::string two = "aaaa2" + std::string(27, '0');
  Fake fake({{"GET messages", {200, {{"messages", {{{"id", one}}, {{"id", two}}}}}}}});
  EXPECT_EQ(fake.run({"stage", "AAAA2", "read", "--initials", "AB"}).exit, 0);
  EXPECT_EQ(fake.asked().path, "messages/" + two + "/stage");
  EXPECT_EQ(fake.asked().body, (json{{"stage", "read"}, {"initials", "AB"}}));
  EXPECT_EQ(fake.run({"show", "aaaa"}).exit, 64);
  EXPECT_EQ(fake.run({"show", "bbbb"}).exit, 66);
  EXPECT_EQ(fake.run({"show", "aaa"}).exit, 64);
  EXPECT_EQ(fake.run({"show", "zzzz"}).exit, 64);
}

TEST(Cli, PairOfferWritesTheCardForItsOwnerOnly) {
  Fake fake({{"POST pair/offer", {200, {{"card", "SW1-CARD:abc"}}}}});
  const std::string card = fake.folder.path / "card";
  const std::vector<std::string> offer = {"pair", "offer", "--line", "a", "--at", "127.0.0.1:7000", "--out", card};
  EXPECT_EQ(fake.run(offer).exit, 0);
  EXPECT_EQ(fake.asked().body, (json{{"line", "a"}, {"at", {"127.0.0.1:7000"}}, {"replace", false}}));
  std::ifstream in(card);
  std::string text;
  std::getline(in, text);
  EXPECT_EQ(text, "SW1-CARD:abc");
  struct stat found{};
  ASSERT_EQ(stat(card.c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 0777U, 0600U);
  EXPECT_EQ(fake.run(offer).exit, 75);  // a card that is there is never written over unasked
  auto replace = offer;
  replace.push_back("--replace");
  EXPECT_EQ(fake.run(replace).exit, 0);
}

TEST(Cli, ARefusedOfferLeavesNoFile) {
  Fake fake({{"POST pair/offer", {409, {{"code", "conflict"}, {"detail", "no"}}}}});
  const std::string card = fake.folder.path / "card";
  EXPECT_EQ(fake.run({"pair", "offer", "--line", "a", "--at", "127.0.0.1:7000", "--out", card}).exit, 75);
  EXPECT_FALSE(std::filesystem::exists(card));
}

TEST(Cli, PairAcceptTakesAFileOrTheText) {
  const json check{{"check", {"00001", "22222", "33333", "44444", "55555", "66666"}}};
  Fake fake({{"POST pair/accept", {200, check}}});
  const Ended ended = fake.run({"pair", "accept", "--line", "a", fake.folder.file("card", "SW1-CARD:xyz\r\n")});
  EXPECT_EQ(fake.asked().body, (json{{"line", "a"}, {"card", "SW1-CARD:xyz"}}));
  EXPECT_TRUE(ended.out.starts_with("00001  22222  33333  44444  55555  66666\n")) << ended.out;
  EXPECT_EQ(fake.run({"pair", "accept", "--line", "a", "SW1-CARD:text"}).exit, 0);
  EXPECT_EQ(fake.asked().body["card"], "SW1-CARD:text");
}

TEST(Cli, PassphrasesComeFromTheFirstLineOfAFile) {
  Fake fake({});
  const std::string odd = "a \"b\" \\ \x01 ключ";
  EXPECT_EQ(fake.run({"unlock", "--passphrase-file", fake.folder.file("p", odd + "\nsecond line\n")}).exit, 0);
  EXPECT_EQ(fake.asked().body, (json{{"passphrase", odd}}));
  EXPECT_EQ(fake.run({"unlock", "--passphrase-file", fake.folder.file("p", "")}).exit, 65);
  EXPECT_EQ(fake.run({"unlock", "--passphrase-file", fake.folder.file("p", "\xff")}).exit, 65);
  EXPECT_EQ(fake.run({"unlock", "--passphrase-file", fake.folder.file("p", std::string(1025, 'x'))}).exit, 65);
  EXPECT_EQ(fake.run({"unlock", "--passphrase-file", fake.folder.path / "none"}).exit, 66);
  const std::string open_file = fake.folder.file("p", "a passphrase");
  std::filesystem::permissions(open_file, std::filesystem::perms::others_read, std::filesystem::perm_options::add);
  const auto open_to_others = fake.run({"unlock", "--passphrase-file", open_file});
  EXPECT_EQ(open_to_others.exit, 77);
  EXPECT_NE(open_to_others.err.find("chmod 600"), std::string::npos);
}

TEST(Cli, AServiceManagersCredentialMayHaveAnAcl) {
  Fake fake({});
  const std::string credential = fake.folder.file("passphrase", "of the service");
  using std::filesystem::perms;
  std::filesystem::permissions(credential, perms::owner_read | perms::group_read);
  EXPECT_EQ(fake.run({"unlock", "--passphrase-file", credential}).exit, 77);
  ::setenv("CREDENTIALS_DIRECTORY", fake.folder.path.c_str(), 1);
  EXPECT_EQ(fake.run({"unlock", "--passphrase-file", credential}).exit, 0);
  std::filesystem::permissions(credential, perms::owner_read | perms::others_read);
  EXPECT_EQ(fake.run({"unlock", "--passphrase-file", credential}).exit, 77);
  ::unsetenv("CREDENTIALS_DIRECTORY");
}

TEST(Cli, LineNamesAreEncodedInPaths) {
  Fake fake({});
  EXPECT_EQ(fake.run({"line", "pause", "Bérn ?x#%"}).exit, 0);
  EXPECT_EQ(fake.asked().path, "lines/Bérn ?x#%/pause");
  EXPECT_EQ(fake.run({"inbox", "a&b=c"}).exit, 0);
  EXPECT_EQ(fake.asked().query.at("line"), "a&b=c");
}

TEST(Cli, TheWorstLineDecidesTheExit) {
  const auto exit_of = [](std::vector<std::string> states) {
    json lines = json::array();
    for (const auto& state : states) lines.push_back({{"state", state}});
    return lines_exit(lines);
  };
  EXPECT_EQ(exit_of({}), 0);
  EXPECT_EQ(exit_of({"OPEN", "PAUSED"}), 0);
  EXPECT_EQ(exit_of({"OPEN", "LATE"}), 1);
  EXPECT_EQ(exit_of({"LATE", "DOWN", "OPEN"}), 2);
  EXPECT_EQ(exit_of({"DOWN", "UNKNOWN"}), 3);
  EXPECT_EQ(exit_of({"LOCKED", "OPEN"}), 3);
}

TEST(Cli, StatusWaitsForEveryLine) {
  json down = open_line();
  down["state"] = "DOWN";
  const auto status = [](const json& lines) {
    return json{{"party", "N"}, {"locked", false}, {"now_ms", 0}, {"carrier", {{"connected", true}}}, {"lines", lines}};
  };
  Fake open({{"GET status", {200, status(json::array({open_line()}))}}});
  EXPECT_EQ(open.run(words("status --wait OPEN --timeout 1")).exit, 0);
  Fake mixed({{"GET status", {200, status(json::array({open_line(), down}))}}});
  EXPECT_EQ(mixed.run(words("status --wait OPEN --timeout 1")).exit, 2);
  Fake none({{"GET status", {200, status(json::array())}}});
  EXPECT_EQ(none.run(words("status --wait OPEN --timeout 1")).exit, 1);
  EXPECT_EQ(none.run({"status"}).exit, 0);
  Fake locked({{"GET status", {200, {{"locked", true}, {"carrier", {{"connected", true}}}}}}});
  EXPECT_EQ(locked.run({"status"}).exit, 3);
  EXPECT_EQ(locked.run({"status"}).out, "LOCKED   unlock with: stillwire unlock\n");
}

TEST(Cli, EveryFailureIsAnObjectWithJson) {
  Folder folder;
  (void)folder.file("stillwire.toml", "[carrier]\nlisen = 1\n");
  const std::vector<std::tuple<std::string, int, std::string>> table{
      {"status --json", 69, "no_station"},
      {"--json nonsense", 64, "usage"},
      {"show zzzz --json", 64, "usage"},
      {"config check --json", 78, "configuration"},
      {"unlock --passphrase-file nowhere --json", 66, "not_found"}};
  for (const auto& [text, exit, code] : table) {
    const Ended ended = ran(folder.path, words(text));
    EXPECT_EQ(ended.exit, exit) << text;
    const json problem = json::parse(ended.out, nullptr, false);
    ASSERT_TRUE(problem.is_object()) << text << ended.out;
    EXPECT_EQ(problem["code"], code) << text;
    EXPECT_FALSE(problem["detail"].get<std::string>().empty()) << text;
    EXPECT_TRUE(ended.err.starts_with("stillwire: ")) << text;
  }
}

TEST(Cli, AnAnswerThatNeverComesIsNotWaitedForLonger) {
  Fake fake({});
  fake.silent = true;
  const auto answer = Client(fake.folder.path, std::chrono::seconds(1)).get("status");
  ASSERT_FALSE(answer.has_value());
  EXPECT_EQ(answer.error().what, "the station does not answer");
}

}  // namespace
}  // namespace sw::faces
