#pragma once
// The desk's store in memory, with a disk that is reached only by commit(): what a power cut would leave is load().
#include <map>

#include "desk/store.hpp"

namespace sw::test {

class MemoryStore final : public desk::Store {
 public:
  struct Kept {
    Bytes head;
    Bytes body;
  };

  std::size_t capacity = 16 * 1024 * 1024;  ///< bytes; a record costs its body and a page
  bool failing = false;                     ///< put() says io
  std::vector<desk::Urgency> urgencies;     ///< of every put, in order

  Result<desk::Ticket> put(desk::RecordKey key, crypto::SecretBytes head, ByteView body,
                           desk::Urgency urgency) override {
    if (failing) return fail(Errc::io, "the disk fails");
    const auto known = x_now.find(key);
    if (known == x_now.end() && !has_room(body.size())) return fail(Errc::full, "the store is full");
    Kept& kept = x_now[key];
    kept.head = to_bytes(head.view());
    if (!body.empty()) kept.body = to_bytes(body);
    urgencies.push_back(urgency);
    return promise();
  }
  desk::Ticket erase(desk::RecordKey key) override {
    x_now.erase(key);
    return promise();
  }
  Result<Bytes> body(desk::RecordKey key) override {
    const auto found = x_now.find(key);
    if (found == x_now.end()) return fail(Errc::not_found, "no such record");
    return found->second.body;
  }
  [[nodiscard]] bool has_room(std::size_t body_bytes) const override {
    std::size_t used = 0;
    for (const auto& [key, kept] : x_now) used += kPage + kept.body.size();
    return used + kPage + body_bytes <= capacity;
  }
  Result<std::vector<desk::LoadedRecord>> load() override {
    x_now = x_disk;
    x_waiting.clear();
    std::vector<desk::LoadedRecord> out;
    for (const auto& [key, kept] : x_disk) {
      out.push_back({key, crypto::SecretBytes(Bytes(kept.head)), kept.body.size()});
    }
    return out;
  }

  /// What was put reaches the disk; its tickets.
  std::vector<desk::Ticket> commit() {
    x_disk = x_now;
    return std::exchange(x_waiting, {});
  }
  /// The records on the disk, to be looked at or damaged.
  std::map<desk::RecordKey, Kept>& disk() { return x_disk; }

 private:
  static constexpr std::size_t kPage = 4096;
  desk::Ticket promise() {
    x_waiting.push_back({++x_last});
    return x_waiting.back();
  }
  std::map<desk::RecordKey, Kept> x_now;
  std::map<desk::RecordKey, Kept> x_disk;
  std::vector<desk::Ticket> x_waiting;
  std::uint64_t x_last = 0;
};

}  // namespace sw::test
