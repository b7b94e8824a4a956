#pragma once
// The pairing card (protocol 4.1): what one party hands the other in person. It holds a secret half until the line is
// confirmed, so its bytes and its text wipe themselves.
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.hpp"
#include "base/result.hpp"
#include "crypto/secret.hpp"
#include "wire/endpoint.hpp"
#include "wire/sizes.hpp"

namespace sw::line {

using CardHalf = crypto::Secret<struct CardHalfRole, 32>;

inline constexpr std::uint8_t kCardVersion = 1;
inline constexpr std::string_view kCardPrefix = "SW1-CARD:";
/// caps bit 0; bits that this version does not know are kept in the card and never used.
inline constexpr std::uint8_t kCapMlKem = 1;

struct Card {
  PublicKey line_key{};  ///< S_line
  CardHalf half;
  PublicKey carrier_key{};  ///< L_carrier
  std::uint32_t made_day{};
  std::uint32_t round_ms{};
  std::uint16_t cell = static_cast<std::uint16_t>(wire::kCellBytes);
  std::uint8_t caps{};
  std::vector<wire::Endpoint> at;  ///< UDP; none: no direct venue
  std::vector<VenueId> venues;     ///< of relays; with `at` 1 to 4

  [[nodiscard]] Card clone() const;
};

/// The card's bytes with their check sum. The fields must be in range (a bug otherwise).
[[nodiscard]] crypto::SecretBytes encode(const Card& card);
/// Exactly one card of this version with every field in range, or Errc::malformed, unsupported (another version),
/// refused (another cell size, a key that is none).
[[nodiscard]] Result<Card> decode_card(ByteView bytes);

/// "SW1-CARD:" and base64url: the file and the QR code, one line without its end.
[[nodiscard]] crypto::SecretBytes to_text(const Card& card);
/// White space before and after is allowed, inside it is not.
[[nodiscard]] Result<Card> card_from_text(std::string_view text);

/// Six numbers below 100,000, the same on both screens.
using CheckNumber = std::array<std::uint32_t, 6>;
[[nodiscard]] CheckNumber check_number(const Card& one, const Card& other);
/// Six groups of five digits out of 30 bytes: also the groups of protocol 4.4.
[[nodiscard]] CheckNumber check_groups(const ByteArray<30>& bytes);
/// Each as five digits, with leading zeros.
[[nodiscard]] std::array<std::string, 6> check_digits(const CheckNumber& number);

}  // namespace sw::line
