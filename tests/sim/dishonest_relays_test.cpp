// needs: link mix
// What each dishonest relay achieves (protocol 8.7): the honest ones refuse, halt or absorb it as designed, nothing
// goes to where it must not, and the operator hears of it.
#include "support/relay_world.hpp"

namespace sw::mix::relay::test {
namespace {

using Kind = Notice::Kind;

constexpr std::int64_t kEpochMs = 40 * 100;
/// An emergency epoch begins 20 rounds after it is wanted.
constexpr std::int64_t kStartMs = 26 * 100 + 400;

bool heard_halt(const World& world, std::size_t hop, Epoch epoch, HaltReason reason) {
  return std::ranges::any_of(world.relays[hop].notices, [&](const Notice& notice) {
    return notice.kind == Kind::epoch_halted && notice.at.epoch == epoch &&
           notice.count == static_cast<std::uint64_t>(reason);
  });
}

struct Attack {
  const char* name;
  World::Meddle meddle;
};

Message resized(Message m, std::ptrdiff_t by) {
  m.bytes.resize(static_cast<std::size_t>(static_cast<std::ptrdiff_t>(m.bytes.size()) + by));
  return m;
}

/// Some rounds of each epoch are attacked; all others must come through, and the operator must hear.
void expect_absorbed(const Attack& attack, std::size_t dishonest, std::size_t tells) {
  SCOPED_TRACE(testing::Message() << attack.name << " by relay " << dishonest + 1);
  World world({.seed = 50});
  world.dishonest = dishonest;
  world.meddle = attack.meddle;
  world.expect_partner = false;
  world.run(kStartMs + 5 * kEpochMs);
  EXPECT_GE(world.notices(tells, Kind::batch_refused), 12U);
  EXPECT_EQ(world.wrong, 0U);
  EXPECT_GE(world.delivered, 5U * 40 * 2 / 3);
  EXPECT_EQ(world.notices(0, Kind::emergency_epoch), 1U);
}

std::vector<Attack> batch_attacks(std::size_t dishonest, Type type) {
  auto kept = std::make_shared<std::optional<Message>>();
  const auto in_turn = [=](std::size_t from, const Message& m, std::uint32_t round) {
    return from == dishonest && m.type == type && m.at.round.value % 7 == round;
  };
  return {
      {"short",
       [=](std::size_t from, Side, Message m) -> std::vector<Message> {
         return {in_turn(from, m, 3) ? resized(m, -512) : m};
       }},
      {"cut within a cell",
       [=](std::size_t from, Side, Message m) -> std::vector<Message> {
         return {in_turn(from, m, 3) ? resized(m, -1) : m};
       }},
      {"long",
       [=](std::size_t from, Side, Message m) -> std::vector<Message> {
         return {in_turn(from, m, 3) ? resized(m, 512) : m};
       }},
      {"empty",
       [=](std::size_t from, Side, Message m) -> std::vector<Message> {
         if (in_turn(from, m, 3)) m.bytes.clear();
         return {m};
       }},
      {"replayed",
       [=](std::size_t from, Side, Message m) -> std::vector<Message> {
         if (in_turn(from, m, 3)) return {m, m};
         return {m};
       }},
      {"reordered",
       [=](std::size_t from, Side, Message m) -> std::vector<Message> {
         if (in_turn(from, m, 3)) {
           *kept = m;
           return {};
         }
         if (in_turn(from, m, 4) && *kept) return {m, *std::exchange(*kept, std::nullopt)};
         return {m};
       }},
      {"early",
       [=](std::size_t from, Side, Message m) -> std::vector<Message> {
         if (!in_turn(from, m, 3)) return {m};
         Message early = m;
         early.at.round.value += 30;
         return {early, m};
       }},
      {"of a far epoch, late",
       [=](std::size_t from, Side, Message m) -> std::vector<Message> {
         if (!in_turn(from, m, 3) || m.at.epoch.value < 4) return {m};
         Message late = m;
         late.at.epoch.value -= 2;
         return {late, m};
       }},
  };
}

TEST(RelaysDishonest, BatchesForwardOfAnotherCountOrOutOfTurnAreRefused) {
  for (const std::size_t dishonest : {0U, 1U}) {
    for (const Attack& attack : batch_attacks(dishonest, Type::forward)) {
      expect_absorbed(attack, dishonest, dishonest + 1);
    }
  }
}

TEST(RelaysDishonest, BatchesBackOfAnotherCountOrOutOfTurnAreRefused) {
  for (const std::size_t dishonest : {1U, 2U}) {
    for (const Attack& attack : batch_attacks(dishonest, Type::back)) expect_absorbed(attack, dishonest, dishonest - 1);
  }
}

TEST(RelaysDishonest, AnEpochDoesNotComeBackWhenTheNextHasBegun) {
  World world({.seed = 52});
  world.dishonest = 1;
  std::size_t tried = 0;
  std::size_t carried = 0;
  world.meddle = [&](std::size_t from, Side to, Message m) -> std::vector<Message> {
    if (from == 2 && m.type == Type::back && m.at.round.value >= 40) ++carried;
    if (from != 1 || to != Side::next || m.type != Type::forward || m.at.round.value != 2 || m.at.epoch.value < 2) {
      return {m};
    }
    // A round that would be of its overtime, while its keys are still kept.
    Message before = m;
    before.at = {{m.at.epoch.value - 1}, {44}};
    ++tried;
    return {m, before};
  };
  world.run(kStartMs + 4 * kEpochMs);
  EXPECT_GE(tried, 3U);
  EXPECT_EQ(carried, 0U);
  EXPECT_EQ(world.notices(2, Kind::batch_refused), tried);
  EXPECT_GE(world.delivered, 4U * 40 - 2);
}

TEST(RelaysDishonest, NothingGoesOnOfABatchThatIsNotWhole) {
  World world({.seed = 51});
  world.run(kStartMs + kEpochMs);
  std::size_t sent = 0;
  world.meddle = [&](std::size_t from, Side, Message m) -> std::vector<Message> {
    if (from == 0 && m.type == Type::forward) return {resized(m, -1)};
    sent += m.type == Type::forward || m.type == Type::back ? 1U : 0U;
    return {m};
  };
  world.run(5);
  sent = 0;
  world.run(600);
  EXPECT_EQ(sent, 0U);
}

TEST(RelaysDishonest, AFlippedBodyIsSignedByNobody) {
  for (const std::size_t at :
       {0U, 9U, 10U, 26U, 34U, 42U, 46U, 50U, 52U, 54U, 57U, 61U, 65U, 69U, 101U, 133U, 165U, 197U, 229U}) {
    SCOPED_TRACE(at);
    World world({.seed = 60});
    world.dishonest = 1;
    world.meddle = [&](std::size_t from, Side to, Message m) -> std::vector<Message> {
      if (from == 1 && to == Side::next && m.type == Type::body && m.at.epoch.value == 1) m.bytes.at(at) ^= 1;
      return {m};
    };
    world.run(kStartMs);
    EXPECT_FALSE(world.published.contains(Epoch{1}));
    EXPECT_GE(world.notices(2, Kind::body_refused) + world.notices(0, Kind::signature_refused), 1U);
    world.run(2 * kEpochMs);  // and the next try is carried
    EXPECT_GE(world.delivered, 40U);
    EXPECT_EQ(world.wrong, 0U);
  }
}

TEST(RelaysDishonest, ASecondBodyOfAnEpochChangesNothingAndIsTold) {
  World world({.seed = 61});
  world.dishonest = 1;
  world.meddle = [&](std::size_t from, Side to, Message m) -> std::vector<Message> {
    if (from != 1 || to != Side::next || m.type != Type::body) return {m};
    Message second = m;
    second.bytes.at(34) ^= 1;
    return {m, second};
  };
  world.run(kStartMs + 3 * kEpochMs);
  EXPECT_GE(world.notices(2, Kind::second_body), 5U);
  EXPECT_EQ(world.notices(0, Kind::emergency_epoch), 1U);
  EXPECT_GE(world.delivered, 3U * 40 - 2);
}

TEST(RelaysDishonest, ADescriptorThatIsNotWhatWasSignedIsRefused) {
  for (const std::size_t from_end : {1U, 65U, 129U, 200U}) {
    World world({.seed = 62});
    world.dishonest = 1;
    world.meddle = [&](std::size_t from, Side to, Message m) -> std::vector<Message> {
      if (from == 1 && to == Side::next && m.type == Type::descriptor && m.at.epoch.value == 2) {
        m.bytes.at(m.bytes.size() - from_end) ^= 1;
      }
      return {m};
    };
    world.run(kStartMs + 3 * kEpochMs);
    EXPECT_EQ(world.notices(2, Kind::descriptor_refused), 1U);
    EXPECT_TRUE(heard_halt(world, 0, {2}, HaltReason::descriptor));
    EXPECT_TRUE(world.halted.contains(Epoch{2}));
    EXPECT_FALSE(world.epochs_delivered.contains(Epoch{2}));
    EXPECT_GE(world.delivered, 3U * 40 - 2);
  }
}

TEST(RelaysDishonest, DroppedOnionsShowInTheReceipts) {
  for (const bool own_only : {false, true}) {
    World world({.seed = 63});
    world.dishonest = 1;
    world.meddle = [&](std::size_t from, Side to, Message m) -> std::vector<Message> {
      // It puts bytes of its own in the place of every onion for R3, or of all but two.
      if (from == 1 && to == Side::next && m.type == Type::setup && m.at.epoch.value >= 2) {
        const std::size_t size = onion_bytes(world.terms.suite, 3, 2);
        for (std::size_t at = own_only ? 2 * size : 0; at < m.bytes.size(); ++at) m.bytes[at] ^= 0x55;
      }
      return {m};
    };
    world.run(kStartMs + 4 * kEpochMs);
    EXPECT_GE(world.notices(0, Kind::cover_missing), 1U);
    EXPECT_GE(world.notices(2, Kind::onions_replaced), 1U);
    EXPECT_TRUE(heard_halt(world, 2, {2}, HaltReason::cover));
    for (const Notice& notice : world.relays[0].notices) {
      if (notice.kind == Kind::cover_missing) {
        EXPECT_EQ(notice.hop, 3);
      }
    }
    EXPECT_EQ(world.epochs_delivered, std::set<Epoch>{Epoch{1}});
    EXPECT_EQ(world.wrong, 0U);
  }
}

TEST(RelaysDishonest, ASetUpOfAnotherCountOrTwiceIsRefused) {
  for (const std::size_t dishonest : {0U, 1U}) {
    SCOPED_TRACE(dishonest);
    World world({.seed = 64});
    world.dishonest = dishonest;
    const auto size = static_cast<std::ptrdiff_t>(onion_bytes(world.terms.suite, 3, dishonest + 1));
    world.meddle = [&](std::size_t from, Side to, Message m) -> std::vector<Message> {
      if (from != dishonest || to != Side::next || m.type != Type::setup) return {m};
      if (m.at.epoch.value == 2) return {resized(m, -size)};
      if (m.at.epoch.value == 4) return {resized(m, size)};
      return {m, m};
    };
    world.run(kStartMs + 5 * kEpochMs);
    EXPECT_TRUE(world.halted.contains(Epoch{2}));
    EXPECT_TRUE(world.halted.contains(Epoch{4}));
    EXPECT_GE(world.notices(dishonest + 1, Kind::setup_refused), 4U);
    EXPECT_TRUE(world.epochs_delivered.contains(Epoch{1}) && world.epochs_delivered.contains(Epoch{3}));
    EXPECT_GE(world.delivered, 5U * 40 - 2);
  }
}

TEST(RelaysDishonest, ForgedReceiptsHaltTheEpoch) {
  World world({.seed = 65});
  world.dishonest = 1;
  world.meddle = [&](std::size_t from, Side to, Message m) -> std::vector<Message> {
    if (from == 1 && to == Side::previous && m.type == Type::receipt && m.at.epoch.value == 2) m.bytes.back() ^= 1;
    return {m};
  };
  world.run(kStartMs + 3 * kEpochMs);
  EXPECT_GE(world.notices(0, Kind::receipt_refused), 1U);
  EXPECT_TRUE(world.halted.contains(Epoch{2}));
  EXPECT_FALSE(world.epochs_delivered.contains(Epoch{2}));
}

TEST(RelaysDishonest, AHaltInAnothersNameStopsNothingAndBlamesNobody) {
  for (const std::size_t dishonest : {1U, 2U}) {
    World world({.seed = 68});
    world.run(kStartMs + kEpochMs / 2);
    const auto running = world.relays[0].core->running();
    ASSERT_TRUE(running);
    const std::size_t delivered = world.delivered;
    // To the relay before it, in the name of that one and of R1; and R1's own to the next, in the name of who reads it.
    for (std::uint8_t hop = 1; hop <= dishonest; ++hop) {
      world.inject(dishonest - 1, Side::next, halt_message(*running, {hop, HaltReason::unknown}));
    }
    const auto reader = static_cast<std::uint8_t>(dishonest + 1);
    world.inject(dishonest, Side::previous, halt_message(*running, {reader, HaltReason::unknown}));
    EXPECT_EQ(world.notices(dishonest - 1, Kind::message_refused), dishonest);
    EXPECT_EQ(world.notices(dishonest, Kind::message_refused), 1U);
    world.run(10 * 100);
    EXPECT_EQ(world.relays[0].core->running(), running);
    EXPECT_GE(world.delivered, delivered + 9);
    EXPECT_EQ(world.relays[0].core->fault(world.now), 0);
    EXPECT_EQ(world.notices(0, Kind::emergency_epoch), 1U);
  }
}

// To the chain an echo looks as any batch does: it is carried, and no cell reaches anybody who must not have it.
TEST(RelaysDishonest, CellsThatTheLastRelayEchoesReachNobody) {
  World world({.seed = 66});
  world.dishonest = 2;
  world.expect_partner = false;
  std::map<RoundId, Bytes> came;
  world.meddle = [&](std::size_t from, Side to, Message m) -> std::vector<Message> {
    if (from == 1 && m.type == Type::forward) came[m.at] = m.bytes;
    if (from == 2 && to == Side::previous && m.type == Type::back) m.bytes = came.at(m.at);
    return {m};
  };
  world.run(kStartMs + 2 * kEpochMs);
  EXPECT_EQ(world.delivered, 0U);
  EXPECT_GE(world.wrong, 2U * 40 - 2);
  EXPECT_EQ(world.notices(0, Kind::emergency_epoch), 1U);
}

TEST(RelaysDishonest, NumbersThatARelayInventsMoveTheVenueByABoundedStep) {
  for (const std::uint64_t claimed : {std::uint64_t{1'000}, std::uint64_t{1} << 40, ~std::uint64_t{0}}) {
    World world({.seed = 67});
    world.dishonest = 1;
    std::size_t lies = 0;
    world.meddle = [&](std::size_t from, Side to, Message m) -> std::vector<Message> {
      if (from == 1 && to == Side::previous && m.type == Type::keys && m.bytes[0] == 2 && lies < 2) {
        ++lies;
        for (std::size_t i = 0; i < 8; ++i)
          m.bytes[m.bytes.size() - 8 + i] = static_cast<std::uint8_t>(claimed >> (8 * i));
      }
      return {m};
    };
    world.run(kStartMs + 2'000 + 2 * kEpochMs);
    EXPECT_GE(world.delivered, 2U * 40 - 10) << claimed;
    EXPECT_LE(world.published.rbegin()->value, wire::kEpochNumberJump);
    EXPECT_EQ(world.notices(0, Kind::keys_refused) > 0, claimed > wire::kEpochNumberJump);
  }
}

}  // namespace
}  // namespace sw::mix::relay::test
