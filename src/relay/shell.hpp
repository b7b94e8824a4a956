#pragma once
// The relay's process: sockets, timer, disk and signals around mix::relay::Core, and at R1 around StationsGate.
#include <filesystem>
#include <optional>

#include "base/result.hpp"
#include "wire/endpoint.hpp"

namespace sw::relay {

struct RelayOptions {
  std::filesystem::path home;
  std::optional<wire::Endpoint> listen;          ///< default: the address on the relay's card
  std::optional<std::filesystem::path> metrics;  ///< replaced once a second
};

/// Runs in the foreground until SIGTERM or SIGINT; the value is the exit code. Errors: those of Home::open; conflict
/// for a home without a venue that all its relays signed; what sockets and the record of signed epochs may say.
[[nodiscard]] Result<int> run_relay(const RelayOptions& options);

}  // namespace sw::relay
