// needs: relay
// What a relay's operator reads, the counts, and the record of signed epochs.
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <set>

#include "relay/epoch_record.hpp"
#include "relay/metrics.hpp"
#include "relay/notices.hpp"

namespace sw::relay {
namespace {

using mix::relay::Notice;

TEST(Notices, EachKindHasItsSentence) {
  std::set<std::string> all;
  for (std::uint8_t kind = 0; kind <= static_cast<std::uint8_t>(Notice::Kind::machine_failed); ++kind) {
    const std::string text = sentence({Notice::Kind{kind}, {{7}, {8}}, 2, 3});
    EXPECT_FALSE(text.empty()) << int{kind};
    EXPECT_TRUE(all.insert(text).second) << text;
    EXPECT_EQ(text.find('\n'), std::string::npos);
  }
}

TEST(Notices, TheSameIsSaidOnceAMinuteWithItsCount) {
  NoticeLog log;
  const Notice refused{Notice::Kind::batch_refused, {{7}, {8}}, 2, 0};
  Instant now{1};
  EXPECT_TRUE(log.line(now, refused));
  for (int i = 0; i < 100; ++i) EXPECT_FALSE(log.line(now = now + milliseconds(500), refused));
  EXPECT_TRUE(log.line(now, {Notice::Kind::batch_refused, {{7}, {8}}, 1, 0})) << "of another relay";
  EXPECT_TRUE(log.line(now, {Notice::Kind::cover_missing, {{7}, {}}, 2, 0})) << "of another kind";
  const auto later = log.line(now + milliseconds(10'000), refused);
  ASSERT_TRUE(later);
  EXPECT_NE(later->find("100 times"), std::string::npos) << *later;
  EXPECT_FALSE(log.line(now + milliseconds(10'001), refused));
}

TEST(Metrics, AreThePlainTextOfPrometheus) {
  Metrics metrics;
  metrics.rounds_carried = 12;
  metrics.neighbours_up = 1;
  const std::string text = to_text(metrics);
  EXPECT_NE(text.find("# TYPE stillwire_relay_rounds_carried_total counter\nstillwire_relay_rounds_carried_total 12\n"),
            std::string::npos);
  EXPECT_NE(text.find("\nstillwire_relay_neighbours_up 1\n"), std::string::npos);
  EXPECT_EQ(text.find("station"), std::string::npos);
  EXPECT_EQ(text.find("pairs"), std::string::npos);
  EXPECT_EQ(text.back(), '\n');
}

TEST(Metrics, OfTheLastRelayHaveWhatItCanCount) {
  Metrics metrics;
  metrics.counts = {.circuits = 1'172, .pairs = 304};
  const std::string text = to_text(metrics);
  for (const char* line : {"circuits 1172\n", "pairs 304\n", "loops 564\n"}) {
    EXPECT_NE(text.find("gauge\nstillwire_relay_" + std::string(line)), std::string::npos) << line;
  }
}

TEST(EpochRecord, KeepsTheHighestAndRefusesWhatIsNone) {
  std::string name = std::filesystem::temp_directory_path() / "sw-record-XXXXXX";
  ASSERT_NE(::mkdtemp(name.data()), nullptr);
  const std::filesystem::path folder = name;
  EXPECT_EQ(*read_signed_epoch(folder), Epoch{0});
  ASSERT_TRUE(record_signed_epoch(folder, Epoch{0x0102030405060708}));
  EXPECT_EQ(*read_signed_epoch(folder), Epoch{0x0102030405060708});
  for (const std::size_t size : {0U, 7U, 9U}) {
    std::ofstream(folder / "relay.epoch", std::ios::trunc) << std::string(size, 'x');
    EXPECT_FALSE(read_signed_epoch(folder)) << size;
  }
  // Without a folder nothing is signed.
  EXPECT_EQ(record_signed_epoch(folder / "nowhere", Epoch{9}).error().code, Errc::io);
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace sw::relay
