// needs: faces
// The command line against a station of the test's own: what is asked of it, what is printed, how it exits.
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <boost/asio/io_context.hpp>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <sstream>
#include <thread>

#include "base/version.hpp"
#include "faces/api/server.hpp"
#include "faces/cli/completion.hpp"
#include "faces/cli/config.hpp"
#include "faces/cli/layout.hpp"
#include "faces/cli/parse.hpp"
#include "faces/cli/qr.hpp"
#include "faces/codes.hpp"
#include "faces/run.hpp"

namespace {

using namespace sw;
using namespace sw::faces;
using nlohmann::json;

struct Folder {
  Folder() {
    std::string name = std::filesystem::temp_directory_path() / "sw-cli-XXXXXX";
    path = mkdtemp(name.data());
  }
  ~Folder() { std::filesystem::remove_all(path); }
  [[nodiscard]] std::string file(const std::string& name, std::string_view content) const {
    std::ofstream(path / name, std::ios::binary) << content;
    return path / name;
  }
  std::filesystem::path path;
};

struct Ended {
  int exit;
  std::string out;
  std::string err;
};

Ended ran(const std::filesystem::path& home, std::vector<std::string> arguments) {
  std::ostringstream out;
  std::ostringstream err;
  const int exit = run(std::move(arguments), Context{home, false, false, false, out, err});
  return {exit, out.str(), err.str()};
}

/// A station that answers from a table and remembers what it was asked.
class Fake {
 public:
  explicit Fake(std::map<std::string, station::Response> answers) : x_answers(std::move(answers)) {
    auto opened = open_api(x_loop, folder.path / "station.sock", [this](station::Request request, const auto& reply) {
      const std::string call = request.method + " " + request.path;
      const std::lock_guard lock(x_mutex);
      x_asked.push_back(request);
      const auto found = x_answers.find(call);
      reply(found == x_answers.end() ? station::Response{} : found->second);
    });
    if (!opened) throw std::runtime_error(opened.error().what);
    x_listener = std::move(*opened);
    x_thread = std::thread([this] { x_loop.run(); });
  }
  ~Fake() {
    x_loop.stop();
    x_thread.join();
    x_listener.reset();
  }
  Ended run(std::vector<std::string> arguments) { return ran(folder.path, std::move(arguments)); }
  /// The newest request.
  station::Request asked() {
    const std::lock_guard lock(x_mutex);
    return x_asked.empty() ? station::Request{} : x_asked.back();
  }
  Folder folder;

