// needs: mix
// R1's side of its stations: registration, the set-up batch, the rounds' batches. Protocol 8.8.
#include "mix/relay_stations.hpp"

#include "support/relay_venue.hpp"

namespace sw::mix::test {
namespace {

StationKey key(std::uint8_t n) {
  StationKey out{};
  out[0] = n;
  return out;
}

/// A token says its serial in its first byte; 0xff is forged.
Bytes token(std::uint8_t serial) {
  Bytes out(wire::kTokenBytes, 0);
  out[0] = serial;
  return out;
}

bool take(RelayStations& stations, const StationKey& station, RoundId round, Slot slot, const SlotCells& cells) {
  const auto place = stations.place(round.epoch, station);
  return place && stations.take(*place, round, slot, cells);
}
std::optional<SlotCells> part(const RelayStations& stations, Epoch epoch, const StationKey& station, Slot slot,
                              ByteView batch) {
  const auto place = stations.place(epoch, station);
  return place ? stations.part(epoch, *place, slot, batch) : std::nullopt;
}

class RelayStationsTest : public testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(crypto::start()); }

  void enrol(int number) {
    const auto n = static_cast<std::uint8_t>(number);
    EXPECT_EQ(x_stations.enrol(key(n), token(n)).notice.kind, Notice::Kind::registered) << int{n};
  }
  /// Freezes and publishes an epoch.
  const AcceptedDescriptor& open(std::uint64_t epoch) {
    const std::uint32_t circuits = x_stations.freeze({epoch});
    x_made.push_back(x_relays.make({epoch}, {1'790'000'000'000}, circuits, x_rng));
    EXPECT_TRUE(x_stations.publish(x_made.back().epoch.accepted));
    return x_made.back().epoch.accepted;
  }
  Bytes setup(std::uint64_t epoch, std::uint8_t fill) const {
    Bytes out(setup_bytes(Suite::x25519, 3, 1), fill);
    for (std::size_t i = 0; i < 8; ++i) out[i] = static_cast<std::uint8_t>(epoch >> (8 * i));
    return out;
  }
  SlotCells cells(std::uint8_t fill) const {
    SlotCells out;
    out[0].fill(fill);
    out[1].fill(static_cast<std::uint8_t>(fill + 1));
    return out;
  }

  crypto::SeededRng x_rng{0x57a7};
  RelayVenue x_relays{{}, x_rng};
  RelayStations x_stations{{3, 1, Suite::x25519, 3}, [](const Token& t) {
                             return t[0] == 0xff ? std::nullopt : std::optional<std::uint32_t>(t[0]);
                           }};
  std::vector<RelayVenue::Made> x_made;
};

TEST_F(RelayStationsTest, OneKeyASerialAndNoMoreThanTheVenueHas) {
  using Kind = Notice::Kind;
  EXPECT_EQ(x_stations.enrol(key(1), token(0xff)).notice.kind, Kind::refused);
  EXPECT_EQ(x_stations.enrol(key(1), Bytes(31)).notice.kind, Kind::refused);
  EXPECT_EQ(x_stations.enrol(key(1), Bytes(33)).notice.kind, Kind::refused);
  for (const int n : {1, 2, 3}) enrol(n);
  enrol(2);
  EXPECT_EQ(x_stations.registered(), 3U);
  EXPECT_EQ(x_stations.enrol(key(4), token(4)).notice.kind, Kind::refused) << "full";
  // The invitation's holder has a new key.
  const auto moved = x_stations.enrol(key(5), token(2));
  EXPECT_EQ(moved.notice.kind, Kind::registered);
  EXPECT_EQ(moved.displaced, key(2));
  // One station with another of its invitations: the first one is free again.
  EXPECT_EQ(x_stations.enrol(key(5), token(7)).notice.kind, Kind::registered);
  EXPECT_EQ(x_stations.registered(), 3U);
  EXPECT_EQ(x_stations.enrol(key(6), token(2)).notice.kind, Kind::refused) << "full again";
  EXPECT_EQ(x_stations.enrol(key(5), token(1)).displaced, key(1));
  EXPECT_EQ(x_stations.registered(), 2U);
}

