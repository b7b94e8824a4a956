// lock, unlock, passphrase, backup, panic.
#include <filesystem>
#include <ostream>

#include "faces/cli/command.hpp"
#include "faces/cli/terminal.hpp"
#include "faces/codes.hpp"
#include "station/setup.hpp"

namespace sw::faces {
namespace {

using Json = nlohmann::json;

Outcome<int> done(const Context& context, const Outcome<Json>& answer, std::string_view words) {
  if (!answer) return std::unexpected(answer.error());
  if (context.json) {
    context.print(*answer);
  } else {
    context.out << words << "\n";
  }
  return kExitOk;
}

Outcome<int> lock(const Context& context, const Args&) {
  return done(context, Client(context.home).post("lock", Json::object()), "locked");
}

Outcome<int> unlock(const Context& context, const Args& args) {
  const auto passphrase = read_passphrase(args, "--passphrase-file", "Passphrase: ");
  if (!passphrase) return std::unexpected(passphrase.error());
  return done(context, Client(context.home).post_secrets("unlock", {{"passphrase", &*passphrase}}), "unlocked");
}

Outcome<int> passphrase(const Context& context, const Args& args) {
  const auto old_one = read_passphrase(args, "--passphrase-file", "The passphrase now: ");
  if (!old_one) return std::unexpected(old_one.error());
  const auto new_one = read_new_passphrase(args, "--new-passphrase-file", "The new passphrase: ");
  if (!new_one) return std::unexpected(new_one.error());
  return done(context, Client(context.home).post_secrets("passphrase", {{"old", &*old_one}, {"new", &*new_one}}),
              "the passphrase is changed");
}

Outcome<int> backup(const Context& context, const Args& args) {
  std::error_code error;
  const std::filesystem::path path = std::filesystem::absolute(args.text("FILE"), error);
  if (error) return give_up(kExitUsage, "this path cannot be made absolute");
  return done(context, Client(context.home).post("backup", {{"path", path.native()}}),
              "backed up; its passphrase is today's");
}

Outcome<int> panic(const Context& context, const Args& args) {
  if (!args.has("--yes")) {
    const auto word = ask("This erases every line and message on this home for good. Type `erase`: ");
    if (!word) return std::unexpected(word.error());
    if (*word != "erase") return give_up(kExitUsage, "nothing was erased");
  }
  // A running station has the store open and the keys in memory, so it must do it; where it cannot, the file goes.
  auto answer = Client(context.home).post("panic", {{"confirm", "erase"}});
  if (!answer) {
    if (const auto erased = station::panic_station(context.home); !erased) {
      return std::unexpected<Failure>(erased.error());
    }
    answer = Json::object();
  }
  return done(context, answer, "erased");
}

}  // namespace

void add_store_commands(std::vector<Command>& table) {
  table.push_back({"lock", "Lock the store; the wire does not change", {}, lock});
  table.push_back({"unlock", "Unlock the store", {passphrase_option()}, unlock});
  table.push_back({"passphrase",
                   "Change the passphrase",
                   {passphrase_option(), option("--new-passphrase-file", "FILE", "Read the new one from this file")},
                   passphrase});
  table.push_back(
      {"backup", "Write a sealed copy of the store", {positional("FILE", "Where the copy goes").needed()}, backup});
  table.push_back({"panic", "Erase every key of this home, for good", {flag("--yes", "Do not ask")}, panic});
}

}  // namespace sw::faces