 private:
  std::map<std::string, station::Response> x_answers;
  std::mutex x_mutex;
  std::vector<station::Request> x_asked;
  boost::asio::io_context x_loop;
  std::unique_ptr<station::ApiListener> x_listener;
  std::thread x_thread;
};

std::vector<std::string> words(const std::string& line) {
  std::istringstream in(line);
  std::vector<std::string> out;
  for (std::string word; in >> word;) out.push_back(word);
  return out;
}

json open_line() {
  return {{"name", "berlin"},
          {"state", "OPEN"},
          {"age_ms", 2100},
          {"blame", ""},
          {"detail", ""},
          {"machine_age_ms", 1000},
          {"watch", {{"initials", "AB"}, {"answered_age_ms", 720'000}}},
          {"healed_rounds", 14},
          {"heard", 16},
          {"strip", "||||||||.||||"},
          {"round_ms", 1000},
          {"rounds_opened", 99},
          {"paused_here", false},
          {"paused_there", false},
          {"their_store_full", false},
          {"venue", "direct"},
          {"pairing", "confirmed"},
          {"continuity", "whole"},
          {"continuity_check", nullptr},
          {"waiting", 0},
          {"unread", 0}};
}

TEST(Cli, EveryCommandOfTheContractParses) {
  const std::vector<std::pair<std::string, std::string>> lines{
      {"init --party Norden --passphrase-file F", "init"},
      {"--home /tmp/x init --party N", "init"},
      {"carrier", "carrier"},
      {"carrier --listen 127.0.0.1:7000", "carrier"},
      {"station --passphrase-file F", "station"},
      {"pair offer --line a --at 1.2.3.4:5 --at [::1]:6 --round-ms 1000 --out C --qr --replace", "pair offer"},
      {"pair accept --line a CARD", "pair accept"},
      {"pair check --line a", "pair check"},
      {"pair confirm --line a", "pair confirm"},
      {"pair cancel --line a", "pair cancel"},
      {"line ls --json", "line ls"},
      {"line show a --json", "line show"},
      {"line pause a", "line pause"},
      {"line resume a", "line resume"},
      {"line rename a b", "line rename"},
      {"line rm a", "line rm"},
      {"line address a 1.2.3.4:5 1.2.3.4:6", "line address"},
      {"line continuity a --confirm", "line continuity"},
      {"line continuity a --refuse", "line continuity"},
      {"send a --precedence flash --grade note --exercise --file F --wait stored", "send"},
      {"send a -", "send"},
      {"send a --file -", "send"},
      {"inbox", "inbox"},
      {"inbox a --json", "inbox"},
      {"show 0123abcd --json", "show"},
      {"stage 0123abcd not-now --initials AB --post Adviser", "stage"},
      {"watch take --initials AB", "watch take"},
      {"watch hand-over --initials CD", "watch hand-over"},
      {"watch answer", "watch answer"},
      {"watch status", "watch status"},
      {"drill a", "drill"},
      {"lock", "lock"},
      {"unlock --passphrase-file F", "unlock"},
      {"passphrase --passphrase-file F --new-passphrase-file G", "passphrase"},
      {"backup F", "backup"},
      {"restore F", "restore"},
      {"export a", "export"},
      {"status --json", "status"},
      {"status --watch", "status"},
      {"status --wait OPEN --timeout 5", "status"},
      {"config check", "config check"},
      {"panic --yes", "panic"},
      {"version --json", "version"},
      {"completion fish", "completion"},
      // A line may be called as a command is.
      {"drill status", "drill"},
      {"send lock --file F", "send"},
      {"line rename show ls", "line rename"},
  };
  for (const auto& [text, expected] : lines) {
    const Parsed parsed = parse_command_line(commands(), words(text));
    ASSERT_NE(parsed.command, nullptr) << text << ": " << parsed.text;
    EXPECT_EQ(parsed.command->words, expected) << text;
  }
  const Parsed offer = parse_command_line(commands(), words(lines[5].first));
  EXPECT_EQ(offer.args.all("--at"), (std::vector<std::string>{"1.2.3.4:5", "[::1]:6"}));
  EXPECT_EQ(offer.args.number("--round-ms", 0), 1000);
  EXPECT_EQ(parse_command_line(commands(), words("--home /a --json lock")).home, "/a");
  EXPECT_TRUE(parse_command_line(commands(), words("lock --json")).json);
}

TEST(Cli, WrongUsageExits64) {
  for (const char* text : {"",
                           "nonsense",
                           "pair",
                           "pair offer",
                           "pair offer --line a",
                           "init",
                           "stage 0123abcd gone --initials AB",
                           "stage 0123abcd read",
                           "send a --grade secret",
                           "send",
                           "line rename a",
                           "inbox a b",
                           "status --wait SOON",
                           "status --timeout 5",
                           "status --wait OPEN --timeout -1",
                           "status --wait OPEN --timeout x",
                           "completion tcsh",
                           "lock --nonsense",
                           "line continuity a --confirm --refuse",
                           "pair offer --line a --at 1.2.3.4:5",
                           "pair offer --line a --at 1.2.3.4:5 --out C --round-ms 0"}) {
    const Ended ended = ran("/nonexistent", words(text));
    EXPECT_EQ(ended.exit, kExitUsage) << text << "\n" << ended.out << ended.err;
    EXPECT_TRUE(ended.err.starts_with("stillwire: ")) << text << ": " << ended.err;
  }
  EXPECT_EQ(ran("/nonexistent", {"--help"}).exit, 0);
  EXPECT_EQ(ran("/nonexistent", {"pair", "offer", "--help"}).exit, 0);
}

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

TEST(Render, ALineAsTheDeskSaysIt) {
  EXPECT_EQ(lines_text(json::array({open_line()}), {}),
            "OPEN     berlin   2 s   machine 1 s   watch AB 12 min   healed 14 rounds   ||||||||.||||\n");
  json down = open_line();
  down.update({{"name", "wien"},
               {"state", "DOWN"},
               {"age_ms", 240'000},
               {"blame", "own network"},
               {"detail", "the carrier cannot send"},
               {"watch", {{"initials", nullptr}, {"answered_age_ms", nullptr}}},
               {"healed_rounds", nullptr},
               {"machine_age_ms", nullptr},
               {"strip", "...."},
               {"unread", 2}});
  EXPECT_EQ(lines_text(json::array({open_line(), down}), {}),
            "OPEN     berlin   2 s     machine 1 s      watch AB 12 min    healed 14 rounds   ||||||||.||||\n"
            "DOWN     wien     4 min   machine silent   watch unattended   healed never       ....\n"
            "         own network: the carrier cannot send\n"
            "         2 unread\n");
}

TEST(Render, ColourOnlyWhereItNeedsAPerson) {
  EXPECT_EQ(lines_text(json::array({open_line()}), {true}).find('\x1b'), std::string::npos);
  json down = open_line();
  down["state"] = "DOWN";
  EXPECT_NE(lines_text(json::array({down}), {true}).find('\x1b'), std::string::npos);
  EXPECT_EQ(lines_text(json::array({down}), {false}).find('\x1b'), std::string::npos);
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
  expect_harmless(watch_text({{"initials", evil}}));
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
    (void)watch_text(odd);
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
  EXPECT_EQ(messages_text(json::array({message}), {}),
            "3f2a91c0   in   berlin   FLASH   EXERCISE talk   12 B   2026-03-04 12:34:56 UTC   stored 12:34:57 UTC   "
            "unread, acknowledge by 12:44:56 UTC\n");
  const std::string full = message_text(message, {});
  EXPECT_NE(full.find("stages      stored 2026-03-04 12:34:57 UTC\n"), std::string::npos) << full;
  EXPECT_TRUE(full.ends_with("\n\nمرحبا\n")) << full;
}

TEST(Render, Ages) {
  EXPECT_EQ(age_text(-5), "0 s");
  EXPECT_EQ(age_text(59'999), "59 s");
  EXPECT_EQ(age_text(60'000), "1 min");
  EXPECT_EQ(age_text(7'200'000), "2 h");
  EXPECT_EQ(age_text(172'800'000), "2 d");
}

TEST(Config, AnUnknownKeyHasItsLineAndASuggestion) {
  EXPECT_EQ(parse_config("")->listen, Config{}.listen);
  EXPECT_EQ(parse_config("[carrier]\nlisten = \"127.0.0.1:9\"\n")->listen, "127.0.0.1:9");
  const std::vector<std::pair<std::string, std::string>> wrong{
      {"[carrier]\n\nlisen = \"127.0.0.1:9\"\n",
       "stillwire.toml, line 3: unknown key \"lisen\"; did you mean \"listen\"?"},
      {"[carier]\n", "stillwire.toml, line 1: unknown section \"carier\"; did you mean \"carrier\"?"},
      {"[carrier]\nsomething = 1\n", "stillwire.toml, line 2: unknown key \"something\""},
      {"carrier = 1\n", "stillwire.toml, line 1: carrier is a section"},
  };
  for (const auto& [text, sentence] : wrong) {
    const auto config = parse_config(text);
    ASSERT_FALSE(config) << text;
    EXPECT_EQ(config.error().what, sentence);
  }
  EXPECT_FALSE(parse_config("[carrier]\nlisten = 7\n"));
  EXPECT_FALSE(parse_config("[carrier]\nlisten = \"example.org:7\"\n"));
  EXPECT_FALSE(parse_config("[carrier\n"));
  EXPECT_FALSE(parse_config("a = \"\xff\"\n"));
  Folder folder;
  (void)folder.file("stillwire.toml", "[carrier]\nlisen = 1\n");
  EXPECT_EQ(ran(folder.path, {"config", "check"}).exit, kExitConfig);
}

TEST(Completion, KnowsEveryCommandAndOption) {
  for (const char* shell : {"bash", "zsh", "fish"}) {
    const std::string script = completion_script(commands(), shell);
    for (const Command& command : commands()) {
      EXPECT_NE(script.find(command.words.substr(0, command.words.find(' '))), std::string::npos) << command.words;
      for (const Argument& argument : command.arguments) {
        const std::string name = argument.name.starts_with("--") ? argument.name.substr(2) : "";
        EXPECT_NE(script.find(name), std::string::npos) << argument.name;
      }
    }
  }
}

TEST(Completion, TheManPageKnowsEveryCommandAndOption) {
  std::ifstream in(std::string(SW_TESTS_DIR) + "/../docs/man/stillwire.1");
  std::string page{std::istreambuf_iterator<char>(in), {}};
  std::erase(page, '\\');
  for (const Command& command : commands()) {
    EXPECT_NE(page.find(".B " + command.words), std::string::npos) << command.words;
    for (const Argument& argument : command.arguments) {
      const std::string name = argument.name.starts_with("--") ? argument.name : "";
      EXPECT_NE(page.find(name), std::string::npos) << argument.name;
    }
  }
}

TEST(Qr, ACardFits) {
  const std::string card = "SW1-CARD:" + std::string(270, 'x');
  const std::string code = qr_text(card, false);
  EXPECT_GT(code.size(), 1000U);
  EXPECT_EQ(code.find('\x1b'), std::string::npos);
}

TEST(Version, IsTheOneOfTheBuild) {
  std::ifstream in(std::string(SW_TESTS_DIR) + "/../CMakeLists.txt");
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  EXPECT_NE(text.find("VERSION " + std::string(kVersion)), std::string::npos);
}

}  // namespace
