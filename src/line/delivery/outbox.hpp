#pragma once
// Our messages on their way, until the far disk has them: what was acknowledged, what must leave again, what next.
// Protocol 5.3, 5.4.
#include <array>
#include <list>
#include <optional>
#include <vector>

#include "base/bytes.hpp"
#include "base/precedence.hpp"
#include "line/delivery/place.hpp"
#include "line/delivery/ranges.hpp"

namespace sw::line {

/// One fragment; `bytes` is a view into the outbox.
struct Piece {
  MessageId id;
  Precedence precedence{};
  Range range;
  std::uint32_t total{};
  ByteView bytes;
  bool first{};  // the first fragment of this message in this process
};

class Outbox {
 public:
  [[nodiscard]] bool has_room(Precedence precedence) const;
  void submit(MessageId id, Precedence precedence, Bytes bytes);
  [[nodiscard]] bool contains(const MessageId& id) const { return find(id) != nullptr; }
  /// Forgets the message. True when the peer may hold a part of it.
  bool remove(const MessageId& id);

  /// The most urgent fragment whose frame fits into `room`; it counts as sent. `urgent_only`: FLASH.
  [[nodiscard]] std::optional<Piece> next(const SendPlace& place, std::size_t room, bool urgent_only);
  void acknowledged(const MessageId& id, Range range);
  void lost(const MessageId& id, Range range, const std::optional<Avoid>& avoid);
  /// The peer holds the first `bytes` bytes.
  void held(const MessageId& id, std::uint32_t bytes);
  /// The peer has nothing: everything leaves again.
  void restart();

 private:
  struct Again {
    Range range;
    std::optional<Avoid> avoid;
  };
  struct Outgoing {
    MessageId id;
    Bytes bytes;
    Ranges acknowledged;
    Ranges fresh;             // neither sent nor acknowledged
    std::list<Again> again;   // sent, lost
    bool begun = false;       // sent to this incarnation of the peer
    bool ever_begun = false;  // sent in this process
    [[nodiscard]] std::uint32_t total() const { return static_cast<std::uint32_t>(bytes.size()); }
    [[nodiscard]] bool whole_there() const { return acknowledged.covers({0, total()}); }
    [[nodiscard]] bool one_frame() const;
  };

  [[nodiscard]] const Outgoing* find(const MessageId& id) const;
  [[nodiscard]] Outgoing* find(const MessageId& id);
  [[nodiscard]] std::size_t open() const;
  [[nodiscard]] static std::optional<Range> cut(Outgoing& message, const SendPlace& place, std::size_t room);
  static void forget(Outgoing& message, Range range);

  std::array<std::list<Outgoing>, kPrecedences> x_queues;
};

}  // namespace sw::line
