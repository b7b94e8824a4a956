// needs: desk carrier station
// What is stored has one encoding: a record or file that was changed is refused, even where each field would do.
#include <gtest/gtest.h>

#include "carrier/peer_table.hpp"
#include "crypto/hash.hpp"
#include "crypto/rng.hpp"
#include "desk/desk.hpp"
#include "desk/message_record.hpp"
#include "station/line_entry.hpp"

namespace sw {
namespace {

constexpr LineId kLine{{1, 2, 3}};

desk::MessageRecord received(MessageId id) {
  desk::MessageRecord record;
  record.id = record.handle = id;
  record.line = kLine;
  record.kept = UtcMs{1'790'000'000'000};
  return record;
}

Bytes with_sum(Bytes file) {
  const std::size_t covered = file.size() - 32;
  const auto sum = crypto::digest<32>({as_bytes("sw1-peers"), ByteView(file).first(covered)});
  std::ranges::copy(sum, file.begin() + static_cast<std::ptrdiff_t>(covered));
  return file;
}

TEST(Records, AMessageHeadHasOneEncoding) {
  const auto good = to_bytes(desk::encode_head(received(MessageId{{7}})).view());
  ASSERT_TRUE(desk::decode_head(MessageId{{7}}, good));
  const std::size_t sent_at = good.size() - 1 - 16;  // a time of a stage that was not reached
  for (std::size_t i = 0; i < 16; ++i) {
    auto bad = good;
    bad[sent_at + i] = 1;
    EXPECT_FALSE(desk::decode_head(MessageId{{7}}, bad)) << i;
  }
}

TEST(Records, NoRecordHasTheIdOfZeros) {
  EXPECT_FALSE(desk::decode_head(MessageId{}, desk::encode_head(received(MessageId{})).view()));
}

TEST(Records, NoTimeIsSoFarAwayThatItOverflows) {
  auto record = received(MessageId{{7}});
  for (const std::int64_t far : {INT64_MAX, INT64_MIN, std::int64_t{253'402'300'800'000}}) {
    record.kept = UtcMs{far};
    EXPECT_FALSE(desk::decode_head(MessageId{{7}}, desk::encode_head(record).view())) << far;
    EXPECT_FALSE(desk::decode_watch(desk::encode_head(desk::Watch{"AB", UtcMs{far}, UtcMs{}}).view().subspan(2)));
    EXPECT_FALSE(desk::decode_far_watch(desk::encode_head(kLine, {"AB", UtcMs{far}}).view().subspan(2))) << far;
  }
}

TEST(Records, ThePeerTableHasOneEncoding) {
  const carrier::Peer peer{{VenueId{{1}}, {}, 1000, PublicKey{2}, {{{3}, 7144}}}, 5};
  const Bytes good = carrier::encode_peers({peer});
  ASSERT_EQ(with_sum(good), good);
  ASSERT_TRUE(carrier::decode_peers(good));
  const std::size_t empty_place = 8 + wire::kPeerRecordBytes + 8;
  for (const std::size_t at : {empty_place + 1, empty_place + wire::kPeerRecordBytes}) {  // a venue; a stamp
    Bytes bad = good;
    bad[at] = 9;
    EXPECT_FALSE(carrier::decode_peers(with_sum(bad))) << at;
  }
}

TEST(Records, ALineRecordSaysPausedInOneWay) {
  station::LineEntry entry;
  entry.name = "North";
  for (const int paused : {0, 1, 2, 255}) {
    auto head = to_bytes(entry.encode().view());
    head[2 + entry.name.size()] = static_cast<std::uint8_t>(paused);
    const auto line = station::decode_line(head);
    EXPECT_EQ(line.has_value(), paused <= 1) << paused;
    EXPECT_EQ(line && line->paused, paused == 1);
  }
}

TEST(Records, AMessageWithoutAnIdIsRefused) {
  desk::Desk desk;
  (void)desk.open_line(kLine);
  desk::Message message;
  message.text = "text";
  const auto bytes = desk::encode(message);
  ASSERT_TRUE(bytes);
  const auto taken = desk.receive(kLine, MessageId{}, *bytes, UtcMs{1'790'000'000'000});
  ASSERT_FALSE(taken);
  EXPECT_EQ(taken.error().code, Errc::malformed);
  EXPECT_TRUE(desk.receive(kLine, MessageId{{1}}, *bytes, UtcMs{1'790'000'000'000}));
}

}  // namespace
}  // namespace sw
