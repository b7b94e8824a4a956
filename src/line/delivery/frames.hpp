#pragma once
// The frames of delivery inside a cell: type u8 | len u16 | body. Protocol 5.
#include <cstdint>
#include <optional>
#include <variant>

#include "base/bytes.hpp"
#include "base/ids.hpp"
#include "wire/reader.hpp"
#include "wire/writer.hpp"

namespace sw::line {

enum class FrameType : std::uint8_t {
  padding = 0,
  inc = 1,
  data = 2,
  stored = 3,
  done = 4,
  have = 5,
  offer = 6,
  accept = 7,
  venue = 8
};

struct IncFrame {
  std::uint64_t own{};
  std::uint64_t heard{};
  bool ask{};
};
/// seq u32 | msg_id[16] | offset u32 | total u32 | bytes. Bytes lie inside 0 .. total, total inside 1 .. 1 MiB.
struct DataFrame {
  MessageId id;
  std::uint32_t offset{};
  std::uint32_t total{};
  ByteView bytes;
};
struct StoredFrame {
  MessageId id;
};
struct DoneFrame {
  MessageId id;
};
struct HaveFrame {
  MessageId id;
  std::uint32_t bytes{};
};
/// What the sender says of one venue (line/venue_word.hpp); 1 to kVenueWordLimit bytes.
struct VenueFrame {
  VenueId venue;
  ByteView word;
};
/// A frame that is acknowledged by its seq.
struct SeqFrame {
  std::uint32_t seq{};
  std::variant<DataFrame, StoredFrame, DoneFrame, HaveFrame, VenueFrame> body;
};
/// OFFER or ACCEPT: the session reads those.
struct ForeignFrame {};
using Frame = std::variant<IncFrame, SeqFrame, ForeignFrame>;

inline constexpr std::size_t kIncFrameBytes = 3 + 8 + 8 + 1;
inline constexpr std::size_t kReceiptFrameBytes = 3 + 4 + 16;
inline constexpr std::size_t kHaveFrameBytes = kReceiptFrameBytes + 4;

/// The next frame; nothing at the padding, at the end, and at the first frame that makes no sense. Views into the
/// input.
[[nodiscard]] std::optional<Frame> read_frame(wire::Reader& in);

void write_frame(wire::Writer& out, const IncFrame& frame);
void write_frame(wire::Writer& out, const SeqFrame& frame);

}  // namespace sw::line
