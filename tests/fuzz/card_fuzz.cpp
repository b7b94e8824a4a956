// needs: line
// Card text and card bytes (protocol 4.1): what decodes has one encoding; what is accepted pairs, and its keys can be
// stored.
#include "crypto/hash.hpp"
#include "crypto/rng.hpp"
#include "fuzz/fuzz.hpp"
#include "line/pairing/offer.hpp"

namespace sw::fuzz {
namespace {

constexpr UtcMs kNow{1'790'000'000'000};

line::Offer make_offer(std::uint64_t seed, std::size_t addresses) {
  crypto::SeededRng rng(seed);
  line::OfferTerms terms;
  terms.carrier = crypto::KeyPair::generate(rng).public_key;
  for (std::size_t i = 0; i < addresses; ++i) terms.at.push_back({rng.array<16>(), 7144});
  auto offer = line::Offer::make(terms, rng, kNow);
  SW_ASSERT(offer.has_value());
  return std::move(*offer);
}

void check_text(std::string_view text) {
  const auto card = line::card_from_text(text);
  if (!card) return;
  const auto canonical = line::to_text(*card);
  const std::size_t at = text.find(as_text(canonical.view()));
  SW_ASSERT(at != std::string_view::npos);
  SW_ASSERT(text.substr(0, at).find_first_not_of(" \t\r\n") == std::string_view::npos);
  SW_ASSERT(text.substr(at + canonical.size()).find_first_not_of(" \t\r\n") == std::string_view::npos);
}

void pair_with(const line::Card& card) {
  static const crypto::SecretBytes saved = make_offer(1, 2).save();
  auto offer = line::Offer::load(saved.view());
  SW_ASSERT(offer.has_value());
  const auto text = line::to_text(card);
  if (!offer->accept(as_text(text.view()), kNow, {})) {
    SW_ASSERT(!offer->accepted() && same(offer->save().view(), saved.view()));
    return;
  }
  SW_ASSERT(offer->check() == line::check_number(card, offer->card()));
  const auto accepted = offer->save();
  const auto loaded = line::Offer::load(accepted.view());
  SW_ASSERT(loaded && same(loaded->save().view(), accepted.view()));
  const auto keys = std::move(*offer).confirm(kNow);
  if (!keys) return;
  const auto stored = keys->save();
  SW_ASSERT(stored.size() <= line::LineKeys::kSavedLimit);
  const auto back = line::LineKeys::load(stored.view());
  SW_ASSERT(back && same(back->save().view(), stored.view()));
}

}  // namespace

void run(ByteView data) {
  check_text(as_text(data));
  SW_ASSERT(!line::decode_card(data) || data.size() >= wire::kCardFixedBytes);
  // With the check sum that fits, so that the fields are met.
  const Bytes bytes = joined({data, crypto::digest<8>({data})});
  const auto card = line::decode_card(bytes);
  if (!card) return;
  SW_ASSERT(same(line::encode(*card).view(), bytes));
  check_text(as_text(line::to_text(*card).view()));
  pair_with(*card);
}

std::vector<Bytes> seeds() {
  std::vector<Bytes> out;
  for (std::size_t n = 1; n <= 4; ++n) {
    const auto offer = make_offer(10 + n, n);
    const auto bytes = line::encode(offer.card());
    out.push_back(to_bytes(bytes.view().first(bytes.size() - 8)));
    out.push_back(to_bytes(line::to_text(offer.card()).view()));
  }
  return out;
}

}  // namespace sw::fuzz
