#include "store/sealed_store.hpp"

#include <algorithm>

#include "store/compose.hpp"
#include "store/file.hpp"

namespace sw::store {
namespace {

std::unexpected<Error> damaged() {
  return fail(Errc::malformed, "the store is damaged; restore a backup");
}

std::unexpected<Error> moved() {
  return fail(Errc::conflict, "the row moved while it was read");
}

/// How often a reader may find that rows moved while it read.
constexpr int kReadAttempts = 100;

}  // namespace

SealedStore::SealedStore(RawFile file, Header header, RowKey key, Database writer, Database reader, Ring ring, Rng& rng)
    : x_file(std::move(file)),
      x_header(header),
      x_key(std::move(key)),
      x_writer(std::move(writer)),
      x_reader(std::move(reader)),
      x_ring(std::move(ring)),
      x_rng(rng) {}

Result<std::unique_ptr<SealedStore>> SealedStore::open(const std::filesystem::path& path,
                                                       const crypto::SecretBytes& passphrase, Rng& rng) {
  auto file = RawFile::open(path, RawFile::Access::write);
  if (!file) return std::unexpected(file.error());
  if (auto ok = inspect(*file); !ok) return std::unexpected(ok.error());
  if (auto ok = file->lock(); !ok) return std::unexpected(ok.error());
  const auto header = inspect(*file);  // again: now nobody else changes it
  if (!header) return std::unexpected(header.error());
  if (auto ok = check_rows(header->rows); !ok) return std::unexpected(ok.error());
  const auto master = unwrap(*header, passphrase.view());
  if (!master) return std::unexpected(master.error());
  RowKey key = row_key(*master, *header);

  auto writer = Database::open(path);
  if (!writer) return std::unexpected(writer.error());
  if (auto ok = writer->checkpoint(); !ok) return std::unexpected(ok.error());
  auto ring = scan_ring(*writer, key, header->rows);
  if (!ring) return std::unexpected(ring.error());
  auto reader = Database::open(path);
  if (!reader) return std::unexpected(reader.error());
  const auto size = file->size();
  if (!size) return std::unexpected(size.error());
  std::unique_ptr<SealedStore> out(new SealedStore(std::move(*file), *header, std::move(key), std::move(*writer),
                                                   std::move(*reader), std::move(*ring), rng));
  out->x_size = *size;
  if (auto ok = out->grow_log(path); !ok) return std::unexpected(ok.error());
  return out;
}

Result<Ring> SealedStore::scan_ring(Database& db, const RowKey& key, std::uint32_t rows) {
  std::vector<RowMeta> metas(rows);
  PlainRow plain;
  SealedRow sealed;
  const auto ok = db.transaction(Database::Mode::read, [&]() -> Result<void> {
    for (std::uint32_t slot = 0; slot < rows; ++slot) {
      if (auto read = db.read(slot, sealed); !read) return read;
      if (!open_row(key, slot, sealed, plain)) return damaged();
      const auto meta = plain.meta();
      if (!meta) return std::unexpected(meta.error());
      metas[slot] = *meta;
    }
    return {};
  });
  if (!ok) return std::unexpected(ok.error());
  auto scanned = scan(metas);
  if (!scanned) return std::unexpected(scanned.error());
  return Ring(std::move(*scanned));
}

Result<void> SealedStore::grow_log(const std::filesystem::path& path) {
  std::error_code error;
  const auto size = std::filesystem::file_size(beside(path, "-wal"), error);
  if (!error && size >= kLogBytes) return {};
  if (auto ok = x_writer.set_durable(false); !ok) return ok;
  for (std::uint32_t i = 0; i < kTicksPerCheckpoint; ++i) {
    if (auto ok = tick_locked(); !ok) return std::unexpected(ok.error());
  }
  if (auto ok = x_writer.set_durable(true); !ok) return ok;
  x_since_checkpoint = 0;
  return x_writer.checkpoint();
}

Result<desk::Ticket> SealedStore::put(desk::RecordKey key, crypto::SecretBytes head, ByteView body,
                                      desk::Urgency urgency) {
  const std::lock_guard state(x_state);
  return x_ring.put(key, std::move(head), body, urgency);
}

desk::Ticket SealedStore::erase(desk::RecordKey key) {
  const std::lock_guard state(x_state);
  return x_ring.erase(key);
}

bool SealedStore::has_room(std::size_t body_bytes) const {
  const std::lock_guard state(x_state);
  return x_ring.has_room(body_bytes);
}

Result<void> SealedStore::read_record(const desk::RecordKey& key, const Located& at, std::size_t rows, Bytes& out,
                                      std::uint16_t& head_bytes) {
  PlainRow plain;
  SealedRow sealed;
  return x_reader.transaction(Database::Mode::read, [&]() -> Result<void> {
    for (std::uint32_t index = 0; index < rows; ++index) {
      if (auto ok = x_reader.read(at.slots[index], sealed); !ok) return ok;
      if (!open_row(x_key, at.slots[index], sealed, plain)) return damaged();
      const auto meta = plain.meta();
      if (!meta || !same_row(*meta, {RowType::part, key, at.generation, index, 0, 0, 0})) return moved();
      if (index == 0) head_bytes = meta->head_bytes;
      out.insert(out.end(), plain.payload().begin(), plain.payload().end());
    }
    return {};
  });
}

Result<Bytes> SealedStore::body(desk::RecordKey key) {
  const std::lock_guard reading(x_reading);
  for (int attempt = 0; attempt < kReadAttempts; ++attempt) {
    std::optional<Located> at;
    {
      const std::lock_guard state(x_state);
      if (const auto waiting = x_ring.waiting_body(key)) return to_bytes(*waiting);
      at = x_ring.locate(key);
    }
    if (!at) return fail(Errc::not_found, "there is no such record");
    Bytes bytes;
    std::uint16_t head_bytes = 0;
    bytes.reserve(at->slots.size() * kRowPayloadBytes);
    const auto ok = read_record(key, *at, at->slots.size(), bytes, head_bytes);
    if (ok) {
      crypto::wipe(MutableBytes(bytes).first(desk::kHeadBytes));
      bytes.erase(bytes.begin(), bytes.begin() + desk::kHeadBytes);
      bytes.resize(at->body_bytes);
      return bytes;
    }
    crypto::wipe(bytes);
    if (ok.error().code != Errc::conflict) return std::unexpected(ok.error());
  }
  return fail(Errc::io, "the store is too busy to be read");
}

Result<desk::LoadedRecord> SealedStore::load_one(const desk::RecordKey& key) {
  desk::LoadedRecord out{key, {}, 0};
  for (int attempt = 0; attempt < kReadAttempts; ++attempt) {
    std::optional<Located> at;
    {
      const std::lock_guard state(x_state);
      at = x_ring.locate(key);
      if (const auto body = x_ring.waiting_body(key)) out.body_bytes = body->size();
      if (at) out.body_bytes = at->body_bytes;
      if (const auto head = x_ring.waiting_head(key)) {
        out.head = crypto::SecretBytes(to_bytes(*head));
        return out;
      }
    }
    if (!at) return fail(Errc::not_found, "there is no such record");
    Bytes bytes;
    std::uint16_t head_bytes = 0;
    bytes.reserve(kRowPayloadBytes);
    const auto ok = read_record(key, *at, 1, bytes, head_bytes);
    const crypto::SecretBytes row(std::move(bytes));
    if (ok) {
      out.head = crypto::SecretBytes(to_bytes(row.view().first(head_bytes)));
      return out;
    }
    if (ok.error().code != Errc::conflict) return std::unexpected(ok.error());
  }
  return fail(Errc::io, "the store is too busy to be read");
}

Result<std::vector<desk::LoadedRecord>> SealedStore::load() {
  const std::lock_guard reading(x_reading);
  std::vector<desk::RecordKey> keys;
  {
    const std::lock_guard state(x_state);
    keys = x_ring.keys();
  }
  std::vector<desk::LoadedRecord> out;
  out.reserve(keys.size());
  for (const desk::RecordKey& key : keys) {
    auto record = load_one(key);
    if (!record && record.error().code == Errc::not_found) continue;  // erased meanwhile
    if (!record) return std::unexpected(record.error());
    out.push_back(std::move(*record));
  }
  return out;
}

Result<std::vector<desk::Ticket>> SealedStore::tick() {
  const std::lock_guard io(x_io);
  return tick_locked();
}

Result<std::vector<desk::Ticket>> SealedStore::tick_locked() {
  // SQLite would go on writing to a file that has no name any more, and we would say `stored`.
  if (auto ok = x_file.still_there(x_size); !ok) return std::unexpected(ok.error());
  if (x_since_checkpoint >= kTicksPerCheckpoint) {
    // Before anything is written: the log must not outgrow its size, whatever the disk does.
    if (auto ok = x_writer.checkpoint(); !ok) return std::unexpected(ok.error());
    x_since_checkpoint = 0;
  }
  std::unique_lock state(x_state);
  const Plan plan = x_ring.plan();
  state.unlock();
  const auto written = write_out(plan);
  state.lock();
  if (!written) {
    x_ring.failed();
    return std::unexpected(written.error());
  }
  ++x_since_checkpoint;
  return x_ring.committed(plan);
}

Result<void> SealedStore::write_out(const Plan& plan) {
  std::array<PlainRow, kRowsPerTick> plain;
  SealedRow sealed;
  return x_writer.transaction(Database::Mode::write, [&]() -> Result<void> {
    for (std::size_t i = 0; i < kRowsPerTick; ++i) {
      const std::uint32_t source = plan.writes[i].source;
      if (auto ok = x_writer.read(source, sealed); !ok) return ok;
      if (!open_row(x_key, source, sealed, plain[i])) return damaged();
      if (auto ok = compose(plan.writes[i], plain[i]); !ok) return ok;
    }
    for (std::size_t i = 0; i < kRowsPerTick; ++i) {
      const auto slot = static_cast<std::uint32_t>(plan.writes[i].meta.position % x_header.rows);
      seal_row(x_key, slot, plain[i], x_rng, sealed);
      if (auto ok = x_writer.write(slot, sealed); !ok) return ok;
    }
    return {};
  });
}

Result<void> SealedStore::settle() {
  while (!idle()) {
    if (auto ok = tick(); !ok) return std::unexpected(ok.error());
  }
  return {};
}

bool SealedStore::idle() const {
  const std::lock_guard state(x_state);
  return x_ring.idle();
}
std::uint32_t SealedStore::rows() const {
  const std::lock_guard state(x_state);
  return x_ring.rows();
}
std::uint32_t SealedStore::used() const {
  const std::lock_guard state(x_state);
  return x_ring.used();
}
std::uint32_t SealedStore::capacity() const {
  const std::lock_guard state(x_state);
  return x_ring.capacity();
}

bool SealedStore::restored() const {
  const std::lock_guard state(x_state);
  return x_header.state == HeaderState::copy;
}

Result<void> SealedStore::adopt(const Header& next) {
  if (auto ok = write_header(x_file, next); !ok) return ok;
  const std::lock_guard state(x_state);
  x_header = next;
  return {};
}

Result<void> SealedStore::clear_restored() {
  const std::lock_guard io(x_io);
  Header next = x_header;
  next.state = HeaderState::in_use;
  return adopt(next);
}

Result<void> SealedStore::change_passphrase(const crypto::SecretBytes& old_passphrase,
                                            const crypto::SecretBytes& new_passphrase) {
  if (new_passphrase.empty()) return fail(Errc::usage, "the new passphrase is empty");
  const std::lock_guard io(x_io);
  const auto master = unwrap(x_header, old_passphrase.view());
  if (!master) return std::unexpected(master.error());
  Header next = x_header;
  if (auto ok = wrap(next, *master, new_passphrase.view(), x_rng); !ok) return ok;
  return adopt(next);
}

Result<void> SealedStore::backup(const std::filesystem::path& path) {
  return make_file(path, [this](const std::filesystem::path& file) -> Result<void> {
    const std::lock_guard io(x_io);
    Header header = x_header;
    header.state = HeaderState::copy;
    return build_database(file, header,
                          [this](std::uint32_t slot, SealedRow& out) { return x_writer.read(slot, out); });
  });
}

}  // namespace sw::store
