#include "station/home.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <utility>

namespace sw::station {

Result<PublicKey> read_carrier_public(const Home& home) {
  std::ifstream file(home.carrier_public());
  std::string hex;
  if (!(file >> hex)) {
    return fail(Errc::not_found, "no carrier key in this home; make the home with: stillwire init --party NAME");
  }
  const Bytes bytes = from_hex(hex);
  PublicKey key{};
  if (bytes.size() != key.size()) return fail(Errc::malformed, "carrier.pub is damaged");
  std::copy(bytes.begin(), bytes.end(), key.begin());
  return key;
}

Result<RunLock> RunLock::take(const Home& home) {
  const int fd = ::open(home.run_lock().c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0) {
    return fail(errno == ENOENT ? Errc::not_found : Errc::io,
                "cannot use the home " + home.folder.string() + ": " + std::strerror(errno));
  }
  if (::flock(fd, LOCK_EX | LOCK_NB) != 0) {
    ::close(fd);
    return fail(Errc::conflict, "a station is already running on this home; stop it, or use another --home");
  }
  return RunLock(fd);
}

RunLock::RunLock(RunLock&& other) noexcept : x_fd(std::exchange(other.x_fd, -1)) {}

RunLock::~RunLock() {
  if (x_fd >= 0) ::close(x_fd);
}

}  // namespace sw::station
