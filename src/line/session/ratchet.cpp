#include "line/session/ratchet.hpp"

#include "crypto/hash.hpp"
#include "crypto/mix.hpp"
#include "wire/reader.hpp"
#include "wire/writer.hpp"

namespace sw::line {
namespace {

constexpr std::size_t kFixedBytes = 12 + 32;

/// offer = accept = epoch u64 | round u32 | e[32] | kem part
struct Half {
  RoundId start;
  PublicKey ephemeral{};
  Bytes kem;
};

Bytes write_half(const Half& half) {
  wire::Writer out(kFixedBytes + half.kem.size());
  out.round_id(half.start).bytes(half.ephemeral).bytes(half.kem);
  return out.take();
}

Result<Half> read_half(ByteView bytes, std::size_t kem_bytes) {
  wire::Reader in(bytes);
  Half out;
  out.start = in.round_id();
  out.ephemeral = in.array<32>();
  out.kem = to_bytes(in.view(kem_bytes));
  if (!in.expect_end()) return fail(Errc::malformed, "a ratchet step has the wrong length");
  return out;
}

RootKey next_root(const RatchetKey& ratchet, const crypto::SharedSecret& shared, const crypto::KemShared* kem,
                  ByteView offer, ByteView accept) {
  static constexpr ByteArray<32> zeros{};
  const auto transcript = crypto::digest<32>({offer, accept});
  if (kem == nullptr) {
    return crypto::kdf_mixed<RootKey>(ratchet, "step", shared, ByteView(zeros), ByteView(transcript));
  }
  return crypto::kdf_mixed<RootKey>(ratchet, "step", shared, *kem, ByteView(transcript));
}

}  // namespace

Result<RatchetOffer> RatchetOffer::make(RoundId start, bool ml_kem, Rng& rng) {
  RatchetOffer offer(start, crypto::KeyPair::generate(rng));
  Half half{start, offer.x_ephemeral.public_key, {}};
  if (ml_kem) {
    auto kem = crypto::kem_generate();
    if (!kem) return std::unexpected(kem.error());
    half.kem = kem->public_key;
    offer.x_kem = std::move(*kem);
  }
  offer.x_bytes = write_half(half);
  return offer;
}

Result<RatchetOffer::Done> RatchetOffer::finish(ByteView accept, const RatchetKey& ratchet) const {
  const auto half = read_half(accept, x_kem ? crypto::kKemCipherBytes : 0);
  if (!half) return std::unexpected(half.error());
  const auto shared = crypto::dh(x_ephemeral.secret, half->ephemeral);
  if (!shared) return std::unexpected(shared.error());
  std::optional<crypto::KemShared> kem;
  if (x_kem) {
    auto opened = crypto::kem_decapsulate(x_kem->secret, half->kem);
    if (!opened) return std::unexpected(opened.error());
    kem = std::move(*opened);
  }
  return Done{next_root(ratchet, *shared, kem ? &*kem : nullptr, x_bytes, accept), {x_start, half->start}};
}

Result<Acceptance> accept_offer(ByteView offer, RoundId start, bool ml_kem, const RatchetKey& ratchet, Rng& rng) {
  const auto half = read_half(offer, ml_kem ? crypto::kKemPublicBytes : 0);
  if (!half) return std::unexpected(half.error());
  const auto ephemeral = crypto::KeyPair::generate(rng);
  const auto shared = crypto::dh(ephemeral.secret, half->ephemeral);
  if (!shared) return std::unexpected(shared.error());
  Half answer{start, ephemeral.public_key, {}};
  std::optional<crypto::KemShared> kem;
  if (ml_kem) {
    auto capsule = crypto::kem_encapsulate(half->kem);
    if (!capsule) return std::unexpected(capsule.error());
    answer.kem = std::move(capsule->cipher);
    kem = std::move(capsule->shared);
  }
  Bytes bytes = write_half(answer);
  RootKey root = next_root(ratchet, *shared, kem ? &*kem : nullptr, offer, bytes);
  return Acceptance{std::move(bytes), std::move(root), {half->start, start}};
}

}  // namespace sw::line
