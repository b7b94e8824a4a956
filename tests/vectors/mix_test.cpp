// needs: mix
// mix.json was made by a Python script from docs/protocol.md 8; our descriptor, onion, rounds and receipt give its
// bytes.
#include <gtest/gtest.h>

#include <deque>

#include "crypto/hash.hpp"
#include "crypto/rng.hpp"
#include "mix/receipt.hpp"
#include "vectors/vector_file.hpp"

namespace sw::mix {
namespace {

using vectors::array;
using vectors::bytes;

/// Gives the bytes that the vector file says.
class ScriptedRng final : public Rng {
 public:
  explicit ScriptedRng(std::deque<Bytes> script) : x_script(std::move(script)) {}
  void fill(MutableBytes out) override {
    ASSERT_FALSE(x_script.empty());
    ASSERT_EQ(x_script.front().size(), out.size());
    std::ranges::copy(x_script.front(), out.begin());
    x_script.pop_front();
  }

 private:
  std::deque<Bytes> x_script;
};

class MixVectors : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(crypto::start());
    const auto& d = x_file["descriptor"];
    Descriptor out{VenueId{array<16>(d["venue"])},
                   Epoch{d["epoch"]},
                   UtcMs{d["t0_ms"]},
                   d["round_ms"],
                   d["rounds"],
                   d["lead_rounds"],
                   d["cell"],
                   d["slots"],
                   Suite{d["suite"].get<std::uint8_t>()},
                   d["circuits"],
                   {d["noise"], d["sigma_milli"]},
                   {}};
    for (const auto& relay : x_file["relays"])
      out.relays.push_back({array<32>(relay["id"]), array<32>(relay["kx"]), {}});
    x_epoch = {std::move(out), array<32>(d["hash"])};
  }
  nlohmann::json x_file = vectors::load("mix.json");
  AcceptedDescriptor x_epoch;
};

TEST_F(MixVectors, Descriptor) {
  const auto& d = x_file["descriptor"];
  EXPECT_EQ(vectors::hex(encode(x_epoch.descriptor)), d["body"]);
  EXPECT_EQ(vectors::hex(hash_of(bytes(d["body"]))), d["hash"]);
  DescriptorRules rules{x_epoch.descriptor.venue, {}, 1'000, 1'800, 512, 2, Suite::x25519, {1'676, 69'500}, {}};
  std::vector<crypto::Signature> signatures;
  for (const auto& relay : x_epoch.descriptor.relays) rules.relays.push_back(relay.id);
  for (const auto& signature : d["signatures"]) signatures.push_back(array<64>(signature));
  const auto accepted = accept_descriptor(bytes(d["body"]), signatures, rules);
  ASSERT_TRUE(accepted);
  EXPECT_EQ(accepted->descriptor, x_epoch.descriptor);
}

TEST_F(MixVectors, Onion) {
  const auto& o = x_file["onion"];
  std::deque<Bytes> script;
  for (std::size_t i = 3; i-- > 0;) script.push_back(bytes(o["ephemerals"][i]));
  ScriptedRng rng(std::move(script));
  const auto onion = make_onion(x_epoch, 0, array<32>(o["drop"]), rng);
  ASSERT_TRUE(onion);
  EXPECT_EQ(vectors::hex(onion->bytes), o["layers"][0]["onion"]);
  Bytes layer = onion->bytes;
  for (std::size_t hop = 0; hop < 3; ++hop) {
    const auto& expected = o["layers"][hop];
    EXPECT_EQ(vectors::hex(layer), expected["onion"]);
    EXPECT_EQ(vectors::hex(onion->keys[hop].forward), expected["forward"]);
    EXPECT_EQ(vectors::hex(onion->keys[hop].backward), expected["backward"]);
    EXPECT_EQ(vectors::hex(onion->tags[hop]), expected["tag"]);
    const EpochKeys own{crypto::KeyPair::from(vectors::secret<crypto::PrivateKey>(x_file["relays"][hop]["kx_secret"])),
                        {}};
    const auto peeled = peel(x_epoch, hop, own, layer);
    ASSERT_TRUE(peeled);
    EXPECT_EQ(vectors::hex(peeled->keys.forward), expected["forward"]);
    EXPECT_EQ(vectors::hex(peeled->keys.backward), expected["backward"]);
    layer = peeled->inner;
  }
  EXPECT_EQ(vectors::hex(layer), o["drop"]);
}

TEST_F(MixVectors, Rounds) {
  for (const auto& round : x_file["rounds"]) {
    crypto::StreamIv iv{};
    const std::uint32_t number = round["round"];
    for (std::size_t k = 0; k < 4; ++k) iv[k] = static_cast<std::uint8_t>(number >> (8 * k));
    Bytes cell = bytes(round["said"]);
    const auto apply = [&](std::size_t hop, const char* direction) {
      const auto key = vectors::secret<crypto::CircuitKey>(x_file["onion"]["layers"][hop][direction]);
      ASSERT_TRUE(crypto::aes256_ctr_xor(key, iv, cell));
    };
    std::size_t step = 0;
    const auto expect_step = [&] { EXPECT_EQ(vectors::hex(crypto::digest<16>({cell})), round["steps"][step++]); };
    for (std::size_t hop = 0; hop < 3; ++hop) apply(hop, "forward");
    expect_step();
    for (std::size_t hop = 0; hop < 3; ++hop) {
      apply(hop, "forward");
      expect_step();
    }
    for (std::size_t hop = 3; hop-- > 0;) {
      apply(hop, "backward");
      expect_step();
    }
  }
}

TEST_F(MixVectors, Receipts) {
  const auto& r = x_file["receipts"];
  std::vector<Tag> tags;
  for (const auto& tag : r["tags"]) tags.push_back(array<8>(tag));
  for (const char* form : {"form1", "form2"}) {
    const auto receipt = Receipt::read(bytes(r[form]), x_epoch, 1);
    ASSERT_TRUE(receipt) << form;
    EXPECT_EQ(receipt->count(), tags.size());
    for (const Tag& tag : tags) EXPECT_TRUE(receipt->names(tag));
  }
  const auto empty = Receipt::read(bytes(r["empty"]), x_epoch, 1);
  ASSERT_TRUE(empty);
  EXPECT_EQ(empty->count(), 0U);
  ScriptedRng seed({bytes(x_file["relays"][1]["id_seed"])});
  const auto relay = crypto::SigningPair::generate(seed);
  EXPECT_EQ(vectors::hex(make_receipt(x_epoch.hash, 1, ReceiptForm::tags, tags, relay.secret)), r["form1"]);
  EXPECT_EQ(vectors::hex(make_receipt(x_epoch.hash, 1, ReceiptForm::set, tags, relay.secret)), r["form2"]);
}

}  // namespace
}  // namespace sw::mix
