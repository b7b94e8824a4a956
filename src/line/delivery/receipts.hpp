#pragma once
// STORED, DONE, HAVE and VENUE on their way to the peer, each until it need not be said any more: protocol 5.1, 5.3,
// 4.5.
#include <compare>
#include <deque>
#include <map>
#include <optional>

#include "base/ids.hpp"
#include "line/delivery/frames.hpp"
#include "line/delivery/place.hpp"

namespace sw::line {

struct Receipt {
  FrameType type{};         // stored, done, have or venue
  MessageId id;             // VENUE: the venue's
  std::uint32_t bytes{};    // HAVE; VENUE: how long the word is
  std::uint32_t telling{};  // set by next(): an acknowledgement of an earlier telling says nothing about this one
};

class Receipts {
 public:
  /// Says it, or says it again.
  void add(const Receipt& receipt);
  void erase(FrameType type, const MessageId& id);
  /// Said, and acknowledged in RAM.
  [[nodiscard]] bool known(FrameType type, const MessageId& id) const;
  [[nodiscard]] bool contains(FrameType type, const MessageId& id) const { return x_items.contains({type, id}); }
  [[nodiscard]] std::size_t count(FrameType type) const;

  /// The next one whose frame fits into `room`; it counts as sent.
  [[nodiscard]] std::optional<Receipt> next(const SendPlace& place, std::size_t room);
  /// DONE and HAVE are over; STORED stays, silent, until DONE comes, and VENUE until it is erased.
  void acknowledged(FrameType type, const MessageId& id, std::uint32_t telling);
  void lost(FrameType type, const MessageId& id, const std::optional<Avoid>& avoid);
  /// A new peer: every STORED, DONE and VENUE is said again; HAVEs were for the old one.
  void restart();

 private:
  struct Key {
    FrameType type{};
    MessageId id;
    auto operator<=>(const Key&) const = default;
  };
  enum class State : std::uint8_t { waiting, sent, known };
  struct Item {
    State state = State::waiting;
    std::uint32_t bytes{};
    std::uint32_t telling{};
    std::optional<Avoid> avoid;
  };

  std::map<Key, Item> x_items;
  std::deque<Key> x_waiting;  // in turn; may hold keys whose item is gone or not waiting
  std::map<FrameType, std::size_t> x_counts;
  std::uint32_t x_tellings = 0;
};

}  // namespace sw::line
