#pragma once
// The files of a home that belong to the station (docs/api.md, Home).
#include <filesystem>

#include "base/ids.hpp"
#include "base/result.hpp"

namespace sw::station {

struct Home {
  std::filesystem::path folder;

  [[nodiscard]] std::filesystem::path store() const { return folder / "station.db"; }
  [[nodiscard]] std::filesystem::path api_socket() const { return folder / "station.sock"; }
  [[nodiscard]] std::filesystem::path cell_port() const { return folder / "carrier.sock"; }
  [[nodiscard]] std::filesystem::path carrier_public() const { return folder / "carrier.pub"; }
  [[nodiscard]] std::filesystem::path venues() const { return folder / "venues"; }
  [[nodiscard]] std::filesystem::path run_lock() const { return folder / "station.run"; }
};

/// The carrier's public key from its file; Errc::not_found or Errc::malformed with a sentence.
[[nodiscard]] Result<PublicKey> read_carrier_public(const Home& home);

/// Held (flock) for as long as a station runs on the home; the kernel lets go of it when the process dies.
class RunLock {
 public:
  /// Errc::conflict when another station runs here, Errc::not_found without a home.
  [[nodiscard]] static Result<RunLock> take(const Home& home);
  RunLock(RunLock&& other) noexcept;
  RunLock& operator=(RunLock&&) = delete;
  ~RunLock();

 private:
  explicit RunLock(int fd) : x_fd(fd) {}
  int x_fd;
};

}  // namespace sw::station
