#include "line/line.hpp"

#include <algorithm>

#include "base/assert.hpp"
#include "crypto/hash.hpp"
#include "crypto/kem.hpp"

namespace sw::line {
namespace {

/// The leg that opened a cell last; of equals the first.
const LegStatus& latest(const std::vector<LegStatus>& legs) {
  const auto age_ms = [](const LegStatus& leg) {
    return leg.since_opened ? std::uint64_t{*leg.since_opened} * leg.venue.round_ms : UINT64_MAX;
  };
  return *std::ranges::min_element(legs, {}, age_ms);
}

}  // namespace

Result<void> check_machine(std::uint8_t caps) {
  if ((caps & kCapMlKem) != 0 && !crypto::kem_available()) {
    return fail(Errc::unsupported,
                "a line was paired with ML-KEM-768, which this machine's libcrypto does not have (OpenSSL 3.5 or later "
                "does); move the home to such a machine, or pair the line anew");
  }
  return {};
}

Result<Line> Line::make(LineKeys keys, std::uint64_t incarnation) {
  if (auto good = check_machine(keys.caps); !good) return std::unexpected(std::move(good.error()));
  return Line(std::move(keys), incarnation);
}

Line::Line(LineKeys keys, std::uint64_t incarnation) : x_durable{std::move(keys)}, x_delivery(incarnation) {
  follow_venues();
}

/// After whatever may have changed in which venues the line is.
void Line::follow_venues() {
  auto& venues = x_durable.keys.venues;
  std::erase_if(x_legs, [&](const Leg& leg) {
    if (x_durable.keys.find(leg.terms().id) != nullptr) return false;
    x_delivery.session_ended(leg.terms().id);
    return true;
  });
  // One that is new is the last.
  for (std::size_t i = x_legs.size(); i < venues.size(); ++i) x_legs.emplace_back(venues[i]);
  x_talk.say(x_durable, x_delivery);
}

void Line::expect(const VenueId& venue, RoundId now) {
  leg(venue).expect(now, x_durable);
  x_talk.pass(x_durable, venue, now.epoch);
  follow_venues();
}

void Line::announce(const VenueId& venue, Epoch epoch, std::uint32_t day) {
  x_talk.learn(x_durable, venue, epoch);
  follow_venues();
  if (is_in(venue)) leg(venue).session().announce(epoch, day);
}

Result<void> Line::want_venue(const OfferedVenue& venue, Rng& rng) {
  auto wanted = x_talk.want(x_durable, venue, rng);
  follow_venues();
  return wanted;
}

Result<void> Line::decline_venue() {
  auto declined = x_talk.decline(x_durable);
  follow_venues();
  return declined;
}

Result<void> Line::leave_venue(const VenueId& venue, Rng& rng) {
  const bool open_elsewhere = std::ranges::any_of(x_legs, [&](const Leg& leg) {
    return leg.terms().id != venue && !x_durable.keys.in(leg.terms().id).until && leg.session().live();
  });
  if (is_in(venue) && x_legs.size() > 1 && !open_elsewhere) {
    return fail(Errc::conflict, "the line is open in no other venue yet; wait until it is");
  }
  auto left = x_talk.leave(x_durable, venue, rng);
  follow_venues();
  return left;
}

Leg& Line::leg(const VenueId& venue) {
  const auto at = std::ranges::find_if(x_legs, [&](const Leg& leg) { return leg.terms().id == venue; });
  SW_ASSERT(at != x_legs.end());
  return *at;
}

void Line::durable_committed(std::uint64_t version) {
  x_durable.committed = std::max(x_durable.committed, version);
  for (Leg& leg : x_legs) leg.committed(x_durable);
  x_talk.say(x_durable, x_delivery);
}

std::array<wire::Cell, kPaths> Line::seal(const VenueId& venue, RoundId now, Rng& rng) {
  const auto flags = static_cast<std::uint8_t>((x_paused ? kFlagPaused : 0) | (x_wait ? kFlagWait : 0));
  return leg(venue).seal(now, flags, x_durable, x_delivery, rng);
}

void Line::open(const VenueId& venue, Path path, RoundId round, const wire::Cell& cell, Rng& rng) {
  leg(venue).open(path, round, cell, x_durable, x_delivery, rng);
  const auto heard = x_delivery.take_heard();
  for (const VenueHeard& each : heard) x_talk.hear(x_durable, each);
  if (!heard.empty()) follow_venues();
}

/// The leg whose groups are shown, or else whose continuity is in question, or else any.
std::size_t Line::questioned() const {
  const auto held = std::ranges::find_if(x_legs, [](const Leg& leg) { return leg.session().held_check().has_value(); });
  if (held != x_legs.end()) return static_cast<std::size_t>(held - x_legs.begin());
  const auto broken = std::ranges::find_if(
      x_legs, [this](const Leg& leg) { return leg.session().continuity(x_durable.keys) != ContinuityState::whole; });
  return broken != x_legs.end() ? static_cast<std::size_t>(broken - x_legs.begin()) : 0;
}

Result<void> Line::confirm_continuity() {
  return x_legs[questioned()].session().confirm_continuity(x_durable);
}

Result<void> Line::refuse_continuity() {
  const auto refused = x_legs[questioned()].session().refuse_continuity(x_durable);
  if (refused && x_durable.keys.refused()) {
    for (Leg& leg : x_legs) leg.session().stop(x_delivery);
  }
  return refused;
}

std::optional<std::array<ByteArray<32>, kPaths>> Line::drops(const VenueId& venue, Epoch epoch,
                                                             std::uint32_t day) const {
  const auto kid = x_durable.keys.kid.derive(day);
  if (!kid) return std::nullopt;
  std::array<ByteArray<32>, kPaths> out{};
  for (const Path path : {Path::first, Path::second}) {
    const ByteArray<1> number{static_cast<std::uint8_t>(path)};
    out[index(path)] = crypto::kdf_public<32>(*kid, "drop", {venue.bytes, crypto::le(epoch.value), number});
  }
  return out;
}

Result<void> Line::readdress(std::vector<wire::Endpoint> at) {
  if (!x_durable.keys.direct()) return fail(Errc::usage, "the line goes through relays only; it has no address");
  if (at.empty() || at.size() > wire::kCardAddresses) return fail(Errc::usage, "a line has 1 to 4 addresses");
  if (!std::ranges::all_of(at, &wire::Endpoint::is_usable)) {
    return fail(Errc::usage, "give the address at which the other side's carrier is, not 0.0.0.0, [::] or port 0");
  }
  x_durable.keys.at = std::move(at);
  x_durable.touch();
  return {};
}

std::vector<Event> Line::take_events() {
  std::vector<Event> out;
  for (auto& event : x_delivery.take_events()) {
    std::visit([&](auto& what) { out.emplace_back(std::move(what)); }, event);
  }
  for (Leg& leg : x_legs) {
    for (const auto& change : leg.session().take_changes()) out.emplace_back(change);
  }
  for (const auto& move : x_talk.take_moves()) out.emplace_back(move);
  return out;
}

Status Line::status() const {
  Status out;
  for (const Leg& leg : x_legs) out.legs.push_back(leg.status(x_durable.keys));
  static_cast<LegStatus&>(out) = latest(out.legs);
  // A question is the line's, wherever it is asked; and what is answered is what was shown.
  const std::size_t asked = questioned();
  out.continuity = out.legs[asked].continuity;
  out.continuity_check = out.legs[asked].continuity_check;
  return out;
}

}  // namespace sw::line
