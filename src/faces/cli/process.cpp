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

/// Both doors of a station.
struct Doors final : station::ApiListener {
  std::unique_ptr<station::ApiListener> socket;
  std::unique_ptr<station::ApiListener> desk;
};

/// Opened here, because the station itself can open no network socket (protocol 2.1). Without a desk that the
/// configuration names the station does not start; else it runs without, and says why when it is asked for a link.
Outcome<std::optional<DeskListener>> open_desk_socket(const Context& context, station::Desk& desk) {
  const auto config = read_config(context.home);
  if (!config) return give_up(kExitConfig, config.error().what);
  const auto at = parse_desk_address(config->desk);
  if (!at) return give_up(kExitConfig, at.error().what);
  auto listener = listen_desk(*at, context.home);
  if (listener) {
    desk.address = listener->door.address;
    return std::move(*listener);
  }
  if (config->desk_named) return std::unexpected<Failure>(listener.error());
  desk.why = listener.error().what;
  return std::optional<DeskListener>();
}

Outcome<int> station(const Context& context, const Args& args) {
  if (auto good = check_home(context.home); !good) return std::unexpected<Failure>(good.error());
  station::StationOptions options{context.home, std::nullopt};
  auto desk = open_desk_socket(context, options.desk);
  if (!desk) return std::unexpected(desk.error());
  // Without a file and without a person the station starts locked, and `stillwire unlock` opens it.
  if (args.has("--passphrase-file") || at_a_terminal()) {
    auto passphrase = read_passphrase(args, "--passphrase-file", "Passphrase: ");
    if (!passphrase) return std::unexpected(passphrase.error());
    options.passphrase = std::move(*passphrase);
  }
  const auto ended = station::run_station(std::move(options),
                                          [&](boost::asio::io_context& loop, const station::Handler& handler,
                                              station::Feed& feed) -> Result<std::unique_ptr<station::ApiListener>> {
                                            auto doors = std::make_unique<Doors>();
                                            auto socket = open_api(loop, context.home / "station.sock", handler, feed);
                                            if (!socket) return socket;
                                            doors->socket = std::move(*socket);
                                            if (*desk) {
                                              auto opened = open_desk(loop, std::move(**desk), handler, feed);
                                              if (!opened) return opened;
                                              doors->desk = std::move(*opened);
                                            }
                                            return doors;
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
