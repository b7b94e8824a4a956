#include "mix/relay/epoch_part.hpp"

#include <algorithm>

#include "base/assert.hpp"
#include "wire/reader.hpp"
#include "wire/sizes.hpp"

namespace sw::mix::relay {
namespace {

constexpr std::size_t kSignatureBytes = std::tuple_size_v<crypto::Signature>;
constexpr std::size_t kReceiptHopAt = 11 + 32;  // "sw1-receipt" | H | i u8

std::unexpected<Error> out_of_turn() {
  return fail(Errc::conflict, "out of the order of an epoch");
}

/// "only with its own keys of WANT inside; venue constants as in the venue file"
bool as_wanted(const Descriptor& d, Epoch number, const Want& want, const VenueTerms& terms) {
  if (d.venue != terms.venue || d.epoch != number || d.relays.size() != terms.hops()) return false;
  for (std::size_t i = 0; i < d.relays.size(); ++i) {
    if (d.relays[i].id != terms.relays[i]) return false;
  }
  return d.t0 == want.t0 && d.lead_rounds == want.lead_rounds && d.circuits == want.circuits &&
         d.round_ms == terms.round_ms && d.rounds == terms.rounds && d.slots == terms.slots && d.suite == terms.suite &&
         d.noise == terms.noise;
}

}  // namespace

OfferedKeys EpochPart::offer(const Self& self, Epoch highest) const {
  SW_ASSERT(x_keys.has_value());
  return {self.number(), x_keys->kx.public_key, x_keys->kem ? x_keys->kem->public_key : Bytes{}, highest};
}

bool EpochPart::ready(const Self& self) const {
  if (x_stage != Stage::set_up) return false;
  for (std::size_t hop = self.hop + 1; hop < self.terms.hops(); ++hop) {
    if (!x_receipts[hop]) return false;
  }
  return true;
}

Result<void> EpochPart::take_body(const Self& self, ByteView body) {
  if (x_stage != Stage::wanted) return out_of_turn();
  const auto decoded = decode_descriptor(body);
  if (!decoded) return std::unexpected(decoded.error());
  const OfferedKeys own = offer(self, {});
  const RelayKeys& said = decoded->relays.size() > self.hop ? decoded->relays[self.hop] : RelayKeys{};
  if (!as_wanted(*decoded, x_number, x_want, self.terms) || said.kx != own.kx || said.kem != own.kem) {
    return fail(Errc::refused, "not the body that this relay gave its keys for");
  }
  x_body = to_bytes(body);
  x_stage = Stage::claimed;
  return {};
}

crypto::Signature EpochPart::sign(const Self& self) {
  SW_ASSERT(x_stage == Stage::claimed);
  x_stage = Stage::bound;
  return sign_descriptor(self.id, x_body);
}

Result<void> EpochPart::take_descriptor(const Self& self, ByteView bytes) {
  if (x_stage != Stage::bound) return out_of_turn();
  wire::Reader in(bytes);
  const ByteView body = in.view(x_body.size());
  std::vector<crypto::Signature> signatures;
  signatures.reserve(self.terms.hops());
  for (std::size_t i = 0; i < self.terms.hops(); ++i) signatures.push_back(in.array<kSignatureBytes>());
  // Another body with all signatures would carry this relay's, too: it signed one.
  if (!in.expect_end() || !std::ranges::equal(body, x_body)) return fail(Errc::refused, "another body");
  auto accepted = accept_descriptor(body, signatures, self.terms.rules());
  if (!accepted) return std::unexpected(std::move(accepted.error()));
  x_accepted = std::make_shared<const AcceptedDescriptor>(std::move(*accepted));
  x_stage = Stage::agreed;
  return {};
}

Result<BatchSetup> EpochPart::take_setup(const Self& self, Bytes batch) {
  if (x_stage != Stage::agreed || !x_keys) return out_of_turn();
  const std::size_t onion_size = onion_bytes(self.terms.suite, self.terms.hops(), self.hop);
  if (batch.size() != self.terms.taken(self.hop, x_want.circuits) * onion_size) {
    return fail(Errc::malformed, "a set-up batch of another count");
  }
  x_stage = Stage::setting;
  EpochKeys keys = std::move(*x_keys);
  x_keys.reset();
  return BatchSetup({x_accepted, self.hop, receipt_form(self.terms, x_want.circuits)}, std::move(keys), self.id.clone(),
                    std::move(batch));
}

void EpochPart::finish_setup(SetUp& done) {
  SW_ASSERT(x_stage == Stage::setting);
  x_cover_tags = std::move(done.cover_tags);
  x_rounds = std::move(done.rounds);
  x_counts = done.counts;
  x_stage = Stage::set_up;
}

EpochPart::ReceiptSeen EpochPart::take_receipt(const Self& self, ByteView bytes) {
  const std::uint8_t said = bytes.size() > kReceiptHopAt ? bytes[kReceiptHopAt] : std::uint8_t{0};
  if (said <= self.number() || said > self.terms.hops()) return {ReceiptIs::refused, 0};
  const std::size_t hop = said - std::size_t{1};
  if (x_stage != Stage::set_up || x_receipts[hop]) return {ReceiptIs::refused, said};
  const auto receipt = Receipt::read(bytes, *x_accepted, hop);
  if (!receipt) return {ReceiptIs::refused, said};
  const auto& own = x_cover_tags[hop - self.hop - 1];
  if (!std::ranges::all_of(own, [&](const Tag& tag) { return receipt->names(tag); })) {
    return {ReceiptIs::cover_missing, said};
  }
  x_receipts[hop] = true;
  return {ReceiptIs::good, said};
}

Result<BatchPass> EpochPart::forward(const Self& self, Round round, Bytes batch) {
  if (!ready(self)) return out_of_turn();
  if (auto opened = x_rounds->open_forward(round, batch.size()); !opened) return std::unexpected(opened.error());
  return BatchPass(x_rounds, self.last() ? BatchPass::Way::turn : BatchPass::Way::forward, round, std::move(batch));
}

Result<BatchPass> EpochPart::backward(const Self& self, Round round, Bytes batch) {
  if (!ready(self) || self.last()) return out_of_turn();
  if (auto opened = x_rounds->open_backward(round, batch.size()); !opened) return std::unexpected(opened.error());
  return BatchPass(x_rounds, BatchPass::Way::back, round, std::move(batch));
}

}  // namespace sw::mix::relay
