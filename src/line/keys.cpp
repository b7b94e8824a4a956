#include "line/keys.hpp"

#include <algorithm>
#include <tuple>

#include "base/assert.hpp"
#include "wire/cell_port.hpp"

namespace sw::line {
namespace {

constexpr std::uint8_t kSavedVersion = 2;

std::unexpected<Error> broken() {
  return fail(Errc::malformed, "the line's stored keys do not parse");
}

std::vector<wire::Endpoint> load_endpoints(crypto::SecretReader& in) {
  std::vector<wire::Endpoint> at;
  const std::size_t n = std::min<std::size_t>(in.u8(), wire::kCardAddresses + 1);
  for (std::size_t i = 0; i < n; ++i) {
    const auto ip = in.array<16>();
    at.push_back({ip, in.u16()});
  }
  return at;
}

void save_venue(const VenueKeys& venue, crypto::SecretWriter& out) {
  out.u8(static_cast<std::uint8_t>(venue.terms.kind));
  if (venue.terms.kind == VenueKind::relays) save_terms(venue.terms, venue.slot, out);
  out.secret(venue.psk.newest).u8(venue.psk.previous ? 1 : 0);
  if (venue.psk.previous) out.secret(*venue.psk.previous);
  out.u8(static_cast<std::uint8_t>(venue.continuity));
  out.u64(venue.reserved.epoch.value).u32(venue.reserved.round.value);
  out.u64(venue.from.value).u8(venue.until ? 1 : 0).u64(venue.until.value_or(Epoch{}).value);
}

/// `direct`: the terms of the direct venue, which follow from the line's keys.
std::optional<VenueKeys> load_venue(crypto::SecretReader& in, const VenueTerms& direct) {
  const std::uint8_t kind = in.u8();
  VenueTerms terms = direct;
  Slot slot{};
  if (kind != 0) std::tie(terms, slot) = load_terms(in);
  if (kind > 1 || (kind == 1 && !in_range(terms, slot))) return std::nullopt;
  PskState psk{in.secret<Psk>(), std::nullopt};
  const std::uint8_t has_previous = in.u8();
  if (has_previous == 1) psk.previous = in.secret<Psk>();
  const std::uint8_t continuity = in.u8();
  const Epoch epoch{in.u64()};
  const RoundId reserved{epoch, Round{in.u32()}};
  const Epoch from{in.u64()};
  const std::uint8_t leaves = in.u8();
  const Epoch until{in.u64()};
  if (has_previous > 1 || continuity > 1 || leaves > 1 || (leaves == 0 && until != Epoch{})) return std::nullopt;
  return VenueKeys{terms,
                   slot,
                   std::move(psk),
                   static_cast<Continuity>(continuity),
                   reserved,
                   from,
                   leaves == 1 ? std::optional(until) : std::nullopt};
}

constexpr std::uint8_t kChangeOwn = 1;
constexpr std::uint8_t kChangeTheirs = 2;

void save_change(const std::optional<VenueChange>& change, crypto::SecretWriter& out) {
  if (!change) {
    out.u8(0);
    return;
  }
  out.u8(static_cast<std::uint8_t>((change->own ? kChangeOwn : 0) | (change->theirs ? kChangeTheirs : 0)));
  if (change->own) {
    save_terms(change->own->venue.terms, change->own->venue.slot, out);
    out.secret(change->own->half);
  } else {
    out.bytes(change->venue.bytes);
  }
  if (change->theirs) out.secret(*change->theirs);
  out.u64(change->from.value);
}

/// False where there is none that save_change() writes.
bool load_change(crypto::SecretReader& in, std::optional<VenueChange>& out) {
  const std::uint8_t has = in.u8();
  if (has == 0) return true;
  if (has > (kChangeOwn | kChangeTheirs)) return false;
  VenueChange change;
  if ((has & kChangeOwn) != 0) {
    const auto [terms, slot] = load_terms(in);
    if (!in_range(terms, slot)) return false;
    change.venue = terms.id;
    change.own = VenueChange::Own{{terms, slot}, in.secret<VenueHalf>()};
  } else {
    change.venue = VenueId{in.array<16>()};
  }
  if ((has & kChangeTheirs) != 0) change.theirs = in.secret<VenueHalf>();
  change.from = Epoch{in.u64()};
  if (change.from != Epoch{} && !change.agreed()) return false;
  out = std::move(change);
  return true;
}

bool distinct(const std::vector<VenueKeys>& venues) {
  for (auto it = venues.begin(); it != venues.end(); ++it) {
    if (std::any_of(venues.begin(), it, [&](const VenueKeys& v) { return v.terms.id == it->terms.id; })) return false;
  }
  return true;
}

bool in_range(const LineKeys& keys) {
  const auto digits = [](std::uint32_t group) { return group < 100'000; };
  const auto is_direct = [](const VenueKeys& venue) { return venue.terms.kind == VenueKind::direct; };
  if (keys.venues.empty() || keys.venues.size() > wire::kLineVenues || !distinct(keys.venues)) return false;
  if (std::ranges::any_of(keys.venues.begin() + 1, keys.venues.end(), is_direct)) return false;
  if (keys.change) {
    const auto same = [&](const VenueKeys& venue) { return venue.terms.id == keys.change->venue; };
    if (std::ranges::any_of(keys.venues, same)) return false;
    if (keys.change->own && keys.venues.size() >= wire::kLineVenues) return false;
  }
  return keys.at.empty() != keys.direct() && keys.at.size() <= wire::kCardAddresses &&
         std::ranges::all_of(keys.at, &wire::Endpoint::is_usable) && wire::valid_round_ms(keys.round_ms) &&
         keys.own.public_key != keys.peer && std::ranges::all_of(keys.check, digits);
}

}  // namespace

void save_terms(const VenueTerms& terms, Slot slot, crypto::SecretWriter& out) {
  out.bytes(terms.id.bytes).u32(terms.round_ms).u32(terms.rounds).u8(slot.value);
}

std::pair<VenueTerms, Slot> load_terms(crypto::SecretReader& in) {
  VenueTerms terms{VenueId{in.array<16>()}, 0, 0, VenueKind::relays};
  terms.round_ms = in.u32();
  terms.rounds = in.u32();
  return {terms, Slot{in.u8()}};
}

bool in_range(const VenueTerms& relays, Slot slot) {
  const std::uint64_t span = std::uint64_t{relays.round_ms} * relays.rounds;
  return relays.round_ms >= wire::kRoundMsLeast && relays.rounds >= wire::kEpochRoundsLeast &&
         span <= wire::kEpochSpanMs && slot.value < wire::kSlotLimit;
}

PskId psk_id(const Psk& psk) {
  return crypto::kdf_public<8>(psk, "psk-id");
}

crypto::Role LineKeys::role() const {
  return own.public_key < peer ? crypto::Role::initiator : crypto::Role::responder;
}

bool LineKeys::refused() const {
  return std::ranges::any_of(venues, [](const VenueKeys& each) { return each.continuity == Continuity::refused; });
}

VenueKeys& LineKeys::in(const VenueId& venue) {
  const auto found = std::ranges::find_if(venues, [&](const VenueKeys& each) { return each.terms.id == venue; });
  SW_ASSERT(found != venues.end());
  return *found;
}

VenueKeys* LineKeys::find(const VenueId& venue) {
  const auto found = std::ranges::find_if(venues, [&](const VenueKeys& each) { return each.terms.id == venue; });
  return found == venues.end() ? nullptr : &*found;
}

const VenueKeys& LineKeys::in(const VenueId& venue) const {
  const auto found = std::ranges::find_if(venues, [&](const VenueKeys& each) { return each.terms.id == venue; });
  SW_ASSERT(found != venues.end());
  return *found;
}

LineKeys LineKeys::clone() const {
  auto copy = load(save().view());
  SW_ASSERT(copy.has_value());
  return std::move(*copy);
}

crypto::SecretBytes LineKeys::save() const {
  SW_ASSERT(in_range(*this));
  crypto::SecretWriter out;
  out.u8(kSavedVersion).secret(own.secret).bytes(peer).bytes(peer_carrier).u8(static_cast<std::uint8_t>(at.size()));
  for (const wire::Endpoint& e : at) out.bytes(e.ip).u16(e.port);
  out.u32(round_ms).u8(caps);
  for (const std::uint32_t group : check) out.u32(group);
  kid.save(out);
  khs.save(out);
  out.u8(static_cast<std::uint8_t>(venues.size()));
  for (const VenueKeys& venue : venues) save_venue(venue, out);
  save_change(change, out);
  return out.take();
}

Result<LineKeys> LineKeys::load(ByteView saved) {
  crypto::SecretReader in(saved);
  if (in.u8() != kSavedVersion) return fail(Errc::unsupported, "the line was stored by another version");
  auto own = crypto::KeyPair::from(in.secret<crypto::PrivateKey>());
  const auto peer = in.array<32>();
  const auto peer_carrier = in.array<32>();
  auto at = load_endpoints(in);
  const std::uint32_t round_ms = in.u32();
  const std::uint8_t caps = in.u8();
  CheckNumber check{};
  for (std::uint32_t& group : check) group = in.u32();
  auto kid = DayKeys<Kid>::load(in);
  auto khs = DayKeys<Khs>::load(in);
  const std::size_t venues = in.u8();
  if (venues < 1 || venues > wire::kLineVenues) return broken();
  LineKeys keys{std::move(own), peer,  peer_carrier,   std::move(at),  round_ms,
                caps,           check, std::move(kid), std::move(khs), {}};
  if (!wire::valid_round_ms(round_ms)) return broken();
  const VenueTerms direct = direct_venue(keys.own.public_key, peer, round_ms);
  for (std::size_t i = 0; i < venues; ++i) {
    auto venue = load_venue(in, direct);
    if (!venue) return broken();
    keys.venues.push_back(std::move(*venue));
  }
  if (!load_change(in, keys.change) || !in.expect_end()) return broken();
  if (!in_range(keys)) return broken();
  return keys;
}

}  // namespace sw::line
