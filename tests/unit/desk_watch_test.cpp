// needs: desk
// Who has the watch, here and there, its ages under wrong clocks, and the ledger.
#include <gtest/gtest.h>

#include "support/desk_world.hpp"

namespace sw::desk {
namespace {

using namespace sw::test;

const LineId kLine = line_id(1);
const LineId kOther = line_id(2);
constexpr std::int64_t kHour = 3'600'000;

struct Watching : DeskWorld, ::testing::Test {
  Watching() {
    (void)open(kLine);
    commit();
  }
  void receive(MessageId id, const Message& message, UtcMs now) {
    perform(desk.receive(kLine, id, wire_bytes(message), now));
  }
};

TEST_F(Watching, IsTakenHandedOverAndAnswered) {
  EXPECT_FALSE(desk.watch().attended());
  EXPECT_EQ(desk.take_watch("", kNoon).error().code, Errc::usage);
  EXPECT_EQ(desk.take_watch("ABCDE", kNoon).error().code, Errc::usage);
  EXPECT_EQ(desk.hand_over_watch("AB", kNoon).error().code, Errc::conflict);
  EXPECT_EQ(desk.answer_watch(kNoon).error().code, Errc::conflict);
  perform(desk.take_watch("AB", kNoon));
  EXPECT_EQ(desk.hand_over_watch("A B", kNoon).error().code, Errc::usage);
  perform(desk.answer_watch(after(100)));
  EXPECT_EQ(desk.watch().initials, "AB");
  EXPECT_EQ(desk.watch().taken, kNoon);
  EXPECT_EQ(desk.watch().answered, after(100));
  perform(desk.hand_over_watch("CD", after(200)));
  EXPECT_EQ(desk.watch().initials, "CD");
  EXPECT_EQ(desk.watch().taken, after(200));
  commit();
  ASSERT_TRUE(restart().has_value());
  EXPECT_EQ(desk.watch().initials, "CD");
  EXPECT_EQ(desk.watch().answered, after(200));
}

TEST_F(Watching, OneWatchMessageALineTravelsAtATime) {
  (void)open(kOther);
  perform(desk.take_watch("AB", kNoon));
  EXPECT_TRUE(submitted.empty());
  commit();
  ASSERT_EQ(submitted.size(), 2U);  // one a line
  const Submit first = submitted[0];
  EXPECT_EQ(decode(first.bytes)->header.initials, "AB");
  perform(desk.hand_over_watch("CD", after(1)));
  perform(desk.hand_over_watch("EF", after(2)));
  commit();
  EXPECT_EQ(submitted.size(), 2U);
  perform(desk.stored_there(first.line, first.id, after(3)));
  ASSERT_EQ(submitted.size(), 3U);
  EXPECT_EQ(decode(submitted[2].bytes)->header.initials, "EF");  // the newest, nothing in between
  perform(desk.stored_there(first.line, submitted[2].id, after(4)));
  EXPECT_EQ(submitted.size(), 3U);
  EXPECT_EQ(done.size(), 2U);
}

TEST_F(Watching, IsSaidAgainAfterARestart) {
  perform(desk.take_watch("AB", kNoon));
  commit();
  const Submit first = submitted.at(0);
  ASSERT_TRUE(restart().has_value());
  (void)open(kLine);
  ASSERT_EQ(submitted.size(), 1U);
  EXPECT_EQ(submitted[0].id, first.id);
  EXPECT_EQ(submitted[0].bytes, first.bytes);
}

TEST_F(Watching, AStoreThatRefusesTheWatchDoesNotBlockTheNextWord) {
  auto refused = desk.take_watch("AB", kNoon);
  ASSERT_TRUE(refused.has_value());
  for (const Put& put : refused->puts) desk.withdraw(put.key);
  perform(desk.take_watch("CD", after(1)));
  commit();
  ASSERT_EQ(submitted.size(), 1U);
  EXPECT_EQ(decode(submitted[0].bytes)->header.initials, "CD");
}

TEST_F(Watching, TheFarWatchIsNeverYoungerThanItsArrival) {
  EXPECT_FALSE(desk.far_watch(kLine).answered_age_ms(kNoon).has_value());
  receive(id_of(1), watch_message("CD", after(-5'000)), kNoon);  // five seconds under way, or their clock is behind
  EXPECT_EQ(desk.far_watch(kLine).initials, "CD");
  EXPECT_EQ(desk.far_watch(kLine).answered_age_ms(kNoon), 5'000);
  receive(id_of(2), watch_message("CD", after(10 * kHour)), after(1'000));  // their clock is ahead
  EXPECT_EQ(desk.far_watch(kLine).answered_age_ms(after(1'000)), 0);
  EXPECT_EQ(desk.far_watch(kLine).answered_age_ms(after(61'000)), 60'000);
  // Our clock set back past it: no age rather than a wrong one, and the next word counts again.
  EXPECT_FALSE(desk.far_watch(kLine).answered_age_ms(after(-kHour)).has_value());
  receive(id_of(3), watch_message("CD", after(-kHour)), after(-kHour));
  EXPECT_EQ(desk.far_watch(kLine).answered_age_ms(after(-kHour)), 0);
}

TEST_F(Watching, ALateWordMakesNoAgeOlder) {
  receive(id_of(1), watch_message("CD", after(0)), after(0));
  receive(id_of(2), report_message(id_of(99), Stage::read, "EF", after(60'000)), after(60'000));
  EXPECT_EQ(desk.far_watch(kLine).answered_age_ms(after(60'000)), 0);
  EXPECT_EQ(desk.far_watch(kLine).initials, "CD");  // whoever reads, the watch says who has the watch
  receive(id_of(3), report_message(id_of(99), Stage::seen, "EF", after(20'000)), after(61'000));
  receive(id_of(1), watch_message("CD", after(0)), after(62'000));  // said again after their restart
  EXPECT_EQ(desk.far_watch(kLine).answered_age_ms(after(62'000)), 2'000);
}

TEST_F(Watching, AnUnattendedFarWatchKeepsItsAge) {
  receive(id_of(1), watch_message("CD", kNoon), kNoon);
  receive(id_of(2), watch_message("", after(1'000)), after(1'000));
  EXPECT_EQ(desk.far_watch(kLine).initials, "");
  EXPECT_EQ(desk.far_watch(kLine).answered_age_ms(after(5'000)), 5'000);
  commit();
  ASSERT_TRUE(restart().has_value());
  EXPECT_EQ(desk.far_watch(kLine).initials, "");
  EXPECT_EQ(desk.far_watch(kLine).answered, kNoon);
}

TEST_F(Watching, ADrillAnswerNamesWhoIsThere) {
  receive(id_of(1), watch_message("CD", kNoon), kNoon);
  receive(id_of(2), answer_message(id_of(99), "EF", after(1'000)), after(1'000));
  EXPECT_EQ(desk.far_watch(kLine).initials, "EF");
}

// --- ledger

TEST_F(Watching, TheLedgerKeepsItsLineAndTheStation) {
  (void)open(kOther);
  perform(desk.note(kLine, LedgerEvent::line_paused, "AB", kNoon));
  perform(desk.note(kOther, LedgerEvent::line_renamed, "", after(1)));
  perform(desk.take_watch("AB", after(2)));
  commit();
  ASSERT_TRUE(restart().has_value());
  const auto entries = desk.ledger(kLine);
  ASSERT_EQ(entries.size(), 2U);
  EXPECT_EQ(entries[0], (LedgerEntry{kNoon, kLine, LedgerEvent::line_paused, "AB"}));
  EXPECT_EQ(sentence(entries[1]), "AB took the watch");
  for (std::uint8_t event = 1; event <= 10; ++event) {
    EXPECT_FALSE(sentence({kNoon, kLine, static_cast<LedgerEvent>(event), "AB"}).empty());
  }
}

TEST_F(Watching, TheLedgersNewestReplaceItsOldestInTheSameRows) {
  for (std::size_t i = 0; i < kLedgerEntries + 3; ++i) {
    perform(desk.note(kLine, LedgerEvent::line_paused, "", after(static_cast<std::int64_t>(i))));
  }
  commit();
  const auto rows =
      std::ranges::count_if(store.disk(), [](const auto& r) { return r.first.kind == RecordKind::ledger; });
  EXPECT_EQ(static_cast<std::size_t>(rows), kLedgerEntries + 2);  // two watches besides
  for (int i = 0; i < 2; ++i) {
    const auto entries = desk.ledger(kLine);
    ASSERT_EQ(entries.size(), kLedgerEntries);
    EXPECT_EQ(entries.front().at, after(3));
    EXPECT_EQ(entries.back().at, after(kLedgerEntries + 2));
    ASSERT_TRUE(restart().has_value());
  }
  (void)open(kLine);
  perform(desk.note(kLine, LedgerEvent::line_resumed, "", after(9'999)));
  EXPECT_EQ(desk.ledger(kLine).size(), kLedgerEntries);
  EXPECT_EQ(desk.ledger(kLine).front().at, after(4));
}

}  // namespace
}  // namespace sw::desk
