// needs: mix
// Descriptor and receipt: whole or not at all. Protocol 8.1, 8.3.
#include "mix/descriptor.hpp"

#include <functional>

#include "mix/receipt.hpp"
#include "support/mix_world.hpp"
#include "wire/writer.hpp"

namespace sw::mix::test {
namespace {

struct Signed {
  EpochOfTest epoch;
  Bytes body;
  std::vector<crypto::Signature> signatures;
  DescriptorRules rules;

  explicit Signed(Rng& rng) : epoch(make_epoch({.hops = 3, .noise = {1'676, 69'500}}, rng)) {
    const Descriptor& d = epoch.accepted.descriptor;
    body = encode(d);
    rules = {d.venue, {}, d.round_ms, d.rounds, d.cell_bytes, d.slots, d.suite, d.noise, Epoch{d.epoch.value - 1}};
    for (const Host& host : epoch.hosts) {
      rules.relays.push_back(host.id.public_key);
      signatures.push_back(sign_descriptor(host.id.secret, body));
    }
  }
  /// Signed anew after a change, as relays that agree would.
  void change(const std::function<void(Descriptor&)>& how) {
    Descriptor d = epoch.accepted.descriptor;
    how(d);
    body = encode(d);
    signatures.clear();
    for (const Host& host : epoch.hosts) signatures.push_back(sign_descriptor(host.id.secret, body));
  }
  [[nodiscard]] std::optional<Errc> verdict() const {
    const auto accepted = accept_descriptor(body, signatures, rules);
    return accepted ? std::nullopt : std::optional(accepted.error().code);
  }
};

class DescriptorRulesTest : public testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(crypto::start()); }
  crypto::SeededRng x_rng{0xde5c};
};

TEST_F(DescriptorRulesTest, AcceptsWhatEveryRelaySigned) {
  const Signed whole(x_rng);
  const auto accepted = accept_descriptor(whole.body, whole.signatures, whole.rules);
  ASSERT_TRUE(accepted);
  EXPECT_EQ(accepted->descriptor, whole.epoch.accepted.descriptor);
  EXPECT_EQ(accepted->hash, hash_of(whole.body));
  EXPECT_EQ(encode(accepted->descriptor), whole.body);
}

TEST_F(DescriptorRulesTest, EveryTruncationAndFlipIsRefused) {
  const Signed whole(x_rng);
  for (std::size_t at = 0; at < whole.body.size(); ++at) {
    EXPECT_FALSE(decode_descriptor(ByteView(whole.body).first(at)));
    Bytes other = whole.body;
    other[at] ^= static_cast<std::uint8_t>(1U << (at % 8));
    EXPECT_FALSE(accept_descriptor(other, whole.signatures, whole.rules)) << at;
  }
  Bytes longer = whole.body;
  longer.push_back(0);
  EXPECT_FALSE(decode_descriptor(longer));
}

TEST_F(DescriptorRulesTest, EachSignatureCounts) {
  for (std::size_t relay = 0; relay < 3; ++relay) {
    Signed one(x_rng);
    one.signatures[relay][5] ^= 1;
    EXPECT_EQ(one.verdict(), Errc::forged);
  }
  Signed fewer(x_rng);
  fewer.signatures.pop_back();
  EXPECT_EQ(fewer.verdict(), Errc::forged);
  Signed swapped(x_rng);
  std::swap(swapped.rules.relays[0], swapped.rules.relays[1]);
  EXPECT_EQ(swapped.verdict(), Errc::forged);
  Signed unknown(x_rng);
  unknown.rules.relays[2] = crypto::SigningPair::generate(x_rng).public_key;
  EXPECT_EQ(unknown.verdict(), Errc::forged);
}

TEST_F(DescriptorRulesTest, TheVenuesConstantsAndTheStationsFloorHold) {
  struct Case {
    const char* what;
    std::function<void(Descriptor&)> change;
    Errc wanted;
  };
  const std::vector<Case> cases{
      {"another venue", [](Descriptor& d) { d.venue.bytes[0] ^= 1; }, Errc::forged},
      {"the newest epoch again", [](Descriptor& d) { --d.epoch.value; }, Errc::refused},
      {"an older epoch", [](Descriptor& d) { d.epoch.value -= 2; }, Errc::refused},
      {"rounds of another length", [](Descriptor& d) { d.round_ms = 500; }, Errc::refused},
      {"an epoch of another length", [](Descriptor& d) { d.rounds = 900; }, Errc::refused},
      {"more slots", [](Descriptor& d) { d.slots = 2; }, Errc::refused},
      {"fewer cover circuits", [](Descriptor& d) { d.noise.circuits -= 4; }, Errc::refused},
      {"a smaller sigma", [](Descriptor& d) { --d.noise.sigma_milli; }, Errc::refused},
  };
  for (const Case& c : cases) {
    Signed one(x_rng);
    one.change(c.change);
    EXPECT_EQ(one.verdict(), c.wanted) << c.what;
  }
  Signed more(x_rng);
  more.change([](Descriptor& d) { d.noise = {22'008, 813'600}; });
  EXPECT_EQ(more.verdict(), std::nullopt);
  Signed first(x_rng);
  first.rules.newest.reset();
  EXPECT_EQ(first.verdict(), std::nullopt);
}

