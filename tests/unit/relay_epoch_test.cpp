// needs: mix
// One epoch at one relay, the pipeline of them, and the record before the signature (protocol 8.3, 8.7).
#include <gtest/gtest.h>

#include "crypto/rng.hpp"
#include "mix/relay/core.hpp"
#include "wire/sizes.hpp"

namespace sw::mix::relay {
namespace {

constexpr UtcMs kNow{1'790'000'000'000};
constexpr std::uint32_t kCircuits = 4;

class RelayEpoch : public testing::Test {
 protected:
  RelayEpoch() {
    EXPECT_TRUE(crypto::start());
    for (std::size_t hop = 0; hop < 2; ++hop) {
      ids.push_back(crypto::SigningPair::generate(rng));
      terms.relays.push_back(ids.back().public_key);
    }
    terms.venue = {{1}};
    terms.round_ms = 100;
    terms.rounds = 40;
    terms.lead_rounds = 20;
    terms.slots = 1;
    terms.suite = Suite::x25519;
    terms.noise = {4, 1'000};
    terms.circuit_limit = 8;
  }

  [[nodiscard]] Self self(std::size_t hop) const { return {terms, hop, ids[hop].secret}; }
  EpochPart part(Epoch epoch) { return {epoch, want, *EpochKeys::generate(terms.suite, rng)}; }
  Result<relay::SetUp> set_up(EpochPart& of, std::size_t hop, const Bytes& batch) {
    auto work = of.take_setup(self(hop), batch);
    if (!work) return std::unexpected(work.error());
    work->run(rng);
    auto done = work->take();
    if (done) of.finish_setup(*done);
    return done;
  }
  Result<Bytes> run(Result<BatchPass> work) {
    if (!work) return std::unexpected(work.error());
    OwnHands hands;
    work->run(hands, rng);
    return work->take();
  }
  Bytes body(Epoch epoch, const Want& wanted, const std::vector<EpochPart*>& parts) {
    Making making(terms, epoch, wanted, Making::Haste::in_turn, kNow);
    for (std::size_t hop = 0; hop < parts.size(); ++hop)
      EXPECT_TRUE(making.take_keys(parts[hop]->offer(self(hop), {})));
    return making.build(terms).value();
  }
  Bytes random(std::size_t size) {
    Bytes out(size);
    rng.fill(out);
    return out;
  }

  crypto::SeededRng rng{3};
  VenueTerms terms;
  std::vector<crypto::SigningPair> ids;
  Want want{{kNow.value + 10'000}, 20, kCircuits};
};

TEST_F(RelayEpoch, TakesOnlyTheBodyThatItGaveItsKeysFor) {
  EpochPart first = part({5});
  EpochPart second = part({5});
  EpochPart stranger = part({5});
  const Bytes good = body({5}, want, {&first, &second});
  Want other = want;
  other.t0.value += 1;
  EXPECT_FALSE(first.take_body(self(0), body({5}, other, {&first, &second})));
  other = want;
  other.lead_rounds = 21;
  EXPECT_FALSE(first.take_body(self(0), body({5}, other, {&first, &second})));
  other = want;
  other.circuits = 6;
  EXPECT_FALSE(first.take_body(self(0), body({5}, other, {&first, &second})));
  EXPECT_FALSE(first.take_body(self(0), body({6}, want, {&first, &second})));
  EXPECT_FALSE(first.take_body(self(0), body({5}, want, {&stranger, &second})));
  EXPECT_FALSE(first.take_body(self(0), body({5}, want, {&second, &first})));
  const VenueTerms kept = terms;
  const auto refused_in = [&](auto change) {
    change(terms);
    const Bytes changed = body({5}, want, {&first, &second});
    terms = kept;
    return !first.take_body(self(0), changed);
  };
  EXPECT_TRUE(refused_in([](VenueTerms& t) { t.venue.bytes[0] = 2; }));
  EXPECT_TRUE(refused_in([](VenueTerms& t) { t.rounds = 41; }));
  EXPECT_TRUE(refused_in([](VenueTerms& t) { t.round_ms = 101; }));
  EXPECT_TRUE(refused_in([](VenueTerms& t) { t.noise.circuits = 8; }));
  EXPECT_TRUE(refused_in([](VenueTerms& t) { t.noise.sigma_milli = 999; }));
  EXPECT_TRUE(refused_in([](VenueTerms& t) { t.slots = 2; }));
  EXPECT_TRUE(refused_in([](VenueTerms& t) { std::swap(t.relays[0], t.relays[1]); }));
  EXPECT_EQ(first.stage(), Stage::wanted);
  EXPECT_TRUE(first.take_body(self(0), good));
  EXPECT_FALSE(first.take_body(self(0), good)) << "one body an epoch";
}

TEST_F(RelayEpoch, GoesForwardOnlyAndEachStepOnce) {
  EpochPart first = part({5});
  EpochPart second = part({5});
  const Bytes said = body({5}, want, {&first, &second});
  const Bytes batch = random(kCircuits * onion_bytes(terms.suite, 2, 0));
  EXPECT_FALSE(first.take_descriptor(self(0), said));
  EXPECT_FALSE(first.take_setup(self(0), batch));
  ASSERT_TRUE(first.take_body(self(0), said) && second.take_body(self(1), said));
  const Bytes desc = descriptor_message({5}, said, std::array{first.sign(self(0)), second.sign(self(1))}).bytes;
  EXPECT_FALSE(first.take_setup(self(0), batch));
  for (const std::size_t at : {std::size_t{40}, said.size() + 3, said.size() + 70}) {
    Bytes wrong = desc;
    wrong[at] ^= 1;
    EXPECT_FALSE(first.take_descriptor(self(0), wrong)) << at;
  }
  Bytes another = said;
  another.at(34) ^= 1;  // t0; with the signatures of all, as if this relay's key were known
  EXPECT_FALSE(first.take_descriptor(
      self(0), descriptor_message(
                   {5}, another, std::array{crypto::sign(ids[0].secret, another), crypto::sign(ids[1].secret, another)})
                   .bytes));
  ASSERT_TRUE(first.take_descriptor(self(0), desc) && second.take_descriptor(self(1), desc));
  EXPECT_FALSE(first.take_descriptor(self(0), desc));

  EXPECT_FALSE(first.take_setup(self(0), Bytes(batch.begin(), batch.end() - 1)));
  const auto done = set_up(first, 0, batch);
  ASSERT_TRUE(done);
  EXPECT_EQ(done->replaced, kCircuits);  // they were random bytes
  EXPECT_FALSE(first.take_setup(self(0), batch)) << "one batch an epoch";
  EXPECT_FALSE(first.ready(self(0)));
  EXPECT_FALSE(first.forward(self(0), Round{0}, Bytes(kCircuits * 512))) << "a receipt is missing";

  const auto last = set_up(second, 1, done->next);
  ASSERT_TRUE(last);
  EXPECT_EQ(last->replaced, 0U);
  EXPECT_TRUE(last->next.empty());
  EXPECT_EQ(first.take_receipt(self(0), done->receipt).is, ReceiptIs::refused);  // its own
  Bytes wrong = last->receipt;
  wrong.back() ^= 1;
  EXPECT_EQ(first.take_receipt(self(0), wrong).is, ReceiptIs::refused);
  EXPECT_EQ(first.take_receipt(self(0), last->receipt).is, ReceiptIs::good);
  EXPECT_EQ(first.take_receipt(self(0), last->receipt).is, ReceiptIs::refused);
  EXPECT_TRUE(first.ready(self(0)) && second.ready(self(1)));

  EXPECT_FALSE(first.forward(self(0), Round{3}, Bytes(kCircuits * 512 - 1)));
  const auto there = run(first.forward(self(0), Round{3}, Bytes(kCircuits * 512)));
  ASSERT_TRUE(there);
  EXPECT_EQ(there->size(), (kCircuits + 4) * 512U);
  for (const std::uint32_t round : {3U, 2U, 80U}) {
    EXPECT_FALSE(first.forward(self(0), Round{round}, Bytes(kCircuits * 512))) << round;
  }
  const auto back = run(second.forward(self(1), Round{3}, *there));
  ASSERT_TRUE(back);
  EXPECT_FALSE(first.backward(self(0), Round{4}, *back));
  EXPECT_FALSE(first.backward(self(0), Round{3}, Bytes(512)));
  EXPECT_EQ(run(first.backward(self(0), Round{3}, *back))->size(), kCircuits * 512U);
  EXPECT_FALSE(first.backward(self(0), Round{3}, *back));
  EXPECT_FALSE(second.backward(self(1), Round{3}, *back));
}

TEST_F(RelayEpoch, ThePipelineForgetsWhatIsOver) {
  Pipeline pipeline(terms);
  const auto agreed = [&](Epoch number, std::int64_t t0) {
    want.t0 = {kNow.value + t0};
    EpochPart first = part(number);
    EpochPart second = part(number);
    const Bytes said = body(number, want, {&first, &second});
    ASSERT_TRUE(first.take_body(self(0), said) && second.take_body(self(1), said));
    const Bytes desc = descriptor_message(number, said, std::array{first.sign(self(0)), second.sign(self(1))}).bytes;
    ASSERT_TRUE(first.take_descriptor(self(0), desc));
    ASSERT_TRUE(pipeline.add(std::move(first)));
  };
  agreed({1}, 1'000);
  agreed({2}, 5'000);
  pipeline.begin({1}, {kNow.value + 1'000});
  pipeline.begin({2}, {kNow.value + 5'020});
  EXPECT_EQ(pipeline.next_sweep(), UtcMs{kNow.value + 5'520});
  pipeline.sweep({kNow.value + 5'519});
  EXPECT_NE(pipeline.find({1}), nullptr);
  pipeline.sweep({kNow.value + 5'520});
  EXPECT_EQ(pipeline.find({1}), nullptr);
  EXPECT_TRUE(pipeline.over({1}));
  EXPECT_FALSE(pipeline.over({2}));
  // Twice its length and five rounds, whatever comes.
  pipeline.sweep({kNow.value + 5'000 + 8'000 + 499});
  EXPECT_NE(pipeline.find({2}), nullptr);
  pipeline.sweep({kNow.value + 5'000 + 8'000 + 500});
  EXPECT_EQ(pipeline.find({2}), nullptr);
  EXPECT_FALSE(pipeline.running());

  // Keys that no descriptor came of go at their t0, and make nothing "over".
  want.t0 = {kNow.value + 20'000};
  ASSERT_TRUE(pipeline.add(part({9})));
  pipeline.sweep(want.t0);
  EXPECT_EQ(pipeline.find({9}), nullptr);
  EXPECT_FALSE(pipeline.over({3}));

  // An emergency epoch: what was to begin with it or after it is void.
  for (std::uint64_t n = 10; n < 13; ++n) agreed({n}, 30'000 + static_cast<std::int64_t>(n) * 4'000);
  agreed({13}, 30'000 + 11 * 4'000);
  EXPECT_EQ(pipeline.drop_void({13}), (std::vector<Epoch>{{11}, {12}}));
  EXPECT_NE(pipeline.find({10}), nullptr);

  for (std::uint64_t n = 20; pipeline.parts().size() < wire::kEpochsHeld; ++n) ASSERT_TRUE(pipeline.add(part({n})));
  EXPECT_FALSE(pipeline.add(part({40})));
}

TEST_F(RelayEpoch, ASignatureLeavesOnlyAfterItsNumberIsRecorded) {
  Core core(terms, 1, ids[1].secret.clone(), Epoch{4}, rng);
  (void)core.on_connected(kNow, Side::previous);
  const auto made = [&](Epoch epoch) {
    const Actions offered = core.on_message(kNow, Side::previous, want_message(epoch, want));
    EXPECT_EQ(offered.messages.size(), 2U);  // CHAIN, KEYS
    const auto keys = read_keys(offered.messages.at(1).message.bytes, terms);
    EpochPart first = part(epoch);
    Making making(terms, epoch, want, Making::Haste::in_turn, kNow);
    EXPECT_TRUE(making.take_keys(first.offer(self(0), {})) && making.take_keys(*keys));
    return std::pair(*keys, making.build(terms).value());
  };
  // An epoch that it signed before, perhaps in another life.
  const auto [old_keys, old_body] = made({4});
  EXPECT_EQ(old_keys.highest, Epoch{4});
  const Actions second = core.on_message(kNow, Side::previous, body_message({4}, old_body));
  EXPECT_TRUE(second.records.empty() && second.messages.empty());
  EXPECT_EQ(second.notices.at(0).kind, Notice::Kind::second_body);

  const auto [keys, said] = made({5});
  const Actions claimed = core.on_message(kNow, Side::previous, body_message({5}, said));
  EXPECT_EQ(claimed.records, std::vector<Epoch>{{5}});
  EXPECT_TRUE(claimed.messages.empty());
  const Actions again = core.on_message(kNow, Side::previous, body_message({5}, said));
  EXPECT_TRUE(again.records.empty() && again.messages.empty());
  EXPECT_TRUE(core.on_recorded(kNow, {6}).messages.empty());
  const Actions signed_now = core.on_recorded(kNow, {5});
  ASSERT_EQ(signed_now.messages.size(), 1U);
  const auto signature = read_signature(signed_now.messages[0].message.bytes);
  EXPECT_TRUE(crypto::verify(terms.relays[1], said, signature->signature));
  EXPECT_TRUE(core.on_recorded(kNow, {5}).messages.empty());
}

TEST_F(RelayEpoch, AloneARelayAsksOnceForOnionsAndOnceForEachRoundsCells) {
  terms.relays.resize(1);
  terms.noise = {};
  Core core(terms, 0, ids[0].secret.clone(), Epoch{}, rng);
  Actions out = core.on_circuits(kNow, kCircuits);
  ASSERT_EQ(out.records, std::vector<Epoch>{{1}});
  out = core.on_recorded(kNow, {1});
  ASSERT_EQ(out.published.size(), 1U);
  EXPECT_EQ(core.circuits_of({1}), kCircuits);
  UtcMs now = kNow;
  const auto at_wake = [&] {
    EXPECT_GT(core.next_wake(), now);
    now = core.next_wake();
    return core.advance(now);
  };
  do out = at_wake();
  while (out.close_setup.empty());
  EXPECT_EQ(now.value, kNow.value + 1'500);  // t0 is 25 rounds from the start, the lead a second
  EXPECT_EQ(out.close_setup, std::vector<Epoch>{{1}});
  EXPECT_TRUE(core.advance({now.value + 1}).close_setup.empty());
  const Bytes onions = random(kCircuits * onion_bytes(terms.suite, 1, 0));
  const auto done = [&](Actions actions) {
    EXPECT_EQ(actions.works.size(), 1U);
    OwnHands hands;
    actions.works.at(0).run(hands, rng);
    return core.on_done(now, std::move(actions.works.at(0)));
  };
  EXPECT_EQ(done(core.on_onions(now, {1}, onions)).receipts.size(), 1U);
  EXPECT_TRUE(core.on_onions(now, {1}, onions).works.empty());
  do out = at_wake();
  while (out.close_round.empty());
  EXPECT_EQ(now.value, kNow.value + 2'520);  // t0 + 0.2 T
  EXPECT_EQ(out.close_round, (std::vector<RoundId>{{{1}, {0}}}));
  EXPECT_TRUE(core.advance({now.value + 1}).close_round.empty());
  EXPECT_EQ(done(core.on_cells(now, {{1}, {0}}, Bytes(kCircuits * 512))).returned.size(), 1U);
  EXPECT_FALSE(core.counts()) << "pairs that no cover blurs";
  // Slept through: the newest round alone.
  EXPECT_EQ(core.advance({now.value + 350}).close_round, (std::vector<RoundId>{{{1}, {3}}}));
}

TEST_F(RelayEpoch, ReceiptsBecomeSetsWhenTagsNeedMoreThanTheirShare) {
  terms.circuit_limit = 10'000;
  // 60 % of 40 rounds of 110 bytes are 2,640; two relays' receipts have 226 bytes besides their tags.
  std::uint32_t circuits = 2;
  while (receipt_form(terms, circuits + 2) == ReceiptForm::tags) circuits += 2;
  const std::size_t whole = receipt_bytes(ReceiptForm::tags, circuits) + receipt_bytes(ReceiptForm::tags, circuits + 4);
  EXPECT_LE(whole, 2'640U);
  EXPECT_GT(whole + 4 * 8, 2'640U);
}

}  // namespace
}  // namespace sw::mix::relay
