#include "line/session/pieces.hpp"

#include <algorithm>

#include "wire/reader.hpp"
#include "wire/sizes.hpp"

namespace sw::line {
namespace {
constexpr std::size_t kPieceHeader = 4;
std::size_t piece_count(std::size_t total) {
  return (total + wire::kRatchetPieceBytes - 1) / wire::kRatchetPieceBytes;
}
}  // namespace

void PieceSender::fill(std::size_t room, wire::Writer& out) {
  const std::size_t size = std::min(wire::kRatchetPieceBytes, x_object.size() - x_next);
  if (wire::kFrameHeaderBytes + kPieceHeader + size > room) return;
  out.u8(static_cast<std::uint8_t>(x_type)).u16(static_cast<std::uint16_t>(kPieceHeader + size));
  out.u16(static_cast<std::uint16_t>(x_next)).u16(static_cast<std::uint16_t>(x_object.size()));
  out.bytes(ByteView(x_object).subspan(x_next, size));
  x_next += size;
  if (x_next >= x_object.size()) x_next = 0;
}

std::optional<Bytes> PieceReceiver::take(ByteView body) {
  wire::Reader in(body);
  const std::size_t offset = in.u16();
  const std::size_t total = in.u16();
  const ByteView bytes = in.view(in.remaining());
  const std::size_t expected = std::min(wire::kRatchetPieceBytes, total - std::min(offset, total));
  if (!in.ok() || total == 0 || total > kRatchetObjectLimit || offset % wire::kRatchetPieceBytes != 0 ||
      bytes.empty() || bytes.size() != expected) {
    return std::nullopt;
  }
  if (x_object.size() != total) {
    x_object.assign(total, 0);
    x_have = 0;
  }
  std::copy(bytes.begin(), bytes.end(), x_object.begin() + static_cast<std::ptrdiff_t>(offset));
  x_have |= 1U << (offset / wire::kRatchetPieceBytes);
  if (x_have != (1U << piece_count(total)) - 1) return std::nullopt;
  x_have = 0;
  return std::exchange(x_object, {});
}

}  // namespace sw::line
