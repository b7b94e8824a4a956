// needs: mix
// A venue file (protocol 8.6): it has one form; what is signed stays; what does not fit its control lane is refused,
// and what the refusal offers is a venue again.
#include "crypto/dh.hpp"
#include "crypto/rng.hpp"
#include "fuzz/fuzz.hpp"
#include "mix/venue.hpp"
#include "mix/venue_lane.hpp"
#include "mix/venue_words.hpp"
#include "wire/sizes.hpp"
#include "wire/text.hpp"

namespace sw::fuzz {
namespace {

struct Chain {
  std::vector<crypto::SigningPair> ids;
  mix::Venue venue;
};

const Chain& chain() {
  static const Chain made = [] {
    crypto::SeededRng rng(86);
    Chain out;
    for (const char* at : {"192.0.2.1:7150", "192.0.2.2:7150", "[2001:db8::3]:7150"}) {
      out.ids.push_back(crypto::SigningPair::generate(rng));
      out.venue.relays.push_back({"Institute", "Land", out.ids.back().public_key,
                                  crypto::KeyPair::generate(rng).public_key, *wire::parse_endpoint(at)});
    }
    out.venue.signatures.resize(3);
    return out;
  }();
  return made;
}

void check(mix::Venue venue) {
  SW_ASSERT(mix::check_venue(venue).has_value());
  const auto lane = mix::check_lane(venue);
  SW_ASSERT(lane.has_value() == mix::lane_load(venue).fits() && (lane || !lane.error().what.empty()));
  for (const std::string& row : mix::describe(venue)) {
    SW_ASSERT(wire::is_utf8(row) && row.find('\n') == std::string::npos);
  }
  const VenueId id = mix::id_of(venue);
  for (const crypto::SigningPair& pair : chain().ids) {
    const auto place = mix::place_of(venue, pair.public_key);
    if (place) SW_ASSERT(mix::add_signature(venue, *place, mix::sign_venue(venue, pair.secret)).has_value());
  }
  const auto back = mix::read_venue(mix::encode(venue));
  SW_ASSERT(back && *back == venue && mix::id_of(*back) == id);
}

}  // namespace

void run(ByteView data) {
  const std::string_view text = as_text(data);
  const auto venue = mix::read_venue(text);
  if (!venue) {
    SW_ASSERT(!venue.error().what.empty());
    return;
  }
  SW_ASSERT(text.size() <= wire::kVenueTextLimit && mix::encode(*venue) == text);
  check(*venue);
}

std::vector<Bytes> seeds() {
  std::vector<Bytes> out;
  for (std::size_t hops = 1; hops <= 3; ++hops) {
    mix::Venue venue = chain().venue;
    venue.relays.resize(hops);
    venue.signatures.resize(hops);
    if (hops == 1) venue.noise = mix::Noise::none;
    for (std::size_t i = 0; i <= hops; ++i) {
      out.push_back(to_bytes(as_bytes(mix::encode(venue))));
      if (i < hops) venue.signatures[i] = mix::sign_venue(venue, chain().ids[i].secret);
    }
  }
  return out;
}

}  // namespace sw::fuzz
