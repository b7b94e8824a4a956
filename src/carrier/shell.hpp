#pragma once
// The carrier's process: socket, cell port, timer and sending thread around carrier::Core.
#include <filesystem>

#include "base/result.hpp"
#include "wire/endpoint.hpp"

namespace sw::carrier {

inline constexpr std::uint16_t kDefaultPort = 7144;

struct CarrierOptions {
  std::filesystem::path home;
  /// Default 0.0.0.0:7144. An IPv6 address serves IPv4 neighbours as well where it is [::].
  wire::Endpoint listen{{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0, 0, 0, 0}, kDefaultPort};
};

/// Runs in the foreground until SIGTERM or SIGINT; the value is the exit code. Errc::not_found without a home,
/// Errc::conflict when a carrier already runs on it or the port is taken, and what key, table and socket may say.
[[nodiscard]] Result<int> run_carrier(const CarrierOptions& options);

}  // namespace sw::carrier
