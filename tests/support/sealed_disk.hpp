#pragma once
// The real store under a simulated station: the ring of sealed rows on SQLite, in a small file.
#include <map>
#include <memory>
#include <set>

#include "crypto/rng.hpp"
#include "support/disk.hpp"
#include "support/store_home.hpp"

namespace sw::test {

class SealedDisk final : public Disk {
 public:
  /// A station asks for two megabytes of free room before it lets its peer send again; this is ten in all.
  static constexpr std::uint32_t kRows = 8192;

  explicit SealedDisk(std::uint64_t seed) : x_rng(seed) {
    if (!store::create_store(x_home.file, secret("pass"), x_rng, {kRows, {1, 8}})) std::abort();
    open();
  }

  [[nodiscard]] Result<desk::Ticket> put(desk::RecordKey key, crypto::SecretBytes head, ByteView body,
                                         desk::Urgency urgency) override {
    if (full && !body.empty()) return fail(Errc::full, "no room");
    auto ticket = x_store->put(key, std::move(head), body, urgency);
    if (ticket) x_waiting.emplace(ticket->value, key);
    return ticket;
  }
  [[nodiscard]] desk::Ticket erase(desk::RecordKey key) override {
    x_durable.erase(key);
    return x_store->erase(key);
  }
  [[nodiscard]] Result<Bytes> body(desk::RecordKey key) override { return x_store->body(key); }
  [[nodiscard]] bool has_room(std::size_t bytes) const override { return !full && x_store->has_room(bytes); }
  [[nodiscard]] Result<std::vector<desk::LoadedRecord>> load() override { return x_store->load(); }

  [[nodiscard]] std::vector<desk::Ticket> tick() override {
    auto tickets = x_store->tick().value();
    for (const auto ticket : tickets) {
      if (const auto node = x_waiting.extract(ticket.value); !node.empty()) x_durable.insert(node.mapped());
    }
    return tickets;
  }
  [[nodiscard]] bool idle() const override { return x_store->idle(); }
  void crash() override {
    x_store.reset();
    open();
  }
  [[nodiscard]] bool is_durable(const desk::RecordKey& key) const override { return x_durable.contains(key); }
  [[nodiscard]] bool restored() const override { return x_store->restored(); }
  void clear_restored() override { (void)x_store->clear_restored(); }

 private:
  /// Thousands of commits that wait for a disk would take minutes.
  static std::filesystem::path folder_in_memory() {
    return ::access("/dev/shm", W_OK) == 0 ? "/dev/shm" : std::filesystem::temp_directory_path();
  }
  void open() {
    x_store = store::SealedStore::open(x_home.file, secret("pass"), x_rng).value();
    x_waiting.clear();
    x_durable.clear();
    const auto records = x_store->load().value();
    for (const auto& record : records) x_durable.insert(record.key);
  }

  StoreHome x_home{folder_in_memory()};
  crypto::SeededRng x_rng;
  std::unique_ptr<store::SealedStore> x_store;
  std::map<std::uint64_t, desk::RecordKey> x_waiting;
  std::set<desk::RecordKey> x_durable;
};

}  // namespace sw::test
