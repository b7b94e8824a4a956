// carrier, station: the two processes, in the foreground.
#include <optional>

#include "carrier/shell.hpp"
#include "faces/api/server.hpp"
#include "faces/cli/command.hpp"
#include "faces/cli/config.hpp"
#include "faces/cli/home.hpp"
#include "faces/cli/terminal.hpp"
#include "faces/codes.hpp"
#include "station/shell.hpp"

namespace sw::faces {
namespace {

Outcome<int> carrier(const Context& context, const Args& args) {
  if (auto good = check_home(context.home); !good) return std::unexpected<Failure>(good.error());
  const auto config = read_config(context.home);
  if (!config) return give_up(kExitConfig, config.error().what);
  const auto listen = wire::parse_endpoint(args.has("--listen") ? args.text("--listen") : config->listen);
  if (!listen) return std::unexpected<Failure>(listen.error());
  const auto ended = carrier::run_carrier({context.home, *listen});
  if (!ended) return std::unexpected<Failure>(ended.error());
  return *ended;
}

Outcome<int> station(const Context& context, const Args& args) {
  if (auto good = check_home(context.home); !good) return std::unexpected<Failure>(good.error());
  station::StationOptions options{context.home, std::nullopt};
  // Without a file and without a person the station starts locked, and `stillwire unlock` opens it.
  if (args.has("--passphrase-file") || at_a_terminal()) {
    auto passphrase = read_passphrase(args, "--passphrase-file", "Passphrase: ");
    if (!passphrase) return std::unexpected(passphrase.error());
    options.passphrase = std::move(*passphrase);
  }
  const auto ended =
      station::run_station(std::move(options), [&](boost::asio::io_context& loop, station::Handler handler) {
        return open_api(loop, context.home / "station.sock", std::move(handler));
      });
  if (!ended) return std::unexpected<Failure>(ended.error());
  return *ended;
}

}  // namespace

void add_process_commands(std::vector<Command>& table) {
  table.push_back({"carrier",
                   "Run the carrier in the foreground",
                   {option("--listen", "HOST:PORT", "Where it takes frames (default: 0.0.0.0:7144)")},
                   carrier});
  table.push_back({"station", "Run the station in the foreground", {passphrase_option()}, station});
}

}  // namespace sw::faces
