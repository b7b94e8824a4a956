// needs: faces
// What can be typed: every command of the contract, wrong usage, the configuration; and that the manual, the README and
// the completions know the same commands.
#include <cctype>
#include <regex>
#include <set>

#include "base/version.hpp"
#include "faces/cli/completion.hpp"
#include "faces/cli/config.hpp"
#include "faces/cli/parse.hpp"
#include "support/cli_world.hpp"

namespace sw::faces {
namespace {

using namespace sw::test;

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
      {"line venue a propose 00ab", "line venue"},
      {"line venue a accept", "line venue"},
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
      {"desk", "desk"},
      {"operator add Ada --initials AL --role officer --language ar --line a --line b --passphrase-file F",
       "operator add"},
      {"operator ls --json", "operator ls"},
      {"operator change Ada --role releaser --all-lines --new-passphrase", "operator change"},
      {"operator rm Ada", "operator rm"},
      {"token add monitor --scope status --scope send:a:priority", "token add"},
      {"token ls", "token ls"},
      {"token rm monitor", "token rm"},
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
      {"relay init --operator N --jurisdiction T --listen 192.0.2.1:7150 --out C", "relay init"},
      {"relay join F --replace", "relay join"},
      {"relay invite --count 3", "relay invite"},
      {"relay run --listen 127.0.0.1:7150 --metrics F", "relay run"},
      {"venue make --relay A --relay B --relay C --round-ms 1000 --epoch-rounds 1800 --slots 1 --noise small "
       "--stations 100 --suite 2 --out F",
       "venue make"},
      {"venue show F --json", "venue show"},
      {"venue add F", "venue add"},
      {"venue ls", "venue ls"},
      {"venue check", "venue check"},
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
                           "venue make --out F",
                           "venue make --relay C",
                           "venue make --relay C --suite 3 --out F",
                           "venue make --relay C --noise loud --out F",
                           "relay init --operator N --jurisdiction T --listen example.org:1 --out C",
                           "relay invite --count 0",
                           "relay run --listen example.org:1",
                           "pair offer --line a --at 1.2.3.4:5",
                           "pair offer --line a --at 1.2.3.4:5 --out C --round-ms 0"}) {
    const Ended ended = ran("/nonexistent", words(text));
    EXPECT_EQ(ended.exit, kExitUsage) << text << "\n" << ended.out << ended.err;
    EXPECT_TRUE(ended.err.starts_with("stillwire: ")) << text << ": " << ended.err;
  }
  EXPECT_EQ(ran("/nonexistent", {"--help"}).exit, 0);
  EXPECT_EQ(ran("/nonexistent", {"pair", "offer", "--help"}).exit, 0);
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

TEST(Cli, AMistypedCommandIsNamed) {
  const std::vector<std::pair<std::string, std::string>> table{
      {"stauts", "there is no command \"stauts\"; did you mean \"status\"?"},
      {"pair ofer", "there is no command \"ofer\"; did you mean \"offer\"?"},
      {"--home /tmp/x --json lin ls", "there is no command \"lin\"; did you mean \"line\"?"},
      {"something-else", "there is no command \"something-else\"\n"},
      {"a\x1b[0m", "there is no command \"a<U+001B>[0m\""},
  };
  for (const auto& [text, sentence] : table) {
    const Ended ended = ran("/nonexistent", words(text));
    EXPECT_EQ(ended.exit, kExitUsage);
    EXPECT_NE(ended.err.find(sentence), std::string::npos) << ended.err;
  }
}

TEST(Cli, TheHelpFits80Columns) {
  std::vector<std::string> all{"--help",       "pair --help",  "line --help",     "watch --help", "config --help",
                               "venue --help", "relay --help", "operator --help", "token --help"};
  for (const Command& command : commands()) all.push_back(command.words + " --help");
  for (const std::string& text : all) {
    const Ended ended = ran("/nonexistent", words(text));
    EXPECT_EQ(ended.exit, 0);
    std::istringstream rows(ended.out);
    for (std::string row; std::getline(rows, row);) EXPECT_LE(row.size(), 80U) << text << ": " << row;
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

TEST(Version, IsTheOneOfTheBuild) {
  std::ifstream in(std::string(SW_TESTS_DIR) + "/../CMakeLists.txt");
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  EXPECT_NE(text.find("VERSION " + std::string(kVersion)), std::string::npos);
}

/// Every `stillwire ...` that a document shows parses: what a reader types must exist.
TEST(Documents, TheReadmesCommandsParse) {
  std::ifstream in(std::string(SW_TESTS_DIR) + "/../README.md");
  std::size_t seen = 0;
  for (std::string row; std::getline(in, row);) {
    std::smatch shown;
    if (!std::regex_match(row, shown, std::regex(R"(    (?:runuser .* -- )?(?:\S*/)?stillwire (.*))"))) continue;
    std::string text = shown[1];
    text = text.substr(0, text.find('#'));
    for (std::size_t quote = text.find('"'); quote != std::string::npos; quote = text.find('"')) {
      text.replace(quote, text.find('"', quote + 1) - quote + 1, "NAME");
    }
    const Parsed parsed = parse_command_line(commands(), words(text));
    EXPECT_NE(parsed.command, nullptr) << row << "\n" << parsed.text;
    ++seen;
  }
  EXPECT_GT(seen, 12U);
}

/// And the other way round: the manual names no option that does not exist.
TEST(Documents, TheManualInventsNoOption) {
  std::ifstream in(std::string(SW_TESTS_DIR) + "/../docs/man/stillwire.1");
  std::string page{std::istreambuf_iterator<char>(in), {}};
  std::erase(page, '\\');
  std::set<std::string> known{"--home", "--json", "--help"};
  for (const Command& command : commands()) {
    for (const Argument& argument : command.arguments) known.insert(argument.name);
  }
  for (std::size_t at = page.find("--"); at != std::string::npos; at = page.find("--", at + 2)) {
    std::size_t end = at + 2;
    while (end < page.size() && (std::islower(static_cast<unsigned char>(page[end])) != 0 || page[end] == '-')) ++end;
    std::string name = page.substr(at, end - at);
    if (name.ends_with("fB") || name.ends_with("fI") || name.ends_with("fR")) name.resize(name.size() - 2);
    if (page[end] == 'R' || page[end] == 'I' || page[end] == 'B') name.resize(name.size() - 1);  // of \\fR
    EXPECT_TRUE(known.contains(name)) << name;
  }
}

}  // namespace
}  // namespace sw::faces
