#pragma once
// Whose an address is, among hundreds of thousands: one array with open addressing, so that a look-up costs one cache
// line, and that line can be fetched ahead of its turn. Always: at most half full; keyed, so that nobody who chooses
// addresses can make them meet.
#include <array>
#include <cstring>
#include <utility>
#include <vector>

#include "base/rng.hpp"
#include "wire/endpoint.hpp"

namespace sw::relay {

/// `Value` is small: a pointer, an iterator.
template <class Value>
class AddressTable {
 public:
  explicit AddressTable(Rng& rng) : x_slots(kLeast) {
    for (auto& word : x_key) word = rng.bits();
  }

  /// Null when it is nobody's; good until the next change.
  [[nodiscard]] const Value* find(const wire::Endpoint& at) const {
    const Slot& slot = x_slots[seek(at)];
    return slot.used ? &slot.value : nullptr;
  }
  void set(const wire::Endpoint& at, Value value) {
    if (2 * (x_count + 1) > x_slots.size()) grow();
    Slot& slot = x_slots[seek(at)];
    if (!slot.used) ++x_count;
    slot = {at, true, value};
  }
  void erase(const wire::Endpoint& at) {
    std::size_t hole = seek(at);
    if (!x_slots[hole].used) return;
    --x_count;
    // Whoever comes behind without a gap moves up, unless that were before its home.
    for (std::size_t i = next(hole); x_slots[i].used; i = next(i)) {
      const std::size_t way = (i - home(x_slots[i].at)) & (x_slots.size() - 1);
      if (way < ((i - hole) & (x_slots.size() - 1))) continue;
      x_slots[hole] = x_slots[i];
      hole = i;
    }
    x_slots[hole] = {};
  }
  /// Begins to fetch what find() will read.
  void fetch(const wire::Endpoint& at) const { __builtin_prefetch(&x_slots[home(at)]); }
  [[nodiscard]] std::size_t size() const { return x_count; }

 private:
  static constexpr std::size_t kLeast = 64;  ///< a power of two, as every size
  struct alignas(32) Slot {
    wire::Endpoint at;
    bool used = false;
    Value value{};
  };

  /// Strongly universal (Dietzfelbinger): the upper half of a sum of products with the key's words.
  [[nodiscard]] std::size_t home(const wire::Endpoint& at) const {
    std::uint64_t sum = x_key[5] + x_key[4] * at.port;
    for (std::size_t i = 0; i < 4; ++i) {
      std::uint32_t word = 0;
      std::memcpy(&word, at.ip.data() + 4 * i, sizeof word);
      sum += x_key[i] * word;
    }
    return static_cast<std::size_t>(sum >> 32) & (x_slots.size() - 1);
  }
  [[nodiscard]] std::size_t next(std::size_t i) const { return (i + 1) & (x_slots.size() - 1); }
  /// Where it is, or where it would be.
  [[nodiscard]] std::size_t seek(const wire::Endpoint& at) const {
    std::size_t i = home(at);
    while (x_slots[i].used && x_slots[i].at != at) i = next(i);
    return i;
  }
  void grow() {
    const auto before = std::exchange(x_slots, std::vector<Slot>(2 * x_slots.size()));
    for (const Slot& slot : before) {
      if (slot.used) x_slots[seek(slot.at)] = slot;
    }
  }

  std::array<std::uint64_t, 6> x_key{};
  std::vector<Slot> x_slots;
  std::size_t x_count = 0;
};

}  // namespace sw::relay
