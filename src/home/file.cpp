#include "home/file.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "crypto/secret.hpp"

namespace sw::home {
namespace {

std::unexpected<Error> failed(std::string_view what, const std::filesystem::path& path) {
  return fail(Errc::io, std::string(what) + " " + path.string() + ": " + std::strerror(errno));
}

bool write_all(int fd, ByteView bytes) {
  while (!bytes.empty()) {
    const auto n = ::write(fd, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    bytes = bytes.subspan(static_cast<std::size_t>(n));
  }
  return true;
}

}  // namespace

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
  if (this != &other) {
    if (x_fd >= 0) ::close(x_fd);
    x_fd = other.release();
  }
  return *this;
}
Descriptor::~Descriptor() {
  if (x_fd >= 0) ::close(x_fd);
}
int Descriptor::release() {
  return std::exchange(x_fd, -1);
}

Result<std::optional<Bytes>> read_home_file(const std::filesystem::path& path, std::size_t limit, Exposure exposure) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  if (!file) {
    if (errno == ENOENT) return std::nullopt;
    return failed("cannot open", path);
  }
  struct stat about{};
  if (::fstat(file.get(), &about) != 0) return failed("cannot look at", path);
  if (!S_ISREG(about.st_mode)) return fail(Errc::io, path.string() + " is not a plain file");
  if (exposure == Exposure::owner_only && (about.st_mode & 077) != 0) {
    return fail(Errc::refused, path.string() + " can be read by others; run chmod 600 on it");
  }
  // One read of the whole length: a growing buffer would leave unwiped copies of a key behind.
  Bytes out(limit + 1);
  std::size_t got = 0;
  while (got < out.size()) {
    const auto n = ::read(file.get(), out.data() + got, out.size() - got);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return failed("cannot read", path);
    if (n == 0) break;
    got += static_cast<std::size_t>(n);
  }
  if (got > limit) {
    crypto::wipe(out);
    return fail(Errc::out_of_range, path.string() + " is longer than it can be");
  }
  out.resize(got);
  return out;
}

Result<void> replace_home_file(const std::filesystem::path& path, ByteView content, Exposure exposure) {
  std::filesystem::path temporary = path;
  temporary += ".new";
  const mode_t mode = exposure == Exposure::owner_only ? 0600 : 0644;
  ::unlink(temporary.c_str());
  Descriptor file(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode));
  if (!file) return failed("cannot write", temporary);
  if (!write_all(file.get(), content) || ::fsync(file.get()) != 0 || ::rename(temporary.c_str(), path.c_str()) != 0) {
    const auto error = failed("cannot write", path);
    ::unlink(temporary.c_str());
    return error;
  }
  const Descriptor folder(::open(path.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!folder || ::fsync(folder.get()) != 0) return failed("cannot write", path.parent_path());
  return {};
}

Result<Descriptor> hold_home_file(const std::filesystem::path& path, std::string_view busy) {
  Descriptor file(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!file) return failed("cannot use", path);
  if (::flock(file.get(), LOCK_EX | LOCK_NB) != 0) return fail(Errc::conflict, std::string(busy));
  return file;
}

}  // namespace sw::home
