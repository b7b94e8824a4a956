#include "store/database.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <string>
#include <utility>

namespace sw::store {
namespace {

std::unexpected<Error> database_error(sqlite3* db, int code) {
  switch (code & 0xff) {
    case SQLITE_FULL: return fail(Errc::io, "the disk is full");
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_ERROR: return fail(Errc::malformed, "the store is damaged; restore a backup");
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return fail(Errc::conflict, "another program has the store's file open");
    default: return fail(Errc::io, std::string("the disk failed: ") + (db != nullptr ? sqlite3_errmsg(db) : ""));
  }
}

Result<void> execute(sqlite3* db, const char* sql) {
  const int code = sqlite3_exec(db, sql, nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) return database_error(db, code);
  return {};
}

Result<sqlite3_stmt*> prepare(sqlite3* db, const char* sql) {
  sqlite3_stmt* out = nullptr;
  const int code = sqlite3_prepare_v3(db, sql, -1, SQLITE_PREPARE_PERSISTENT, &out, nullptr);
  if (code != SQLITE_OK) return database_error(db, code);
  return out;
}

constexpr int kBusyMs = 5000;

}  // namespace

void Database::CloseConnection::operator()(sqlite3* db) const {
  sqlite3_close(db);
}
void Database::FinishStatement::operator()(sqlite3_stmt* statement) const {
  sqlite3_finalize(statement);
}

Result<Database> Database::open(const std::filesystem::path& path) {
  sqlite3* raw = nullptr;
  const int code = sqlite3_open_v2(path.c_str(), &raw, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nullptr);
  Database out;
  out.x_db.reset(raw);
  if (code != SQLITE_OK) return database_error(raw, code);
  sqlite3_busy_timeout(raw, kBusyMs);
  sqlite3_db_config(raw, SQLITE_DBCONFIG_LOOKASIDE, nullptr, 128, 128);
  sqlite3_db_config(raw, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  // The log keeps its full size, also after the last connection closes.
  int keep = 1;
  sqlite3_file_control(raw, "main", SQLITE_FCNTL_PERSIST_WAL, &keep);
  if (auto ok = execute(raw,
                        "PRAGMA cache_size=-192; PRAGMA mmap_size=0; PRAGMA wal_autocheckpoint=0;"
                        "PRAGMA journal_size_limit=-1; PRAGMA synchronous=FULL; PRAGMA temp_store=MEMORY;"
                        "PRAGMA trusted_schema=OFF; PRAGMA cell_size_check=ON");
      !ok) {
    return std::unexpected(ok.error());
  }
  const std::pair<Statement*, const char*> statements[] = {
      {&out.x_begin, "BEGIN"},
      {&out.x_begin_write, "BEGIN IMMEDIATE"},
      {&out.x_commit, "COMMIT"},
      {&out.x_rollback, "ROLLBACK"},
      {&out.x_select, "SELECT sealed FROM ring WHERE slot=?"},
      {&out.x_update, "UPDATE ring SET sealed=?2 WHERE slot=?1"},
  };
  for (const auto& [place, sql] : statements) {
    const auto statement = prepare(raw, sql);
    if (!statement) return std::unexpected(statement.error());
    place->reset(*statement);
  }
  return out;
}

Result<void> Database::run(sqlite3_stmt* statement) {
  const int code = sqlite3_step(statement);
  sqlite3_reset(statement);
  if (code != SQLITE_DONE) return database_error(x_db.get(), code);
  return {};
}

void Database::roll_back() {
  // SQLite has rolled back by itself after some errors; then there is nothing left to do.
  if (sqlite3_get_autocommit(x_db.get()) != 0) return;
  sqlite3_step(x_rollback.get());
  sqlite3_reset(x_rollback.get());
}

Result<void> Database::read(std::uint32_t slot, SealedRow& out) {
  sqlite3_stmt* const select = x_select.get();
  sqlite3_bind_int64(select, 1, slot);
  const int code = sqlite3_step(select);
  const void* const blob = code == SQLITE_ROW ? sqlite3_column_blob(select, 0) : nullptr;
  const bool whole = blob != nullptr && sqlite3_column_bytes(select, 0) == static_cast<int>(out.size());
  if (whole) std::copy_n(static_cast<const std::uint8_t*>(blob), out.size(), out.begin());
  sqlite3_reset(select);
  if (code != SQLITE_ROW && code != SQLITE_DONE) return database_error(x_db.get(), code);
  if (!whole) return fail(Errc::malformed, "the store is damaged; restore a backup");
  return {};
}

Result<void> Database::write(std::uint32_t slot, const SealedRow& sealed) {
  sqlite3_stmt* const update = x_update.get();
  sqlite3_bind_int64(update, 1, slot);
  sqlite3_bind_blob(update, 2, sealed.data(), static_cast<int>(sealed.size()), SQLITE_STATIC);
  auto result = run(update);
  sqlite3_clear_bindings(update);
  if (result && sqlite3_changes(x_db.get()) != 1) result = fail(Errc::malformed, "the store is damaged");
  return result;
}

Result<void> Database::transaction(Mode mode, const std::function<Result<void>()>& work) {
  Result<void> result = run(mode == Mode::read ? x_begin.get() : x_begin_write.get());
  if (result) result = work();
  if (result) result = run(x_commit.get());
  if (!result) roll_back();
  return result;
}

Result<void> Database::checkpoint() {
  const int code = sqlite3_wal_checkpoint_v2(x_db.get(), "main", SQLITE_CHECKPOINT_RESTART, nullptr, nullptr);
  if (code != SQLITE_OK) return database_error(x_db.get(), code);
  return {};
}

Result<void> Database::set_durable(bool durable) {
  return execute(x_db.get(), durable ? "PRAGMA synchronous=FULL" : "PRAGMA synchronous=OFF");
}

namespace {

/// Inserts one row with a given number into `table`.
Result<void> insert(sqlite3* db, sqlite3_stmt* statement, std::int64_t number, ByteView blob) {
  sqlite3_bind_int64(statement, 1, number);
  sqlite3_bind_blob(statement, 2, blob.data(), static_cast<int>(blob.size()), SQLITE_STATIC);
  const int code = sqlite3_step(statement);
  sqlite3_reset(statement);
  if (code != SQLITE_DONE) return database_error(db, code);
  return {};
}

Result<void> fill_database(sqlite3* db, const Header& header,
                           const std::function<Result<void>(std::uint32_t, SealedRow&)>& row) {
  const std::string setup =
      "PRAGMA page_size=4096; PRAGMA auto_vacuum=NONE; PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;"
      "PRAGMA cache_size=-192; PRAGMA application_id=" +
      std::to_string(kApplicationId) + "; PRAGMA user_version=" + std::to_string(kFormatVersion) +
      "; BEGIN;"
      "CREATE TABLE header_a(id INTEGER PRIMARY KEY, header BLOB NOT NULL);"
      "CREATE TABLE header_b(id INTEGER PRIMARY KEY, header BLOB NOT NULL);"
      "CREATE TABLE ring(slot INTEGER PRIMARY KEY, sealed BLOB NOT NULL)";
  if (auto ok = execute(db, setup.c_str()); !ok) return ok;
  const HeaderBytes encoded = encode(header);
  const auto insert_all = [&](const char* sql, std::uint32_t count, auto&& content) -> Result<void> {
    const auto statement = prepare(db, sql);
    if (!statement) return std::unexpected(statement.error());
    Result<void> result;
    for (std::uint32_t number = 0; number < count && result; ++number) {
      const Result<ByteView> bytes = content(number);
      result = bytes ? insert(db, *statement, number, *bytes) : std::unexpected(bytes.error());
    }
    sqlite3_finalize(*statement);
    return result;
  };
  const auto one = [&](std::uint32_t) -> Result<ByteView> { return ByteView(encoded); };
  SealedRow sealed{};
  const auto many = [&](std::uint32_t slot) -> Result<ByteView> {
    if (auto ok = row(slot, sealed); !ok) return std::unexpected(ok.error());
    return ByteView(sealed);
  };
  if (auto ok = insert_all("INSERT INTO header_a VALUES(?1,?2)", 1, one); !ok) return ok;
  if (auto ok = insert_all("INSERT INTO header_b VALUES(?1,?2)", 1, one); !ok) return ok;
  if (auto ok = insert_all("INSERT INTO ring VALUES(?1,?2)", header.rows, many); !ok) return ok;
  return execute(db, "COMMIT; PRAGMA journal_mode=WAL");
}

}  // namespace

Result<void> build_database(const std::filesystem::path& path, const Header& header,
                            const std::function<Result<void>(std::uint32_t, SealedRow&)>& row) {
  sqlite3* db = nullptr;
  const int code = sqlite3_open_v2(path.c_str(), &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nullptr);
  Result<void> result = code == SQLITE_OK ? fill_database(db, header, row) : Result<void>(database_error(db, code));
  sqlite3_close(db);
  return result;
}

}  // namespace sw::store
