// needs: station
// Links, seats and tries in virtual time: once, for a minute, in bounded numbers.
#include <gtest/gtest.h>

#include "crypto/rng.hpp"
#include "station/seats.hpp"

namespace sw::station {
namespace {

std::string text(const crypto::SecretBytes& secret) {
  return std::string(as_text(secret.view()));
}

struct SeatsTest : ::testing::Test {
  std::string link() { return text(seats.make_link(now, rng)); }
  struct Taken {
    SeatId seat;
    std::string cookie;
    std::string token;
  };
  Taken take() {
    auto opened = seats.open(link(), now, rng);
    EXPECT_TRUE(opened.has_value());
    return {opened->seat, text(opened->cookie), text(opened->token)};
  }
  void wait(std::int64_t ms) { now = now + milliseconds(ms); }

  crypto::SeededRng rng{7};
  Instant now{milliseconds(1'000'000).ns};
  Seats seats;
};

TEST_F(SeatsTest, ALinkWorksOnceAndForAMinute) {
  const std::string one = link();
  EXPECT_EQ(one.size(), 43U);
  ASSERT_TRUE(seats.open(one, now, rng));
  const auto again = seats.open(one, now, rng);
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, Errc::refused);

  const std::string late = link();
  wait(59'999);
  const std::string other = link();
  wait(1);
  EXPECT_FALSE(seats.open(late, now, rng));
  EXPECT_TRUE(seats.open(other, now, rng));
  for (const std::string& wrong : {std::string(), std::string("x"), other, link() + "A"}) {
    EXPECT_FALSE(seats.open(wrong, now, rng)) << wrong;
  }
}

TEST_F(SeatsTest, OnlySoManyLinksAreOpen) {
  const std::string first = link();
  const std::string second = link();
  for (std::size_t i = 1; i < kLinks; ++i) (void)link();
  EXPECT_FALSE(seats.open(first, now, rng));
  EXPECT_TRUE(seats.open(second, now, rng));
}

TEST_F(SeatsTest, ASeatIsItsCookieAndItsToken) {
  const Taken one = take();
  const Taken two = take();
  EXPECT_EQ(seats.find(one.cookie, one.token, now).value(), one.seat);
  EXPECT_EQ(seats.find(two.cookie, two.token, now).value(), two.seat);
  for (const auto& [cookie, token] : {std::pair{one.cookie, two.token},
                                      {two.cookie, one.token},
                                      {one.token, one.cookie},
                                      {one.cookie, std::string()},
                                      {std::string(), one.token}}) {
    EXPECT_FALSE(seats.find(cookie, token, now));
  }
  const std::string renewed = text(seats.renew(one.seat, rng));
  EXPECT_FALSE(seats.find(one.cookie, one.token, now));
  EXPECT_EQ(seats.find(one.cookie, renewed, now).value(), one.seat);
  seats.end(one.seat);
  EXPECT_FALSE(seats.find(one.cookie, renewed, now));
  EXPECT_TRUE(seats.renew(one.seat, rng).empty());
  EXPECT_TRUE(seats.find(two.cookie, two.token, now)) << "the other seat stays";
}

TEST_F(SeatsTest, AnIdleSeatIsNobodys) {
  const Taken one = take();
  EXPECT_FALSE(seats.who(one.seat, now));
  seats.sign_in(one.seat, {"Ada", 3}, now);
  wait(kSignedInLife.ns / 1'000'000 - 1);
  ASSERT_TRUE(seats.who(one.seat, now));
  EXPECT_EQ(seats.who(one.seat, now)->name, "Ada");
  seats.used(one.seat, now);
  wait(kSignedInLife.ns / 1'000'000 - 1);
  EXPECT_TRUE(seats.who(one.seat, now));
  wait(1);
  EXPECT_FALSE(seats.who(one.seat, now));
  seats.used(one.seat, now);
  EXPECT_FALSE(seats.who(one.seat, now)) << "coming back signs nobody in";
  EXPECT_TRUE(seats.find(one.cookie, one.token, now)) << "the seat is there for the next one";
  wait(kSeatLife.ns / 1'000'000);
  EXPECT_FALSE(seats.find(one.cookie, one.token, now));
}

TEST_F(SeatsTest, TheLongestUnusedMakesRoom) {
  const Taken first = take();
  wait(1);
  const Taken second = take();
  wait(1);
  seats.used(first.seat, now);
  for (std::size_t i = 1; i < kSeats; ++i) {
    wait(1);
    (void)take();
  }
  EXPECT_EQ(seats.count(), kSeats);
  EXPECT_TRUE(seats.find(first.cookie, now));
  EXPECT_FALSE(seats.find(second.cookie, now));
}

TEST_F(SeatsTest, SigningOut) {
  const Taken one = take();
  const Taken two = take();
  seats.sign_in(one.seat, {"Ada", 1}, now);
  seats.sign_in(two.seat, {"Ada", 1}, now);
  seats.sign_out(one.seat);
  EXPECT_FALSE(seats.who(one.seat, now));
  EXPECT_TRUE(seats.who(two.seat, now));
  seats.sign_out_all();
  EXPECT_FALSE(seats.who(two.seat, now));
}

TEST(TriesTest, FiveAtOnceAndOneEachHalfMinute) {
  Tries tries;
  Instant now{milliseconds(5'000).ns};
  for (int i = 0; i < Tries::kBurst; ++i) EXPECT_TRUE(tries.take("Ada", now)) << i;
  const auto more = tries.take("Ada", now);
  ASSERT_FALSE(more);
  EXPECT_EQ(more.error().code, Errc::conflict);
  EXPECT_NE(more.error().what.find("wait 31 seconds"), std::string::npos) << more.error().what;
  EXPECT_TRUE(tries.take("Ben", now)) << "another one is not held up";
  now = now + Tries::kRefill;
  EXPECT_TRUE(tries.take("Ada", now));
  EXPECT_FALSE(tries.take("Ada", now));
  tries.forget("Ada");
  for (int i = 0; i < Tries::kBurst; ++i) EXPECT_TRUE(tries.take("Ada", now)) << i;
}

TEST(TriesTest, RemembersSoManyNamesAndForgetsThem) {
  Tries tries;
  Instant now{};
  for (std::size_t i = 0; i < Tries::kNames; ++i) EXPECT_TRUE(tries.take(std::to_string(i), now));
  EXPECT_FALSE(tries.take("one more", now));
  now = now + Tries::kRefill;
  EXPECT_TRUE(tries.take("one more", now));
}

}  // namespace
}  // namespace sw::station
