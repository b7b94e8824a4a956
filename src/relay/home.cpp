#include "relay/home.hpp"

#include <limits>
#include <utility>

#include "crypto/kem.hpp"
#include "mix/venue_lane.hpp"
#include "wire/reader.hpp"
#include "wire/sizes.hpp"
#include "wire/writer.hpp"

namespace sw::relay {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kKeyBytes = crypto::SigningKey::kSize + crypto::PrivateKey::kSize + mix::InviteSecret::kSize;
constexpr std::size_t kSerialBytes = 4;

fs::path key_path(const fs::path& folder) {
  return folder / "relay.key";
}
fs::path card_path(const fs::path& folder) {
  return folder / "relay.card";
}
fs::path venue_path(const fs::path& folder) {
  return folder / "relay.venue";
}

Result<home::Descriptor> hold(const fs::path& folder, Home::Hold what) {
  const bool whole = what == Home::Hold::whole;
  return home::hold_home_file(folder / (whole ? "relay.run" : "relay.inviting"),
                              whole ? "another command or relay is using this home; wait for its end"
                                    : "another command is making invitations on this home; wait for its end");
}

Result<Keys> parse_keys(const fs::path& path, Bytes&& bytes) {
  const crypto::SecretBytes content(std::move(bytes));
  crypto::SecretReader in(content.view());
  auto id = in.secret<crypto::SigningKey>();
  auto link = in.secret<crypto::PrivateKey>();
  auto invite = in.secret<mix::InviteSecret>();
  if (!in.expect_end()) {
    return fail(Errc::malformed, path.string() + " holds no keys of a relay; put the right file back from a copy");
  }
  return Keys{crypto::SigningPair::from(std::move(id)), crypto::KeyPair::from(std::move(link)), std::move(invite)};
}

Result<Keys> create_keys(const fs::path& folder, Rng& rng) {
  Keys keys{crypto::SigningPair::generate(rng), crypto::KeyPair::generate(rng), mix::InviteSecret::random(rng)};
  crypto::SecretWriter out;
  out.secret(keys.id.secret).secret(keys.link.secret).secret(keys.invite);
  const crypto::SecretBytes bytes = out.take();
  if (auto written = home::replace_home_file(key_path(folder), bytes.view(), home::Exposure::owner_only); !written) {
    return std::unexpected(written.error());
  }
  return keys;
}

Result<std::optional<Keys>> load_keys(const fs::path& folder) {
  auto file = home::read_home_file(key_path(folder), kKeyBytes, home::Exposure::owner_only);
  if (!file) return std::unexpected(file.error());
  if (!file->has_value()) return std::nullopt;
  auto keys = parse_keys(key_path(folder), std::move(**file));
  if (!keys) return std::unexpected(keys.error());
  return std::move(*keys);
}

Result<std::optional<mix::RelayCard>> load_card(const fs::path& folder) {
  const auto file = home::read_home_file(card_path(folder), wire::kVenueTextLimit, home::Exposure::readable);
  if (!file) return std::unexpected(file.error());
  if (!file->has_value()) return std::nullopt;
  auto card = mix::read_relay_card(as_text(**file));
  if (!card) return fail(card.error().code, card_path(folder).string() + ": " + card.error().what);
  return std::move(*card);
}

// "only as its card says": otherwise an operator would put their name to a host, a law or a key that is not theirs.
Result<std::size_t> place_in(const mix::Venue& venue, const mix::RelayCard& card) {
  const auto place = mix::place_of(venue, card.id);
  if (!place) return fail(Errc::refused, "this relay is not in this venue: its id is none of those in the file");
  const mix::RelayCard& there = venue.relays[*place];
  if (there == card) return *place;
  const char* const other = there.link != card.link   ? "link key"
                            : there.at != card.at     ? "address"
                            : there.host != card.host ? "operator"
                                                      : "jurisdiction";
  return fail(Errc::refused, "relay " + std::to_string(*place + 1) + " of this venue is this one, but with another " +
                                 other + " than on its card; have the venue made anew from the card");
}

}  // namespace

Result<Home> Home::create(const fs::path& folder, const Terms& terms, Rng& rng) {
  std::error_code error;
  if (fs::exists(folder / "station.db", error) || fs::exists(folder / "carrier.key", error)) {
    return fail(Errc::conflict, "a station lives on this home; give the relay a home of its own with --home");
  }
  auto lock = hold(folder, Hold::whole);
  if (!lock) return std::unexpected(lock.error());
  auto known = load_card(folder);
  if (!known) return std::unexpected(known.error());
  auto keys = load_keys(folder);
  if (!keys) return std::unexpected(keys.error());
  if (known->has_value() && keys->has_value()) {
    return fail(Errc::conflict, "there is a relay on this home already; choose another with --home");
  }
  if (known->has_value()) {
    return fail(Errc::not_found, key_path(folder).string() + " is missing, but " + card_path(folder).string() +
                                     " shows that there was one; put it back from a copy");
  }
  mix::RelayCard card{terms.host, terms.jurisdiction, {}, {}, terms.at};
  // Checked before any key is made: with a link key that is good for sure.
  card.link = crypto::KeyPair::generate(rng).public_key;
  if (auto good = mix::check_card(card); !good) return std::unexpected(good.error());
  if (!keys->has_value()) {
    auto made = create_keys(folder, rng);
    if (!made) return std::unexpected(made.error());
    *keys = std::move(*made);
  }
  card.id = (*keys)->id.public_key;
  card.link = (*keys)->link.public_key;
  const std::string text = mix::encode(card, (*keys)->id.secret);
  if (auto kept = home::replace_home_file(card_path(folder), as_bytes(text), home::Exposure::readable); !kept) {
    return std::unexpected(kept.error());
  }
  return Home(folder, std::move(*lock), std::move(**keys), std::move(card));
}

