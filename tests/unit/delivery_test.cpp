// needs: line
#include "line/delivery/delivery.hpp"

#include <gtest/gtest.h>

#include "wire/sizes.hpp"

namespace sw::line {
namespace {

const VenueId kHere{{1}};
const VenueId kElsewhere{{2}};

MessageId id(std::uint8_t n) {
  return MessageId{{n}};
}

struct Cell {
  CellHeader header;
  Bytes frames;
};

Cell fill(Delivery& from, std::uint64_t round, VenueId venue = kHere, std::size_t room = wire::kCellFramesBytes) {
  wire::Writer out;
  const CellHeader header = from.fill(venue, Path::first, round, room, out);
  EXPECT_LE(out.size(), room);
  return {header, out.take()};
}

void give(Delivery& to, std::uint64_t round, Cell cell, VenueId venue = kHere) {
  cell.frames.resize(wire::kCellFramesBytes);
  to.take(venue, round, cell.header, cell.frames);
}

std::vector<FrameType> types(const Cell& cell) {
  std::vector<FrameType> out;
  for (std::size_t at = 0; at + 3 <= cell.frames.size();) {
    out.push_back(static_cast<FrameType>(cell.frames[at]));
    at += 3U + cell.frames[at + 1] + 256U * cell.frames[at + 2];
  }
  return out;
}

template <class Event>
std::vector<Event> events(Delivery& of) {
  std::vector<Event> out;
  for (auto& event : of.take_events()) {
    if (auto* e = std::get_if<Event>(&event)) out.push_back(std::move(*e));
  }
  return out;
}

// Two deliveries whose sessions know each other.
struct Pair {
  Delivery a{11};
  Delivery b{22};
  std::uint64_t round = 100;

