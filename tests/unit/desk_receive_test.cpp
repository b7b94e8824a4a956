// needs: desk
// What comes: exactly once, said to be stored only when it is, and no peer reaches another's record.
#include <gtest/gtest.h>

#include <set>

#include "support/desk_world.hpp"

namespace sw::desk {
namespace {

using namespace sw::test;

const LineId kLine = line_id(1);
const LineId kOther = line_id(2);

struct Receiving : DeskWorld, ::testing::Test {
  Receiving() {
    (void)open(kLine);
    (void)open(kOther);
    commit();
  }
  void receive(LineId line, MessageId id, const Message& message, UtcMs now = kNoon) {
    perform(desk.receive(line, id, wire_bytes(message), now));
  }
};

TEST_F(Receiving, StoredIsSaidOnlyAfterTheCommit) {
  receive(kLine, id_of(5), text_message("hello"), after(7));
  EXPECT_TRUE(stored.empty());
  EXPECT_EQ(desk.find(id_of(5)), nullptr);
  EXPECT_TRUE(desk.messages(kLine).empty());
  EXPECT_EQ(desk.counts(kLine).unread, 0U);
  commit(after(9));
  ASSERT_EQ(stored.size(), 1U);
  EXPECT_EQ(stored[0].id, id_of(5));
  ASSERT_NE(desk.find(id_of(5)), nullptr);
  EXPECT_EQ(desk.counts(kLine).unread, 1U);
  ASSERT_EQ(stages(id_of(5)).size(), 1U);
  EXPECT_EQ(stages(id_of(5))[0].stage, Stage::stored);
  EXPECT_EQ(stages(id_of(5))[0].at, after(9));
}

TEST_F(Receiving, HoweverOftenItComesItCountsOnce) {
  for (int i = 0; i < 3; ++i) receive(kLine, id_of(5), text_message("hello"));
  EXPECT_TRUE(stored.empty());
  commit();
  EXPECT_EQ(stored.size(), 1U);
  receive(kLine, id_of(5), text_message("hello"));
  EXPECT_EQ(stored.size(), 2U);  // known and durable: said again at once
  commit();
  EXPECT_EQ(desk.messages(kLine).size(), 1U);
  // Other bytes under a known id change nothing.
  receive(kLine, id_of(5), text_message("something else"));
  commit();
  EXPECT_EQ(decode(store.body(desk.find(id_of(5))->key()).value())->text, "hello");
}

TEST_F(Receiving, WhatIsRefusedIsNotKeptAndNeverSaidToBeStored) {
  EXPECT_EQ(desk.receive(line_id(9), id_of(1), wire_bytes(text_message("x")), kNoon).error().code, Errc::not_found);
  EXPECT_EQ(desk.receive(kLine, id_of(1), Bytes(40, 7), kNoon).error().code, Errc::malformed);
  EXPECT_EQ(desk.receive(kLine, id_of(1), {}, kNoon).error().code, Errc::malformed);
  EXPECT_EQ(desk.receive(kLine, id_of(1), wire_bytes(text_message("x", Grade::notice)), kNoon).error().code,
            Errc::refused);
  commit();
  EXPECT_TRUE(stored.empty());
  EXPECT_TRUE(desk.messages(std::nullopt).empty());
}

TEST_F(Receiving, ARefusedPutLeavesNothingAndMayComeAgain) {
  auto effects = desk.receive(kLine, id_of(5), wire_bytes(text_message("x")), kNoon);
  ASSERT_TRUE(effects.has_value());
  desk.withdraw(effects->puts.at(0).key);
  receive(kLine, id_of(5), text_message("x"));
  commit();
  EXPECT_EQ(stored.size(), 1U);
  EXPECT_EQ(desk.messages(kLine).size(), 1U);
}

TEST_F(Receiving, TheIdIsRememberedUntilDone) {
  receive(kLine, id_of(5), text_message("a"));
  receive(kLine, id_of(6), text_message("b"));
  EXPECT_TRUE(desk.done(kLine, id_of(5)).puts.empty());  // before our own commit it means nothing
  commit();
  perform(desk.done(kLine, id_of(5)));
  EXPECT_TRUE(desk.done(kLine, id_of(5)).puts.empty());
  EXPECT_TRUE(desk.done(kLine, id_of(9)).puts.empty());
  EXPECT_TRUE(desk.done(kOther, id_of(6)).puts.empty());
  commit();
  ASSERT_TRUE(restart().has_value());
  EXPECT_EQ(open(kLine).remembered, std::vector<MessageId>{id_of(6)});
  EXPECT_EQ(desk.messages(kLine).size(), 2U);
}

// A peer chooses the ids of what it sends.
TEST_F(Receiving, AnIdOfOneLineNeverReachesAnotherLinesRecord) {
  receive(kLine, id_of(5), text_message("on the first"));
  receive(kOther, id_of(5), text_message("on the second"));
  commit();
  ASSERT_EQ(desk.messages(std::nullopt).size(), 2U);
  const auto* first = desk.messages(kLine).at(0);
  const auto* second = desk.messages(kOther).at(0);
  EXPECT_EQ(first->id, second->id);
  EXPECT_NE(first->handle, second->handle);
  perform(desk.stage(second->handle, Stage::read, "AB", "", kNoon));
  commit();
  EXPECT_EQ(submitted.back().line, kOther);
  EXPECT_EQ(decode(submitted.back().bytes)->header.ref, id_of(5));
  EXPECT_TRUE(desk.messages(kLine).at(0)->marks.empty());
  ASSERT_TRUE(restart().has_value());
  EXPECT_EQ(desk.messages(kOther).at(0)->marks.size(), 1U);
  EXPECT_TRUE(desk.messages(kLine).at(0)->marks.empty());
}

TEST_F(Receiving, OurOwnIdComingBackIsAnotherMessage) {
  const MessageId ours = send(kLine, "from here");
  commit();
  receive(kLine, ours, text_message("an echo"));
  commit();
  ASSERT_EQ(desk.messages(kLine).size(), 2U);
  perform(desk.stored_there(kLine, ours, kNoon));
  perform(desk.done(kLine, ours));
  commit();
  const auto all = desk.messages(kLine);
  EXPECT_EQ(all[0]->direction, Direction::out);
  EXPECT_TRUE(all[0]->stored_there.has_value());
  EXPECT_FALSE(all[0]->done);
  EXPECT_EQ(all[1]->direction, Direction::in);
  EXPECT_TRUE(all[1]->done);
  EXPECT_EQ(decode(store.body(all[0]->key()).value())->text, "from here");
  EXPECT_EQ(decode(store.body(all[1]->key()).value())->text, "an echo");
}

// A handle is derived where the id is taken; a peer that guesses the derived one gets a further one.
TEST_F(Receiving, AGuessedHandleIsTakenByNobody) {
  receive(kLine, id_of(5), text_message("a"));
  receive(kOther, id_of(5), text_message("b"));
  commit();
  const MessageId derived = desk.messages(kOther).at(0)->handle;
  receive(kLine, derived, text_message("c"));
  commit();
  std::set<MessageId> handles;
  for (const auto* record : desk.messages(std::nullopt)) handles.insert(record->handle);
  EXPECT_EQ(handles.size(), 3U);
  EXPECT_EQ(decode(store.body(desk.messages(kLine).at(1)->key()).value())->text, "c");
}

TEST_F(Receiving, AReportMarksOurMessageOnceAndSaysStoredAfterTheDisk) {
  const MessageId ours = send(kLine, "x");
  commit();
  const Message report = report_message(ours, Stage::read, "CD", after(1));
  receive(kLine, id_of(30), report, after(2));
  receive(kLine, id_of(30), report, after(3));
  EXPECT_TRUE(stored.empty());  // the repeated one waits as well: the first put may not be durable yet
  commit();
  EXPECT_EQ(stored.size(), 2U);
  ASSERT_EQ(desk.find(ours)->marks.size(), 1U);
  EXPECT_EQ(desk.find(ours)->marks[0].at, after(1));
  EXPECT_EQ(desk.find(ours)->marks[0].by, Side::there);
  EXPECT_EQ(desk.far_watch(kLine).initials, "CD");
  EXPECT_EQ(desk.messages(kLine).size(), 1U);  // a report is no message of its own
}

TEST_F(Receiving, AReportAboutWhatIsNotOursChangesNoMessage) {
  const MessageId elsewhere = send(kOther, "on the other line");
  const MessageId unsent = send(kLine, "not on the disk");
  receive(kLine, id_of(40), text_message("theirs"));
  receive(kLine, id_of(31), report_message(elsewhere, Stage::read, "CD"));
  receive(kLine, id_of(32), report_message(unsent, Stage::read, "CD"));
  receive(kLine, id_of(33), report_message(id_of(40), Stage::read, "CD"));
  receive(kLine, id_of(34), report_message(id_of(99), Stage::read, "CD"));
  commit();
  EXPECT_EQ(stored.size(), 5U);  // all of them end, or they would come for ever
  for (const auto* record : desk.messages(std::nullopt)) EXPECT_TRUE(record->marks.empty());
}

TEST_F(Receiving, ADrillIsAnsweredByADrillAnswerOnly) {
  const MessageId text = send(kLine, "x");
  const MessageId ours = drill(kLine);
  commit();
  receive(kLine, id_of(31), answer_message(text, "CD"));
  receive(kLine, id_of(32), answer_message(ours, "CD"));
  commit();
  EXPECT_TRUE(desk.find(text)->marks.empty());
  ASSERT_EQ(desk.find(ours)->marks.size(), 1U);
  EXPECT_EQ(desk.find(ours)->marks[0].stage, Stage::answered);
}

TEST_F(Receiving, MoreMarksThanARecordHoldsAreDroppedNotOverflowed) {
  const MessageId ours = send(kLine, "x");
  commit();
  for (std::uint8_t i = 0; i < kStageMarks + 5; ++i) {
    receive(kLine, id_of(static_cast<std::uint8_t>(50 + i)),
            report_message(ours, Stage::seen, "A" + std::to_string(i)));
  }
  commit();
  EXPECT_EQ(desk.find(ours)->marks.size(), kStageMarks);
  EXPECT_EQ(stored.size(), kStageMarks + 5);
  ASSERT_TRUE(restart().has_value());
  EXPECT_EQ(desk.find(ours)->marks.size(), kStageMarks);
}

}  // namespace
}  // namespace sw::desk
