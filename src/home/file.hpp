#pragma once
// Small files of the home: read whole, replaced whole, so that a crash leaves the old one or the new one.
#include <filesystem>
#include <optional>
#include <string_view>

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace sw::home {

/// A file descriptor that closes itself.
class Descriptor {
 public:
  explicit Descriptor(int fd = -1) : x_fd(fd) {}
  Descriptor(Descriptor&& other) noexcept : x_fd(other.release()) {}
  Descriptor& operator=(Descriptor&& other) noexcept;
  ~Descriptor();
  [[nodiscard]] int get() const { return x_fd; }
  [[nodiscard]] int release();
  explicit operator bool() const { return x_fd >= 0; }

 private:
  int x_fd;
};

enum class Exposure : std::uint8_t { owner_only, readable };  ///< mode 0600, 0644

/// The bytes of a file of at most `limit`; nothing when there is none. Errc::out_of_range when it is longer,
/// Errc::refused when an owner_only file can be read by others, Errc::io otherwise.
[[nodiscard]] Result<std::optional<Bytes>> read_home_file(const std::filesystem::path& path, std::size_t limit,
                                                          Exposure exposure);
/// Temporary file, fsync, rename, fsync of the folder. Errc::io.
[[nodiscard]] Result<void> replace_home_file(const std::filesystem::path& path, ByteView content, Exposure exposure);
/// An empty file that one process at a time holds; the kernel lets go of it when the process dies. Errc::conflict with
/// the sentence `busy` when another has it, Errc::io.
[[nodiscard]] Result<Descriptor> hold_home_file(const std::filesystem::path& path, std::string_view busy);

}  // namespace sw::home
