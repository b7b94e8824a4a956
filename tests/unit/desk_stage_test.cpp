// needs: desk
// What people here say of a message, its report, the clock of acknowledgement, drills answered by hand, the sweep.
#include <gtest/gtest.h>

#include "support/desk_world.hpp"

namespace sw::desk {
namespace {

using namespace sw::test;

const LineId kLine = line_id(1);
const LineId kOther = line_id(2);
const MessageId kText = id_of(5);
const MessageId kDrill = id_of(6);
constexpr std::int64_t kDay = 86'400'000;

struct Staging : DeskWorld, ::testing::Test {
  Staging() {
    (void)open(kLine);
    (void)open(kOther);
    perform(desk.receive(kLine, kText, wire_bytes(text_message("hello")), kNoon));
    perform(desk.receive(kLine, kDrill, wire_bytes(drill_message()), kNoon));
    commit();
    submitted.clear();
  }
  Errc refusal(MessageId handle, Stage stage, std::string_view initials, std::string_view post = {}) {
    const auto effects = desk.stage(handle, stage, initials, post, kNoon);
    EXPECT_FALSE(effects.has_value()) << word(stage) << " " << initials << " " << post;
    return effects ? Errc{} : effects.error().code;
  }
};

TEST_F(Staging, EveryRefusalOfAStage) {
  const MessageId ours = send(kLine, "from here");
  EXPECT_EQ(refusal(id_of(99), Stage::read, "AB"), Errc::not_found);
  for (const Stage stage : {Stage::draft, Stage::released, Stage::sent, Stage::stored}) {
    EXPECT_EQ(refusal(kText, stage, "AB"), Errc::usage);
  }
  for (const char* initials : {"", "ABCDE", "A B", "A-", "\xd0\x90", "A\n"}) {
    EXPECT_EQ(refusal(kText, Stage::read, initials), Errc::usage);
  }
  EXPECT_EQ(refusal(kText, Stage::passed, "AB"), Errc::usage);  // to whom?
  for (const std::string& post :
       {std::string(65, 'x'), std::string("a\nb"), std::string("\u202e"), std::string("\xff")}) {
    EXPECT_EQ(refusal(kText, Stage::passed, "AB", post), Errc::usage);
  }
  EXPECT_EQ(refusal(ours, Stage::read, "AB"), Errc::refused);
  perform(desk.receive(kLine, id_of(7), wire_bytes(text_message("not yet on the disk")), kNoon));
  EXPECT_EQ(refusal(id_of(7), Stage::read, "AB"), Errc::not_found);
  EXPECT_TRUE(desk.find(kText)->marks.empty());
}

TEST_F(Staging, TheReportLeavesWhenTheMarkIsDurable) {
  perform(desk.stage(kText, Stage::passed, "AB", "Советник", after(5)));
  EXPECT_TRUE(submitted.empty());
  commit();
  ASSERT_EQ(submitted.size(), 1U);
  const auto report = decode(submitted[0].bytes);
  ASSERT_TRUE(report.has_value());
  EXPECT_EQ(report->header.kind, Kind::stage);
  EXPECT_EQ(report->header.ref, kText);
  EXPECT_EQ(report->header.stage, Stage::passed);
  EXPECT_EQ(report->header.initials, "AB");
  EXPECT_EQ(report->header.post, "Советник");
  EXPECT_EQ(report->header.created, after(5));
  EXPECT_EQ(desk.counts(kLine).unread, 1U);  // the drill
}

TEST_F(Staging, TheSameMarkTwiceIsOne) {
  perform(desk.stage(kText, Stage::read, "AB", "", after(1)));
  const auto again = desk.stage(kText, Stage::read, "AB", "", after(2));
  ASSERT_TRUE(again.has_value());
  EXPECT_TRUE(again->puts.empty());
  EXPECT_TRUE(again->steps.empty());
  perform(desk.stage(kText, Stage::read, "CD", "", after(3)));
  commit();
  EXPECT_EQ(desk.find(kText)->marks.size(), 2U);
  EXPECT_EQ(submitted.size(), 2U);
  EXPECT_NE(submitted[0].id, submitted[1].id);
}

TEST_F(Staging, AReportIsSentAgainUntilTheFarDiskHasIt) {
  perform(desk.stage(kText, Stage::read, "AB", "", after(1)));
  commit();
  const Submit first = submitted.at(0);
  ASSERT_TRUE(restart().has_value());
  (void)open(kLine);
  ASSERT_EQ(submitted.size(), 1U);
  EXPECT_EQ(submitted[0].id, first.id);  // the same mark is the same message for ever
  EXPECT_EQ(submitted[0].bytes, first.bytes);
  perform(desk.stored_there(kLine, first.id, kNoon));
  EXPECT_TRUE(done.empty());
  commit();
  EXPECT_EQ(done.size(), 1U);
  ASSERT_TRUE(restart().has_value());
  (void)open(kLine);
  EXPECT_TRUE(submitted.empty());
}

TEST_F(Staging, AMessageHoldsSoManyMarksAndNoMore) {
  for (std::size_t i = 0; i < kStageMarks; ++i) {
    perform(desk.stage(kText, Stage::seen, "A" + std::to_string(i), std::string(64, 'p'), kNoon));
  }
  EXPECT_EQ(refusal(kText, Stage::read, "AB"), Errc::conflict);
  EXPECT_TRUE(desk.stage(kText, Stage::seen, "A0", std::string(64, 'p'), kNoon).has_value());
  commit();
  ASSERT_TRUE(restart().has_value());
  EXPECT_EQ(desk.find(kText)->marks.size(), kStageMarks);
}

TEST_F(Staging, ADrillAlwaysKeepsRoomForItsAnswer) {
  for (std::size_t i = 0; i + 1 < kStageMarks; ++i) {
    perform(desk.stage(kDrill, Stage::seen, "A" + std::to_string(i), "", kNoon));
  }
  EXPECT_EQ(refusal(kDrill, Stage::declined, "AB"), Errc::conflict);
  EXPECT_EQ(refusal(kDrill, Stage::read, "AB"), Errc::conflict);  // it would need two
  perform(desk.take_watch("AB", kNoon));
  perform(desk.answer_watch(kNoon));
  EXPECT_TRUE(desk.find(kDrill)->has(Stage::answered));
}

TEST_F(Staging, NoMachineAnswersADrill) {
  commit();
  ASSERT_TRUE(restart().has_value());
  (void)open(kLine);
  (void)open(kOther);
  perform(desk.receive(kLine, kDrill, wire_bytes(drill_message()), kNoon));
  (void)desk.sweep(after(30 * kDay));
  perform(desk.done(kLine, kDrill));
  commit();
  perform(desk.take_watch("AB", kNoon));  // taking the watch is no answer to a question asked before
  commit();
  EXPECT_FALSE(desk.find(kDrill)->has(Stage::answered));
  for (const Submit& submit : submitted) EXPECT_EQ(decode(submit.bytes)->header.kind, Kind::watch);
}

TEST_F(Staging, ReadOnADrillAnswersIt) {
  perform(desk.stage(kDrill, Stage::read, "AB", "", after(3)));
  commit();
  ASSERT_EQ(submitted.size(), 2U);
  EXPECT_EQ(decode(submitted[0].bytes)->header.kind, Kind::stage);
  const auto answer = decode(submitted[1].bytes);
  EXPECT_EQ(answer->header.kind, Kind::drill_answer);
  EXPECT_EQ(answer->header.ref, kDrill);
  EXPECT_EQ(answer->header.initials, "AB");
  EXPECT_TRUE(desk.find(kDrill)->has(Stage::answered));
}

TEST_F(Staging, ThePersonOnWatchAnswersEveryWaitingDrillOnce) {
  EXPECT_EQ(desk.answer_watch(kNoon).error().code, Errc::conflict);  // nobody is there
  perform(desk.receive(kOther, id_of(8), wire_bytes(drill_message()), kNoon));
  perform(desk.take_watch("AB", kNoon));
  commit();
  perform(desk.receive(kOther, id_of(9), wire_bytes(drill_message()), kNoon));  // not yet on the disk
  perform(desk.answer_watch(after(10)));
  commit();
  EXPECT_TRUE(desk.find(kDrill)->has(Stage::answered));
  EXPECT_TRUE(desk.find(id_of(8))->has(Stage::answered));
  EXPECT_FALSE(desk.find(id_of(9))->has(Stage::answered));
  const auto answers = std::ranges::count_if(
      submitted, [](const Submit& s) { return decode(s.bytes)->header.kind == Kind::drill_answer; });
  EXPECT_EQ(answers, 2);
  perform(desk.answer_watch(after(20)));
  commit();
  EXPECT_EQ(desk.find(kDrill)->marks.size(), 1U);
}

TEST_F(Staging, TheClockRunsFromStorageToTheFirstWord) {
  const std::vector<std::pair<Precedence, std::int64_t>> minutes{
      {Precedence::flash, 10}, {Precedence::immediate, 30}, {Precedence::priority, 180}, {Precedence::routine, 360}};
  std::uint8_t n = 60;
  for (const auto& [precedence, least] : minutes) {
    Message message = text_message("x");
    message.header.precedence = precedence;
    const MessageId id = id_of(n++);
    perform(desk.receive(kLine, id, wire_bytes(message), kNoon));
    commit(after(1000));
    EXPECT_EQ(acknowledge_by(*desk.find(id)), after(1000 + least * 60'000)) << word(precedence);
    perform(desk.stage(id, Stage::not_now, "AB", "", kNoon));
    EXPECT_FALSE(acknowledge_by(*desk.find(id)).has_value());
  }
  const MessageId ours = send(kLine, "x");
  commit();
  EXPECT_FALSE(acknowledge_by(*desk.find(ours)).has_value());  // nobody there can have seen it
  perform(desk.stored_there(kLine, ours, after(2000)));
  EXPECT_EQ(acknowledge_by(*desk.find(ours)), after(2000 + 360 * 60'000));
}

// --- sweep

TEST_F(Staging, OnlyOldFinishedDrillsAreSwept) {
  const MessageId out = drill(kLine);
  perform(desk.stage(kDrill, Stage::read, "AB", "", kNoon));
  commit();
  const auto late = after(8 * kDay);
  EXPECT_TRUE(desk.sweep(late).erases.empty());  // neither reported nor done
  for (const Submit& submit : submitted) perform(desk.stored_there(kLine, submit.id, kNoon));
  perform(desk.done(kLine, kDrill));
  EXPECT_TRUE(desk.sweep(after(6 * kDay)).erases.empty());
  perform(desk.receive(kLine, id_of(30), wire_bytes(answer_message(out, "CD")), kNoon));
  commit();
  ASSERT_TRUE(has(out, Stage::stored) && desk.find(out)->has(Stage::answered));
  auto swept = desk.sweep(late);
  EXPECT_EQ(swept.erases.size(), 2U);
  perform(std::move(swept));
  EXPECT_EQ(desk.find(kDrill), nullptr);
  EXPECT_EQ(desk.find(out), nullptr);
  EXPECT_NE(desk.find(kText), nullptr);  // texts stay
  // A STORED or DONE for a swept one is answered as for an unknown one.
  done.clear();
  perform(desk.stored_there(kLine, out, late));
  EXPECT_EQ(done.size(), 1U);
}

}  // namespace
}  // namespace sw::desk
