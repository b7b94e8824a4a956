// init, restore; config check.
#include "station/setup.hpp"

#include <filesystem>
#include <ostream>

#include "carrier/key_file.hpp"
#include "crypto/rng.hpp"
#include "faces/cli/command.hpp"
#include "faces/cli/config.hpp"
#include "faces/cli/home.hpp"
#include "faces/cli/layout.hpp"
#include "faces/cli/terminal.hpp"
#include "faces/codes.hpp"
#include "station/home.hpp"

namespace sw::faces {
namespace {

using Json = nlohmann::json;
namespace fs = std::filesystem;

Outcome<int> init(const Context& context, const Args& args) {
  std::error_code error;
  if (fs::exists(context.home / "station.db", error)) {
    return std::unexpected<Failure>(
        Error{Errc::conflict,
              "there is a station on this home already; choose another with --home, or move station.db away"});
  }
  if (fs::exists(context.home / "relay.key", error)) {
    return std::unexpected<Failure>(
        Error{Errc::conflict, "a relay lives on this home; give the station a home of its own with --home"});
  }
  const std::string party = args.text("--party");
  if (!is_utf8(party)) return std::unexpected<Failure>(Error{Errc::malformed, "the name is not valid UTF-8"});
  const auto passphrase = read_new_passphrase(args, "--passphrase-file", "A passphrase for this station: ");
  if (!passphrase) return std::unexpected(passphrase.error());
  if (auto made = make_home(context.home); !made) return std::unexpected<Failure>(made.error());
  // Two at once would each make a key of their own.
  const auto lock = station::RunLock::take(station::Home{context.home});
  if (!lock) return std::unexpected<Failure>(lock.error());
  crypto::SystemRng rng;
  if (auto key = carrier::load_or_create_key(context.home, rng); !key) return std::unexpected<Failure>(key.error());
  if (auto made = station::create_station(context.home, party, *passphrase); !made) {
    return std::unexpected<Failure>(made.error());
  }
  if (context.json) {
    context.print(Json{{"party", party}, {"home", context.home.native()}});
  } else {
    context.out << "made " << shown(context.home.native()) << " for " << shown(party)
                << "\nNow start, each in its own terminal: stillwire carrier; stillwire station\n";
  }
  return kExitOk;
}

Outcome<int> restore(const Context& context, const Args& args) {
  if (auto made = make_home(context.home); !made) return std::unexpected<Failure>(made.error());
  const auto restored = station::restore_station(context.home, args.text("FILE"));
  if (!restored) return std::unexpected<Failure>(restored.error());
  if (context.json) {
    context.print(Json::object());
  } else {
    context.out << "restored; every line shows continuity broken until both sides compared the groups\n";
  }
  return kExitOk;
}

Outcome<int> check_config(const Context& context, const Args&) {
  const auto config = read_config(context.home);
  if (!config) return give_up(kExitConfig, config.error().what);
  if (context.json) {
    context.print(Json{{"carrier", {{"listen", config->listen}}}});
  } else {
    context.out << "the configuration is right\ncarrier.listen = \"" << shown(config->listen) << "\"\n";
  }
  return kExitOk;
}

}  // namespace

void add_setup_commands(std::vector<Command>& table) {
  table.push_back(
      {"init",
       "Make a station's home",
       {option("--party", "NAME", "Who speaks from here, as this station shows it").needed(), passphrase_option()},
       init});
  table.push_back(
      {"restore", "Put a backup back on a home without a store", {positional("FILE", "The backup").needed()}, restore});
  table.push_back({"config check", "Check HOME/stillwire.toml", {}, check_config});
}

}  // namespace sw::faces