TEST_F(RelayStationsTest, AnEpochsStationsAreFixedWhenItsBodyIsMade) {
  enrol(2);
  EXPECT_EQ(x_stations.enrol(key(2), token(2)).notice.epoch, Epoch{0}) << "nothing is frozen yet";
  open(10);
  EXPECT_EQ(x_made[0].epoch.accepted.descriptor.circuits, 2U);
  EXPECT_EQ(x_stations.enrol(key(1), token(1)).notice.epoch, Epoch{11});
  EXPECT_EQ(x_stations.enrol(key(2), token(2)).notice.epoch, Epoch{10});
  EXPECT_FALSE(x_stations.take_setup(key(1), setup(10, 1)));
  open(11);
  EXPECT_TRUE(x_stations.take_setup(key(1), setup(11, 1)));
  // Another key with this invitation: the frozen epochs keep the first one.
  (void)x_stations.enrol(key(9), token(1));
  EXPECT_TRUE(x_stations.take_setup(key(1), setup(11, 1)));
  EXPECT_FALSE(x_stations.take_setup(key(9), setup(11, 1)));
  EXPECT_FALSE(x_stations.publish(x_made[1].epoch.accepted)) << "once";
  (void)x_stations.freeze({12});
  auto other = x_relays.make({12}, {0}, 8, x_rng);
  EXPECT_FALSE(x_stations.publish(other.epoch.accepted)) << "another count";
}

TEST_F(RelayStationsTest, TheLastSetUpWinsAndTheAbsentGetIdleOnes) {
  for (const int n : {1, 2, 3}) enrol(n);
  const auto& epoch = open(10);
  for (const std::size_t wrong : {0U, 8U, 359U, 361U}) {
    EXPECT_EQ(x_stations.take_setup(key(1), Bytes(wrong, 10)).error().code, Errc::malformed) << wrong;
  }
  EXPECT_EQ(x_stations.take_setup(key(1), setup(99, 1)).error().code, Errc::refused);
  EXPECT_EQ(x_stations.take_setup(key(8), setup(10, 1)).error().code, Errc::refused);
  EXPECT_EQ(x_stations.take_setup(key(1), setup(10, 1)), Epoch{10});
  EXPECT_EQ(x_stations.take_setup(key(1), setup(10, 2)), Epoch{10});
  EXPECT_EQ(x_stations.take_setup(key(3), setup(10, 3)), Epoch{10});
  const auto onions = x_stations.close({10}, x_rng);
  ASSERT_TRUE(onions);
  ASSERT_EQ(onions->size(), 6U);
  EXPECT_EQ((*onions)[0], Bytes(176, 2));
  EXPECT_EQ((*onions)[1], Bytes(176, 2));
  EXPECT_EQ((*onions)[5], Bytes(176, 3));
  for (const std::size_t idle : {2U, 3U}) {
    EXPECT_TRUE(peel(epoch, 0, x_made[0].epoch.hosts[0].keys, (*onions)[idle])) << "a good onion of R1's own";
  }
  EXPECT_EQ(x_stations.carried({10}, key(1)).tag, tag_of(epoch.hash, Bytes(176, 2)));
  EXPECT_EQ(x_stations.carried({10}, key(2)).tag, Tag{});
  EXPECT_EQ(x_stations.carried({10}, key(7)).tag, Tag{});
  EXPECT_FALSE(x_stations.close({10}, x_rng));
  EXPECT_FALSE(x_stations.take_setup(key(1), setup(10, 4))) << "closed";
}