  Pair() {
    a.session_started(kHere);
    b.session_started(kHere);
    for (int i = 0; i < 4; ++i) both();
  }
  void both() {
    ++round;
    const Cell x = fill(a, round);
    const Cell y = fill(b, round);
    give(b, round, x);
    give(a, round, y);
  }
};

using Types = std::vector<FrameType>;

TEST(Delivery, incarnations_are_exchanged_and_then_silent) {
  Delivery a(11);
  Delivery b(22);
  a.session_started(kHere);
  b.session_started(kHere);
  EXPECT_EQ(types(fill(a, 1)), Types{FrameType::inc});  // lost
  EXPECT_EQ(types(fill(a, 2)), Types{FrameType::inc});  // lost
  const Cell c = fill(a, 3);
  give(b, 3, c);
  const Cell answer = fill(b, 3);
  EXPECT_EQ(types(answer), Types{FrameType::inc});
  EXPECT_EQ(types(fill(b, 4)), Types{FrameType::inc});  // not echoed yet
  give(a, 4, answer);
  const Cell echo = fill(a, 5);
  EXPECT_EQ(types(echo), Types{FrameType::inc});  // once, because it was asked
  EXPECT_TRUE(fill(a, 6).frames.empty());
  give(b, 6, echo);
  EXPECT_TRUE(fill(b, 7).frames.empty());
}

TEST(Delivery, a_message_goes_its_whole_way) {
  Pair p;
  p.a.submit(id(1), Precedence::routine, {'h', 'i'});
  p.both();
  EXPECT_EQ(events<FirstFragmentSent>(p.a).size(), 1U);
  const auto arrived = events<MessageArrived>(p.b);
  ASSERT_EQ(arrived.size(), 1U);
  EXPECT_EQ(arrived[0].bytes, (Bytes{'h', 'i'}));
  p.both();
  EXPECT_TRUE(events<StoredThere>(p.a).empty()) << "stored before the far commit";
  p.b.stored_here(id(1));
  p.both();
  EXPECT_EQ(events<StoredThere>(p.a).size(), 1U);
  p.both();
  EXPECT_TRUE(events<ReceiptDone>(p.b).empty()) << "done before our commit";
  p.a.stored_there_committed(id(1));
  p.both();
  EXPECT_EQ(events<ReceiptDone>(p.b).size(), 1U);
  p.both();
  EXPECT_TRUE(fill(p.a, p.round + 20).frames.empty());
  EXPECT_TRUE(fill(p.b, p.round + 20).frames.empty());
}

TEST(Delivery, a_fragment_fills_an_empty_cell) {
  Pair p;
  p.a.submit(id(1), Precedence::routine, Bytes(5000, 7));
  const Cell cell = fill(p.a, ++p.round);
  EXPECT_EQ(cell.frames.size(), wire::kCellFramesBytes);
  EXPECT_EQ(types(cell), Types{FrameType::data});
  EXPECT_NE(fill(p.a, p.round).frames, cell.frames);
}

TEST(Delivery, flash_takes_the_next_cell_and_the_rest_goes_on) {
  Pair p;
  p.a.submit(id(1), Precedence::routine, Bytes(2000, 7));
  const Cell first = fill(p.a, ++p.round);
  p.a.submit(id(2), Precedence::flash, Bytes(400, 8));
  const Cell flash = fill(p.a, p.round);
  const Cell next = fill(p.a, ++p.round);
  EXPECT_EQ(flash.frames[7], 2);
  EXPECT_EQ(next.frames[7], 1);
  wire::Reader in(ByteView(next.frames).subspan(23));
  EXPECT_EQ(in.u32(), 449U) << "goes on where it was";
}

TEST(Delivery, resends_wait_for_the_measured_round_trip) {
  Pair p;
  p.a.submit(id(1), Precedence::routine, Bytes(100, 7));
  const std::uint64_t sent = p.round + 1;
  EXPECT_FALSE(fill(p.a, sent).frames.empty());
  std::uint64_t again = sent + 1;
  while (fill(p.a, again).frames.empty()) ASSERT_LT(++again, sent + 70);
  EXPECT_EQ(again, sent + wire::kResendFirst);
  // Nothing comes back: each wait is longer, up to a bound.
  std::vector<std::uint64_t> waits;
  for (std::uint64_t last = again, now = again + 1; waits.size() < 8; ++now) {
    if (fill(p.a, now).frames.empty()) continue;
    waits.push_back(now - last);
    last = now;
  }
  EXPECT_GT(waits[1], wire::kResendFirst);
  EXPECT_LE(waits.back(), wire::kResendMost);
  EXPECT_TRUE(std::is_sorted(waits.begin(), waits.end()));
}

TEST(Track, follows_long_and_short_round_trips) {
  for (const std::uint64_t trip : {0U, 1U, 13U, 30U}) {
    Track track;
    for (std::uint64_t round = 1; round < 200; ++round) {
      // One a round, acknowledged `trip` rounds later.
      track.sent({FrameType::data, id(1), {0, 1}, round, 0});
      const auto ack = static_cast<std::uint32_t>(round > trip ? round - trip : 0);
      static_cast<void>(track.acknowledged({ack, ~std::uint64_t{0}}, round));
      const bool early = !track.expired(round).empty();
      EXPECT_FALSE(early && round > 100);
    }
    EXPECT_GT(track.resend_rounds(), trip);
    EXPECT_LE(track.resend_rounds(), std::max<std::uint64_t>(2, trip + trip / 4 + 2));
  }
}

TEST(Track, acknowledges_selectively_and_believes_no_claims) {
  Track track;
  for (std::uint32_t n = 1; n <= 5; ++n) track.sent({FrameType::data, id(1), {n, n + 1}, 1, 0});
  EXPECT_TRUE(track.acknowledged({6, ~std::uint64_t{0}}, 2).empty()) << "6 was never sent";
  EXPECT_TRUE(track.acknowledged({0, ~std::uint64_t{0}}, 2).empty());
  EXPECT_TRUE(track.acknowledged({0xffffffff, 0}, 2).empty());
  EXPECT_EQ(track.acknowledged({4, 0b010}, 2).size(), 2U);  // 4 and 2
  EXPECT_EQ(track.acknowledged({4, 0b111}, 2).size(), 2U);  // 3 and 1
  EXPECT_TRUE(track.acknowledged({4, 0b111}, 2).empty());
  EXPECT_EQ(track.expired(50).size(), 1U);
  EXPECT_EQ(track.acknowledged({5, 0}, 60).size(), 1U) << "late, and true all the same";
}

TEST(Track, remembers_the_last_65) {
  Track track;
  track.received(10);
  EXPECT_FALSE(track.is_new(10));
  EXPECT_FALSE(track.is_new(0));
  EXPECT_TRUE(track.is_new(9));
  track.received(74);
  EXPECT_EQ(track.header().ack, 74U);
  EXPECT_EQ(track.header().sack, std::uint64_t{1} << 63);
  EXPECT_FALSE(track.is_new(10));
  EXPECT_FALSE(track.is_new(9)) << "too old to be acknowledged";
  track.received(73);
  EXPECT_EQ(track.header().sack & 1, 1U);
  track.received(500);
  EXPECT_EQ(track.header().sack, 0U);
}

TEST(Track, bounds_what_is_outstanding) {
  Track track;
  std::uint32_t n = 0;
  while (track.has_seq(false)) track.sent({FrameType::data, id(1), {n++, n}, 1, 0});
  EXPECT_EQ(n, wire::kRoutineSeqs);
  while (track.has_seq(true)) track.sent({FrameType::data, id(1), {n++, n}, 1, 0});
  EXPECT_EQ(n, wire::kOutstandingSeqs - 1);
}

TEST(Delivery, a_new_peer_gets_everything_again) {
  Pair p;
  p.a.submit(id(1), Precedence::routine, Bytes(3000, 7));
  for (int i = 0; i < 4; ++i) p.both();
  Delivery b(33);
  p.b = std::move(b);
  p.b.session_started(kHere);
  p.a.session_started(kHere);
  for (int i = 0; i < 12; ++i) p.both();
  const auto arrived = events<MessageArrived>(p.b);
  ASSERT_EQ(arrived.size(), 1U);
  EXPECT_EQ(arrived[0].bytes, Bytes(3000, 7));
}

TEST(Delivery, a_sender_that_restarts_goes_on_where_the_peer_is) {
  Pair p;
  p.a.submit(id(1), Precedence::routine, Bytes(449 * 6, 7));
  for (int i = 0; i < 4; ++i) p.both();
  p.a = Delivery(44);
  p.a.session_started(kHere);
  p.b.session_started(kHere);
  p.both();
  p.both();
  ASSERT_EQ(events<HeldThere>(p.a).size(), 1U);
  p.a.submit(id(1), Precedence::routine, Bytes(449 * 6, 7));
  for (int i = 0; i < 3; ++i) p.both();
  EXPECT_EQ(events<MessageArrived>(p.b).size(), 1U) << "four of six fragments were there";
}

TEST(Delivery, stored_is_said_again_to_a_new_sender_and_done_ends_it) {
  Pair p;
  p.b.restore_received(id(9));
  for (int i = 0; i < 6; ++i) p.both();
  EXPECT_EQ(events<StoredThere>(p.a).size(), 1U);
  p.a = Delivery(44);  // before it committed
  p.a.session_started(kHere);
  p.b.session_started(kHere);
  for (int i = 0; i < 6; ++i) p.both();
  EXPECT_EQ(events<StoredThere>(p.a).size(), 1U);
  p.a.stored_there_committed(id(9));
  for (int i = 0; i < 6; ++i) p.both();
  EXPECT_EQ(events<ReceiptDone>(p.b).size(), 1U);
}

TEST(Delivery, cancel_frees_the_place_at_the_peer) {
  Pair p;
  for (std::uint8_t n = 1; n <= 30; ++n) {
    p.a.submit(id(n), Precedence::routine, Bytes(3000, n));
    p.both();
    p.both();
    p.a.cancel(id(n));
    p.both();
  }
  p.a.submit(id(100), Precedence::routine, Bytes(3000, 1));
  for (int i = 0; i < 40; ++i) p.both();
  const auto arrived = events<MessageArrived>(p.b);
  ASSERT_EQ(arrived.size(), 1U);
  EXPECT_EQ(arrived[0].id, id(100));
}

TEST(Delivery, no_data_while_the_peer_waits_and_refused_ones_come_back) {
  Pair p;
  p.a.submit(id(1), Precedence::flash, Bytes(10, 1));
  p.both();
  ASSERT_EQ(events<MessageArrived>(p.b).size(), 1U);
  p.b.refused_here(id(1));
  p.a.set_peer_waits(true);
  p.a.submit(id(2), Precedence::flash, Bytes(10, 2));
  for (int i = 0; i < 30; ++i) {
    p.both();
    EXPECT_TRUE(events<MessageArrived>(p.b).empty());
  }
  p.b.offer_again();
  p.a.set_peer_waits(false);
  p.both();
  EXPECT_EQ(events<MessageArrived>(p.b).size(), 2U);
}

TEST(Delivery, a_lost_frame_prefers_the_other_venue) {
  Pair p;
  p.a.session_started(kElsewhere);
  p.b.session_started(kElsewhere);
  for (std::uint64_t round = 1; round < 4; ++round) {
    const Cell x = fill(p.a, round, kElsewhere);
    const Cell y = fill(p.b, round, kElsewhere);
    give(p.b, round, x, kElsewhere);
    give(p.a, round, y, kElsewhere);
  }
  p.a.submit(id(1), Precedence::routine, Bytes(10, 1));
  const std::uint64_t sent = ++p.round;
  EXPECT_FALSE(fill(p.a, sent).frames.empty());
  EXPECT_TRUE(fill(p.a, sent + 4).frames.empty()) << "expired, and left to the other one";
  EXPECT_FALSE(fill(p.a, 5, kElsewhere).frames.empty());
}

TEST(Delivery, has_room_is_bounded) {
  Delivery a(1);
  for (std::uint8_t n = 0; n < 16; ++n) {
    ASSERT_TRUE(a.has_room(Precedence::flash));
    a.submit(id(n), Precedence::flash, Bytes(200'000, 0));
  }
  EXPECT_FALSE(a.has_room(Precedence::flash));
  ASSERT_TRUE(a.has_room(Precedence::routine));
  a.submit(id(100), Precedence::routine, Bytes(wire::kMessageLimit, 0));
  ASSERT_TRUE(a.has_room(Precedence::routine));
  a.submit(id(101), Precedence::routine, Bytes(1, 0));
  EXPECT_FALSE(a.has_room(Precedence::routine));
  a.cancel(id(100));
  EXPECT_TRUE(a.has_room(Precedence::routine));
}

DataFrame data(std::uint8_t n, std::uint32_t offset, std::uint32_t total, const Bytes& bytes) {
  return {id(n), offset, total, bytes};
}

TEST(Inbox, refuses_contradictions_and_the_ninth) {
  Inbox inbox;
  const Bytes ten(10, 1);
  const Bytes other(10, 2);
  EXPECT_EQ(inbox.take(data(1, 0, 100, ten)), Inbox::Taken::kept);
  EXPECT_EQ(inbox.take(data(1, 0, 100, ten)), Inbox::Taken::kept);
  EXPECT_EQ(inbox.take(data(1, 5, 100, other)), Inbox::Taken::refused);
  EXPECT_EQ(inbox.take(data(1, 10, 99, ten)), Inbox::Taken::refused);
  EXPECT_EQ(inbox.take(data(1, 5, 100, ten)), Inbox::Taken::kept) << "overlapping, and agreeing";
  for (std::uint8_t n = 2; n <= 8; ++n) EXPECT_EQ(inbox.take(data(n, 0, 100, ten)), Inbox::Taken::kept);
  EXPECT_EQ(inbox.take(data(9, 0, 100, ten)), Inbox::Taken::refused);
  EXPECT_EQ(inbox.take(data(9, 0, 10, ten)), Inbox::Taken::complete) << "a whole one needs no place";
  EXPECT_EQ(inbox.sender_restarted().size(), wire::kPartialKept);
}

TEST(Inbox, bounds_pieces_and_whole_ones) {
  Inbox inbox;
  const Bytes one(1, 1);
  std::size_t kept = 0;
  for (std::uint32_t at = 0; at < 2000; at += 2) kept += inbox.take(data(1, at, 4000, one)) == Inbox::Taken::kept;
  EXPECT_EQ(kept, wire::kHeldPieces);
  std::size_t whole = 0;
  for (std::uint8_t n = 2; n < 200; ++n) whole += inbox.take(data(n, 0, 1, one)) == Inbox::Taken::complete;
  EXPECT_EQ(whole, wire::kUncommittedMessages);
}

TEST(Ranges, add_and_remove) {
  Ranges r;
  r.add({10, 20});
  r.add({30, 40});
  r.add({20, 30});
  EXPECT_EQ(r.all(), (std::vector<Range>{{10, 40}}));
  r.remove({15, 20});
  r.add({0, 1});
  EXPECT_EQ(r.all(), (std::vector<Range>{{0, 1}, {10, 15}, {20, 40}}));
  EXPECT_EQ(r.bytes(), 26U);
  EXPECT_EQ(r.prefix(), 1U);
  EXPECT_TRUE(r.covers({21, 40}));
  EXPECT_FALSE(r.covers({14, 21}));
}

}  // namespace
}  // namespace sw::line