Result<Home> Home::open(const fs::path& folder, Hold what) {
  std::error_code error;
  if (!fs::exists(key_path(folder), error) && !fs::exists(card_path(folder), error)) {
    return fail(Errc::not_found, "there is no relay on this home; make it with: stillwire relay init");
  }
  auto lock = hold(folder, what);
  if (!lock) return std::unexpected(lock.error());
  auto keys = load_keys(folder);
  if (!keys) return std::unexpected(keys.error());
  auto card = load_card(folder);
  if (!card) return std::unexpected(card.error());
  if (!keys->has_value() || !card->has_value()) {
    const fs::path missing = keys->has_value() ? card_path(folder) : key_path(folder);
    return fail(Errc::not_found, missing.string() + " is missing; put it back from a copy");
  }
  if ((*card)->id != (*keys)->id.public_key || (*card)->link != (*keys)->link.public_key) {
    return fail(Errc::conflict, key_path(folder).string() + " and relay.card do not belong together");
  }
  return Home(folder, std::move(*lock), std::move(**keys), std::move(**card));
}

Result<std::optional<mix::Venue>> Home::venue() const {
  const auto path = venue_path(x_folder);
  const auto file = home::read_home_file(path, wire::kVenueTextLimit, home::Exposure::owner_only);
  if (!file) return std::unexpected(file.error());
  if (!file->has_value()) return std::nullopt;
  auto venue = mix::read_venue(as_text(**file));
  if (!venue) return fail(venue.error().code, path.string() + ": " + venue.error().what);
  return std::move(*venue);
}

Result<mix::Venue> Home::sign(mix::Venue venue, Before before) {
  const auto place = place_in(venue, x_card);
  if (!place) return std::unexpected(place.error());
  if (auto good = mix::check_lane(venue); !good) return std::unexpected(good.error());
  if (venue.suite == mix::Suite::x25519_mlkem768 && !crypto::kem_available()) {
    return fail(Errc::unsupported, "this venue has suite 2, and this machine's libcrypto has no ML-KEM (3.5 has it)");
  }
  const auto known = this->venue();
  if (!known) return std::unexpected(known.error());
  if (known->has_value()) {
    const bool same = mix::id_of(**known) == mix::id_of(venue);
    if (!same && before == Before::keep) {
      return fail(Errc::conflict, "this relay has signed another venue already; with --replace it leaves that one");
    }
    for (std::size_t i = 0; same && i < venue.hops(); ++i) {
      if (!venue.signatures[i]) venue.signatures[i] = (*known)->signatures[i];
    }
  }
  if (auto added = mix::add_signature(venue, *place, mix::sign_venue(venue, x_keys.id.secret)); !added) {
    return std::unexpected(added.error());
  }
  const std::string text = mix::encode(venue);
  if (auto kept = home::replace_home_file(venue_path(x_folder), as_bytes(text), home::Exposure::owner_only); !kept) {
    return fail(kept.error().code, "not signed: " + kept.error().what);
  }
  return venue;
}

Result<std::vector<mix::InviteToken>> Home::invite(std::uint32_t count) {
  const auto known = venue();
  if (!known) return std::unexpected(known.error());
  if (!known->has_value() || !mix::complete(**known)) {
    return fail(Errc::conflict,
                "this home has no venue that all its relays signed; join it again once the others have signed");
  }
  if (mix::place_of(**known, x_card.id) != std::size_t{0}) {
    return fail(Errc::refused, "only the first relay of a venue invites: stations register there");
  }
  const auto path = x_folder / "relay.invite";
  const auto file = home::read_home_file(path, kSerialBytes, home::Exposure::owner_only);
  if (!file) return std::unexpected(file.error());
  std::uint32_t next = 0;
  if (file->has_value()) {
    wire::Reader in(**file);
    next = in.u32();
    if (!in.expect_end()) return fail(Errc::malformed, path.string() + " is damaged; put it back from a copy");
  }
  if (count > std::numeric_limits<std::uint32_t>::max() - next) {
    return fail(Errc::out_of_range, "this relay has no so many invitations left");
  }
  const Bytes after = wire::Writer().u32(next + count).take();
  if (auto kept = home::replace_home_file(path, after, home::Exposure::owner_only); !kept) {
    return std::unexpected(kept.error());
  }
  std::vector<mix::InviteToken> out;
  out.reserve(count);
  const VenueId id = mix::id_of(**known);
  for (std::uint32_t i = 0; i < count; ++i) out.push_back(mix::make_invitation(x_keys.invite, id, next + i));
  return out;
}

}  // namespace sw::relay