TEST_F(RelayStationsTest, ACellOnceARoundAndRandomForTheAbsent) {
  for (const int n : {1, 2, 3}) enrol(n);
  open(10);
  EXPECT_FALSE(take(x_stations, key(1), {{10}, {0}}, {0}, cells(1))) << "not closed";
  ASSERT_TRUE(x_stations.close({10}, x_rng));
  EXPECT_TRUE(take(x_stations, key(1), {{10}, {0}}, {0}, cells(10)));
  EXPECT_FALSE(take(x_stations, key(1), {{10}, {0}}, {0}, cells(20))) << "once";
  EXPECT_TRUE(take(x_stations, key(3), {{10}, {1}}, {0}, cells(30))) << "early";
  EXPECT_FALSE(take(x_stations, key(3), {{10}, {2}}, {0}, cells(30))) << "too early";
  EXPECT_FALSE(take(x_stations, key(7), {{10}, {0}}, {0}, cells(30)));
  EXPECT_FALSE(take(x_stations, key(1), {{11}, {0}}, {0}, cells(30)));
  EXPECT_FALSE(take(x_stations, key(2), {{10}, {0}}, {1}, cells(30)));
  const auto first = x_stations.collect({{10}, {0}}, x_rng);
  ASSERT_TRUE(first);
  ASSERT_EQ(first->size(), 6U * 512);
  EXPECT_EQ(part(x_stations, {10}, key(1), {0}, *first), cells(10));
  const auto absent = part(x_stations, {10}, key(2), {0}, *first);
  ASSERT_TRUE(absent);
  EXPECT_NE((*absent)[0], wire::Cell{});
  EXPECT_NE((*absent)[0], (*absent)[1]);
  EXPECT_FALSE(x_stations.collect({{10}, {0}}, x_rng));
  EXPECT_FALSE(take(x_stations, key(2), {{10}, {0}}, {0}, cells(30))) << "late";
  const auto second = x_stations.collect({{10}, {1}}, x_rng);
  ASSERT_TRUE(second);
  EXPECT_EQ(part(x_stations, {10}, key(3), {0}, *second), cells(30));
  EXPECT_TRUE(x_stations.collect({{10}, {79}}, x_rng)) << "rounds may be skipped, and overtime is one";
  EXPECT_FALSE(x_stations.collect({{10}, {80}}, x_rng));
  EXPECT_FALSE(take(x_stations, key(1), {{10}, {UINT32_MAX}}, {0}, cells(1)));
}

TEST_F(RelayStationsTest, ABatchThatWasGivenBackLeavesNothingInTheNextOne) {
  for (const int n : {1, 2, 3}) enrol(n);
  open(10);
  EXPECT_EQ(x_stations.place({10}, key(2)), 1U);
  EXPECT_FALSE(x_stations.place({11}, key(2)));
  EXPECT_FALSE(x_stations.place({10}, key(4)));
  ASSERT_TRUE(x_stations.close({10}, x_rng));
  EXPECT_FALSE(x_stations.take(3, {{10}, {0}}, {0}, cells(1))) << "nobody's place";
  x_stations.give({10}, Bytes(6 * 512, 0x77));
  EXPECT_TRUE(take(x_stations, key(2), {{10}, {0}}, {0}, cells(10)));
  std::array<Bytes, 2> batches;
  for (const std::uint32_t round : {0U, 1U}) {
    auto batch = x_stations.collect({{10}, {round}}, x_rng);
    ASSERT_TRUE(batch);
    EXPECT_LT(std::ranges::count(*batch, 0x77), 100);
    batches[round] = *batch;
    x_stations.give({10}, std::move(*batch));
  }
  EXPECT_EQ(part(x_stations, {10}, key(2), {0}, batches[0]), cells(10));
  EXPECT_NE(part(x_stations, {10}, key(2), {0}, batches[1]), cells(10));
  for (const int n : {1, 3}) {
    const auto station = key(static_cast<std::uint8_t>(n));
    EXPECT_NE(part(x_stations, {10}, station, {0}, batches[0]), part(x_stations, {10}, station, {0}, batches[1]));
  }
  x_stations.give({10}, Bytes(5 * 512));
  ASSERT_EQ(x_stations.collect({{10}, {2}}, x_rng)->size(), 6U * 512) << "another size is of no use";
}

TEST_F(RelayStationsTest, ReturnsRiseAndNothingOutlivesTheEpoch) {
  for (const int n : {1, 2}) enrol(n);
  open(10);
  ASSERT_TRUE(x_stations.close({10}, x_rng));
  EXPECT_FALSE(x_stations.returned({{10}, {0}}, Bytes(4 * 512)));
  for (const std::uint32_t round : {0U, 1U, 2U}) ASSERT_TRUE(x_stations.collect({{10}, {round}}, x_rng));
  EXPECT_EQ(x_stations.returned({{10}, {1}}, Bytes(4 * 512 - 1)).error().code, Errc::malformed);
  EXPECT_TRUE(x_stations.returned({{10}, {1}}, Bytes(4 * 512)));
  EXPECT_FALSE(x_stations.returned({{10}, {1}}, Bytes(4 * 512)));
  EXPECT_FALSE(x_stations.returned({{10}, {0}}, Bytes(4 * 512)));
  EXPECT_FALSE(x_stations.returned({{10}, {3}}, Bytes(4 * 512)));
  EXPECT_FALSE(part(x_stations, {10}, key(1), {0}, Bytes(512)));
  x_stations.end({10});
  EXPECT_FALSE(x_stations.returned({{10}, {2}}, Bytes(4 * 512)));
  EXPECT_FALSE(x_stations.collect({{10}, {4}}, x_rng));
  EXPECT_FALSE(x_stations.take_setup(key(1), setup(10, 1)));
  EXPECT_FALSE(part(x_stations, {10}, key(1), {0}, Bytes(4 * 512)));
}

