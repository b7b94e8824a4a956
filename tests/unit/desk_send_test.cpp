// needs: desk
// Messages from here: refusals, the order of the disk and the wire, stages on the way out, drills.
#include <gtest/gtest.h>

#include "support/desk_world.hpp"

namespace sw::desk {
namespace {

using namespace sw::test;

const LineId kLine = line_id(1);
const LineId kOther = line_id(2);

struct Sending : DeskWorld, ::testing::Test {
  Sending() {
    (void)open(kLine);
    (void)open(kOther);
    commit();
  }
  Errc refusal(LineId line, const Draft& draft) {
    const auto sent = desk.send(line, draft, kNoon, rng);
    EXPECT_FALSE(sent.has_value());
    return sent ? Errc{} : sent.error().code;
  }
};

TEST_F(Sending, EveryRefusalKeepsNothing) {
  struct Case {
    LineId line;
    Draft draft;
    Errc code;
  };
  const std::vector<Case> cases{
      {kLine, {"on the record", Grade::notice, {}, {}}, Errc::refused},
      {kLine, {"a test", Grade::talk, {}, Mark::test}, Errc::usage},
      {kLine, {"", Grade::talk, {}, {}}, Errc::usage},
      {kLine, {std::string(kTextLimit + 1, 'x'), Grade::talk, {}, {}}, Errc::out_of_range},
      {kLine, {"ab\xff", Grade::talk, {}, {}}, Errc::malformed},
      {line_id(9), {"hello", Grade::talk, {}, {}}, Errc::not_found},
  };
  for (const Case& each : cases) EXPECT_EQ(refusal(each.line, each.draft), each.code) << each.draft.text.substr(0, 20);
  EXPECT_TRUE(desk.messages(std::nullopt).empty());
  EXPECT_EQ(desk.counts(kLine).waiting, 0U);
}

TEST_F(Sending, AnIdOfTheSendersNamesOneMessage) {
  Draft draft{"hello", Grade::talk, {}, {}, MessageId{{7}}};
  const auto sent = desk.send(kLine, draft, kNoon, rng);
  ASSERT_TRUE(sent);
  EXPECT_EQ(sent->id, MessageId{{7}});
  EXPECT_EQ(refusal(kLine, draft), Errc::conflict);
  EXPECT_EQ(refusal(kOther, draft), Errc::conflict) << "the API names messages of all lines";
  draft.id = MessageId{};
  EXPECT_EQ(refusal(kLine, draft), Errc::conflict) << "zeros name no message";
  EXPECT_EQ(desk.messages(std::nullopt).size(), 1U);
}

TEST_F(Sending, TheLongestTextGoes) {
  const MessageId id = send(kLine, std::string(kTextLimit, 'x'));
  EXPECT_EQ(desk.find(id)->text_bytes, kTextLimit);
}

TEST_F(Sending, NothingLeavesBeforeItsRecordIsDurable) {
  const MessageId id = send(kLine, "first");
  EXPECT_TRUE(submitted.empty());
  ASSERT_EQ(stages(id).size(), 1U);
  EXPECT_EQ(stages(id)[0].stage, Stage::draft);
  commit(after(250));
  ASSERT_EQ(submitted.size(), 1U);
  EXPECT_EQ(submitted[0].id, id);
  EXPECT_EQ(submitted[0].line, kLine);
  EXPECT_EQ(submitted[0].bytes, store.body({RecordKind::message, id.bytes}).value());
  EXPECT_EQ(decode(submitted[0].bytes)->text, "first");
  ASSERT_EQ(stages(id).size(), 2U);
  EXPECT_EQ(stages(id)[1].stage, Stage::released);
  EXPECT_EQ(stages(id)[1].at, after(250));
}

TEST_F(Sending, TheDiskTakesTheUrgentFirst) {
  const std::vector<std::pair<Precedence, Urgency>> table{{Precedence::flash, Urgency::flash},
                                                          {Precedence::immediate, Urgency::immediate},
                                                          {Precedence::priority, Urgency::priority},
                                                          {Precedence::routine, Urgency::routine}};
  for (const auto& [precedence, urgency] : table) {
    const auto sent = desk.send(kLine, {"x", Grade::note, precedence, Mark::exercise}, kNoon, rng);
    ASSERT_TRUE(sent.has_value());
    ASSERT_EQ(sent->effects.puts.size(), 1U);
    EXPECT_EQ(sent->effects.puts[0].urgency, urgency);
    EXPECT_EQ(std::get<Submit>(sent->effects.puts[0].then.at(0)).precedence, precedence);
    EXPECT_EQ(desk.find(sent->id)->header.mark, Mark::exercise);
    EXPECT_EQ(desk.find(sent->id)->header.grade, Grade::note);
  }
}

TEST_F(Sending, WithdrawForgetsOnlyWhatTheDiskNeverHad) {
  auto refused = desk.send(kLine, draft("no room"), kNoon, rng);
  ASSERT_TRUE(refused.has_value());
  const RecordKey key = refused->effects.puts[0].key;
  desk.withdraw(key);
  EXPECT_EQ(desk.find(refused->id), nullptr);
  desk.durable(key, kNoon);
  EXPECT_EQ(desk.find(refused->id), nullptr);
  const MessageId kept = send(kLine, "kept");
  commit();
  desk.withdraw({RecordKind::message, kept.bytes});
  EXPECT_NE(desk.find(kept), nullptr);
}

TEST_F(Sending, SentIsSaidOnceAndOfOurOwnOnly) {
  const MessageId id = send(kLine, "x");
  commit();
  EXPECT_TRUE(desk.first_cell_left(kOther, id, after(1)).puts.empty());
  EXPECT_TRUE(desk.first_cell_left(kLine, id_of(77), after(1)).puts.empty());
  perform(desk.first_cell_left(kLine, id, after(2)));
  EXPECT_TRUE(desk.first_cell_left(kLine, id, after(3)).puts.empty());
  EXPECT_EQ(stages(id).back().stage, Stage::sent);
  EXPECT_EQ(stages(id).back().at, after(2));
}

TEST_F(Sending, DoneWaitsForTheStageHoweverOftenStoredComes) {
  const MessageId id = send(kLine, "x");
  commit();
  EXPECT_EQ(desk.counts(kLine).waiting, 1U);
  for (int i = 0; i < 3; ++i) perform(desk.stored_there(kLine, id, after(10 + i)));
  EXPECT_TRUE(done.empty());  // the far side may forget the id only when our disk has the stage
  EXPECT_EQ(desk.counts(kLine).waiting, 0U);
  commit();
  EXPECT_EQ(done.size(), 3U);
  EXPECT_EQ(stages(id).back().stage, Stage::stored);
  EXPECT_EQ(stages(id).back().at, after(10));
  EXPECT_EQ(stages(id).back().by, Side::there);
  ASSERT_TRUE(restart().has_value());
  EXPECT_TRUE(open(kLine).unsent.empty());
  perform(desk.stored_there(kLine, id, after(99)));
  commit();
  EXPECT_EQ(stages(id).back().at, after(10));
  EXPECT_EQ(done.size(), 1U);
}

TEST_F(Sending, StoredForAnUnknownIdIsAnsweredAtOnce) {
  perform(desk.stored_there(kLine, id_of(99), kNoon));
  ASSERT_EQ(done.size(), 1U);
  EXPECT_EQ(done[0].id, id_of(99));
  // One that our disk does not have yet has not left: such a word is a lie, and makes no stage.
  const MessageId id = send(kLine, "x");
  perform(desk.stored_there(kLine, id, kNoon));
  commit();
  EXPECT_FALSE(has(id, Stage::stored));
  EXPECT_EQ(submitted.size(), 1U);
}

TEST_F(Sending, OneDrillAtATimeOnALine) {
  EXPECT_EQ(desk.drill(line_id(9), kNoon, rng).error().code, Errc::not_found);
  const MessageId id = drill(kLine);
  EXPECT_EQ(desk.drill(kLine, kNoon, rng).error().code, Errc::conflict);
  (void)drill(kOther);
  commit();
  EXPECT_EQ(desk.drill(kLine, kNoon, rng).error().code, Errc::conflict);
  const auto& header = desk.find(id)->header;
  EXPECT_EQ(header.kind, Kind::drill);
  EXPECT_EQ(header.mark, Mark::test);
  EXPECT_EQ(header.grade, Grade::service);
  EXPECT_EQ(header.precedence, Precedence::immediate);
  perform(desk.stored_there(kLine, id, kNoon));
  EXPECT_TRUE(desk.drill(kLine, kNoon, rng).has_value());
}

TEST_F(Sending, AClockOutsideTheWiresYearsStillSends) {
  for (const std::int64_t ms : {std::int64_t{-5}, std::int64_t{0}, std::int64_t{400'000'000'000'000}}) {
    const auto sent = desk.send(kLine, draft("x"), UtcMs{ms}, rng);
    ASSERT_TRUE(sent.has_value()) << ms;
    EXPECT_TRUE(decode(std::get<Submit>(sent->effects.puts[0].then[0]).bytes).has_value());
  }
}

TEST_F(Sending, TheOrderIsThatOfSendingWhateverTheClockSays) {
  std::vector<MessageId> ids;
  for (int i = 0; i < 5; ++i) ids.push_back(send(i % 2 == 0 ? kLine : kOther, "x", after(-i * 100'000)));
  const auto all = desk.messages(std::nullopt);
  ASSERT_EQ(all.size(), 5U);
  for (std::size_t i = 0; i < 5; ++i) EXPECT_EQ(all[i]->id, ids[i]);
  EXPECT_EQ(desk.messages(kOther).size(), 2U);
}

}  // namespace
}  // namespace sw::desk
