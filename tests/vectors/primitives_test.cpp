// needs: crypto
// src/crypto against the values printed in RFC 7748, 8439, 8032, 7693, draft-irtf-cfrg-xchacha and SP 800-38A.
#include <gtest/gtest.h>

#include "crypto/aead.hpp"
#include "crypto/dh.hpp"
#include "crypto/hash.hpp"
#include "crypto/sign.hpp"
#include "crypto/stream.hpp"
#include "vectors/vector_file.hpp"

namespace sw::crypto {
namespace {

using vectors::array;
using vectors::bytes;
using vectors::hex;
using vectors::secret;
using Key = Secret<struct VectorKeyRole, 32>;

const nlohmann::json& file() {
  static const nlohmann::json json = vectors::load("line.json");
  return json;
}

TEST(Primitives, X25519) {
  for (const auto& row : file().at("x25519").at("rows")) {
    const auto shared = dh(secret<PrivateKey>(row.at("scalar")), array<32>(row.at("u")));
    ASSERT_TRUE(shared.has_value());
    EXPECT_EQ(hex(*shared), row.at("out"));
  }
}

TEST(Primitives, X25519Iterated) {
  const auto& expected = file().at("x25519").at("iterated");
  ByteArray<32> k{9};
  ByteArray<32> u{9};
  for (int i = 1; i <= 1000; ++i) {
    ByteArray<32> scalar = k;
    const auto shared = dh(Access::take<PrivateKey>(scalar), u);
    ASSERT_TRUE(shared.has_value());
    u = k;
    const auto out = Access::read(*shared);
    std::copy(out.begin(), out.end(), k.begin());
    const std::string name = std::to_string(i);
    EXPECT_TRUE(!expected.contains(name) || expected.at(name) == hex(k)) << i;
  }
}

template <class Nonce>
void check_aead(const nlohmann::json& row, const Nonce& nonce) {
  const Key key = secret<Key>(row.at("key"));
  const Bytes plain = bytes(row.at("plain"));
  const Bytes ad = bytes(row.at("ad"));
  Bytes sealed(plain.size() + kAeadTagBytes);
  seal(key, nonce, ad, plain, sealed);
  EXPECT_EQ(hex(sealed), row.at("sealed"));
  Bytes opened(plain.size());
  EXPECT_TRUE(open(key, nonce, ad, sealed, opened));
  EXPECT_EQ(opened, plain);
}

TEST(Primitives, ChaCha20Poly1305) {
  const auto& row = file().at("aead").at("rfc8439_a5");
  std::uint64_t counter = 0;
  const auto wire = array<8>(row.at("counter"));
  for (std::size_t i = 8; i-- > 0;) counter = (counter << 8) | wire[i];
  check_aead(row, CounterNonce{counter});
}

TEST(Primitives, XChaCha20Poly1305) {
  const auto& row = file().at("aead").at("xchacha_a31");
  check_aead(row, array<24>(row.at("nonce")));
}

TEST(Primitives, Ed25519) {
  for (const auto& row : file().at("ed25519")) {
    // libsodium's secret key is seed | public key.
    const auto key = secret<SigningKey>(row.at("seed").get<std::string>() + row.at("public").get<std::string>());
    const Bytes message = bytes(row.at("message"));
    const Signature signature = sign(key, message);
    EXPECT_EQ(hex(signature), row.at("signature"));
    EXPECT_TRUE(verify(array<32>(row.at("public")), message, signature));
    for (std::size_t bit = 0; bit < 512; ++bit) {
      Signature wrong = signature;
      wrong[bit / 8] = static_cast<std::uint8_t>(wrong[bit / 8] ^ (1U << (bit % 8)));
      EXPECT_FALSE(verify(array<32>(row.at("public")), message, wrong)) << bit;
    }
  }
}

TEST(Primitives, Aes256Ctr) {
  for (const auto& row : file().at("aes256_ctr")) {
    const auto key = secret<CircuitKey>(row.at("key"));
    Bytes data = bytes(row.at("plain"));
    ASSERT_TRUE(aes256_ctr_xor(key, array<16>(row.at("iv")), data).has_value());
    EXPECT_EQ(hex(data), row.at("cipher"));
    ASSERT_TRUE(aes256_ctr_xor(key, array<16>(row.at("iv")), data).has_value());
    EXPECT_EQ(data, bytes(row.at("plain")));
  }
}

TEST(Primitives, Blake2b) {
  EXPECT_EQ(hex(digest<64>({as_bytes("abc")})), file().at("blake2b").at("abc"));
}

template <std::size_t KeySize>
void check_kdf(const nlohmann::json& row) {
  const auto key = secret<Secret<struct KdfVectorRole, KeySize>>(row.at("key"));
  const std::string label = row.at("label");
  const Bytes context = bytes(row.at("context"));
  const std::size_t half = context.size() / 2;
  const ByteView whole(context);
  // Contexts are concatenated: two parts are the same as one.
  const auto run = [&]<std::size_t N>(std::integral_constant<std::size_t, N>) {
    EXPECT_EQ(hex(kdf_public<N>(key, label, {whole})), row.at("out"));
    EXPECT_EQ(hex(kdf_public<N>(key, label, {whole.first(half), whole.subspan(half)})), row.at("out"));
    EXPECT_EQ(hex(kdf<Secret<struct KdfOutRole, N>>(key, label, {whole})), row.at("out"));
  };
  switch (row.at("size").get<int>()) {
    case 8: run(std::integral_constant<std::size_t, 8>{}); break;
    case 30: run(std::integral_constant<std::size_t, 30>{}); break;
    case 32: run(std::integral_constant<std::size_t, 32>{}); break;
    case 64: run(std::integral_constant<std::size_t, 64>{}); break;
    default: FAIL() << row.at("size");
  }
}

TEST(Primitives, Kdf) {
  for (const auto& row : file().at("kdf")) {
    SCOPED_TRACE(row.at("label").get<std::string>());
    if (row.at("key").get<std::string>().size() == 128) {
      check_kdf<64>(row);
    } else {
      check_kdf<32>(row);
    }
  }
}

}  // namespace
}  // namespace sw::crypto
