#include "link/control_lane.hpp"

#include <algorithm>

#include "base/assert.hpp"
#include "wire/reader.hpp"
#include "wire/writer.hpp"

namespace sw::link {
namespace {

constexpr std::uint8_t kLastPiece = 1;
constexpr std::size_t kPieceBytes = wire::kControlDataBytes;

std::size_t index(Stream stream) {
  return static_cast<std::size_t>(stream) - 1;
}

}  // namespace

void ControlLane::send(Stream stream, Bytes object) {
  SW_ASSERT(!object.empty() && object.size() <= wire::kControlObjectLimit);
  Outbound& out = x_out[index(stream)];
  ++out.number;
  out.bytes = std::move(object);
  out.pieces.assign((out.bytes.size() + kPieceBytes - 1) / kPieceBytes, Piece{});
  x_written.reset();
}

/// A piece that never left, or else the one that waits longest for its acknowledgement.
std::optional<ControlLane::Place> ControlLane::due() const {
  std::optional<Place> oldest;
  std::uint32_t waited = wire::kControlResendRounds - 1;
  for (std::size_t stream = 0; stream < x_out.size(); ++stream) {
    const auto& pieces = x_out[stream].pieces;
    for (std::size_t i = 0; i < pieces.size(); ++i) {
      if (pieces[i].state == Piece::State::due) return Place{stream, i};
      if (pieces[i].state == Piece::State::flying && pieces[i].waited > waited) {
        waited = pieces[i].waited;
        oldest = Place{stream, i};
      }
    }
  }
  return oldest;
}

void ControlLane::write(Control& control, const ReplayWindow& received) {
  wire::Writer to(control.size());
  x_written = due();
  if (x_written) {
    const Outbound& out = x_out[x_written->stream];
    const std::size_t offset = x_written->piece * kPieceBytes;
    const ByteView data = ByteView(out.bytes).subspan(offset, std::min(kPieceBytes, out.bytes.size() - offset));
    const bool last = x_written->piece + 1 == out.pieces.size();
    to.u8(static_cast<std::uint8_t>(x_written->stream + 1)).u32(out.number).u24(static_cast<std::uint32_t>(offset));
    to.u8(last ? kLastPiece : 0).u8(static_cast<std::uint8_t>(data.size())).bytes(data);
  }
  to.pad_to(10 + kPieceBytes);
  to.u32(static_cast<std::uint32_t>(received.newest())).u64(received.before_newest()).u32(0);
  std::copy(to.view().begin(), to.view().end(), control.begin());
}

void ControlLane::sent(FrameNumber frame) {
  if (!x_written) return;
  x_out[x_written->stream].pieces[x_written->piece] = {frame, 0, Piece::State::flying};
  x_written.reset();
}

void ControlLane::acknowledge(std::uint32_t ack, std::uint64_t sack, std::uint32_t keys) {
  for (Outbound& out : x_out) {
    bool complete = !out.pieces.empty();
    for (Piece& piece : out.pieces) {
      if (piece.state == Piece::State::flying && piece.frame.keys == keys) {
        const std::uint32_t back = ack - static_cast<std::uint32_t>(piece.frame.counter);
        const bool came = back == 0 || (back <= 64 && (sack >> (back - 1) & 1U) != 0);
        if (came) piece.state = Piece::State::done;
      }
      complete = complete && piece.state == Piece::State::done;
    }
    if (complete) {
      out.bytes.clear();
      out.pieces.clear();
      x_written.reset();
    }
  }
}

bool ControlLane::place(Inbound& in, std::size_t offset, bool last, ByteView data) {
  const std::size_t end = offset + data.size();
  if (end > wire::kControlObjectLimit || (in.size && end > *in.size)) return false;
  if (last && (in.bytes.size() > end || (in.size && end != *in.size))) return false;
  if (!last && data.size() != kPieceBytes) return false;
  const std::size_t piece = offset / kPieceBytes;
  if (in.came.size() <= piece) in.came.resize(piece + 1);
  if (in.bytes.size() < end) in.bytes.resize(end);
  if (!in.came[piece]) std::copy(data.begin(), data.end(), in.bytes.begin() + static_cast<std::ptrdiff_t>(offset));
  in.came[piece] = true;
  if (last) in.size = end;
  return true;
}

std::optional<ControlLane::Object> ControlLane::read(const Control& control, std::uint32_t keys) {
  wire::Reader from(control);
  const std::size_t stream = from.u8();
  const std::uint32_t number = from.u32();
  const std::size_t offset = from.u24();
  const bool last = (from.u8() & kLastPiece) != 0;
  const std::size_t length = from.u8();
  const ByteView data = from.view(kPieceBytes);
  const std::uint32_t ack = from.u32();
  acknowledge(ack, from.u64(), keys);

  if (stream == 0 || stream > x_in.size()) return std::nullopt;
  if (length == 0 || length > kPieceBytes || offset % kPieceBytes != 0) return std::nullopt;
  Inbound& in = x_in[stream - 1];
  // Object numbers rise; pieces of an older object are late repeats.
  if (number == 0 || number < in.number) return std::nullopt;
  if (number > in.number) in = Inbound{.number = number};
  if (in.complete || !place(in, offset, last, data.first(length))) return std::nullopt;
  const bool whole = in.size && in.came.size() == (*in.size + kPieceBytes - 1) / kPieceBytes &&
                     std::all_of(in.came.begin(), in.came.end(), [](bool came) { return came; });
  if (!whole) return std::nullopt;
  Object out{static_cast<Stream>(stream), std::move(in.bytes)};
  in = Inbound{.number = number, .complete = true};
  return out;
}

void ControlLane::count_round() {
  for (Outbound& out : x_out) {
    for (Piece& piece : out.pieces) {
      if (piece.state == Piece::State::flying && piece.waited < wire::kControlResendRounds * 1024) ++piece.waited;
    }
  }
}

bool ControlLane::idle() const {
  return std::all_of(x_out.begin(), x_out.end(), [](const Outbound& out) { return out.pieces.empty(); });
}

}  // namespace sw::link
