#pragma once
// Offer and accept in pieces of at most 400 bytes (`offset u16 | total u16 | bytes`), sent in turn until answered, and
// put together again. Protocol 4.3.
#include <optional>

#include "base/bytes.hpp"
#include "line/delivery/frames.hpp"
#include "wire/writer.hpp"

namespace sw::line {

/// The longest: an offer with its ML-KEM key.
inline constexpr std::size_t kRatchetObjectLimit = 12 + 32 + 1184;

class PieceSender {
 public:
  PieceSender(FrameType type, Bytes object) : x_type(type), x_object(std::move(object)) {}
  /// The next piece as one frame, when it fits `room`.
  void fill(std::size_t room, wire::Writer& out);
  [[nodiscard]] const Bytes& object() const { return x_object; }

 private:
  FrameType x_type;
  Bytes x_object;
  std::size_t x_next = 0;
};

class PieceReceiver {
 public:
  /// Takes one frame body; the object when it is whole. Hostile input starts over or is ignored.
  [[nodiscard]] std::optional<Bytes> take(ByteView body);

 private:
  Bytes x_object;
  std::uint32_t x_have = 0;  ///< bit k: the piece at 400 k came
};

}  // namespace sw::line
