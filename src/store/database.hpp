#pragma once
// SQLite as a row of numbered pages: nothing of the design depends on it but atomic, durable commits of two pages.
// One connection, used by one thread at a time. Write-ahead log of constant size, checkpoint when it is full.
#include <filesystem>
#include <functional>
#include <memory>
#include <span>

#include "store/header.hpp"

struct sqlite3;
struct sqlite3_stmt;

namespace sw::store {

/// Ticks between checkpoints.
inline constexpr std::uint32_t kTicksPerCheckpoint = 64;
/// The log's size for the life of the store: its header, and a frame for each row written between checkpoints.
inline constexpr std::uint64_t kLogBytes = 32 + std::uint64_t{2} * kTicksPerCheckpoint * (24 + kPageBytes);

struct SlotContent {
  std::uint32_t slot{};
  const SealedRow* sealed = nullptr;
};

class Database {
 public:
  [[nodiscard]] static Result<Database> open(const std::filesystem::path& path);
  Database(Database&&) noexcept = default;
  Database& operator=(Database&&) noexcept = default;

  /// Every slot of `slots` as of one instant, in turn to `each`; stops at its first error.
  [[nodiscard]] Result<void> read(std::span<const std::uint32_t> slots,
                                  const std::function<Result<void>(std::uint32_t, const SealedRow&)>& each);
  /// Replaces these slots in one durable transaction. After an error none of them is replaced.
  [[nodiscard]] Result<void> commit(std::span<const SlotContent> rows);
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
  [[nodiscard]] Result<void> read_one(std::uint32_t slot, SealedRow& out);
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
