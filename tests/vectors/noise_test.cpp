// needs: crypto
// Every vector of noise.json (cacophony), handshake and transport messages, both ends.
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "crypto/access.hpp"
#include "crypto/aead.hpp"
#include "crypto/handshake.hpp"

namespace sw::crypto {
namespace {

/// Hands out a fixed ephemeral key.
class FixedRng final : public Rng {
 public:
  explicit FixedRng(Bytes bytes) : x_bytes(std::move(bytes)) {}
  void fill(MutableBytes out) override {
    ASSERT_EQ(out.size(), x_bytes.size());
    std::copy(x_bytes.begin(), x_bytes.end(), out.begin());
  }

 private:
  Bytes x_bytes;
};

Bytes field(const nlohmann::json& vector, const char* name) {
  return from_hex(vector.at(name).get<std::string>());
}

KeyPair static_pair(Bytes secret) {
  return KeyPair::from(Access::take<PrivateKey>(std::span<std::uint8_t, 32>(secret.data(), 32)));
}

Pattern pattern_of(const std::string& name) {
  if (name.starts_with("Noise_KKpsk0_")) return Pattern::KKpsk0;
  if (name.starts_with("Noise_KK_")) return Pattern::KK;
  if (name.starts_with("Noise_IKpsk2_")) return Pattern::IKpsk2;
  return Pattern::IK;
}

void run(const nlohmann::json& vector) {
  const std::string name = vector.at("protocol_name");
  SCOPED_TRACE(name);
  ASSERT_TRUE(name.ends_with("_25519_ChaChaPoly_SHA512"));
  const Pattern pattern = pattern_of(name);
  const bool kk = pattern == Pattern::KK || pattern == Pattern::KKpsk0;
  const KeyPair init = static_pair(field(vector, "init_static"));
  const KeyPair resp = static_pair(field(vector, "resp_static"));
  EXPECT_EQ(to_bytes(resp.public_key), field(vector, "init_remote_static"));
  std::optional<Psk> psk;
  if (vector.contains("init_psks")) {
    Bytes bytes = from_hex(vector.at("init_psks").at(0).get<std::string>());
    psk = Access::take<Psk>(std::span<std::uint8_t, 32>(bytes.data(), 32));
  }
  const Psk* psk_pointer = psk ? &*psk : nullptr;
  const Bytes init_prologue = field(vector, "init_prologue");
  const Bytes resp_prologue = field(vector, "resp_prologue");
  Handshake initiator({pattern, Role::initiator, init_prologue, &init, resp.public_key, psk_pointer});
  Handshake responder({pattern, Role::responder, resp_prologue, &resp,
                       kk ? std::optional(init.public_key) : std::nullopt, psk_pointer});
  FixedRng init_rng(field(vector, "init_ephemeral"));
  FixedRng resp_rng(field(vector, "resp_ephemeral"));

  std::optional<Split> a;
  std::optional<Split> b;
  std::uint64_t sent[2] = {0, 0};
  int i = 0;
  for (const auto& message : vector.at("messages")) {
    const Bytes payload = field(message, "payload");
    const Bytes cipher = field(message, "ciphertext");
    const bool from_initiator = i % 2 == 0;
    if (i < 2) {
      Handshake& from = from_initiator ? initiator : responder;
      Handshake& to = from_initiator ? responder : initiator;
      const auto wire = from.write(payload, from_initiator ? init_rng : resp_rng);
      ASSERT_TRUE(wire.has_value());
      EXPECT_EQ(*wire, cipher);
      EXPECT_EQ(cipher.size(), payload.size() + Handshake::overhead(pattern, i));
      const auto read = to.read(*wire);
      ASSERT_TRUE(read.has_value());
      EXPECT_EQ(*read, payload);
    } else {
      if (!a) {
        a = initiator.split();
        b = responder.split();
        EXPECT_EQ(to_bytes(a->hash), field(vector, "handshake_hash"));
        EXPECT_EQ(a->hash, b->hash);
      }
      const TransportKey& key = from_initiator ? a->initiator_to_responder : b->responder_to_initiator;
      Bytes out(payload.size() + kAeadTagBytes);
      seal(key, CounterNonce{sent[i % 2]++}, {}, payload, out);
      EXPECT_EQ(out, cipher);
    }
    ++i;
  }
  EXPECT_GE(i, 3);
}

TEST(NoiseVectors, EveryVectorOfTheFile) {
  std::ifstream file(SW_TESTS_DIR "/vectors/noise.json");
  ASSERT_TRUE(file);
  const auto data = nlohmann::json::parse(file);
  const auto& vectors = data.at("vectors");
  ASSERT_EQ(vectors.size(), 4U);
  for (const auto& vector : vectors) run(vector);
}

TEST(NoiseVectors, EveryTruncationAndBitFlipOfBothMessagesIsRefused) {
  class CountingRng final : public Rng {
    void fill(MutableBytes out) override {
      for (auto& b : out) b = static_cast<std::uint8_t>(++x_next);
    }
    unsigned x_next = 0;
  } rng;
  const KeyPair a = KeyPair::generate(rng);
  const KeyPair b = KeyPair::generate(rng);
  const Psk psk = Psk::random(rng);
  const auto side = [&](Role role) {
    return Handshake({Pattern::KKpsk0,
                      role,
                      {},
                      role == Role::initiator ? &a : &b,
                      role == Role::initiator ? b.public_key : a.public_key,
                      &psk});
  };
  auto initiator = side(Role::initiator);
  const Bytes message = initiator.write({}, rng).value();
  for (std::size_t n = 0; n < message.size(); ++n) {
    EXPECT_FALSE(side(Role::responder).read(ByteView(message).first(n)).has_value());
  }
  for (std::size_t bit = 0; bit < message.size() * 8; ++bit) {
    Bytes bad = message;
    bad[bit / 8] = static_cast<std::uint8_t>(bad[bit / 8] ^ (1U << (bit % 8)));
    // X25519 ignores bit 255 of a point; Noise still binds it through the hash, so it too is refused.
    EXPECT_FALSE(side(Role::responder).read(bad).has_value()) << "bit " << bit;
  }
}

}  // namespace
}  // namespace sw::crypto
