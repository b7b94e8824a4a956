// needs: line
// A peer that says anything at all: no crash, no growth, and no message that was not said whole.
#include "line/delivery/delivery.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "wire/sizes.hpp"

namespace sw::line {
namespace {

const VenueId kVenue{{1}};

// Frames that are nearly right: small numbers of ids, seqs about the newest, lengths and offsets at the edges.
Bytes nearly_frames() {
  wire::Writer out;
  const int n = *rc::gen::inRange(0, 12);
  for (int i = 0; i < n; ++i) {
    const auto type = *rc::gen::inRange<std::uint8_t>(0, 9);
    wire::Writer body;
    if (type == 1) {
      body.u64(*rc::gen::inRange<std::uint64_t>(0, 4)).u64(*rc::gen::element<std::uint64_t>(0, 7, 9));
      body.u8(*rc::gen::inRange<std::uint8_t>(0, 3));
    } else {
      body.u32(*rc::gen::oneOf(rc::gen::inRange<std::uint32_t>(0, 90), rc::gen::arbitrary<std::uint32_t>()));
      body.bytes(MessageId{{*rc::gen::inRange<std::uint8_t>(0, 20)}}.bytes);
      if (type == 2) {
        const auto edge = rc::gen::element<std::uint32_t>(0, 1, 2, 40, 41, 1024 * 1024 - 1, 1024 * 1024,
                                                          1024 * 1024 + 1, 0x7fffffff, 0xffffffff);
        body.u32(*edge).u32(*edge).bytes(Bytes(*rc::gen::inRange<std::size_t>(0, 42), 5));
      } else if (type == 5) {
        body.u32(*rc::gen::element<std::uint32_t>(0, 10, 1024 * 1024, 0xffffffff));
      }
    }
    const bool lie = *rc::gen::inRange(0, 10) == 0;
    const std::size_t length = lie ? *rc::gen::inRange<std::size_t>(0, 700) : body.size();
    out.u8(type).u16(static_cast<std::uint16_t>(length)).bytes(body.view());
  }
  Bytes bytes = out.take();
  bytes.resize(std::min(bytes.size(), wire::kCellFramesBytes));
  return bytes;
}

RC_GTEST_PROP(DeliveryProperty, any_peer_is_survived, ()) {
  Delivery delivery(9);
  delivery.session_started(kVenue);
  std::uint64_t round = 1;
  std::uint8_t next = 0;
  const int steps = *rc::gen::inRange(1, 40);
  for (int i = 0; i < steps; ++i) {
    round += *rc::gen::inRange<std::uint64_t>(0, 6);
    const CellHeader header{
        *rc::gen::oneOf(rc::gen::inRange<std::uint32_t>(0, 80), rc::gen::arbitrary<std::uint32_t>()),
        *rc::gen::arbitrary<std::uint64_t>()};
    const Bytes frames =
        *rc::gen::inRange(0, 4) == 0 ? *rc::gen::resize(480, rc::gen::arbitrary<Bytes>()) : nearly_frames();
    delivery.take(kVenue, round, header, frames);
    if (*rc::gen::inRange(0, 3) == 0 && delivery.has_room(Precedence::priority)) {
      delivery.submit(MessageId{{++next}}, Precedence::priority,
                      Bytes(*rc::gen::element<std::size_t>(1, 449, 450, 3000), 1));
    }
    const int act = *rc::gen::inRange(0, 6);
    for (auto& event : delivery.take_events()) {
      if (auto* a = std::get_if<MessageArrived>(&event)) {
        RC_ASSERT(!a->bytes.empty() && a->bytes.size() <= wire::kMessageLimit);
        if (act == 0) delivery.stored_here(a->id);
        if (act == 1) delivery.refused_here(a->id);
      } else if (auto* t = std::get_if<StoredThere>(&event)) {
        if (act != 0) delivery.stored_there_committed(t->id);
      } else if (auto* h = std::get_if<HeldThere>(&event)) {
        if (act == 2) delivery.cancel(h->id);
      }
    }
    if (act == 3) delivery.offer_again();
    if (act == 4 && *rc::gen::inRange(0, 5) == 0) delivery.session_started(kVenue);
    for (const Path path : {Path::first, Path::second}) {
      const auto room = *rc::gen::inRange<std::size_t>(0, wire::kCellFramesBytes + 1);
      wire::Writer out;
      delivery.fill(kVenue, path, round, room, out);
      RC_ASSERT(out.size() <= room);
      // What we write, we can read.
      wire::Reader in(out.view());
      while (read_frame(in)) continue;
      RC_ASSERT(in.expect_end());
    }
  }
}

RC_GTEST_PROP(DeliveryProperty, frames_round_trip_and_truncations_do_not, (const Bytes& raw, std::uint32_t seq)) {
  const Bytes bytes = raw.empty() ? Bytes{1} : raw;
  const auto total = static_cast<std::uint32_t>(bytes.size() + 10);
  wire::Writer out;
  write_frame(out, SeqFrame{seq, DataFrame{MessageId{{3}}, 10, total, bytes}});
  wire::Reader in(out.view());
  const auto frame = read_frame(in);
  RC_ASSERT(frame.has_value());
  const auto& back = std::get<SeqFrame>(*frame);
  const auto& data = std::get<DataFrame>(back.body);
  RC_ASSERT(back.seq == seq && data.offset == 10U && data.total == total && to_bytes(data.bytes) == bytes);
  const auto cut = *rc::gen::inRange<std::size_t>(0, out.size());
  wire::Reader less(out.view().first(cut));
  RC_ASSERT(!read_frame(less).has_value());
}

RC_GTEST_PROP(DeliveryProperty, ranges_are_a_set_of_bytes, ()) {
  Ranges ranges;
  std::array<bool, 64> model{};
  const auto ops = *rc::gen::container<std::vector<std::tuple<bool, std::uint32_t, std::uint32_t>>>(rc::gen::tuple(
      rc::gen::arbitrary<bool>(), rc::gen::inRange<std::uint32_t>(0, 65), rc::gen::inRange<std::uint32_t>(0, 65)));
  for (const auto& [add, begin, end] : ops) {
    add ? ranges.add({begin, end}) : ranges.remove({begin, end});
    for (std::uint32_t i = begin; i < end; ++i) model[i] = add;
  }
  std::array<bool, 64> got{};
  std::uint32_t last = 0;
  for (const Range& r : ranges.all()) {
    RC_ASSERT(r.begin < r.end && (last == 0 || r.begin > last));
    last = r.end;
    for (std::uint32_t i = r.begin; i < r.end; ++i) got[i] = true;
  }
  RC_ASSERT(got == model);
}

}  // namespace
}  // namespace sw::line
