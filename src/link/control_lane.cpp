#include "link/control_lane.hpp"

#include <algorithm>
#include <bit>

#include "base/assert.hpp"
#include "wire/reader.hpp"

namespace sw::link {
namespace {

// Of `flags`: bit 0, and two bits for R1's fault.
constexpr std::uint8_t kLastPiece = 1;
constexpr unsigned kFaultShift = 1;
constexpr std::uint8_t kFaultMost = 3;
constexpr std::size_t kPieceBytes = wire::kControlDataBytes;

constexpr std::uint32_t kSackFrames = 64;
constexpr std::size_t kFlagsAt = 1 + 4 + 3;
constexpr std::size_t kPhaseAt = wire::kControlBytes - 4;
constexpr std::size_t kAckAt = 10 + kPieceBytes;

/// The low `bytes` bytes of a number.
void put(MutableBytes& to, std::uint64_t value, std::size_t bytes) {
  for (std::size_t i = 0; i < bytes; ++i) to[i] = static_cast<std::uint8_t>(value >> (8 * i));
  to = to.subspan(bytes);
}

/// What is short and urgent goes before what is long.
constexpr std::array kOrder{Stream::rekey,      Stream::enrol, Stream::notice,
                            Stream::descriptor, Stream::setup, Stream::receipt};
static_assert(kOrder.size() == wire::kControlStreams);

}  // namespace

void ControlLane::begin(Outbound& out, std::uint32_t at, Bytes object) {
  if (out.pieces.empty()) ++x_sending;
  out.place = at;
  ++out.number;
  out.bytes = std::move(object);
  out.pieces.assign((out.bytes.size() + kPieceBytes - 1) / kPieceBytes, Piece{});
  x_written.reset();
}

void ControlLane::finish(Outbound& out) {
  if (!out.pieces.empty()) --x_sending;
  out.bytes.clear();
  out.pieces.clear();
  x_written.reset();
}

void ControlLane::take_streams(const wire::StreamLimits& takes) {
  x_takes = takes;
  for (std::size_t stream = 0; stream < x_in.size(); ++stream) {
    if (takes[stream] == 0) x_in[stream] = Inbound{.number = x_in[stream].number, .complete = true};
  }
}

void ControlLane::withdraw(Stream stream) {
  Outbound& out = x_out[index(stream)];
  finish(out);
  out.waiting.clear();
}

std::uint32_t ControlLane::send(Stream stream, Bytes object) {
  SW_ASSERT(!object.empty() && object.size() <= wire::kControlObjectLimit);
  Outbound& out = x_out[index(stream)];
  if (stream == Stream::rekey || out.pieces.empty()) {
    begin(out, ++out.newest, std::move(object));
    return out.newest;
  }
  if (out.waiting.size() == wire::kControlWaiting) out.waiting.pop_front();
  out.waiting.emplace_back(++out.newest, std::move(object));
  return out.newest;
}

std::size_t ControlLane::queued(Stream stream) const {
  if (x_sending == 0) return 0;
  const Outbound& out = x_out[index(stream)];
  return out.waiting.size() + (out.pieces.empty() ? 0 : 1);
}

/// Of each stream in turn a piece that never left, or the one that waits longest for its acknowledgement and too long;
/// before a field stays empty, the one that waits longest of all.
std::optional<ControlLane::Place> ControlLane::due() const {
  if (x_sending == 0) return std::nullopt;
  std::optional<Place> spare;
  std::uint32_t longest = 0;
  for (const Stream each : kOrder) {
    const std::size_t stream = index(each);
    const auto& pieces = x_out[stream].pieces;
    std::optional<Place> late;
    std::uint32_t waited = wire::kControlResendRounds - 1;
    for (std::size_t i = 0; i < pieces.size(); ++i) {
      if (pieces[i].state == Piece::State::due) return Place{stream, i};
      if (pieces[i].state != Piece::State::flying) continue;
      if (pieces[i].waited > waited) {
        waited = pieces[i].waited;
        late = Place{stream, i};
      }
      if (pieces[i].waited > longest) {
        longest = pieces[i].waited;
        spare = Place{stream, i};
      }
    }
    if (late) return late;
  }
  return spare;
}

void ControlLane::write(Control& control, const ReplayWindow& received, const RelayWord& word) {
  SW_ASSERT(word.fault <= kFaultMost);
  // One for each frame of thousands of stations: it allocates nothing.
  control.fill(0);
  MutableBytes to = control;
  x_written = due();
  if (x_written) {
    const Outbound& out = x_out[x_written->stream];
    const std::size_t offset = x_written->piece * kPieceBytes;
    const ByteView data = ByteView(out.bytes).subspan(offset, std::min(kPieceBytes, out.bytes.size() - offset));
    const bool last = x_written->piece + 1 == out.pieces.size();
    put(to, x_written->stream + 1, 1);
    put(to, out.number, 4);
    put(to, offset, 3);
    put(to, last ? kLastPiece : 0, 1);
    put(to, data.size(), 1);
    std::ranges::copy(data, to.begin());
  }
  to = MutableBytes(control).subspan(kAckAt);
  put(to, received.newest(), 4);
  put(to, received.before_newest(), 8);
  put(to, static_cast<std::uint32_t>(word.phase), 4);
  control[kFlagsAt] |= static_cast<std::uint8_t>(word.fault << kFaultShift);
}

void ControlLane::sent(FrameNumber frame) {
  if (!x_written) return;
  Piece& piece = x_out[x_written->stream].pieces[x_written->piece];
  // On a long way the answer to the first frame comes after many others left; a sack reaches back 64.
  const std::uint64_t since = frame.counter - piece.first.counter;
  if (piece.state == Piece::State::due || piece.first.keys != frame.keys || since >= kSackFrames) {
    piece.first = frame;
    piece.left = 1;
  } else {
    piece.left |= std::uint64_t{1} << since;
  }
  piece.waited = 0;
  piece.state = Piece::State::flying;
  x_written.reset();
}

void ControlLane::acknowledge(std::uint32_t ack, std::uint64_t sack, std::uint32_t keys) {
  if (x_sending == 0) return;
  const auto came = [&](const Piece& piece) {
    if (piece.first.keys != keys) return false;
    const std::uint32_t newest = ack - static_cast<std::uint32_t>(piece.first.counter);
    for (std::uint64_t left = piece.left; left != 0; left &= left - 1) {
      const std::uint32_t back = newest - static_cast<std::uint32_t>(std::countr_zero(left));
      if (back == 0 || (back <= kSackFrames && (sack >> (back - 1) & 1U) != 0)) return true;
    }
    return false;
  };
  for (Outbound& out : x_out) {
    bool complete = !out.pieces.empty();
    for (Piece& piece : out.pieces) {
      if (piece.state == Piece::State::flying && came(piece)) piece.state = Piece::State::done;
      complete = complete && piece.state == Piece::State::done;
    }
    if (complete) {
      finish(out);
      out.delivered = out.place;
      if (!out.waiting.empty()) {
        auto& [at, object] = out.waiting.front();
        begin(out, at, std::move(object));
        out.waiting.pop_front();
      }
    }
  }
}

bool ControlLane::place(Inbound& in, std::size_t limit, std::size_t offset, bool last, ByteView data) {
  const std::size_t end = offset + data.size();
  if (end > limit || (in.size && end > *in.size)) return false;
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
  const std::size_t limit = x_takes[stream - 1];
  if (limit == 0) return std::nullopt;
  Inbound& in = x_in[stream - 1];
  // Object numbers rise; pieces of an older object are late repeats.
  if (number == 0 || number < in.number) return std::nullopt;
  if (number > in.number) in = Inbound{.number = number};
  if (in.complete || !place(in, limit, offset, last, data.first(length))) return std::nullopt;
  const bool whole = in.size && in.came.size() == (*in.size + kPieceBytes - 1) / kPieceBytes &&
                     std::all_of(in.came.begin(), in.came.end(), [](bool came) { return came; });
  if (!whole) return std::nullopt;
  Object out{static_cast<Stream>(stream), std::move(in.bytes)};
  in = Inbound{.number = number, .complete = true};
  return out;
}

RelayWord ControlLane::word(const Control& control) {
  const auto fault = static_cast<std::uint8_t>(control[kFlagsAt] >> kFaultShift & kFaultMost);
  return {static_cast<std::int32_t>(wire::Reader(ByteView(control).subspan(kPhaseAt)).u32()), fault};
}

void ControlLane::count_round() {
  if (x_sending == 0) return;
  for (Outbound& out : x_out) {
    for (Piece& piece : out.pieces) {
      if (piece.state == Piece::State::flying && piece.waited < wire::kControlResendRounds * 1024) {
        ++piece.waited;
      }
    }
  }
}

}  // namespace sw::link
