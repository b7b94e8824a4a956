// needs: line
// Cards: any card comes back as it was; no truncation, extension or flipped bit is taken; nothing stays after a move.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "crypto/access.hpp"
#include "crypto/rng.hpp"
#include "line/pairing/offer.hpp"

namespace sw::line {
namespace {

using crypto::Access;

Card any_card() {
  crypto::SeededRng rng(*rc::gen::arbitrary<std::uint64_t>());
  std::vector<std::uint32_t> rounds;
  for (std::uint32_t ms = 50; ms <= 600'000; ++ms) {
    if (1'800'000 % ms == 0) rounds.push_back(ms);
  }
  Card card{crypto::KeyPair::generate(rng).public_key,
            CardHalf::random(rng),
            crypto::KeyPair::generate(rng).public_key,
            *rc::gen::arbitrary<std::uint32_t>(),
            *rc::gen::elementOf(rounds),
            512,
            *rc::gen::arbitrary<std::uint8_t>(),
            {},
            {}};
  const int n = *rc::gen::inRange(1, 5);
  const int venues = *rc::gen::inRange(0, n + 1);
  for (int i = 0; i < venues; ++i) card.venues.push_back(VenueId{rng.array<16>()});
  std::ranges::sort(card.venues);
  for (int i = venues; i < n; ++i) {
    wire::Endpoint at{rng.array<16>(), *rc::gen::inRange<std::uint16_t>(1, 65535)};
    if (rng.below(2) == 0) {
      at.ip = ByteArray<16>{};
      at.ip[10] = at.ip[11] = 0xff;
      at.ip[15] = 1;
    }
    card.at.push_back(at);
  }
  return card;
}

bool same(const Card& a, const Card& b) {
  return to_bytes(encode(a).view()) == to_bytes(encode(b).view()) && a.line_key == b.line_key &&
         to_bytes(Access::read(a.half)) == to_bytes(Access::read(b.half)) && a.carrier_key == b.carrier_key &&
         a.made_day == b.made_day && a.round_ms == b.round_ms && a.cell == b.cell && a.caps == b.caps && a.at == b.at &&
         a.venues == b.venues;
}

RC_GTEST_PROP(Card, RoundTrip, ()) {
  const Card card = any_card();
  const auto from_bytes = decode_card(encode(card).view());
  RC_ASSERT(from_bytes.has_value());
  RC_ASSERT(same(*from_bytes, card));
  const std::string text(as_text(to_text(card).view()));
  const auto from_text = card_from_text("\r\n \t" + text + "\n\n");
  RC_ASSERT(from_text.has_value());
  RC_ASSERT(same(*from_text, card));
}

RC_GTEST_PROP(Card, EveryTruncationAndExtensionIsRefused, ()) {
  Bytes bytes = to_bytes(encode(any_card()).view());
  for (std::size_t n = 0; n < bytes.size(); ++n) RC_ASSERT(!decode_card(ByteView(bytes).first(n)).has_value());
  bytes.push_back(*rc::gen::arbitrary<std::uint8_t>());
  RC_ASSERT(!decode_card(bytes).has_value());
}

RC_GTEST_PROP(Card, EveryBitFlipIsRefused, ()) {
  const Bytes bytes = to_bytes(encode(any_card()).view());
  for (std::size_t bit = 0; bit < 8 * bytes.size(); ++bit) {
    Bytes wrong = bytes;
    wrong[bit / 8] = static_cast<std::uint8_t>(wrong[bit / 8] ^ (1U << (bit % 8)));
    RC_ASSERT(!decode_card(wrong).has_value());
  }
}

RC_GTEST_PROP(Card, EveryChangeOfTheTextIsRefused, ()) {
  const std::string text(as_text(to_text(any_card()).view()));
  for (std::size_t i = 0; i < text.size(); ++i) {
    RC_ASSERT(!card_from_text(text.substr(0, i)).has_value());
    std::string wrong = text;
    for (const char c : {' ', '\n', '=', 'A', '_', '\0'}) {
      if (c == text[i]) continue;
      wrong[i] = c;
      RC_ASSERT(!card_from_text(wrong).has_value());
    }
    RC_ASSERT(!card_from_text(std::string(text).insert(i, i == 0 ? "x" : "\n")).has_value());
  }
  RC_ASSERT(!card_from_text(text + "=").has_value());
  RC_ASSERT(!card_from_text(text + text).has_value());
}

RC_GTEST_PROP(Card, ArbitraryBytesWithARightChecksumNeverCrash, ()) {
  Bytes bytes = to_bytes(encode(any_card()).view());
  const auto at = *rc::gen::inRange<std::size_t>(1, bytes.size() - 8);
  bytes[at] = *rc::gen::arbitrary<std::uint8_t>();
  const auto sum = crypto::digest<8>({ByteView(bytes).first(bytes.size() - 8)});
  std::copy(sum.begin(), sum.end(), bytes.end() - 8);
  const auto card = decode_card(bytes);
  // What is taken at all is taken exactly.
  const bool exact = !card.has_value() || to_bytes(encode(*card).view()) == bytes;
  RC_ASSERT(exact);
}

RC_GTEST_PROP(Card, MovedFromIsWiped, ()) {
  Card card = any_card();
  const Card moved = std::move(card);
  RC_ASSERT(to_bytes(Access::read(card.half)) == Bytes(32, 0));
  RC_ASSERT(to_bytes(Access::read(moved.half)) != Bytes(32, 0));
}

RC_GTEST_PROP(Card, CheckNumberIsSymmetricAndSeesEveryField, ()) {
  const Card one = any_card();
  const Card other = any_card();
  RC_PRE(one.line_key != other.line_key);
  RC_ASSERT(check_number(one, other) == check_number(other, one));
  Card changed = other.clone();
  if (changed.at.empty()) {
    changed.venues.pop_back();
    changed.at.push_back({ByteArray<16>{1}, 1});
  } else {
    changed.at[0].port = static_cast<std::uint16_t>(changed.at[0].port ^ 1U);
  }
  RC_ASSERT(check_number(one, other) != check_number(one, changed));
}

}  // namespace
}  // namespace sw::line
