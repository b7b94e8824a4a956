#pragma once
// A disk in memory behind the desk's store: what was put becomes durable with a later tick, a row a tick as in the
// ring, and a crash loses the rest. A snapshot can be put back, as a backup.
#include <algorithm>
#include <map>
#include <optional>

#include "support/disk.hpp"

namespace sw::test {

class MemoryDisk final : public Disk {
 public:
  struct Record {
    Bytes head;
    Bytes body;
  };
  using Records = std::map<desk::RecordKey, Record>;

  [[nodiscard]] Result<desk::Ticket> put(desk::RecordKey key, crypto::SecretBytes head, ByteView body,
                                         desk::Urgency urgency) override {
    const bool fresh = !x_durable.contains(key) && !x_ranks.contains(key);
    if (!fresh && !body.empty()) return fail(Errc::conflict, "a body is given once");
    if (fresh && !has_room(body.size())) return fail(Errc::full, "no room");
    Waiting& op = enqueue(key, urgency);
    if (fresh) {
      op.record.body = to_bytes(body);
      op.rows = rows_of(body.size());
      x_used += op.rows;
    }
    op.record.head = to_bytes(head.view());
    op.erase = false;
    return promise(op);
  }
  [[nodiscard]] desk::Ticket erase(desk::RecordKey key) override {
    Waiting& op = enqueue(key, desk::Urgency::state);
    op.erase = true;
    return promise(op);
  }
  [[nodiscard]] Result<Bytes> body(desk::RecordKey key) override {
    if (const auto rank = x_ranks.find(key); rank != x_ranks.end() && !x_durable.contains(key)) {
      return x_queue.at(rank->second).record.body;
    }
    const auto found = x_durable.find(key);
    if (found == x_durable.end()) return fail(Errc::not_found, "no such record");
    return found->second.body;
  }
  [[nodiscard]] bool has_room(std::size_t body_bytes) const override {
    return !full && x_used + rows_of(body_bytes) <= kRows;
  }
  [[nodiscard]] Result<std::vector<desk::LoadedRecord>> load() override {
    std::vector<desk::LoadedRecord> out;
    for (const auto& [key, record] : x_durable) {
      out.push_back({key, crypto::SecretBytes(to_bytes(record.head)), record.body.size()});
    }
    return out;
  }

  /// One commit: one row of the most urgent write; the tickets that are durable with it.
  [[nodiscard]] std::vector<desk::Ticket> tick() override {
    if (x_queue.empty()) return {};
    const auto first = x_queue.begin();
    if (--first->second.rows != 0) return {};
    Waiting op = std::move(first->second);
    x_ranks.erase(op.key);
    x_queue.erase(first);
    const auto known = x_durable.find(op.key);
    if (op.erase) {
      if (known != x_durable.end()) {
        x_used -= rows_of(known->second.body.size());
        x_durable.erase(known);
      }
    } else if (known != x_durable.end()) {
      known->second.head = std::move(op.record.head);
    } else {
      x_durable.emplace(op.key, std::move(op.record));
    }
    return std::move(op.tickets);
  }
  [[nodiscard]] bool idle() const override { return x_queue.empty(); }
  /// The process is gone: what no tick has made durable never was.
  void crash() override {
    x_queue.clear();
    x_ranks.clear();
    x_ticket = 0;
    x_used = 0;
    for (const auto& [key, record] : x_durable) x_used += rows_of(record.body.size());
  }

  [[nodiscard]] bool is_durable(const desk::RecordKey& key) const override { return x_durable.contains(key); }
  [[nodiscard]] const Records& records() const { return x_durable; }
  /// A backup is put back; only while no station runs on the disk.
  void restore(Records records) {
    x_durable = std::move(records);
    x_restored = true;
    crash();
  }
  [[nodiscard]] bool restored() const override { return x_restored; }
  void clear_restored() override { x_restored = false; }

 private:
  using Rank = std::pair<desk::Urgency, std::uint64_t>;
  struct Waiting {
    desk::RecordKey key;
    Record record;
    bool erase = false;
    std::size_t rows = 1;
    std::vector<desk::Ticket> tickets;
  };
  static constexpr std::size_t kRowBytes = 4000;
  static constexpr std::size_t kRows = 100'000;

  [[nodiscard]] static std::size_t rows_of(std::size_t body) {
    return (desk::kHeadBytes + body + kRowBytes - 1) / kRowBytes;
  }
  Waiting& enqueue(const desk::RecordKey& key, desk::Urgency urgency) {
    const auto known = x_ranks.find(key);
    if (known == x_ranks.end()) {
      const Rank rank{urgency, ++x_order};
      x_ranks.emplace(key, rank);
      Waiting& op = x_queue[rank];
      op.key = key;
      return op;
    }
    if (urgency < known->second.first) {
      auto node = x_queue.extract(known->second);
      known->second = node.key() = Rank{urgency, ++x_order};
      return x_queue.insert(std::move(node)).position->second;
    }
    return x_queue.at(known->second);
  }
  desk::Ticket promise(Waiting& op) {
    op.tickets.push_back({++x_ticket});
    return op.tickets.back();
  }

  bool x_restored = false;
  Records x_durable;
  std::map<Rank, Waiting> x_queue;
  std::map<desk::RecordKey, Rank> x_ranks;
  std::uint64_t x_order = 0;
  std::uint64_t x_ticket = 0;
  std::size_t x_used = 0;
};

}  // namespace sw::test
