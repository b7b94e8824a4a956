// needs: mix
// A relay's card (protocol 8.6): it has one form, and only its own relay makes it.
#include "crypto/dh.hpp"
#include "crypto/rng.hpp"
#include "fuzz/fuzz.hpp"
#include "mix/key_lines.hpp"
#include "mix/relay_card.hpp"
#include "wire/sizes.hpp"
#include "wire/text.hpp"

namespace sw::fuzz {
namespace {

const crypto::SigningPair& relay() {
  static const crypto::SigningPair pair = [] {
    crypto::SeededRng rng(8);
    return crypto::SigningPair::generate(rng);
  }();
  return pair;
}

/// Signed by the fuzz's own relay, so that the fields are met.
void check_signed(std::string_view text) {
  mix::KeyLines lines("the relay card", text);
  lines.exact("stillwire", "relay 1");
  mix::RelayCard card = mix::take_relay(lines);
  if (!lines.ok() || lines.at() != text.size()) {
    SW_ASSERT(wire::is_utf8(lines.error().what));
    return;
  }
  SW_ASSERT(mix::check_card(card).has_value());
  card.id = relay().public_key;
  const std::string whole = mix::encode(card, relay().secret);
  SW_ASSERT(whole.size() <= wire::kVenueTextLimit);
  const auto back = mix::read_relay_card(whole);
  SW_ASSERT(back && *back == card);
}

}  // namespace

void run(ByteView data) {
  const std::string_view text = as_text(data);
  const auto card = mix::read_relay_card(text);
  if (card) {
    SW_ASSERT(text.size() <= wire::kVenueTextLimit && mix::check_card(*card));
    // Of the bytes before the signature there is one form.
    const std::string again = mix::encode(*card, relay().secret);
    SW_ASSERT(again.substr(0, again.rfind("signature ")) == text.substr(0, text.rfind("signature ")));
  } else {
    SW_ASSERT(!card.error().what.empty());
  }
  check_signed(text);
}

std::vector<Bytes> seeds() {
  std::vector<Bytes> out;
  crypto::SeededRng rng(9);
  for (const char* at : {"192.0.2.1:7150", "[2001:db8::1]:1"}) {
    const mix::RelayCard card{"Institute", "Land", relay().public_key, crypto::KeyPair::generate(rng).public_key,
                              *wire::parse_endpoint(at)};
    const std::string text = mix::encode(card, relay().secret);
    out.push_back(to_bytes(as_bytes(text)));
    out.push_back(to_bytes(as_bytes(text.substr(0, text.rfind("signature ")))));
  }
  return out;
}

}  // namespace sw::fuzz
