// needs: line
// Delivery (protocol 5) against a peer that says whatever the input says, in whole frames or in bytes. Nothing of it
// grows past wire/sizes.hpp, and what we write is frames.
#include <set>

#include "fuzz/fuzz.hpp"
#include "line/delivery/delivery.hpp"
#include "wire/sizes.hpp"

namespace sw::fuzz {
namespace {

constexpr std::uint64_t kOwn = 77;

/// What reads as frames is written the same.
void check_frames(ByteView bytes) {
  wire::Reader in(bytes);
  wire::Writer out;
  std::size_t whole = 0;
  while (const auto frame = line::read_frame(in)) {
    if (const auto* inc = std::get_if<line::IncFrame>(&*frame)) line::write_frame(out, *inc);
    if (const auto* seq = std::get_if<line::SeqFrame>(&*frame)) line::write_frame(out, *seq);
    const std::size_t end = bytes.size() - in.remaining();
    if (std::holds_alternative<line::ForeignFrame>(*frame)) out.bytes(bytes.subspan(whole, end - whole));
    whole = end;
  }
  SW_ASSERT(same(out.view(), bytes.first(whole)));
}

class Peer {
 public:
  Peer() { x_delivery.session_started(x_venue); }

  void say(wire::Writer& out, Input& in) {
    const MessageId id{{in.u8()}};
    const auto seq = static_cast<std::uint32_t>(x_seq + in.u8() % 4U);
    switch (in.u8() % 7U) {
      case 0:
        line::write_frame(out, line::IncFrame{1 + in.u8() % 3U, (in.u8() & 1U) != 0 ? kOwn : 0, (in.u8() & 1U) != 0});
        return;
      case 1: line::write_frame(out, line::SeqFrame{seq, line::StoredFrame{id}}); break;
      case 2: line::write_frame(out, line::SeqFrame{seq, line::DoneFrame{id}}); break;
      case 3: line::write_frame(out, line::SeqFrame{seq, line::HaveFrame{id, in.u16()}}); break;
      case 4: {
        const ByteView word = in.take(1U + in.u8() % 60U);
        if (!word.empty()) line::write_frame(out, line::SeqFrame{seq, line::VenueFrame{VenueId{id.bytes}, word}});
        break;
      }
      default: {
        const std::uint32_t offset = in.u16();
        const std::uint32_t total = std::uint32_t{in.u16()} * ((in.u8() & 1U) != 0 ? 16U : 1U);
        line::write_frame(out, line::SeqFrame{seq, line::DataFrame{id, offset, total, in.take(in.u8())}});
      }
    }
    x_seq = seq + 1;
  }

  void cell(ByteView frames, line::CellHeader header) {
    x_delivery.take(x_venue, x_round, header, frames.first(std::min(frames.size(), wire::kCellFramesBytes)));
    hear();
    wire::Writer out;
    const std::size_t room = 100 + (x_round % 2) * 380;
    (void)x_delivery.fill(x_venue, Path::first, x_round++, room, out);
    SW_ASSERT(out.size() <= room);
    wire::Reader in(out.view());
    while (in.remaining() > 0) SW_ASSERT(line::read_frame(in).has_value());
  }

  void act(std::uint8_t what, Input& in) {
    const MessageId id{{in.u8()}};
    switch (what % 9U) {
      case 0:
        if (x_delivery.has_room(Precedence::routine))
          x_delivery.submit(id, Precedence::routine, Bytes(1U + id.bytes[0] * 97U, 1));  // an id has one content
        break;
      case 1: x_delivery.cancel(id); break;
      case 2:
        x_delivery.session_started(x_venue);
        x_seq = 1;
        break;
      case 3: x_delivery.session_ended(x_venue); break;
      case 4:
        x_delivery.offer_again();
        x_refuse = false;
        hear();
        break;
      case 5: x_refuse = true; break;
      case 6:
        x_delivery.say_of(VenueId{{static_cast<std::uint8_t>(id.bytes[0] % 12U)}},
                          crypto::SecretBytes(Bytes(1U + id.bytes[0] % wire::kVenueWordLimit, 3)),
                          (id.bytes[0] & 1U) != 0);
        break;
      case 7: x_delivery.unsay_of(VenueId{{static_cast<std::uint8_t>(id.bytes[0] % 12U)}}); break;
      default: x_round += in.u8();
    }
  }

 private:
  void hear() {
    SW_ASSERT(x_delivery.take_heard().size() <= wire::kVenueWordsHeard);
    for (auto& event : x_delivery.take_events()) {
      if (const auto* arrived = std::get_if<line::MessageArrived>(&event)) {
        SW_ASSERT(!arrived->bytes.empty() && arrived->bytes.size() <= wire::kMessageLimit);
        if (x_refuse) {
          x_delivery.refused_here(arrived->id);
        } else {
          x_delivery.stored_here(arrived->id);
        }
      }
      if (const auto* stored = std::get_if<line::StoredThere>(&event)) x_delivery.stored_there_committed(stored->id);
      if (const auto* held = std::get_if<line::HeldThere>(&event)) x_delivery.cancel(held->id);
    }
  }

  VenueId x_venue{{1}};
  line::Delivery x_delivery{kOwn};
  std::uint64_t x_round = 1;
  std::uint32_t x_seq = 1;
  bool x_refuse = false;
};

}  // namespace

void run(ByteView data) {
  check_frames(data);
  Input in(data);
  Peer peer;
  for (int steps = 0; !in.empty() && steps < 300; ++steps) {
    const std::uint8_t what = in.u8();
    const line::CellHeader header{static_cast<std::uint32_t>(what >> 4U), in.u8()};
    if (what % 4U == 0) {
      peer.act(static_cast<std::uint8_t>(what >> 2U), in);
    } else if (what % 4U == 1) {
      peer.cell(in.take(in.u16() % 481U), header);
    } else {
      wire::Writer frames;
      for (unsigned n = 0; n < what % 4U; ++n) peer.say(frames, in);
      peer.cell(frames.view(), header);
    }
  }
}

std::vector<Bytes> seeds() {
  const Bytes hello{2, 0, 0, 0, 0, 1, 1, 1, 0, 0, 0, 0, 0, 0};
  const Bytes message{2, 0, 5, 0, 4, 0, 0, 3, 0, 0, 3, 'a', 'b', 'c', 5, 0, 2, 0, 0};
  const Bytes send{0, 0, 5, 100, 0, 2, 0, 5, 0, 1, 0, 0, 3, 7, 0};
  wire::Writer frames;
  line::write_frame(frames, line::IncFrame{1, kOwn, true});
  line::write_frame(frames, line::SeqFrame{1, line::DataFrame{{}, 0, 5, as_bytes("hello")}});
  line::write_frame(frames, line::SeqFrame{2, line::HaveFrame{MessageId{{4}}, 9}});
  return {joined({hello, message, message}), joined({hello, send, message, send}), frames.take()};
}

}  // namespace sw::fuzz
