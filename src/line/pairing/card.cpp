#include "line/pairing/card.hpp"

#include <algorithm>
#include <functional>

#include "base/assert.hpp"
#include "crypto/base64.hpp"
#include "crypto/dh.hpp"
#include "crypto/hash.hpp"
#include "wire/cell_port.hpp"

namespace sw::line {
namespace {

constexpr std::uint8_t kUdp = 1;
constexpr std::uint8_t kRelays = 2;
constexpr std::size_t kChecksumBytes = 8;
// One more character than the longest card's text would be another card.
constexpr std::size_t kTextLimit = kCardPrefix.size() + (wire::kCardLimit * 4 + 2) / 3;

std::unexpected<Error> malformed() {
  return fail(Errc::malformed, "this is not a whole pairing card; copy it again, from SW1-CARD: to its end");
}

Result<void> check_fields(const Card& card) {
  if (card.cell != wire::kCellBytes) return fail(Errc::refused, "the card is for another cell size; use one release");
  if (!wire::valid_round_ms(card.round_ms)) {
    return fail(Errc::out_of_range, "the card's round length is not one that a line can have");
  }
  if (!std::ranges::all_of(card.at, &wire::Endpoint::is_usable))
    return fail(Errc::out_of_range, "an address of the card is not usable");
  if (std::ranges::adjacent_find(card.venues, std::greater_equal<>()) != card.venues.end()) {
    return fail(Errc::out_of_range, "the venues of the card are not in their order");
  }
  if (!crypto::usable_public_key(card.line_key) || !crypto::usable_public_key(card.carrier_key)) {
    return fail(Errc::refused, "a key of the card is not a usable X25519 key; ask for a new card");
  }
  return {};
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r\n";
  const std::size_t from = text.find_first_not_of(kSpace);
  if (from == std::string_view::npos) return {};
  return text.substr(from, text.find_last_not_of(kSpace) - from + 1);
}

}  // namespace

Card Card::clone() const {
  return {line_key, half.clone(), carrier_key, made_day, round_ms, cell, caps, at, venues};
}

crypto::SecretBytes encode(const Card& card) {
  const std::size_t ways = card.at.size() + card.venues.size();
  SW_ASSERT(ways >= 1 && ways <= wire::kCardAddresses);
  crypto::SecretWriter out;
  out.u8(kCardVersion).bytes(card.line_key).secret(card.half).bytes(card.carrier_key);
  out.u32(card.made_day).u32(card.round_ms).u16(card.cell).u8(card.caps);
  out.u8(static_cast<std::uint8_t>(ways));
  for (const wire::Endpoint& at : card.at) out.u8(kUdp).bytes(at.ip).u16(at.port);
  for (const VenueId& venue : card.venues) out.u8(kRelays).bytes(venue.bytes).u16(0);
  crypto::SecretBytes bytes = out.take();
  const auto checksum = crypto::digest<kChecksumBytes>({bytes.view()});
  bytes.append(checksum);
  return bytes;
}

Result<Card> decode_card(ByteView bytes) {
  if (bytes.empty()) return malformed();
  if (bytes[0] != kCardVersion) {
    return fail(Errc::unsupported, "the card is of another version; both sides need the same release of Stillwire");
  }
  if (bytes.size() < wire::kCardFixedBytes || bytes.size() > wire::kCardLimit) return malformed();
  const ByteView covered = bytes.first(bytes.size() - kChecksumBytes);
  if (!crypto::equal(crypto::digest<kChecksumBytes>({covered}), bytes.last(kChecksumBytes))) {
    return fail(Errc::malformed, "the card is damaged: its check sum does not match; copy it again");
  }
  crypto::SecretReader in(covered.subspan(1));
  const auto line_key = in.array<32>();
  Card card{line_key, in.secret<CardHalf>(), {}, 0, 0, 0, 0, {}, {}};
  card.carrier_key = in.array<32>();
  card.made_day = in.u32();
  card.round_ms = in.u32();
  card.cell = in.u16();
  card.caps = in.u8();
  const std::size_t n = in.u8();
  if (n < 1 || n > wire::kCardAddresses) return malformed();
  for (std::size_t i = 0; i < n; ++i) {
    const std::uint8_t kind = in.u8();
    const auto name = in.array<16>();
    const std::uint16_t port = in.u16();
    if (kind == kUdp && card.venues.empty()) {
      card.at.push_back({name, port});
    } else if (kind == kRelays && port == 0) {
      card.venues.push_back(VenueId{name});
    } else {
      return malformed();
    }
  }
  if (!in.expect_end()) return malformed();
  if (const auto fields = check_fields(card); !fields) return std::unexpected(fields.error());
  return card;
}

crypto::SecretBytes to_text(const Card& card) {
  crypto::SecretBytes text;
  text.append(as_bytes(kCardPrefix));
  text.append(crypto::to_base64url(encode(card).view()).view());
  return text;
}

Result<Card> card_from_text(std::string_view text) {
  const std::string_view line = trimmed(text);
  if (!line.starts_with(kCardPrefix)) return fail(Errc::malformed, "this is not a pairing card; one begins SW1-CARD:");
  if (line.size() > kTextLimit) return malformed();
  const auto bytes = crypto::from_base64url(line.substr(kCardPrefix.size()));
  if (!bytes) return malformed();
  return decode_card(bytes->view());
}

CheckNumber check_groups(const ByteArray<30>& bytes) {
  CheckNumber out{};
  for (std::size_t i = 0; i < out.size(); ++i) {
    std::uint64_t group = 0;
    for (std::size_t k = 0; k < 5; ++k) group = (group << 8) | bytes[5 * i + k];
    out[i] = static_cast<std::uint32_t>(group % 100'000);
  }
  return out;
}

CheckNumber check_number(const Card& one, const Card& other) {
  const bool ordered = one.line_key < other.line_key;
  const crypto::SecretBytes lower = encode(ordered ? one : other);
  const crypto::SecretBytes higher = encode(ordered ? other : one);
  return check_groups(crypto::digest<30>({as_bytes("sw1-check"), lower.view(), higher.view()}));
}

std::array<std::string, 6> check_digits(const CheckNumber& number) {
  std::array<std::string, 6> out;
  for (std::size_t i = 0; i < out.size(); ++i) {
    const std::string digits = std::to_string(number[i]);
    out[i] = std::string(5 - digits.size(), '0') + digits;
  }
  return out;
}

}  // namespace sw::line
