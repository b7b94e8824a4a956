#include "line/delivery/frames.hpp"

#include "wire/sizes.hpp"

namespace sw::line {
namespace {

std::optional<Frame> read_inc(wire::Reader& in) {
  IncFrame inc;
  inc.own = in.u64();
  inc.heard = in.u64();
  const std::uint8_t ask = in.u8();
  if (!in.expect_end() || inc.own == 0 || ask > 1) return std::nullopt;
  inc.ask = ask == 1;
  return inc;
}

std::optional<Frame> read_data(wire::Reader& in) {
  SeqFrame frame;
  frame.seq = in.u32();
  DataFrame data;
  data.id = in.id<MessageId>();
  data.offset = in.u32();
  data.total = in.u32();
  data.bytes = in.view(in.remaining());
  if (!in.expect_end() || data.bytes.empty()) return std::nullopt;
  if (data.total > wire::kMessageLimit || data.offset > data.total) return std::nullopt;
  if (data.bytes.size() > data.total - data.offset) return std::nullopt;
  frame.body = data;
  return frame;
}

std::optional<Frame> read_receipt(wire::Reader& in, FrameType type) {
  SeqFrame frame;
  frame.seq = in.u32();
  const auto id = in.id<MessageId>();
  if (type == FrameType::stored) {
    frame.body = StoredFrame{id};
  } else if (type == FrameType::done) {
    frame.body = DoneFrame{id};
  } else {
    frame.body = HaveFrame{id, in.u32()};
  }
  if (!in.expect_end()) return std::nullopt;
  return frame;
}

std::optional<Frame> read_venue(wire::Reader& in) {
  SeqFrame frame;
  frame.seq = in.u32();
  VenueFrame venue;
  venue.venue = in.id<VenueId>();
  venue.word = in.view(in.remaining());
  if (!in.expect_end() || venue.word.empty() || venue.word.size() > wire::kVenueWordLimit) return std::nullopt;
  frame.body = venue;
  return frame;
}

struct WriteBody {
  wire::Writer& out;
  std::uint32_t seq;

  void head(FrameType type, std::size_t length) const {
    out.u8(static_cast<std::uint8_t>(type)).u16(static_cast<std::uint16_t>(length)).u32(seq);
  }
  void operator()(const DataFrame& f) const {
    head(FrameType::data, wire::kDataHeaderBytes + f.bytes.size());
    out.bytes(f.id.bytes).u32(f.offset).u32(f.total).bytes(f.bytes);
  }
  void operator()(const StoredFrame& f) const {
    head(FrameType::stored, 20);
    out.bytes(f.id.bytes);
  }
  void operator()(const DoneFrame& f) const {
    head(FrameType::done, 20);
    out.bytes(f.id.bytes);
  }
  void operator()(const HaveFrame& f) const {
    head(FrameType::have, 24);
    out.bytes(f.id.bytes).u32(f.bytes);
  }
  void operator()(const VenueFrame& f) const {
    head(FrameType::venue, 20 + f.word.size());
    out.bytes(f.venue.bytes).bytes(f.word);
  }
};

}  // namespace

std::optional<Frame> read_frame(wire::Reader& in) {
  if (in.remaining() < wire::kFrameHeaderBytes) return std::nullopt;
  const auto type = static_cast<FrameType>(in.u8());
  const std::uint16_t length = in.u16();
  wire::Reader body(in.view(length));
  if (!in.ok()) return std::nullopt;
  switch (type) {
    case FrameType::inc: return read_inc(body);
    case FrameType::data: return read_data(body);
    case FrameType::stored:
    case FrameType::done:
    case FrameType::have: return read_receipt(body, type);
    case FrameType::offer:
    case FrameType::accept: return ForeignFrame{};
    case FrameType::venue: return read_venue(body);
    case FrameType::padding: return std::nullopt;
  }
  return std::nullopt;
}

void write_frame(wire::Writer& out, const IncFrame& frame) {
  out.u8(static_cast<std::uint8_t>(FrameType::inc)).u16(17).u64(frame.own).u64(frame.heard).u8(frame.ask ? 1 : 0);
}

void write_frame(wire::Writer& out, const SeqFrame& frame) {
  std::visit(WriteBody{out, frame.seq}, frame.body);
}

}  // namespace sw::line
