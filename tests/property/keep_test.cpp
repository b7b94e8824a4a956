// needs: mix
// The keys that a station keeps for its carrier (protocol 8.8): a restarted one wraps and unwraps as the first would
// have, never a round that the first may have used; and what is not such keys is refused whole.
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include "mix/passage.hpp"
#include "support/relay_venue.hpp"

namespace sw::mix::test {
namespace {

constexpr std::int64_t kStart = 1'790'000'000'000;

/// A passage in the rounds of epoch 10, with set-ups of every epoch to 14.
struct World {
  World(std::uint64_t seed, std::size_t hops, std::uint8_t slots)
      : rng(seed), relays({.hops = hops, .slots = slots, .noise = {8, 1'000}}, rng), passage(relays.rules()) {
    for (std::uint64_t epoch = 10; epoch <= 14; ++epoch) {
      const UtcMs t0{kStart + static_cast<std::int64_t>(epoch - 10) * 4'000};
      objects.push_back(relays.make({epoch}, t0, 2U * slots, rng).object);
      RC_ASSERT(passage.take_descriptor(objects.back()).has_value());
    }
    RC_ASSERT(passage.take_notice(encode(Notice{Notice::Kind::registered, {10}, {}})).has_value());
    for (int i = -40; i < -25; ++i) {
      auto turn = passage.begin_round({kStart + i * 100}, rng);
      for (const auto& upload : turn.uploads) passage.delivered(upload.number);
      for (auto& kept : turn.kept) {
        std::erase_if(keeps, [&](const Kept& k) { return k.epoch == kept.epoch && k.slot == kept.slot; });
        keeps.push_back(std::move(kept));
      }
    }
    name_epochs(passage);
  }
  /// R1's frames name all of them.
  static void name_epochs(Passage& to) {
    SlotCells none{};
    for (std::uint64_t epoch = 10; epoch <= 14; ++epoch) (void)to.unwrap({{epoch}, {0}}, {0}, none);
  }
  void learn(Passage& to) const {
    for (const Bytes& object : objects) RC_ASSERT(to.take_descriptor(object).has_value());
    name_epochs(to);
  }

  crypto::SeededRng rng;
  RelayVenue relays;
  Passage passage;
  std::vector<Bytes> objects;
  std::vector<Kept> keeps;
};

RC_GTEST_PROP(Keep, ARestartedCarrierGoesOnAsTheFirstWouldHave, (std::uint64_t seed)) {
  RC_ASSERT(crypto::start());
  const auto hops = *rc::gen::inRange<std::size_t>(1, 4);
  const auto slots = static_cast<std::uint8_t>(*rc::gen::inRange(1, 5));
  World world(seed, hops, slots);
  RC_ASSERT(world.keeps.size() == 5U * slots);
  const auto round = *rc::gen::inRange(0, 35);
  RC_ASSERT(world.passage.begin_round({kStart + round * 100}, world.rng).round ==
            (RoundId{{10}, {static_cast<std::uint32_t>(round)}}));

  Passage second(world.relays.rules());
  const RoundId floor{{10}, {static_cast<std::uint32_t>(round)}};
  RC_ASSERT(second.restore(floor, world.keeps).has_value());
  world.learn(second);
  // "wraps no cell at or below floor + 1": the rounds have their names, and their cells are random.
  for (const int at : {round, round + 1}) {
    const RoundId name{{10}, {static_cast<std::uint32_t>(at)}};
    RC_ASSERT(second.begin_round({kStart + at * 100}, world.rng).round == name);
    RC_ASSERT(at == round || world.passage.begin_round({kStart + at * 100}, world.rng).round == name);
    SlotCells under_keys{};
    SlotCells cells{};
    world.passage.wrap({0}, under_keys, world.rng);
    second.wrap({0}, cells, world.rng);
    RC_ASSERT(cells[0] != under_keys[0] && cells[1] != under_keys[1]);
    RC_ASSERT(cells[0] != wire::Cell{} && cells[1] != wire::Cell{});
  }
  const std::array<std::int64_t, 3> later{round + 2, 40 + round, 160};
  for (const std::int64_t at : later) {
    const auto first_says = world.passage.begin_round({kStart + at * 100}, world.rng).round;
    const auto second_says = second.begin_round({kStart + at * 100}, world.rng).round;
    RC_ASSERT(first_says.has_value() && first_says == second_says);
    for (std::uint8_t slot = 0; slot < slots; ++slot) {
      SlotCells cells{world.rng.array<512>(), world.rng.array<512>()};
      SlotCells other = cells;
      SlotCells back = cells;
      SlotCells back_too = cells;
      if (at == round + 2) {  // later epochs got newer set-ups of either
        world.passage.wrap({slot}, cells, world.rng);
        second.wrap({slot}, other, world.rng);
        RC_ASSERT(cells == other);
        RC_ASSERT(world.passage.unwrap(*first_says, {slot}, back));
        RC_ASSERT(second.unwrap(*first_says, {slot}, back_too));
        RC_ASSERT(back == back_too);
        RC_ASSERT(back != cells);
      }
    }
  }
  RC_ASSERT(second.disturbed() == 0U);
}

RC_GTEST_PROP(Keep, ExportOfAnImportIsTheSame, (std::uint64_t seed)) {
  RC_ASSERT(crypto::start());
  const auto hops = *rc::gen::inRange<std::size_t>(1, 4);
  const auto slots = static_cast<std::uint8_t>(*rc::gen::inRange(1, 4));
  World world(seed, hops, slots);
  Passage second(world.relays.rules());
  RC_ASSERT(second.restore({{10}, {0}}, world.keeps).has_value());
  for (std::uint64_t epoch = 10; epoch <= 14; ++epoch) {
    const auto before = world.passage.keep({epoch});
    const auto after = second.keep({epoch});
    RC_ASSERT(before.size() == slots);
    RC_ASSERT(after.size() == slots);
    for (std::size_t i = 0; i < before.size(); ++i) {
      RC_ASSERT(before[i].slot == after[i].slot);
      RC_ASSERT(before[i].keys.size() == wire::kKeptBytes);
      RC_ASSERT(std::ranges::equal(before[i].keys.view(), after[i].keys.view()));
    }
  }
}

RC_GTEST_PROP(Keep, WhatIsNotKeptKeysIsRefusedWhole, (std::uint64_t seed)) {
  RC_ASSERT(crypto::start());
  World world(seed, 3, 2);
  const auto wrong = *rc::gen::inRange(0, 3);
  if (wrong == 0) {
    const auto size = *rc::gen::inRange<std::size_t>(0, 800);
    world.keeps.push_back({{1}, {12}, crypto::SecretBytes(Bytes(size == wire::kKeptBytes ? 0 : size))});
  }
  if (wrong == 1) {
    world.keeps.push_back(
        {{static_cast<std::uint8_t>(*rc::gen::inRange(2, 256))}, {12}, crypto::SecretBytes(Bytes(wire::kKeptBytes))});
  }
  if (wrong == 2) world.keeps.push_back({{0}, {15}, crypto::SecretBytes(Bytes(wire::kKeptBytes))});
  Passage second(world.relays.rules());
  RC_ASSERT(!second.restore({{10}, {7}}, world.keeps).has_value());
  for (std::uint64_t epoch = 10; epoch <= 15; ++epoch) RC_ASSERT(second.keep({epoch}).empty());
  world.learn(second);
  RC_ASSERT(second.begin_round({kStart + 800}, world.rng).round == (RoundId{{10}, {8}}));
}

}  // namespace
}  // namespace sw::mix::test
