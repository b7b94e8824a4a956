#include "store/file.hpp"

#include <algorithm>

#include "base/assert.hpp"
#include "store/database.hpp"
#include "store/ring.hpp"

namespace sw::store {
namespace {

namespace fs = std::filesystem;

/// A name that is nobody else's, so that what was left behind may be removed.
constexpr std::string_view kUnfinished = ".stillwire-unfinished";

Result<void> refuse_existing(const fs::path& path) {
  for (const std::string_view suffix : {"", "-wal", "-shm"}) {
    std::error_code error;
    const auto status = fs::symlink_status(beside(path, suffix), error);
    if (status.type() != fs::file_type::not_found) {
      return fail(Errc::conflict, "there is a store already; move it away first");
    }
  }
  return {};
}

Result<void> copy_bytes(const RawFile& from, RawFile& to) {
  constexpr std::uint64_t kPiece = 64 * 1024;
  const auto size = from.size();
  if (!size) return std::unexpected(size.error());
  Bytes piece;
  for (std::uint64_t at = 0; at < *size; at += piece.size()) {
    piece.resize(static_cast<std::size_t>(std::min(kPiece, *size - at)));
    if (auto ok = from.read(at, piece); !ok) return ok;
    if (auto ok = to.write(at, piece); !ok) return ok;
  }
  return {};
}

void put_first(PlainRow& row, const FirstRecord& first, std::uint32_t slot) {
  SW_ASSERT(first.head.size() <= desk::kHeadBytes);
  RowMeta meta{.type = RowType::part, .key = first.key, .generation = 1, .position = slot};
  meta.head_bytes = static_cast<std::uint16_t>(first.head.size());
  row.set_meta(meta);
  std::ranges::copy(first.head.view(), row.payload().begin());
}

}  // namespace

Result<void> check_rows(std::uint32_t rows) {
  if (rows < kRowsLeast || rows > kRowsMost || rows % kRowsPerTick != 0) {
    return fail(Errc::malformed, "the store's header is damaged; restore a backup");
  }
  return {};
}

Result<void> make_file(const fs::path& path, const std::function<Result<void>(const fs::path&)>& fill) {
  std::error_code error;
  if (fs::symlink_status(path, error).type() != fs::file_type::not_found) {
    return fail(Errc::conflict, "there is a file of that name already");
  }
  const fs::path unfinished = beside(path, kUnfinished);
  // Of a making that was cut short; SQLite would take up an old log.
  for (const std::string_view suffix : {"", "-wal", "-shm"}) fs::remove(beside(unfinished, suffix), error);
  if (auto made = RawFile::create(unfinished); !made) return std::unexpected(made.error());
  const auto finish = [&]() -> Result<void> {
    if (auto ok = fill(unfinished); !ok) return ok;
    auto file = RawFile::open(unfinished, RawFile::Access::write);
    if (!file) return std::unexpected(file.error());
    if (auto ok = inspect(*file); !ok) return std::unexpected(ok.error());
    if (auto ok = file->sync(); !ok) return ok;
    fs::rename(unfinished, path, error);
    if (error) return fail(Errc::io, "the file cannot be made: " + error.message());
    return sync_folder_of(path);
  };
  const auto result = finish();
  if (!result) fs::remove(unfinished, error);
  return result;
}

Result<void> create_store(const fs::path& path, const crypto::SecretBytes& passphrase, Rng& rng, StoreSize size,
                          std::optional<FirstRecord> first) {
  if (passphrase.empty()) return fail(Errc::usage, "the passphrase is empty");
  if (auto ok = check_rows(size.rows); !ok) return ok;
  if (auto ok = refuse_existing(path); !ok) return ok;
  Header header;
  header.rows = size.rows;
  header.cost = size.cost;
  rng.fill(header.file_id);
  const auto master = MasterKey::random(rng);
  if (auto ok = wrap(header, master, passphrase.view(), rng); !ok) return ok;
  const RowKey key = row_key(master, header);
  return make_file(path, [&](const fs::path& file) {
    return build_database(file, header, [&](std::uint32_t slot, SealedRow& out) -> Result<void> {
      PlainRow plain;
      // As if it were the last row written: the farthest from the head (README.md, "Why the gap never closes").
      if (first && slot + 1 == size.rows) {
        put_first(plain, *first, slot);
      } else {
        plain.set_meta(RowMeta{.position = slot});
      }
      seal_row(key, slot, plain, rng, out);
      return {};
    });
  });
}

Result<void> restore_store(const fs::path& backup, const fs::path& path) {
  const auto from = RawFile::open(backup, RawFile::Access::read);
  if (!from) return std::unexpected(from.error());
  auto header = inspect(*from);
  if (!header) return std::unexpected(header.error());
  std::error_code ignored;
  if (header->state != HeaderState::copy && fs::exists(beside(backup, "-wal"), ignored)) {
    return fail(Errc::conflict, "this is a station's own store, not a backup; use `stillwire backup`");
  }
  header->state = HeaderState::copy;
  if (auto ok = refuse_existing(path); !ok) return ok;
  return make_file(path, [&](const fs::path& file) -> Result<void> {
    auto to = RawFile::open(file, RawFile::Access::write);
    if (!to) return std::unexpected(to.error());
    if (auto ok = copy_bytes(*from, *to); !ok) return ok;
    return write_header(*to, *header);
  });
}

Result<void> panic(const fs::path& path, Rng& rng) {
  auto file = RawFile::open(path, RawFile::Access::write);
  if (!file) return std::unexpected(file.error());
  if (!is_ours(*file)) return fail(Errc::malformed, "this file is not a Stillwire store");
  Header erased;
  erased.state = HeaderState::erased;
  rng.fill(erased.file_id);
  rng.fill(erased.salt);
  rng.fill(erased.nonce);
  rng.fill(erased.wrapped);
  if (auto ok = write_header(*file, erased); !ok) return ok;
  for (const std::string_view suffix : {"-wal", "-shm"}) {
    std::error_code error;
    fs::remove(beside(path, suffix), error);
    if (error) return fail(Errc::io, "the log cannot be removed: " + error.message());
  }
  return sync_folder_of(path);
}

}  // namespace sw::store
