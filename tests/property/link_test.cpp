// needs: link
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/assert.hpp"
#include "link/cookie.hpp"
#include "support/link_world.hpp"

namespace sw::test {
namespace {

using link::Frame;

constexpr Weather kFair{};

struct Up {
  LinkWorld world;
  explicit Up(std::uint64_t seed) : world(seed) {
    const auto took = world.recover(kFair, 60);
    SW_ASSERT(took < 60);
  }
  /// A frame of cells from the initiator that has not arrived.
  Frame next() {
    (void)world.step({.loss = 1});
    return world.last(0).frame;
  }
  bool opens(const Frame& frame) {
    return world.at(1).receive(frame, address(66), world.now(1), world.rng()).has_value();
  }
};

TEST(LinkProperty, EveryBitFlipOfAFrameIsRefused) {
  Up up(1);
  const Frame good = up.next();
  for (std::size_t bit = 0; bit < good.size() * 8; ++bit) {
    Frame bad = good;
    bad[bit / 8] = static_cast<std::uint8_t>(bad[bit / 8] ^ (1U << (bit % 8)));
    ASSERT_FALSE(up.opens(bad)) << "bit " << bit;
    ASSERT_TRUE(up.world.at(1).owns(address(1)));
  }
  EXPECT_TRUE(up.opens(good));
  EXPECT_FALSE(up.opens(good)) << "a replay";
}

TEST(LinkProperty, EveryTruncationOfAFrameIsRefused) {
  Up up(2);
  const Frame good = up.next();
  for (std::size_t size = 0; size < good.size(); ++size) {
    Frame bad{};
    std::copy_n(good.begin(), size, bad.begin());
    if (bad == good) continue;
    ASSERT_FALSE(up.opens(bad)) << "cut to " << size;
  }
  EXPECT_TRUE(up.opens(good));
}

TEST(LinkProperty, EveryBitFlipOfTheHandshakeIsRefused) {
  crypto::SeededRng seeds(3);
  LinkWorld world(4);
  ASSERT_TRUE(world.step({.loss = 1}));
  const Frame one = world.last(0).frame;
  const auto flip = [](Frame frame, std::size_t bit) {
    frame[bit / 8] = static_cast<std::uint8_t>(frame[bit / 8] ^ (1U << (bit % 8)));
    return frame;
  };
  // The noise bytes with a mac1 that fits: what somebody who knows the receiver's public key could send.
  const auto fit = [](Frame frame, const PublicKey& to, std::size_t noise) {
    const auto mac = link::mac1_of(to, ByteView(frame).first(noise));
    std::copy(mac.begin(), mac.end(), frame.begin() + static_cast<std::ptrdiff_t>(noise));
    return frame;
  };
  auto& responder = world.at(1);
  for (std::size_t bit = 0; bit < (104 + 16) * 8; ++bit) {
    ASSERT_FALSE(responder.greet(flip(one, bit), address(66), world.now(1), world.rng())) << "bit " << bit;
    if (bit >= 104 * 8) continue;
    const Frame fitting = fit(flip(one, bit), world.side(1).keys.public_key, 104);
    if (bit == 255) continue;  // X25519 ignores the top bit of the ephemeral; the hash does not, see below
    ASSERT_FALSE(responder.greet(fitting, address(66), world.now(1), world.rng())) << "bit " << bit;
  }
  ASSERT_FALSE(
      responder.greet(fit(flip(one, 255), world.side(1).keys.public_key, 104), address(66), world.now(1), world.rng()));
  EXPECT_EQ(responder.last_stamp(), 0U);
  ASSERT_TRUE(responder.greet(one, address(1), world.now(1), world.rng()));

  const wire::Cell cell{};
  const Frame two = responder.prepare(world.now(1), UtcMs{0}, cell, cell, world.rng()).frame;
  auto& initiator = world.at(0);
  for (std::size_t bit = 0; bit < 48 * 8; ++bit) {
    const Frame fitting = fit(flip(two, bit), world.side(0).keys.public_key, 48);
    ASSERT_FALSE(initiator.greet(flip(two, bit), address(66), world.now(0), world.rng())) << "bit " << bit;
    ASSERT_FALSE(initiator.greet(fitting, address(66), world.now(0), world.rng())) << "bit " << bit;
  }
  EXPECT_TRUE(initiator.greet(two, address(2), world.now(0), world.rng())) << "forgeries spoiled the attempt";
  EXPECT_FALSE(initiator.greet(two, address(2), world.now(0), world.rng())) << "a replay";
}

TEST(LinkProperty, EveryBitFlipAndTruncationOfACookieIsRefused) {
  crypto::SeededRng rng(5);
  const auto own = crypto::KeyPair::generate(rng);
  link::CookieJar jar;
  jar.refresh(Instant{}, rng);
  const auto mac1 = rng.array<16>();
  const auto good = jar.reply(own.public_key, mac1, address(3), rng);
  ASSERT_TRUE(link::open_cookie(good, own.public_key, mac1));
  EXPECT_FALSE(link::open_cookie(good, own.public_key, rng.array<16>()));
  for (std::size_t n = 0; n < good.size(); ++n) {
    EXPECT_FALSE(link::open_cookie(ByteView(good).first(n), own.public_key, mac1));
    for (unsigned bit = 0; bit < 8; ++bit) {
      auto bad = good;
      bad[n] = static_cast<std::uint8_t>(bad[n] ^ (1U << bit));
      EXPECT_FALSE(link::open_cookie(bad, own.public_key, mac1));
    }
  }
}

RC_GTEST_PROP(LinkProperty, RandomFramesChangeNothing, (std::uint64_t seed)) {
  Up up(seed);
  crypto::SeededRng noise(seed + 1);
  const auto stamp = up.world.at(1).last_stamp();
  for (int i = 0; i < 50; ++i) RC_ASSERT(!up.opens(noise.array<wire::kFrameBytes>()));
  RC_ASSERT(up.world.at(1).owns(address(1)));
  RC_ASSERT(up.world.at(1).last_stamp() == stamp);
  RC_ASSERT(up.world.step(kFair));
  RC_ASSERT(!link::is_message2(up.world.last(1).frame, up.world.side(0).keys.public_key));
}

RC_GTEST_PROP(LinkProperty, AnOldRecordingReplayedInAnyOrderGivesNothing, (std::uint64_t seed)) {
  LinkWorld world(seed, 40);
  std::vector<Frame> tape;
  for (int i = 0; i < 150; ++i) {
    RC_ASSERT(world.step(kFair));
    tape.push_back(world.last(0).frame);
  }
  crypto::SeededRng order(seed + 1);
  const auto stamp = world.at(1).last_stamp();
  for (int i = 0; i < 300; ++i) {
    const Frame& frame = tape[order.below(tape.size())];
    RC_ASSERT(!world.at(1).receive(frame, address(66), world.now(1), world.rng()));
  }
  RC_ASSERT(world.at(1).owns(address(1)));
  RC_ASSERT(world.at(1).last_stamp() == stamp);
}

RC_GTEST_PROP(LinkProperty, AnyControlFieldIsTakenWithoutHarm, (std::uint64_t seed)) {
  crypto::SeededRng rng(seed);
  link::ControlLane lane({wire::kControlObjectLimit, 0, 5000, 300, 32, 17});
  lane.send(link::Stream::rekey, Bytes(1000, 1));
  for (int i = 0; i < 500; ++i) {
    auto control = rng.array<wire::kControlBytes>();
    control[0] = static_cast<std::uint8_t>(rng.below(9));
    if (rng.below(2) == 0) control[2] = control[3] = control[4] = 0;
    if (rng.below(2) == 0) control[7] = 0;
    control[9] = static_cast<std::uint8_t>(rng.below(112));
    const auto object = lane.read(control, 1);
    const std::size_t size = object ? object->bytes.size() : 0;  // RC_ASSERT evaluates both sides of an ||
    RC_ASSERT(size <= wire::kControlObjectLimit);
    lane.count_round();
    lane.write(control, {}, {});
    lane.sent({1, static_cast<std::uint64_t>(i)});
  }
}

}  // namespace
}  // namespace sw::test
