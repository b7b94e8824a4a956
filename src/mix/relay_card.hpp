#pragma once
// A relay's card: who runs it, under whose law, with which keys and where. Its operator hands it to whoever makes a
// venue. Protocol 8.6.
#include <string>
#include <string_view>

#include "base/ids.hpp"
#include "base/result.hpp"
#include "crypto/sign.hpp"
#include "wire/endpoint.hpp"

namespace sw::mix {

struct RelayCard {
  std::string host;          ///< the operator; a name as wire::check_name has it
  std::string jurisdiction;  ///< likewise
  PublicKey id{};            ///< Ed25519: signs venues, descriptors and receipts
  PublicKey link{};          ///< X25519: the static key toward its neighbours
  wire::Endpoint at;
  bool operator==(const RelayCard&) const = default;
};

/// Errc::usage with a sentence for a name, a link key or an address that cannot be on a card.
[[nodiscard]] Result<void> check_card(const RelayCard& card);
/// The text, signed. The card must be good.
[[nodiscard]] std::string encode(const RelayCard& card, const crypto::SigningKey& relay);
/// Errc::malformed, out_of_range, or forged when it is not signed by its own id.
[[nodiscard]] Result<RelayCard> read_relay_card(std::string_view text);

class KeyLines;
/// The five lines that a card and a venue file share.
void put_relay(std::string& out, const RelayCard& card);
[[nodiscard]] RelayCard take_relay(KeyLines& lines);

}  // namespace sw::mix
