#pragma once
// What changed at the desk, in numbers that rise: whoever names the last one it saw is told everything after it,
// however long it was away, and of each message only how it is now. docs/api.md, events.
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <unordered_map>
#include <vector>

#include "base/ids.hpp"
#include "desk/store.hpp"

namespace sw::station {

class News {
 public:
  /// `first`: above every number of a process before this one.
  explicit News(std::uint64_t first) : x_start(first), x_last(first) {}

  /// The message is new, or is not as it was.
  void changed(const MessageId& handle);
  /// Messages among these are no more: everybody starts over, with those that are left.
  void erased(std::span<const desk::RecordKey> keys);

  struct Item {
    std::uint64_t number{};
    std::optional<MessageId> message;  ///< nothing: forget all messages; those there are follow
  };
  /// What comes after that number; nothing when it is the newest. A number of another process starts over.
  [[nodiscard]] std::optional<Item> after(std::uint64_t number) const;
  [[nodiscard]] std::uint64_t last() const { return x_last; }

 private:
  std::uint64_t x_start;  ///< below it nobody knows what is no more
  std::uint64_t x_last;
  std::map<std::uint64_t, MessageId> x_messages;
  std::unordered_map<MessageId, std::uint64_t, IdHash> x_numbers;
};

}  // namespace sw::station
