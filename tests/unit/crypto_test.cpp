// needs: crypto
// src/crypto: secrets wipe, the KDF separates, the AEADs refuse every change, and what may be absent is so cleanly.
#include <gtest/gtest.h>
#include <sodium.h>

#include <optional>
#include <set>

#include "crypto/aead.hpp"
#include "crypto/base64.hpp"
#include "crypto/dh.hpp"
#include "crypto/kem.hpp"
#include "crypto/mix.hpp"
#include "crypto/password.hpp"
#include "crypto/rng.hpp"

namespace sw::crypto {
namespace {

using Key = Secret<struct TestKeyRole, 32>;
using Other = Secret<struct TestOtherRole, 32>;
using Long = Secret<struct TestLongRole, 64>;

static_assert(!std::is_copy_constructible_v<Key> && !std::is_copy_assignable_v<Key>);
static_assert(!std::is_default_constructible_v<Key>);
static_assert(!std::is_convertible_v<Key, Other> && !std::is_constructible_v<Key, Other>);
static_assert(!std::equality_comparable<Key>);

bool all_zero(ByteView bytes) {
  return std::all_of(bytes.begin(), bytes.end(), [](std::uint8_t b) { return b == 0; });
}
template <class SecretType>
Bytes copy(const SecretType& secret) {
  return to_bytes(Access::read(secret));
}

TEST(Secret, MovesWipeTheSource) {
  SeededRng rng(1);
  Key first = Key::random(rng);
  const Bytes bytes = copy(first);
  ASSERT_FALSE(all_zero(bytes));
  Key second = std::move(first);
  EXPECT_TRUE(all_zero(Access::read(first)));
  EXPECT_EQ(copy(second), bytes);
  Key third = Key::random(rng);
  third = std::move(second);
  EXPECT_TRUE(all_zero(Access::read(second)));
  EXPECT_EQ(copy(third), bytes);
}

TEST(Secret, DestructionWipes) {
  alignas(Key) std::array<std::uint8_t, sizeof(Key)> place{};
  SeededRng rng(2);
  Key* key = new (place.data()) Key(Key::random(rng));
  ASSERT_FALSE(all_zero(Access::read(*key)));
  key->~Key();
  // Read through volatile: the object is over, its storage is ours.
  const volatile std::uint8_t* after = place.data();
  for (std::size_t i = 0; i < place.size(); ++i) EXPECT_EQ(after[i], 0) << i;
}

TEST(Secret, TakeWipesTheBytes) {
  SeededRng rng(3);
  auto bytes = rng.array<32>();
  const Key key = Access::take<Key>(bytes);
  EXPECT_TRUE(all_zero(bytes));
  EXPECT_FALSE(all_zero(Access::read(key)));
}

TEST(Secret, CloneIsItsOwn) {
  SeededRng rng(4);
  std::optional<Key> key = Key::random(rng);
  const Bytes bytes = copy(*key);
  const Key second = key->clone();
  key.reset();
  EXPECT_EQ(copy(second), bytes);
}

TEST(SecretBytes, MovesLeaveNothing) {
  SecretBytes one;
  one.append(as_bytes("one"));
  one.append(as_bytes(" and more"));
  EXPECT_EQ(as_text(one.view()), "one and more");
  SecretBytes two(std::move(one));
  EXPECT_TRUE(one.empty());
  SecretBytes three(Bytes{9, 9, 9});
  three = std::move(two);
  EXPECT_TRUE(two.empty());
  EXPECT_EQ(as_text(three.view()), "one and more");
  three.clear();
  EXPECT_TRUE(three.empty());
}

TEST(SecretReader, ReadsWhatWasWritten) {
  SeededRng rng(5);
  const Key key = Key::random(rng);
  const auto bytes = SecretWriter().u8(1).u16(0x2345).secret(key).u32(0x6789abcd).u64(~0ULL).take();
  SecretReader in(bytes.view());
  EXPECT_EQ(in.u8(), 1);
  EXPECT_EQ(in.u16(), 0x2345);
  EXPECT_EQ(copy(in.secret<Key>()), copy(key));
  EXPECT_EQ(in.u32(), 0x6789abcdU);
  EXPECT_EQ(in.u64(), ~0ULL);
  EXPECT_TRUE(in.expect_end());
}

TEST(SecretReader, EveryShortInputFails) {
  SeededRng rng(6);
  const auto bytes = SecretWriter().u16(7).secret(Key::random(rng)).u64(9).take();
  for (std::size_t n = 0; n < bytes.size(); ++n) {
    SecretReader in(bytes.view().first(n));
    const auto number = in.u16();
    const Key key = in.secret<Key>();
    EXPECT_EQ(in.u64(), 0U) << n;
    EXPECT_FALSE(in.ok()) << n;
    EXPECT_FALSE(in.expect_end()) << n;
    EXPECT_EQ(number, n < 2 ? 0 : 7) << n;
    EXPECT_EQ(all_zero(Access::read(key)), n < 34) << n;
  }
  SecretReader longer(bytes.view());
  EXPECT_EQ(longer.u16(), 7);
  EXPECT_TRUE(longer.ok());
  EXPECT_FALSE(longer.expect_end());
}

TEST(Kdf, SeparatesKeyLabelContextAndLength) {
  SeededRng rng(7);
  const Key one = Key::random(rng);
  const Key two = Key::random(rng);
  const ByteArray<4> context{1, 2, 3, 4};
  const ByteArray<4> changed{1, 2, 3, 5};
  std::set<Bytes> seen;
  seen.insert(copy(kdf<Key>(one, "a", {context})));
  seen.insert(copy(kdf<Key>(two, "a", {context})));
  seen.insert(copy(kdf<Key>(one, "b", {context})));
  seen.insert(copy(kdf<Key>(one, "a", {changed})));
  seen.insert(copy(kdf<Key>(one, "a")));
  seen.insert(copy(kdf<Key>(one, "a\1\2\3\4")));
  EXPECT_EQ(seen.size(), 6U);
  const Bytes longer = copy(kdf<Long>(one, "a", {context}));
  EXPECT_FALSE(seen.contains(Bytes(longer.begin(), longer.begin() + 32)));
}

TEST(Kdf, MixedContextsAreConcatenated) {
  SeededRng rng(8);
  const Key key = Key::random(rng);
  const Key part = Key::random(rng);
  const ByteArray<3> tail{7, 8, 9};
  EXPECT_EQ(copy(kdf_mixed<Key>(key, "m", part, tail)), copy(kdf<Key>(key, "m", {Access::read(part), tail})));
  Bytes both = copy(key);
  for (const std::uint8_t b : copy(part)) both.push_back(b);
  EXPECT_EQ(copy(join<Long>(key, part)), both);
  EXPECT_EQ(copy(hash_to<Key>(key, part)), to_bytes(digest<32>({both})));
}

template <class Nonce>
void refuses_every_change(const Nonce& nonce, const Nonce& other_nonce) {
  SeededRng rng(9);
  const Key key = Key::random(rng);
  const Bytes plain(41, 0x5a);
  const Bytes ad{1, 2, 3};
  Bytes sealed(plain.size() + kAeadTagBytes);
  seal(key, nonce, ad, plain, sealed);
  Bytes out(plain.size());
  ASSERT_TRUE(open(key, nonce, ad, sealed, out));
  EXPECT_EQ(out, plain);
  for (std::size_t bit = 0; bit < 8 * sealed.size(); ++bit) {
    Bytes wrong = sealed;
    wrong[bit / 8] = static_cast<std::uint8_t>(wrong[bit / 8] ^ (1U << (bit % 8)));
    out.assign(out.size(), 0xff);
    EXPECT_FALSE(open(key, nonce, ad, wrong, out)) << bit;
    EXPECT_TRUE(all_zero(out)) << bit;
  }
  for (std::size_t n = 0; n < sealed.size(); ++n) {
    Bytes shorter(n < kAeadTagBytes ? 0 : n - kAeadTagBytes);
    EXPECT_FALSE(open(key, nonce, ad, ByteView(sealed).first(n), shorter)) << n;
  }
  EXPECT_FALSE(open(key, other_nonce, ad, sealed, out));
  EXPECT_FALSE(open(key, nonce, {}, sealed, out));
  EXPECT_FALSE(open(Key::random(rng), nonce, ad, sealed, out));
}

TEST(Aead, CounterNonceRefusesEveryChange) {
  refuses_every_change(CounterNonce{5}, CounterNonce{6});
}
TEST(Aead, XNonceRefusesEveryChange) {
  refuses_every_change(XNonce{1}, XNonce{2});
}

/// Short texts go another way than long ones; libsodium has one for both.
TEST(Aead, IsTheSameAtEveryLength) {
  SeededRng rng(11);
  Bytes plain(2'100);
  rng.fill(plain);
  for (std::size_t size = 0; size <= plain.size(); size += size < 1'900 ? 7 : 1) {
    const Key key = Key::random(rng);
    const CounterNonce nonce{rng.bits()};
    const ByteView text = ByteView(plain).first(size);
    const ByteView ad = ByteView(plain).first(rng.below(40));
    Bytes sealed(size + kAeadTagBytes);
    seal(key, nonce, ad, text, sealed);
    ByteArray<12> whole{};
    for (std::size_t i = 0; i < 8; ++i) whole[4 + i] = static_cast<std::uint8_t>(nonce.counter >> (8 * i));
    Bytes expected(sealed.size());
    crypto_aead_chacha20poly1305_ietf_encrypt(expected.data(), nullptr, text.data(), text.size(), ad.data(), ad.size(),
                                              nullptr, whole.data(), Access::read(key).data());
    ASSERT_EQ(sealed, expected) << size;
    Bytes place = to_bytes(text);
    place.resize(sealed.size());
    seal(key, nonce, ad, ByteView(place).first(size), place);
    ASSERT_EQ(place, expected) << size << ", in place";
    ASSERT_TRUE(open(key, nonce, ad, place, MutableBytes(place).first(size))) << size;
    ASSERT_TRUE(std::ranges::equal(ByteView(place).first(size), text)) << size;
    sealed[rng.below(sealed.size())] ^= 1;
    Bytes out(size, 0xff);
    ASSERT_FALSE(open(key, nonce, ad, sealed, out)) << size;
    ASSERT_TRUE(all_zero(out)) << size;
  }
}

TEST(Dh, LowOrderAndNonCanonicalKeysAreNotUsable) {
  SeededRng rng(10);
  const auto own = KeyPair::generate(rng);
  EXPECT_TRUE(usable_public_key(own.public_key));
  const char* kLowOrder[] = {"0000000000000000000000000000000000000000000000000000000000000000",
                             "0100000000000000000000000000000000000000000000000000000000000000",
                             "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
                             "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
                             "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                             "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                             "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"};
  for (const char* hex : kLowOrder) {
    PublicKey key{};
    std::ranges::copy(from_hex(hex), key.begin());
    EXPECT_FALSE(usable_public_key(key)) << hex;
    EXPECT_FALSE(dh(own.secret, key).has_value()) << hex;
    key.back() |= 0x80;
    EXPECT_FALSE(usable_public_key(key)) << hex;
  }
  PublicKey second_name = own.public_key;
  second_name.back() |= 0x80;
  EXPECT_FALSE(usable_public_key(second_name));
  PublicKey nine{9};
  EXPECT_TRUE(usable_public_key(nine));
  // p + 9 is the base point under another name.
  PublicKey over{};
  over.fill(0xff);
  over.front() = 0xf6;
  over.back() = 0x7f;
  EXPECT_FALSE(usable_public_key(over));
}

TEST(Base64, RoundTripAndRefusals) {
  SeededRng rng(11);
  for (std::size_t n = 0; n < 70; ++n) {
    Bytes bytes(n);
    rng.fill(bytes);
    const auto text = to_base64url(bytes);
    EXPECT_EQ(text.size(), (4 * n + 2) / 3);
    const auto back = from_base64url(as_text(text.view()));
    ASSERT_TRUE(back.has_value()) << n;
    EXPECT_EQ(to_bytes(back->view()), bytes);
  }
  EXPECT_EQ(as_text(to_base64url(Bytes{0xfb, 0xff}).view()), "-_8");
  for (const char* wrong : {"A", "AA=", "AA==", "AB", "AAB", "A+AA", "A/AA", "AA AA", "AAAA\n", "\xd0\x90"}) {
    EXPECT_FALSE(from_base64url(wrong).has_value()) << wrong;
  }
}

TEST(Kem, RoundTripOrCleanlyAbsent) {
  auto pair = kem_generate();
  ASSERT_EQ(pair.has_value(), kem_available());
  if (!kem_available()) {
    EXPECT_EQ(pair.error().code, Errc::unsupported);
    EXPECT_EQ(kem_encapsulate(Bytes(kKemPublicBytes)).error().code, Errc::unsupported);
    SeededRng rng(12);
    EXPECT_EQ(kem_decapsulate(KemPrivateKey::random(rng), Bytes(kKemCipherBytes)).error().code, Errc::unsupported);
    return;
  }
  EXPECT_EQ(pair->public_key.size(), kKemPublicBytes);
  auto capsule = kem_encapsulate(pair->public_key);
  ASSERT_TRUE(capsule.has_value());
  EXPECT_EQ(capsule->cipher.size(), kKemCipherBytes);
  const auto shared = kem_decapsulate(pair->secret, capsule->cipher);
  ASSERT_TRUE(shared.has_value());
  EXPECT_EQ(copy(*shared), copy(capsule->shared));
  capsule->cipher[0] ^= 1;
  const auto other = kem_decapsulate(pair->secret, capsule->cipher);  // implicit rejection: another secret
  EXPECT_TRUE(!other || copy(*other) != copy(capsule->shared));
  EXPECT_EQ(kem_encapsulate(Bytes(kKemPublicBytes - 1)).error().code, Errc::malformed);
  EXPECT_EQ(kem_decapsulate(pair->secret, Bytes(kKemCipherBytes + 1)).error().code, Errc::malformed);
}

TEST(Password, CostBoundsAndSeparation) {
  const ByteArray<kSaltBytes> salt{1};
  const ByteArray<kSaltBytes> other_salt{2};
  const ByteView phrase = as_bytes("correct horse");
  for (const PasswordCost cost : {PasswordCost{0, 8}, PasswordCost{65, 8}, PasswordCost{1, 7},
                                  PasswordCost{1, 4U * 1024 * 1024 + 1}, PasswordCost{1, 0}}) {
    const auto key = derive_passphrase_key(phrase, salt, cost);
    ASSERT_FALSE(key.has_value()) << cost.passes << " " << cost.memory_kib;
    EXPECT_EQ(key.error().code, Errc::out_of_range);
  }
  constexpr PasswordCost kCheap{1, 8};
  const Bytes key = copy(derive_passphrase_key(phrase, salt, kCheap).value());
  EXPECT_EQ(copy(derive_passphrase_key(phrase, salt, kCheap).value()), key);
  EXPECT_NE(copy(derive_passphrase_key(phrase, other_salt, kCheap).value()), key);
  EXPECT_NE(copy(derive_passphrase_key(as_bytes("correct horsf"), salt, kCheap).value()), key);
  EXPECT_NE(copy(derive_passphrase_key(phrase, salt, {2, 8}).value()), key);
  EXPECT_NE(copy(derive_passphrase_key(phrase, salt, {1, 16}).value()), key);
}

TEST(SeededRng, SameSeedSameStream) {
  SeededRng one(42);
  SeededRng two(42);
  SeededRng three(43);
  EXPECT_EQ(one.array<100>(), two.array<100>());
  EXPECT_NE(one.array<100>(), three.array<100>());
}

TEST(SecretBytes, WhatIsDroppedInFrontIsNowhereAnyMore) {
  SecretBytes bytes(Bytes{9, 9, 9, 9, 9, 1, 2});
  const auto* const memory = bytes.view().data();
  bytes.drop_front(5);
  EXPECT_EQ(to_bytes(bytes.view()), (Bytes{1, 2}));
  ASSERT_EQ(bytes.view().data(), memory) << "the test is wrong: it looks at other memory";
  for (std::size_t i = 2; i < 7; ++i) EXPECT_EQ(memory[i], 0);
}

}  // namespace
}  // namespace sw::crypto