/// Two stations with two slots each: the first one's slot 1 meets the second one's slot 0, the others are idle.
TEST(RelayStationsSlots, EachSlotHasCircuitsOfItsOwn) {
  ASSERT_TRUE(crypto::start());
  crypto::SeededRng rng(0x5107);
  const RelayVenue relays({.slots = 2}, rng);
  RelayStations stations({2, 2, Suite::x25519, 3}, [](const Token& t) { return std::optional<std::uint32_t>(t[0]); });
  std::array<Passage, 2> ends{Passage(relays.rules()), Passage(relays.rules())};
  for (const std::uint8_t n : {std::uint8_t{0}, std::uint8_t{1}}) (void)stations.enrol(key(n), token(n));
  auto made = relays.make({10}, {4'000}, stations.freeze({10}), rng);
  ASSERT_TRUE(stations.publish(made.epoch.accepted));
  const auto first = rng.array<32>();
  const auto second = rng.array<32>();
  for (std::uint8_t n = 0; n < 2; ++n) {
    ASSERT_TRUE(ends[n].take_descriptor(made.object));
    ASSERT_TRUE(ends[n].take_notice(encode(Notice{Notice::Kind::registered, {10}, {}})));
    ends[n].drops({static_cast<std::uint8_t>(1 - n)}, {10}, first, second);
    for (int i = 0; i < 4; ++i) {
      for (const auto& upload : ends[n].begin_round({i * 100}, rng).uploads) {
        EXPECT_TRUE(stations.take_setup(key(n), upload.object));
      }
    }
  }
  auto chain = set_up(made.epoch, *stations.close({10}, rng), rng);
  for (std::uint8_t n = 0; n < 2; ++n) {
    ASSERT_TRUE(ends[n].take_notice(encode(stations.carried({10}, key(n)))));
    ASSERT_EQ(ends[n].begin_round({4'000}, rng).round, (RoundId{{10}, {0}}));
    for (std::uint8_t slot = 0; slot < 2; ++slot) {
      SlotCells cells;
      cells[0].fill(static_cast<std::uint8_t>(10 * n + 2 * slot));
      cells[1].fill(static_cast<std::uint8_t>(10 * n + 2 * slot + 1));
      ends[n].wrap({slot}, cells, rng);
      EXPECT_TRUE(take(stations, key(n), {{10}, {0}}, {slot}, cells));
    }
  }
  const Bytes back = run_round(chain, {0}, *stations.collect({{10}, {0}}, rng), rng);
  ASSERT_TRUE(stations.returned({{10}, {0}}, back));
  // By station, slot and path: what came.
  const std::array<std::array<std::array<int, 2>, 2>, 2> expected{{{{{1, 0}, {10, 11}}}, {{{2, 3}, {13, 12}}}}};
  for (std::uint8_t n = 0; n < 2; ++n) {
    for (std::uint8_t slot = 0; slot < 2; ++slot) {
      auto cells = part(stations, {10}, key(n), {slot}, back);
      ASSERT_TRUE(cells);
      ASSERT_TRUE(ends[n].unwrap({{10}, {0}}, {slot}, *cells));
      for (std::size_t path = 0; path < 2; ++path) {
        wire::Cell wanted;
        wanted.fill(static_cast<std::uint8_t>(expected[n][slot][path]));
        EXPECT_EQ((*cells)[path], wanted) << int{n} << ' ' << int{slot} << ' ' << path;
      }
    }
  }
}

TEST(Objects, FramesOfARoundSayTheirSlot) {
  for (std::uint8_t slots = 1; slots <= 16; ++slots) {
    for (std::uint8_t slot = 0; slot < slots; ++slot) {
      const auto back = slot_round(frame_round({77}, {slot}, slots), slots);
      EXPECT_EQ(back.round, Round{77});
      EXPECT_EQ(back.slot, Slot{slot});
      EXPECT_LT(frame_round({79}, {slot}, slots).value, frame_rounds(40, slots));
    }
  }
  EXPECT_EQ(frame_round({5}, {0}, 1), Round{5});
}

}  // namespace
}  // namespace sw::mix::test
