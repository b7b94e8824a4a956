#pragma once
// SQLite as a row of numbered pages: nothing of the design depends on it but atomic, durable commits of two pages.
// One connection, used by one thread at a time. Write-ahead log of constant size, checkpoint when it is full.
#include <filesystem>
#include <functional>
#include <memory>

#include "store/header.hpp"

struct sqlite3;
struct sqlite3_stmt;

namespace sw::store {

/// Ticks between checkpoints.
inline constexpr std::uint32_t kTicksPerCheckpoint = 64;
/// The log's size for the life of the store: its header, and a frame for each row written between checkpoints.
inline constexpr std::uint64_t kLogBytes = 32 + std::uint64_t{2} * kTicksPerCheckpoint * (24 + kPageBytes);

class Database {
 public:
  [[nodiscard]] static Result<Database> open(const std::filesystem::path& path);
  Database(Database&&) noexcept = default;
  Database& operator=(Database&&) noexcept = default;

  enum class Mode : std::uint8_t { read, write };
  /// Runs `work` in one transaction: reads see one instant, writes are durable together when this returns. After an
  /// error, of `work` or of the disk, nothing was written.
  [[nodiscard]] Result<void> transaction(Mode mode, const std::function<Result<void>()>& work);
  /// Inside a transaction. Errc::malformed when the slot has no row of the right size.
  [[nodiscard]] Result<void> read(std::uint32_t slot, SealedRow& out);
  [[nodiscard]] Result<void> write(std::uint32_t slot, const SealedRow& sealed);
  /// Brings the log into the file, so that the log starts over. Errc::io when it cannot.
  [[nodiscard]] Result<void> checkpoint();
  /// With off, commits are atomic but not durable; for growing the log of a store that nobody uses yet.
  [[nodiscard]] Result<void> set_durable(bool durable);

 private:
  struct CloseConnection {
    void operator()(sqlite3* db) const;
  };
  struct FinishStatement {
    void operator()(sqlite3_stmt* statement) const;
  };
  using Connection = std::unique_ptr<sqlite3, CloseConnection>;
  using Statement = std::unique_ptr<sqlite3_stmt, FinishStatement>;

  Database() = default;
  [[nodiscard]] Result<void> run(sqlite3_stmt* statement);
  void roll_back();

  Connection x_db;
  Statement x_begin;
  Statement x_begin_write;
  Statement x_commit;
  Statement x_rollback;
  Statement x_select;
  Statement x_update;
};

/// Makes a whole store file at `path` (an existing empty file): both headers and `header.rows` rows, `row` called for
/// each slot in turn. Not synced.
[[nodiscard]] Result<void> build_database(const std::filesystem::path& path, const Header& header,
                                          const std::function<Result<void>(std::uint32_t, SealedRow&)>& row);

}  // namespace sw::store
