#pragma once
// A relay's home: its keys, its card, the venue that it signed. What its operator makes and keeps. Protocol 8.6.
//
//   relay.key     0600  Ed25519 secret 64 | X25519 secret 32 | invitation secret 32
//   relay.card    0644  the card of these keys
//   relay.venue   0600  the venue that this relay signed, with the signatures known here
//   relay.invite  0600  u32: the serial of the next invitation
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "crypto/dh.hpp"
#include "crypto/sign.hpp"
#include "home/file.hpp"
#include "mix/invitation.hpp"
#include "mix/venue.hpp"

namespace sw::relay {

struct Keys {
  crypto::SigningPair id;
  crypto::KeyPair link;
  mix::InviteSecret invite;
};

class Home {
 public:
  /// What the operator says of the relay; the keys are made here.
  struct Terms {
    std::string host;
    std::string jurisdiction;
    wire::Endpoint at;
  };
  /// Makes keys and card in a folder that is there. Errc::conflict where a relay or a station has its home; an attempt
  /// that a crash cut short is finished with the same keys.
  [[nodiscard]] static Result<Home> create(const std::filesystem::path& folder, const Terms& terms, Rng& rng);
  enum class Hold : std::uint8_t {
    whole,        ///< to run, or to join
    invitations,  ///< to invite, also while the relay runs
  };
  /// Opens and holds the home. Errc::not_found, conflict (another process holds it), malformed, refused, io.
  [[nodiscard]] static Result<Home> open(const std::filesystem::path& folder, Hold what = Hold::whole);

  [[nodiscard]] const Keys& keys() const { return x_keys; }
  [[nodiscard]] const mix::RelayCard& card() const { return x_card; }
  /// The card's text, to hand over.
  [[nodiscard]] std::string card_text() const { return mix::encode(x_card, x_keys.id.secret); }

  /// The venue that this relay signed; nothing before the first one.
  [[nodiscard]] Result<std::optional<mix::Venue>> venue() const;

  enum class Before : std::uint8_t { keep, replace };  ///< what becomes of another venue that was signed here
  /// Signs: the venue with this relay's signature, and those that the home knew. It is kept on disk before it is
  /// returned. Errc::refused for a venue that this relay is not in, that says other than its card, or that its control
  /// lane cannot carry; unsupported for suite 2 without ML-KEM; conflict for another one than the home has.
  [[nodiscard]] Result<mix::Venue> sign(mix::Venue venue, Before before);

  /// So many new invitations; their serials are used up on disk before they are returned. Errc::conflict without a
  /// complete venue, refused where this relay is not its first one, out_of_range when the serials are used up.
  [[nodiscard]] Result<std::vector<mix::InviteToken>> invite(std::uint32_t count);

 private:
  Home(std::filesystem::path folder, home::Descriptor lock, Keys keys, mix::RelayCard card)
      : x_folder(std::move(folder)), x_lock(std::move(lock)), x_keys(std::move(keys)), x_card(std::move(card)) {}

  std::filesystem::path x_folder;
  home::Descriptor x_lock;
  Keys x_keys;
  mix::RelayCard x_card;
};

}  // namespace sw::relay
