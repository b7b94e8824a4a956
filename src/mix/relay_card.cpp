#include "mix/relay_card.hpp"

#include "base/assert.hpp"
#include "crypto/dh.hpp"
#include "mix/key_lines.hpp"
#include "wire/text.hpp"

namespace sw::mix {
namespace {

constexpr std::string_view kDomain = "sw1-relay-card";

std::string signed_text(std::string_view body) {
  return std::string(kDomain).append(body);
}

}  // namespace

Result<void> check_card(const RelayCard& card) {
  const auto host = wire::check_name(card.host);
  if (!host) return fail(Errc::usage, "the operator: " + host.error().what);
  const auto jurisdiction = wire::check_name(card.jurisdiction);
  if (!jurisdiction) return fail(Errc::usage, "the jurisdiction: " + jurisdiction.error().what);
  if (!card.at.is_usable()) return fail(Errc::usage, "a relay needs the address at which others reach it");
  if (!crypto::usable_public_key(card.link)) return fail(Errc::usage, "the link key of a relay is no key");
  return {};
}

void put_relay(std::string& out, const RelayCard& card) {
  put_line(out, "operator", card.host);
  put_line(out, "jurisdiction", card.jurisdiction);
  put_line(out, "id", base64_text(card.id));
  put_line(out, "link", base64_text(card.link));
  put_line(out, "at", wire::to_text(card.at));
}

RelayCard take_relay(KeyLines& lines) {
  RelayCard out;
  out.host = lines.name("operator");
  out.jurisdiction = lines.name("jurisdiction");
  out.id = lines.bytes<32>("id");
  out.link = lines.bytes<32>("link");
  if (!crypto::usable_public_key(out.link)) lines.wrong("has no X25519 key");
  out.at = lines.endpoint("at");
  if (!out.at.is_usable()) lines.wrong("has an address that nothing can be sent to");
  return out;
}

std::string encode(const RelayCard& card, const crypto::SigningKey& relay) {
  SW_ASSERT(check_card(card).has_value());
  std::string out;
  put_line(out, "stillwire", "relay 1");
  put_relay(out, card);
  put_line(out, "signature", base64_text(crypto::sign(relay, as_bytes(signed_text(out)))));
  return out;
}

Result<RelayCard> read_relay_card(std::string_view text) {
  KeyLines lines("the relay card", text);
  lines.exact("stillwire", "relay 1");
  RelayCard card = take_relay(lines);
  const std::size_t body = lines.at();
  const auto signature = lines.bytes<64>("signature");
  if (!lines.expect_end()) return std::unexpected(lines.error());
  if (!crypto::verify(card.id, as_bytes(signed_text(text.substr(0, body))), signature)) {
    return fail(Errc::forged, "the relay card is not signed by its own relay: it was changed on its way");
  }
  return card;
}

}  // namespace sw::mix
