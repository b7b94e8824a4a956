#pragma once
// The store of a running station: desk's interface over the ring and the database. put(), erase() and body() may be
// called from any thread and never wait for a disk's flush; tick() may run in a thread of its own (commit_thread.hpp).
#include <filesystem>
#include <memory>
#include <mutex>

#include "store/database.hpp"
#include "store/raw_file.hpp"
#include "store/ring.hpp"

namespace sw::store {

class SealedStore final : public desk::Store {
 public:
  /// Unlocks the store and reads it through. Errc::forged for a wrong passphrase, Errc::conflict when somebody else
  /// holds it, else as inspect(). Until the passphrase was right, nothing on the disk is changed. `rng` outlives it.
  [[nodiscard]] static Result<std::unique_ptr<SealedStore>> open(const std::filesystem::path& path,
                                                                 const crypto::SecretBytes& passphrase, Rng& rng);
  ~SealedStore() override = default;

  /// As desk::Store says; besides, Errc::conflict for a second body, Errc::out_of_range above kHeadBytes, kBodyLimit.
  [[nodiscard]] Result<desk::Ticket> put(desk::RecordKey key, crypto::SecretBytes head, ByteView body,
                                         desk::Urgency urgency) override;
  /// Always gives a ticket, also for a record that is not there. Tickets of writes that it overtakes come due with it.
  [[nodiscard]] desk::Ticket erase(desk::RecordKey key) override;
  [[nodiscard]] Result<Bytes> body(desk::RecordKey key) override;
  [[nodiscard]] bool has_room(std::size_t body_bytes) const override;
  [[nodiscard]] Result<std::vector<desk::LoadedRecord>> load() override;

  /// One commit of two rows; the tickets that are durable now. After an error nothing became durable, and the next
  /// tick writes the same rows again.
  [[nodiscard]] Result<std::vector<desk::Ticket>> tick();
  /// Ticks until nothing waits; for the making of a store and for an orderly end.
  [[nodiscard]] Result<void> settle();

  [[nodiscard]] bool idle() const;
  [[nodiscard]] std::uint32_t rows() const;
  /// Rows that records take, and may take at most.
  [[nodiscard]] std::uint32_t used() const;
  [[nodiscard]] std::uint32_t capacity() const;

  /// Is this a backup put back? Stays true until the station has made the end of continuity durable and says so.
  [[nodiscard]] bool restored() const;
  [[nodiscard]] Result<void> clear_restored();
  /// Errc::forged when `old_passphrase` is wrong, Errc::usage for an empty new one.
  [[nodiscard]] Result<void> change_passphrase(const crypto::SecretBytes& old_passphrase,
                                               const crypto::SecretBytes& new_passphrase);
  /// A sealed copy of this instant under the same passphrase, mode 0600; Errc::conflict when `path` exists. Takes about
  /// a second, in which ticks wait: call it from a thread that may.
  [[nodiscard]] Result<void> backup(const std::filesystem::path& path);

 private:
  SealedStore(RawFile file, Header header, RowKey key, Database writer, Database reader, Ring ring, Rng& rng);
  [[nodiscard]] static Result<Ring> scan_ring(Database& db, const RowKey& key, std::uint32_t rows);
  [[nodiscard]] Result<void> grow_log(const std::filesystem::path& path);
  [[nodiscard]] Result<std::vector<desk::Ticket>> tick_locked();
  [[nodiscard]] Result<void> adopt(const Header& next);
  [[nodiscard]] Result<void> write_out(const Plan& plan);
  [[nodiscard]] Result<void> read_record(const desk::RecordKey& key, const Located& at, std::size_t rows, Bytes& out,
                                         std::uint16_t& head_bytes);
  [[nodiscard]] Result<desk::LoadedRecord> load_one(const desk::RecordKey& key);

  RawFile x_file;  ///< outlives the connections: closing any handle of a file drops SQLite's own locks on it
  std::uint64_t x_size = 0;
  Header x_header;
  RowKey x_key;
  Database x_writer;
  Database x_reader;
  Ring x_ring;
  Rng& x_rng;
  std::uint32_t x_since_checkpoint = 0;
  // Order of locking: x_io, then x_reading, then x_state; x_state is never held over a disk operation.
  std::mutex x_io;             ///< x_writer, x_rng, x_header, x_file, x_since_checkpoint
  std::mutex x_reading;        ///< x_reader
  mutable std::mutex x_state;  ///< x_ring; and x_header.state
};

}  // namespace sw::store
