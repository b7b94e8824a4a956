// needs: crypto
// Constant time: secrets are marked undefined for valgrind, which then reports any branch or index that depends on
// them. Run by tools/ct. With the argument `leak` it branches on a secret on purpose: the check must see that.
#include <valgrind/memcheck.h>

#include <cstdio>
#include <string_view>

#include "crypto/access.hpp"
#include "crypto/aead.hpp"
#include "crypto/dh.hpp"
#include "crypto/handshake.hpp"
#include "crypto/hash.hpp"
#include "crypto/rng.hpp"

namespace {
using namespace sw;
using namespace sw::crypto;

template <class SecretType>
SecretType undefined(SecretType secret) {
  const auto bytes = Access::write(secret);
  VALGRIND_MAKE_MEM_UNDEFINED(bytes.data(), bytes.size());
  return secret;
}

void define(MutableBytes bytes) {
  VALGRIND_MAKE_MEM_DEFINED(bytes.data(), bytes.size());
}
}  // namespace

int main(int argc, char** argv) {
  if (!crypto::start()) return 1;
  SeededRng rng(1);
  using ChainKey = Secret<struct CtChainRole, 32>;

  auto chain = undefined(ChainKey::random(rng));
  bool opened = true;
  // A frame's text goes another way than a record's.
  for (const std::size_t size : {496U, 1'985U}) {
    auto message_key = kdf<ChainKey>(chain, "key");
    chain = kdf<ChainKey>(chain, "next");
    Bytes plain(size, 7);
    VALGRIND_MAKE_MEM_UNDEFINED(plain.data(), plain.size());
    Bytes cell(size + kAeadTagBytes);
    seal(message_key, CounterNonce{0}, as_bytes("ad"), plain, cell);
    define(cell);  // what goes out on the wire is public
    Bytes back(size);
    bool right = open(message_key, CounterNonce{0}, as_bytes("ad"), cell, back);
    VALGRIND_MAKE_MEM_DEFINED(&right, sizeof right);  // whether a tag was right is public
    opened = opened && right;
  }

  const auto own = undefined(PrivateKey::random(rng));
  const auto pair = KeyPair::generate(rng);
  (void)dh(own, pair.public_key);

  if (argc > 1 && std::string_view(argv[1]) == "leak" && Access::read(chain)[0] == 1) std::puts("leak");
  std::puts(opened ? "done" : "did not open");
  return 0;
}