TEST_F(DescriptorRulesTest, TwoRelaysWithOneKeyAreRefused) {
  for (const bool id : {true, false}) {
    Signed one(x_rng);
    one.change([&](Descriptor& d) { (id ? d.relays[2].id : d.relays[2].kx) = id ? d.relays[0].id : d.relays[0].kx; });
    EXPECT_EQ(one.verdict(), Errc::out_of_range);
  }
  Signed low(x_rng);
  low.change([](Descriptor& d) { d.relays[1].kx = PublicKey{1}; });
  EXPECT_EQ(low.verdict(), Errc::out_of_range);
}

// Cover circuits whose number of pairs does not vary cannot be drawn.
TEST_F(DescriptorRulesTest, CoverWithoutNoiseIsRefused) {
  constexpr std::size_t kSigmaAt = 9 + 1 + 16 + 8 + 8 + 4 + 4 + 2 + 2 + 1 + 1 + 1 + 4 + 4;
  Signed one(x_rng);
  std::fill_n(one.body.begin() + kSigmaAt, 4, std::uint8_t{0});
  const auto decoded = decode_descriptor(one.body);
  ASSERT_FALSE(decoded);
  EXPECT_EQ(decoded.error().code, Errc::out_of_range);
  Signed none(x_rng);
  none.change([](Descriptor& d) { d.noise = {}; });
  none.rules.floor = {};
  EXPECT_EQ(none.verdict(), std::nullopt);
}

std::vector<Tag> random_tags(std::size_t count, Rng& rng) {
  std::vector<Tag> tags(count);
  for (Tag& tag : tags) rng.fill(tag);
  std::ranges::sort(tags);
  return tags;
}

TEST_F(DescriptorRulesTest, AReceiptNamesItsTagsAndHardlyAnyOther) {
  const Signed whole(x_rng);
  for (const ReceiptForm form : {ReceiptForm::tags, ReceiptForm::set}) {
    for (const std::size_t count : {0U, 1U, 2U, 5'000U}) {
      const auto tags = random_tags(count, x_rng);
      const Bytes bytes = make_receipt(whole.epoch.accepted.hash, 1, form, tags, whole.epoch.hosts[1].id.secret);
      EXPECT_LE(bytes.size(), receipt_bytes(form, count));
      const auto receipt = Receipt::read(bytes, whole.epoch.accepted, 1);
      ASSERT_TRUE(receipt) << count;
      EXPECT_EQ(receipt->count(), count);
      for (const Tag& tag : tags) EXPECT_TRUE(receipt->names(tag));
      std::size_t wrong = 0;
      for (const Tag& tag : random_tags(5'000, x_rng)) wrong += receipt->names(tag) ? 1U : 0U;
      EXPECT_LE(wrong, 2U);
    }
  }
}

TEST_F(DescriptorRulesTest, AReceiptIsOfOneRelayAndOneEpoch) {
  const Signed whole(x_rng);
  const auto tags = random_tags(40, x_rng);
  const Bytes bytes =
      make_receipt(whole.epoch.accepted.hash, 1, ReceiptForm::set, tags, whole.epoch.hosts[1].id.secret);
  EXPECT_FALSE(Receipt::read(bytes, whole.epoch.accepted, 0));
  EXPECT_FALSE(Receipt::read(bytes, whole.epoch.accepted, 2));
  auto other = whole.epoch.accepted;
  other.hash[3] ^= 1;
  EXPECT_FALSE(Receipt::read(bytes, other, 1));
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    Bytes flipped = bytes;
    flipped[at] ^= 2;
    EXPECT_FALSE(Receipt::read(flipped, whole.epoch.accepted, 1)) << at;
    EXPECT_FALSE(Receipt::read(ByteView(bytes).first(at), whole.epoch.accepted, 1)) << at;
  }
}

// A dishonest relay signs what it likes: every body must be read within its bounds.
TEST_F(DescriptorRulesTest, ASignedBodyThatLiesIsRefused) {
  const Signed whole(x_rng);
  for (int turn = 0; turn < 2'000; ++turn) {
    wire::Writer out;
    const auto form = static_cast<std::uint8_t>(1 + x_rng.below(2));
    const auto count = static_cast<std::uint32_t>(x_rng.below(1U << (1 + x_rng.below(23))));
    out.bytes(as_bytes("sw1-receipt")).bytes(whole.epoch.accepted.hash).u8(1).u8(form).u32(count);
    Bytes body(x_rng.below(200));
    x_rng.fill(body);
    out.bytes(body);
    const auto signature = crypto::sign(whole.epoch.hosts[0].id.secret, out.view());
    const auto receipt = Receipt::read(out.bytes(signature).view(), whole.epoch.accepted, 0);
    if (receipt) {
      EXPECT_LE(receipt->count(), body.size() * 8 / 21 + 1);
    }
  }
}

}  // namespace
}  // namespace sw::mix::test
