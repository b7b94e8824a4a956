#include "store/raw_file.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace sw::store {
namespace {

std::unexpected<Error> system_error(const char* doing) {
  return fail(Errc::io, std::string(doing) + ": " + std::strerror(errno));
}

std::uint32_t big_endian(ByteView bytes) {
  std::uint32_t out = 0;
  for (const std::uint8_t byte : bytes.first(4)) out = (out << 8) | byte;
  return out;
}

constexpr std::size_t kSqliteHeaderBytes = 100;
constexpr std::string_view kSqliteMagic("SQLite format 3\0", 16);

}  // namespace

RawFile::~RawFile() {
  if (x_fd >= 0) ::close(x_fd);
}

Result<RawFile> RawFile::open(const std::filesystem::path& path, Access access) {
  RawFile out;
  // O_NONBLOCK: a FIFO in the store's place must give an error, not a wait.
  out.x_fd = ::open(path.c_str(), (access == Access::write ? O_RDWR : O_RDONLY) | O_CLOEXEC | O_NONBLOCK);
  if (out.x_fd < 0) {
    if (errno == ENOENT) return fail(Errc::not_found, "there is no store here; make one with `stillwire init`");
    if (errno == EISDIR) return fail(Errc::malformed, "this file is not a Stillwire store");
    return system_error("the store cannot be opened");
  }
  struct stat info{};
  if (::fstat(out.x_fd, &info) != 0) return system_error("the store cannot be opened");
  if (!S_ISREG(info.st_mode)) return fail(Errc::malformed, "this file is not a Stillwire store");
  return out;
}

Result<RawFile> RawFile::create(const std::filesystem::path& path) {
  RawFile out;
  out.x_fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (out.x_fd >= 0) return out;
  if (errno == EEXIST) return fail(Errc::conflict, "there is a file of that name already");
  return system_error("the file cannot be made");
}

Result<void> RawFile::lock() {
  if (::flock(x_fd, LOCK_EX | LOCK_NB) == 0) return {};
  if (errno == EWOULDBLOCK) return fail(Errc::conflict, "the store is in use by a running station; stop it first");
  return system_error("the store cannot be locked");
}

Result<std::uint64_t> RawFile::size() const {
  struct stat info{};
  if (::fstat(x_fd, &info) != 0) return system_error("the store cannot be read");
  return static_cast<std::uint64_t>(info.st_size);
}

Result<void> RawFile::still_there(std::uint64_t size) const {
  struct stat info{};
  if (::fstat(x_fd, &info) != 0) return system_error("the store cannot be read");
  if (info.st_nlink == 0) return fail(Errc::io, "the store's file was removed under the running station");
  if (static_cast<std::uint64_t>(info.st_size) != size) {
    return fail(Errc::io, "the store's file was cut under the running station");
  }
  return {};
}

Result<void> RawFile::read(std::uint64_t offset, MutableBytes out) const {
  while (!out.empty()) {
    const ssize_t n = ::pread(x_fd, out.data(), out.size(), static_cast<off_t>(offset));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return system_error("the store cannot be read");
    if (n == 0) return fail(Errc::malformed, "the store is truncated; restore a backup");
    out = out.subspan(static_cast<std::size_t>(n));
    offset += static_cast<std::uint64_t>(n);
  }
  return {};
}

Result<void> RawFile::write(std::uint64_t offset, ByteView bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::pwrite(x_fd, bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return system_error("the store cannot be written");
    bytes = bytes.subspan(static_cast<std::size_t>(n));
    offset += static_cast<std::uint64_t>(n);
  }
  return {};
}

Result<void> RawFile::sync() {
  if (::fsync(x_fd) != 0) return system_error("the store cannot be written");
  return {};
}

Result<void> sync_folder_of(const std::filesystem::path& path) {
  const auto folder = path.has_parent_path() ? path.parent_path() : std::filesystem::path(".");
  const int fd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return system_error("the folder cannot be opened");
  const int result = ::fsync(fd);
  ::close(fd);
  if (result != 0) return system_error("the folder cannot be written");
  return {};
}

std::filesystem::path beside(const std::filesystem::path& path, std::string_view suffix) {
  std::filesystem::path out = path;
  out += suffix;
  return out;
}

bool is_ours(const RawFile& file) {
  ByteArray<kSqliteHeaderBytes> start{};
  return file.read(0, start) && as_text(ByteView(start).first(16)) == kSqliteMagic &&
         big_endian(ByteView(start).subspan(68)) == kApplicationId;
}

Result<Header> inspect(const RawFile& file) {
  if (!is_ours(file)) return fail(Errc::malformed, "this file is not a Stillwire store");
  ByteArray<kSqliteHeaderBytes> start{};
  if (auto ok = file.read(0, start); !ok) return std::unexpected(ok.error());
  const std::uint32_t version = big_endian(ByteView(start).subspan(60));
  if (version > kFormatVersion) {
    return fail(Errc::unsupported, "the store was made by a newer Stillwire; use that version");
  }
  std::optional<Header> header;
  for (const std::uint64_t offset : kHeaderOffsets) {
    HeaderBytes bytes{};
    if (auto ok = file.read(offset, bytes); !ok) return std::unexpected(ok.error());
    auto copy = decode_header(bytes);
    // After a panic that was cut short one copy says erased; that one counts.
    if (copy && (!header || copy->state == HeaderState::erased)) header = copy;
  }
  if (!header) return fail(Errc::malformed, "the store's header is damaged; restore a backup");
  if (header->version > kFormatVersion) {
    return fail(Errc::unsupported, "the store was made by a newer Stillwire; use that version");
  }
  if (header->state == HeaderState::erased) return fail(Errc::refused, "this store was erased");
  const auto size = file.size();
  if (!size) return std::unexpected(size.error());
  const std::uint64_t whole = std::uint64_t{big_endian(ByteView(start).subspan(28))} * kPageBytes;
  if (*size < whole) return fail(Errc::malformed, "the store is truncated; restore a backup");
  if (*size != whole) return fail(Errc::malformed, "the store is damaged; restore a backup");
  return *header;
}

Result<void> write_header(RawFile& file, const Header& header) {
  const HeaderBytes bytes = encode(header);
  // The second copy first: until the first one is written, it is the old one that counts.
  for (const std::uint64_t offset : {kHeaderOffsets[1], kHeaderOffsets[0]}) {
    if (auto ok = file.write(offset, bytes); !ok) return ok;
    if (auto ok = file.sync(); !ok) return ok;
  }
  return {};
}

}  // namespace sw::store
