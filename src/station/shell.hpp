#pragma once
// The station's process: cell port, store ticks, API, seccomp. Everything it decides lives in core.hpp.
#include <boost/asio/io_context.hpp>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>

#include "base/result.hpp"
#include "crypto/secret.hpp"
#include "station/service.hpp"

namespace sw::station {

/// Whatever serves the API on HOME/station.sock; it lives as long as the loop runs.
class ApiListener {
 public:
  ApiListener() = default;
  ApiListener(const ApiListener&) = delete;
  ApiListener& operator=(const ApiListener&) = delete;
  virtual ~ApiListener() = default;
};
using OpenApi = std::function<Result<std::unique_ptr<ApiListener>>(boost::asio::io_context&, Handler, Feed&)>;

/// Where the desk's page is, as the launcher opened it; without an address, why not.
struct Desk {
  std::string address = {};
  std::string why = "this station has no desk";
};

struct StationOptions {
  std::filesystem::path home;
  std::optional<crypto::SecretBytes> passphrase;  ///< absent: the station starts locked
  Desk desk = {};
};

/// Runs in the foreground until SIGTERM or SIGINT; the value is the exit code.
[[nodiscard]] Result<int> run_station(StationOptions options, const OpenApi& open_api);

}  // namespace sw::station
