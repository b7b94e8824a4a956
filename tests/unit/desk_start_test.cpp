// needs: desk
// The start from the store, what each line's delivery is told, and the end of a line.
#include <gtest/gtest.h>

#include "support/desk_world.hpp"

namespace sw::desk {
namespace {

using namespace sw::test;

const LineId kLine = line_id(1);
const LineId kOther = line_id(2);

struct Starting : DeskWorld, ::testing::Test {
  Starting() {
    (void)open(kLine);
    commit();
  }
  MessageRecord record_of(std::uint8_t n) {
    MessageRecord record;
    record.handle = record.id = id_of(n);
    record.line = kLine;
    record.direction = Direction::out;
    record.header.grade = Grade::note;
    record.header.created = kNoon;
    record.order = n;
    record.kept = kNoon;
    return record;
  }
};

Bytes head_of(const MessageRecord& record) {
  return to_bytes(encode_head(record).view());
}

TEST_F(Starting, WhatTheDiskNeverHadIsGoneAndWhatItHasIsThereOnce) {
  const MessageId kept = send(kLine, "kept");
  commit();
  const MessageId lost = send(kLine, "lost");
  ASSERT_TRUE(restart().has_value());
  EXPECT_NE(desk.find(kept), nullptr);
  EXPECT_EQ(desk.find(lost), nullptr);
  const auto opening = open(kLine);
  ASSERT_EQ(opening.unsent.size(), 1U);
  EXPECT_EQ(opening.unsent[0].id, kept);
  EXPECT_EQ(decode(store.body(opening.unsent[0].key).value())->text, "kept");
}

TEST_F(Starting, UnsentComesInTheOrderOfSending) {
  std::vector<MessageId> ids;
  for (int i = 0; i < 8; ++i) ids.push_back(send(kLine, "x", after(-i)));
  commit();
  perform(desk.stored_there(kLine, ids[3], kNoon));
  perform(desk.receive(kLine, id_of(9), wire_bytes(text_message("in")), kNoon));
  commit();
  ids.erase(ids.begin() + 3);
  ASSERT_TRUE(restart().has_value());
  const auto opening = open(kLine);
  std::vector<MessageId> unsent;
  for (const auto& each : opening.unsent) unsent.push_back(each.id);
  EXPECT_EQ(unsent, ids);
  EXPECT_EQ(opening.remembered, std::vector<MessageId>{id_of(9)});
  EXPECT_TRUE(open(kOther).unsent.empty());
}

TEST_F(Starting, AMessageAfterARestartComesAfterThoseBefore) {
  const MessageId first = send(kLine, "first");
  commit();
  ASSERT_TRUE(restart().has_value());
  (void)open(kLine);
  const MessageId second = send(kLine, "second", after(-999'999));
  EXPECT_EQ(desk.messages(kLine).at(0)->id, first);
  EXPECT_EQ(desk.messages(kLine).at(1)->id, second);
}

TEST_F(Starting, TheWatchesHaveTheirRecordsBeforeTheyAreNeeded) {
  EXPECT_EQ(store.disk().count(watch_key()), 1U);
  EXPECT_EQ(store.disk().count(far_watch_key(kLine)), 1U);
  const std::size_t before = store.disk().size();
  perform(desk.take_watch("AB", kNoon));
  perform(desk.receive(kLine, id_of(1), wire_bytes(watch_message("CD")), kNoon));
  commit();
  EXPECT_EQ(store.disk().size(), before + 1);  // the ledger's entry
}

TEST_F(Starting, EveryFieldOfARecordComesBack) {
  MessageRecord record = record_of(3);
  record.direction = Direction::in;
  record.header.kind = Kind::text;
  record.header.precedence = Precedence::flash;
  record.header.mark = Mark::exercise;
  record.text_bytes = 77;
  record.sent = after(1);
  record.stored_there = after(2);
  record.done = true;
  record.marks.push_back({Stage::passed, after(3), Side::here, "AB", "Советник", true});
  record.marks.push_back({Stage::not_now, after(4), Side::there, "C4", "", false});
  const auto back = decode_head(record.handle, head_of(record));
  ASSERT_TRUE(back.has_value());
  EXPECT_EQ(head_of(*back), head_of(record));
  EXPECT_EQ(back->header, record.header);
  EXPECT_EQ(back->marks.size(), 2U);
  EXPECT_EQ(back->marks[0].post, "Советник");
  EXPECT_TRUE(back->durable);
}

TEST_F(Starting, EveryTruncationOfEveryRecordIsRefused) {
  const MessageId id = send(kLine, "x");
  perform(desk.take_watch("AB", kNoon));
  perform(desk.receive(kLine, id_of(1), wire_bytes(watch_message("CD")), kNoon));
  perform(desk.receive(kLine, id_of(2), wire_bytes(report_message(id, Stage::read, "CD")), kNoon));
  commit();
  const auto whole = store.disk();
  ASSERT_EQ(whole.size(), 4U);
  for (const auto& [key, kept] : whole) {
    for (std::size_t n = 0; n < kept.head.size(); ++n) {
      Desk fresh;
      std::vector<LoadedRecord> records;
      records.push_back(
          {key, crypto::SecretBytes(Bytes(kept.head.begin(), kept.head.begin() + static_cast<long>(n))), 0});
      EXPECT_EQ(fresh.load(records).error().code, Errc::malformed);
    }
    Bytes longer = kept.head;
    longer.push_back(0);
    Bytes newer = kept.head;
    newer[0] = 2;
    for (const Bytes& bad : {longer, newer}) {
      Desk fresh;
      std::vector<LoadedRecord> records;
      records.push_back({key, crypto::SecretBytes(Bytes(bad)), 0});
      EXPECT_EQ(fresh.load(records).error().code, Errc::malformed);
    }
  }
  EXPECT_EQ(store.disk().size(), 4U);  // nothing was erased
}

TEST_F(Starting, FieldsThatNoDeskWritesAreRefused) {
  const MessageRecord good = record_of(3);
  const Bytes head = head_of(good);
  // version 1, line 16, id 16, direction 1, then kind, grade, precedence, mark
  for (const std::size_t at : {0U, 33U, 34U, 35U, 36U, 37U}) {
    Bytes bad = head;
    bad[at] = 99;
    EXPECT_FALSE(decode_head(good.handle, bad).has_value()) << at;
  }
}

TEST_F(Starting, TwoRecordsOfOneMessageAreADefectNotAChoice) {
  MessageRecord a = record_of(3);
  MessageRecord b = record_of(4);
  for (const int what : {0, 1}) {
    MessageRecord twin = b;
    if (what == 0) twin.order = a.order;
    if (what == 1) twin.id = a.id;
    Desk fresh;
    std::vector<LoadedRecord> records;
    records.push_back({a.key(), encode_head(a), 0});
    records.push_back({twin.key(), encode_head(twin), 0});
    EXPECT_EQ(fresh.load(records).error().code, Errc::malformed);
  }
}

TEST_F(Starting, RecordsOfOthersAreSkipped) {
  std::vector<LoadedRecord> records;
  records.push_back({{RecordKind::station, {}}, crypto::SecretBytes(Bytes(3, 7)), 0});
  records.push_back({{RecordKind::line, {{1}}}, crypto::SecretBytes(Bytes(3, 7)), 0});
  Desk fresh;
  EXPECT_TRUE(fresh.load(records).has_value());
}

TEST_F(Starting, ARemovedLineLeavesNothingOfItsOwn) {
  (void)open(kOther);
  const MessageId elsewhere = send(kOther, "stays");
  const MessageId ours = send(kLine, "goes");
  perform(desk.receive(kLine, id_of(2), wire_bytes(text_message("goes, too")), kNoon));
  perform(desk.note(kLine, LedgerEvent::line_paused, "AB", kNoon));
  perform(desk.note({}, LedgerEvent::watch_taken, "AB", kNoon));
  perform(desk.receive(kLine, id_of(1), wire_bytes(watch_message("CD")), kNoon));
  commit();
  perform(desk.stage(id_of(2), Stage::read, "AB", "", kNoon));
  commit();
  const MessageId report = submitted.back().id;
  perform(desk.remove_line(kLine));
  commit();
  EXPECT_EQ(desk.find(ours), nullptr);
  EXPECT_EQ(desk.find(id_of(2)), nullptr);
  EXPECT_NE(desk.find(elsewhere), nullptr);
  EXPECT_EQ(desk.ledger(kLine).size(), 1U);  // the station's own
  EXPECT_EQ(desk.far_watch(kLine).initials, "");
  EXPECT_EQ(desk.send(kLine, draft("x"), kNoon, rng).error().code, Errc::not_found);
  EXPECT_EQ(desk.receive(kLine, id_of(3), wire_bytes(text_message("x")), kNoon).error().code, Errc::not_found);
  // What was under way still ends: the report's receipt and a late commit find nothing and do no harm.
  perform(desk.stored_there(kLine, report, kNoon));
  EXPECT_EQ(done.size(), 1U);
  desk.durable({RecordKind::message, ours.bytes}, kNoon);
  EXPECT_TRUE(desk.remove_line(kLine).erases.empty());
  ASSERT_TRUE(restart().has_value());
  EXPECT_EQ(desk.messages(std::nullopt).size(), 1U);
}

}  // namespace
}  // namespace sw::desk
