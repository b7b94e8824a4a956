#pragma once
// The peer's messages until they are durable here: parts, whole ones waiting for the store, and the ids of the last
// finished ones. All of it is bounded whatever the peer sends: protocol 5.3, 5.4.
#include <deque>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "base/bytes.hpp"
#include "line/delivery/frames.hpp"
#include "line/delivery/ranges.hpp"

namespace sw::line {

class Inbox {
 public:
  enum class Taken : std::uint8_t {
    refused,   ///< no place for it, or it contradicts what is here: not to be acknowledged
    kept,      ///< here, or here already
    complete,  ///< this fragment was the last one missing
  };
  enum class Finish : std::uint8_t { stored, cancelled };

  [[nodiscard]] Taken take(const DataFrame& data);
  /// The bytes of a whole message that is not durable yet; nullptr when there is none.
  [[nodiscard]] const Bytes* whole(const MessageId& id) const;
  [[nodiscard]] std::size_t whole_count() const { return x_whole.size(); }
  /// The store has it: the bytes go.
  void durable(const MessageId& id);
  void refuse(const MessageId& id);
  /// The refused ones, which are refused no more.
  [[nodiscard]] std::vector<MessageId> take_refused();

  /// True when a part of it was here.
  bool drop_partial(const MessageId& id) { return x_partial.erase(id) != 0; }
  void finish(const MessageId& id, Finish how);
  [[nodiscard]] std::optional<Finish> finished(const MessageId& id) const;

  /// The sender started anew: all but the two largest parts go. Those that stay, with the bytes held from 0 on.
  [[nodiscard]] std::vector<std::pair<MessageId, std::uint32_t>> sender_restarted();

 private:
  struct Partial {
    Bytes bytes;
    Ranges have;
  };
  struct Whole {
    Bytes bytes;
    bool refused = false;
  };

  [[nodiscard]] bool has_place(std::uint32_t total) const;

  std::map<MessageId, Partial> x_partial;
  std::map<MessageId, Whole> x_whole;
  std::size_t x_whole_bytes = 0;
  std::map<MessageId, Finish> x_finished;
  std::deque<MessageId> x_finished_order;  // oldest first
};

}  // namespace sw::line
