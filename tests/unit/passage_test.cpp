// needs: mix
// A station's way through a relay venue: what it takes, when it uploads, which round it names, what it wraps.
// Protocol 8.8.
#include "mix/passage.hpp"

#include "support/relay_venue.hpp"

namespace sw::mix::test {
namespace {

constexpr std::int64_t kStart = 1'790'000'000'000;

wire::Cell to_cell(ByteView bytes) {
  wire::Cell out;
  std::copy_n(bytes.begin(), out.size(), out.begin());
  return out;
}

class PassageTest : public testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(crypto::start()); }

  RelayVenue::Made made(std::uint64_t epoch, std::uint32_t circuits = 2) {
    return x_relays.make({epoch}, {kStart + static_cast<std::int64_t>(epoch - 10) * 4'000}, circuits, x_rng);
  }
  /// Descriptors 10 to 14 and a registration from 10 on.
  void know() {
    for (std::uint64_t epoch = 10; epoch <= 14; ++epoch) {
      x_made.push_back(made(epoch));
      ASSERT_EQ(x_passage.take_descriptor(x_made.back().object), Epoch{epoch});
    }
    ASSERT_TRUE(x_passage.take_notice(encode(Notice{Notice::Kind::registered, {10}, {}})));
  }
  void carried(std::uint64_t epoch, const Tag& tag) {
    ASSERT_TRUE(x_passage.take_notice(encode(Notice{Notice::Kind::carried, {epoch}, tag})));
  }
  /// The round that begins `ms` after epoch 10; uploads and keeps are noted.
  std::optional<RoundId> round(std::int64_t ms) {
    auto turn = x_passage.begin_round({kStart + ms}, x_rng);
    for (auto& upload : turn.uploads) {
      x_passage.delivered(upload.number);
      x_uploads.push_back(std::move(upload.object));
    }
    for (const auto& each : turn.wanted) x_wanted.push_back(each);
    for (auto& each : turn.kept) x_kept.push_back(std::move(each));
    return turn.round;
  }
  void rounds(std::int64_t from, std::int64_t to) {
    for (std::int64_t ms = from; ms < to; ms += 100) round(ms);
  }
  static Epoch epoch_of(ByteView object) { return {object[0]}; }
  Tag tag_of_first(ByteView object) const {
    const auto& epoch = x_made[epoch_of(object).value - 10].epoch.accepted;
    return tag_of(epoch.hash, object.subspan(8, onion_bytes(Suite::x25519, 3, 0)));
  }
  /// The receipts of one upload, hop after hop.
  void receipts(std::uint64_t epoch, ByteView upload, std::size_t from, std::size_t to) {
    auto& e = x_made[epoch - 10].epoch;
    std::vector<Bytes> onions;
    for (std::size_t i = 0; i < 2; ++i) onions.push_back(to_bytes(upload.subspan(8 + i * 176, 176)));
    x_chains.push_back(set_up(e, onions, x_rng));
    for (std::size_t hop = from; hop < to; ++hop) {
      ASSERT_TRUE(x_passage.take_receipt(x_relays.receipt(e.accepted, hop, x_chains.back().receipts[hop])));
    }
  }

  crypto::SeededRng x_rng{0x9a55};
  RelayVenue x_relays{{}, x_rng};
  Passage x_passage{x_relays.rules()};
  std::vector<RelayVenue::Made> x_made;
  std::vector<Bytes> x_uploads;
  std::vector<DropsWanted> x_wanted;
  std::vector<Kept> x_kept;
  std::vector<Chain> x_chains;
};

TEST_F(PassageTest, TakesEachDescriptorOnceAndNoOlderOne) {
  const auto ten = made(10);
  const auto eleven = made(11);
  ASSERT_TRUE(x_passage.take_descriptor(eleven.object));
  EXPECT_FALSE(x_passage.take_descriptor(ten.object));
  EXPECT_FALSE(x_passage.take_descriptor(eleven.object));
  Bytes forged = made(12).object;
  forged.back() ^= 1;
  EXPECT_EQ(x_passage.take_descriptor(forged).error().code, Errc::forged);
  EXPECT_FALSE(x_passage.take_descriptor(ByteView(forged).first(100)));
  EXPECT_FALSE(x_passage.take_descriptor({}));
  round(-4'000);
  ASSERT_EQ(x_wanted.size(), 1U);
  EXPECT_EQ(x_wanted[0].epoch, Epoch{11});
  EXPECT_EQ(x_wanted[0].day, day_of({kStart + 4'000}));
}

TEST_F(PassageTest, UploadsFreshOnionsForAllAheadInEveryEpoch) {
  know();
  rounds(-3'000, 0);
  ASSERT_EQ(x_uploads.size(), 5U) << "10 to 14 are ahead";
  for (std::size_t i = 0; i < 5; ++i) EXPECT_EQ(epoch_of(x_uploads[i]), Epoch{10 + i});
  carried(10, tag_of_first(x_uploads[0]));
  rounds(0, 4'000);
  ASSERT_EQ(x_uploads.size(), 9U);
  EXPECT_EQ(epoch_of(x_uploads[5]), Epoch{11});
  EXPECT_NE(x_uploads[5], x_uploads[1]);
  EXPECT_EQ(x_uploads[5].size(), setup_bytes(Suite::x25519, 3, 1));
}

TEST_F(PassageTest, ANewLaneGetsTheSetUpsOnceR1CountsUsOnIt) {
  know();
  rounds(-3'000, 0);
  ASSERT_EQ(x_uploads.size(), 5U);
  carried(10, tag_of_first(x_uploads[0]));
  x_passage.lane_renewed();
  rounds(0, 1'000);
  EXPECT_EQ(x_uploads.size(), 5U) << "nothing is sent that R1 would not take";
  ASSERT_TRUE(x_passage.take_notice(encode(Notice{Notice::Kind::registered, {10}, {}})));
  round(1'000);
  // Those of 11 to 14 again, and the first fresh one.
  ASSERT_EQ(x_uploads.size(), 10U);
  for (std::size_t i = 0; i < 4; ++i) EXPECT_EQ(x_uploads[5 + i], x_uploads[1 + i]);
  EXPECT_EQ(epoch_of(x_uploads[9]), Epoch{11});
  EXPECT_NE(x_uploads[9], x_uploads[1]);
  ASSERT_TRUE(x_passage.take_notice(encode(Notice{Notice::Kind::registered, {10}, {}})));
  rounds(1'100, 2'000);
  EXPECT_EQ(x_uploads.size(), 13U) << "once";
}

TEST_F(PassageTest, TheStationsAnswerChangesNothingThatIsSeen) {
  crypto::SeededRng rng(5);
  const auto made = x_relays.make({10}, {kStart}, 2, x_rng);
  std::array<std::vector<std::size_t>, 2> sizes;
  for (const bool answers : {false, true}) {
    Passage passage(x_relays.rules());
    ASSERT_TRUE(passage.take_descriptor(made.object));
    ASSERT_TRUE(passage.take_notice(encode(Notice{Notice::Kind::registered, {10}, {}})));
    for (int i = 0; i < 20; ++i) {
      if (answers) passage.drops({0}, {10}, rng.array<32>(), rng.array<32>());
      const auto turn = passage.begin_round({kStart - 3'000 + i * 100}, rng);
      sizes[answers ? 1 : 0].push_back(turn.uploads.empty() ? 0 : turn.uploads[0].object.size());
    }
    passage.drops({1}, {10}, {}, {});
    passage.drops({0}, {99}, {}, {});
  }
  EXPECT_EQ(sizes[0], sizes[1]);
}

TEST_F(PassageTest, NothingIsUploadedUnregisteredOrAfterTheClose) {
  x_made.push_back(made(10));
  ASSERT_TRUE(x_passage.take_descriptor(x_made[0].object));
  rounds(-6'000, -5'000);
  EXPECT_TRUE(x_uploads.empty());
  ASSERT_TRUE(x_passage.take_notice(encode(Notice{Notice::Kind::registered, {10}, {}})));
  EXPECT_TRUE(x_passage.registered());
  rounds(-5'000, -4'500);
  EXPECT_EQ(x_uploads.size(), 1U);
  x_made.push_back(made(11));
  ASSERT_TRUE(x_passage.take_descriptor(x_made[1].object));
  carried(11, {});
  rounds(-1'900, -1'000);
  EXPECT_EQ(x_uploads.size(), 1U) << "R1 closed it";
  x_made.push_back(made(12));
  ASSERT_TRUE(x_passage.take_descriptor(x_made[2].object));
  carried(10, {});
  rounds(8'000, 9'000);
  EXPECT_EQ(x_uploads.size(), 1U) << "it has begun";
  ASSERT_TRUE(x_passage.take_notice(encode(Notice{Notice::Kind::refused, {}, {}})));
  EXPECT_FALSE(x_passage.registered());
  EXPECT_TRUE(x_passage.refused());
  EXPECT_FALSE(x_passage.take_notice(Bytes(17, 0)));
  EXPECT_FALSE(x_passage.take_notice(Bytes(16, 1)));
}

TEST_F(PassageTest, NamesRoundsThatRiseAndSwitchesWhenR1Carries) {
  know();
  EXPECT_EQ(round(0), std::nullopt) << "R1 did not say that it carries it";
  carried(10, {});
  EXPECT_EQ(round(100), (RoundId{{10}, {1}}));
  EXPECT_EQ(round(140), std::nullopt) << "never twice";
  EXPECT_EQ(round(160), (RoundId{{10}, {2}}));
  EXPECT_EQ(round(0), std::nullopt) << "never back";
  EXPECT_EQ(round(3'900), (RoundId{{10}, {39}}));
  EXPECT_EQ(round(4'000), (RoundId{{10}, {40}})) << "11 is not ready: overtime";
  carried(11, {});
  EXPECT_EQ(round(4'100), (RoundId{{11}, {1}}));
  SlotCells cells{};
  (void)x_passage.unwrap({{13}, {5}}, {0}, cells);  // a frame of R1's says what it carries
  EXPECT_EQ(round(4'200), (RoundId{{11}, {2}})) << "its t0 is not there";
  EXPECT_EQ(round(12'500), (RoundId{{13}, {5}}));
  EXPECT_EQ(round(12'000 + 8'000), std::nullopt) << "overtime ends at twice the length";
}

TEST_F(PassageTest, ANoticeMayComeBeforeItsDescriptor) {
  for (std::uint64_t epoch = 20; epoch < 40; ++epoch) carried(epoch, {1});  // no more than a few are remembered
  carried(10, {});
  know();
  EXPECT_EQ(round(0), std::nullopt) << "those of later epochs were";
  carried(10, {});
  EXPECT_EQ(round(100), (RoundId{{10}, {1}}));
  for (std::uint64_t epoch = 15; epoch <= 39; ++epoch) {
    x_made.push_back(made(epoch));
    ASSERT_TRUE(x_passage.take_descriptor(x_made.back().object));
  }
  EXPECT_EQ(round(29 * 4'000), (RoundId{{39}, {0}}));
}

TEST_F(PassageTest, AHaltedEpochIsNotEntered) {
  know();
  carried(10, {});
  carried(11, {});
  ASSERT_TRUE(x_passage.take_notice(encode(Notice{Notice::Kind::halted, {11}, {}})));
  EXPECT_EQ(round(4'000), (RoundId{{10}, {40}}));
}

TEST_F(PassageTest, AnEmergencyEpochVoidsThoseThatWerePublished) {
  know();
  carried(10, {});
  rounds(0, 1'000);
  const auto emergency = x_relays.make({15}, {kStart + 3'000}, 2, x_rng);
  ASSERT_TRUE(x_passage.take_descriptor(emergency.object));
  EXPECT_TRUE(x_passage.begin_round({kStart + 1'100}, x_rng).all_void) << "what waits to go up is of no use";
  EXPECT_FALSE(x_passage.begin_round({kStart + 1'200}, x_rng).all_void);
  carried(12, {});
  carried(15, {});
  EXPECT_EQ(round(3'000), (RoundId{{15}, {0}}));
  EXPECT_EQ(round(8'000), (RoundId{{15}, {50}}));
}

TEST_F(PassageTest, WrapsForTheUploadThatR1TookAndOnce) {
  know();
  rounds(-3'900, -2'500);
  ASSERT_EQ(epoch_of(x_uploads[0]), Epoch{10});
  carried(10, tag_of_first(x_uploads[0]));
  receipts(10, x_uploads[0], 0, 3);
  SlotCells cells{};
  x_rng.fill(cells[0]);
  x_rng.fill(cells[1]);
  const SlotCells said = cells;
  ASSERT_EQ(round(300), (RoundId{{10}, {3}}));
  x_passage.wrap({0}, cells, x_rng);
  Bytes batch = to_bytes(cells[0]);
  batch.insert(batch.end(), cells[1].begin(), cells[1].end());
  const Bytes back = run_round(x_chains[0], {3}, batch, x_rng);
  std::copy_n(back.begin(), 512, cells[0].begin());
  std::copy_n(back.begin() + 512, 512, cells[1].begin());
  ASSERT_TRUE(x_passage.unwrap({{10}, {3}}, {0}, cells));
  // Nobody named drops: the two circuits of the slot met each other.
  EXPECT_EQ(cells[0], said[1]);
  EXPECT_EQ(cells[1], said[0]);

  SlotCells again = said;
  x_passage.wrap({0}, again, x_rng);
  EXPECT_NE(again[0], said[0]) << "random: the keystream of a round is used once";
  EXPECT_NE(again[0], to_cell(batch)) << "and not the same cell again";
  EXPECT_EQ(x_passage.disturbed(), 0U);
}

TEST_F(PassageTest, AMissingTagIsOneDisturbedEpochAndNothingElse) {
  know();
  rounds(-3'900, -2'500);
  carried(10, tag_of_first(x_uploads[0]));
  const std::size_t uploads = x_uploads.size();
  auto& e = x_made[0].epoch;
  for (std::size_t hop = 0; hop < 3; ++hop) {
    ASSERT_TRUE(x_passage.take_receipt(x_relays.receipt(e.accepted, hop, {})));
    ASSERT_TRUE(x_passage.take_receipt(x_relays.receipt(e.accepted, hop, {})));
    EXPECT_EQ(x_passage.disturbed(), 1U);
  }
  EXPECT_EQ(x_uploads.size(), uploads);
  Bytes forged = x_relays.receipt(e.accepted, 0, {});
  forged.back() ^= 1;
  EXPECT_FALSE(x_passage.take_receipt(forged));
  EXPECT_FALSE(x_passage.take_receipt({}));
}

TEST_F(PassageTest, ReceiptsThatNeverCameAreCountedWhenTheEpochIsOver) {
  know();
  rounds(-3'900, -2'500);
  carried(10, tag_of_first(x_uploads[0]));
  receipts(10, x_uploads[0], 0, 2);
  round(0);
  carried(11, tag_of_first(x_uploads[1]));
  rounds(4'000, 4'500);
  EXPECT_EQ(x_passage.unproved(), 0U);
  round(4'500);
  EXPECT_EQ(x_passage.unproved(), 1U);
  EXPECT_EQ(x_passage.disturbed(), 0U);
}

TEST_F(PassageTest, WhatR1TookOfOursByItsReceiptIsWhatCounts) {
  know();
  carried(10, {});
  rounds(0, 2'500);
  ASSERT_EQ(epoch_of(x_uploads[0]), Epoch{11});
  receipts(11, x_uploads[0], 0, 3);  // the first one of two, and no notice came
  EXPECT_EQ(x_passage.disturbed(), 0U);
  const auto kept = x_passage.keep({11});
  ASSERT_EQ(kept.size(), 1U);
  carried(11, tag_of_first(x_uploads[0]));
  const auto same = x_passage.keep({11});
  EXPECT_TRUE(std::ranges::equal(kept[0].keys.view(), same[0].keys.view()));
}

TEST(Phase, MovesTheGridOnlyWhenItMust) {
  EXPECT_EQ(correction(0, 100), Duration{});
  EXPECT_EQ(correction(1, 100), Duration{});
  EXPECT_EQ(correction(15'000, 100), Duration{});
  EXPECT_EQ(correction(15'001, 100), microseconds(5'000 - 15'001));
  EXPECT_EQ(correction(-1, 100), microseconds(5'001));
  EXPECT_EQ(phase_of({0}), 1);
  EXPECT_EQ(phase_of(milliseconds(-3)), -3'000);
  EXPECT_EQ(phase_of(milliseconds(86'400'000)), INT32_MAX);
  EXPECT_EQ(phase_of(milliseconds(-86'400'000)), INT32_MIN);
}

}  // namespace
}  // namespace sw::mix::test
