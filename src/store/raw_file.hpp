#pragma once
// The store's file seen as bytes: what SQLite must not be asked to do, because it might change what it opens.
#include <filesystem>
#include <optional>

#include "store/header.hpp"

namespace sw::store {

/// An open file; closed when destroyed.
class RawFile {
 public:
  enum class Access : std::uint8_t { read, write };
  RawFile() = default;
  RawFile(const RawFile&) = delete;
  RawFile& operator=(const RawFile&) = delete;
  RawFile(RawFile&& other) noexcept : x_fd(std::exchange(other.x_fd, -1)) {}
  RawFile& operator=(RawFile&& other) noexcept {
    std::swap(x_fd, other.x_fd);
    return *this;
  }
  ~RawFile();

  /// Errc::not_found, Errc::io, or Errc::malformed for something that is no regular file.
  [[nodiscard]] static Result<RawFile> open(const std::filesystem::path& path, Access access);
  /// A new empty file, mode 0600; Errc::conflict when something is there.
  [[nodiscard]] static Result<RawFile> create(const std::filesystem::path& path);

  /// Errc::conflict when another process (or this one, before) holds it. Ends when the file is closed.
  [[nodiscard]] Result<void> lock();
  [[nodiscard]] Result<std::uint64_t> size() const;
  /// Errc::io when the file was removed, or is not of this size any more.
  [[nodiscard]] Result<void> still_there(std::uint64_t size) const;
  [[nodiscard]] Result<void> read(std::uint64_t offset, MutableBytes out) const;
  [[nodiscard]] Result<void> write(std::uint64_t offset, ByteView bytes);
  [[nodiscard]] Result<void> sync();

 private:
  int x_fd = -1;
};

/// Makes creations, renames and removals in the file's folder durable.
[[nodiscard]] Result<void> sync_folder_of(const std::filesystem::path& path);
/// PATH with "-wal" or "-shm" behind it.
[[nodiscard]] std::filesystem::path beside(const std::filesystem::path& path, std::string_view suffix);

/// The header of a whole store of this version that is not erased. Reads only. Distinct errors for a foreign,
/// truncated, damaged, newer (Errc::unsupported) and erased (Errc::refused) file.
[[nodiscard]] Result<Header> inspect(const RawFile& file);
/// Does the file carry our mark, whatever its version or state?
[[nodiscard]] bool is_ours(const RawFile& file);
/// Replaces both copies, one after the other, each durable before the next; a crash leaves at least one whole.
[[nodiscard]] Result<void> write_header(RawFile& file, const Header& header);

}  // namespace sw::store
