#include "line/venue_talk.hpp"

#include <algorithm>

namespace sw::line {
namespace {

using enum VenueMoved::What;

std::size_t staying(const LineKeys& keys) {
  return static_cast<std::size_t>(std::ranges::count_if(keys.venues, [](const VenueKeys& v) { return !v.until; }));
}

Psk psk_of(const LineKeys& keys) {
  const VenueHalf& own = keys.change->own->half;
  const VenueHalf& theirs = *keys.change->theirs;
  const bool lower = keys.role() == crypto::Role::initiator;
  return agreed_psk(lower ? own : theirs, lower ? theirs : own, keys.change->venue);
}

VenueTerms terms_of(const VenueChange& change) {
  return change.own ? change.own->venue.terms : VenueTerms{change.venue, 0, 0, VenueKind::relays};
}

std::string epoch_text(Epoch epoch) {
  return "epoch " + std::to_string(epoch.value);
}

}  // namespace

Epoch VenueTalk::newest(const VenueId& venue) const {
  const auto at = x_newest.find(venue);
  return at == x_newest.end() ? Epoch{} : at->second;
}

void VenueTalk::touch(Durable& durable) {
  x_version = durable.touch();
  x_unsaid = true;
}

void VenueTalk::answer(const VenueId& venue, VenueWord&& word) {
  if (x_answers.size() >= wire::kVenueWords) return;
  x_answers.push_back({venue, std::move(word)});
  x_unsaid = true;
}

void VenueTalk::again(const VenueId& venue) {
  x_again.insert(venue);
  x_unsaid = true;
}

// ---- people

Result<void> VenueTalk::want(Durable& durable, const OfferedVenue& venue, Rng& rng) {
  LineKeys& keys = durable.keys;
  const VenueId& id = venue.terms.id;
  if (const VenueKeys* const leg = keys.find(id)) {
    return fail(Errc::conflict, leg->until ? "the line is still leaving this venue, at " + epoch_text(*leg->until)
                                           : "the line is in this venue already");
  }
  if (keys.change && keys.change->own) {
    return fail(Errc::conflict, "a proposal is under way on this line; withdraw it first (line venue NAME decline)");
  }
  if (keys.change && keys.change->venue != id) {
    return fail(Errc::conflict, "the other side asks for venue " + keys.change->venue.hex() + "; answer that first");
  }
  if (keys.venues.size() >= wire::kLineVenues) {
    return fail(Errc::full, "a line is in at most four venues; leave one first (line venue NAME rm VENUE)");
  }
  const bool asked = keys.change.has_value();
  if (!asked) keys.change = VenueChange{.venue = id, .own = {}, .theirs = {}};
  keys.change->own = VenueChange::Own{venue, VenueHalf::random(rng)};
  touch(durable);
  if (!asked) move(proposed, venue.terms);
  settle(durable);
  return {};
}

Result<void> VenueTalk::decline(Durable& durable) {
  const auto& change = durable.keys.change;
  if (!change) return fail(Errc::conflict, "no venue is proposed on this line");
  if (change->from != Epoch{}) {
    return fail(Errc::conflict,
                "both sides have agreed, from " + epoch_text(change->from) + " on; the line can leave the venue then");
  }
  answer(change->venue, VoidWord{half_id(change->own ? change->own->half : *change->theirs, change->venue)});
  move(declined, terms_of(*change));
  drop_change(durable);
  return {};
}

Result<void> VenueTalk::leave(Durable& durable, const VenueId& venue, Rng& rng) {
  VenueKeys* const leg = durable.keys.find(venue);
  if (leg == nullptr) return fail(Errc::not_found, "the line is not in this venue");
  if (leg->until) return fail(Errc::conflict, "the line leaves this venue already, at " + epoch_text(*leg->until));
  if (staying(durable.keys) == 1) {
    return fail(Errc::conflict, "this is the line's last venue; propose another one first (line venue NAME propose)");
  }
  const Epoch known = newest(venue);
  if (known == Epoch{}) {
    return fail(Errc::conflict, "the epochs of this venue are not known yet; try again when the carrier is in it");
  }
  constexpr std::uint64_t kChoice = wire::kVenueLeaveEpochs - wire::kVenueEpochsAhead + 1;
  leg->until = Epoch{known.value + wire::kVenueEpochsAhead + rng.below(kChoice)};
  touch(durable);
  move(leaving, leg->terms);
  return {};
}

// ---- the other station

void VenueTalk::hear(Durable& durable, const VenueHeard& heard) {
  auto word = read_venue_word(heard.word.view());
  if (!word) return;
  std::visit([&](auto& what) { take(durable, heard.venue, std::move(what)); }, *word);
}

void VenueTalk::take(Durable& durable, const VenueId& venue, WantWord&& word) {
  auto& change = durable.keys.change;
  // They have not heard yet that the line is in it; or a backup of theirs was put back, and they will.
  if (durable.keys.find(venue) != nullptr) return again(venue);
  if (change && change->venue != venue && change->own) {
    // One change at a time, and people here made this one.
    return answer(venue, VoidWord{half_id(word.half, venue)});
  }
  if (!change || change->venue != venue) {
    change = VenueChange{.venue = venue, .own = {}, .theirs = {}};
    x_theirs = {};
  }
  const bool same = change->theirs && half_id(*change->theirs, venue) == half_id(word.half, venue);
  const bool settled = change->from != Epoch{};
  x_theirs = {word.newest, word.from, word.psk};
  if (same && settled && word.newest < change->from) return again(venue);
  if (!same || settled) {  // another half, or too late for them: settled anew
    change->theirs = std::move(word.half);
    x_settled = std::max(x_settled, std::exchange(change->from, {}));
    touch(durable);
  }
  settle(durable);
}

void VenueTalk::take(Durable& durable, const VenueId& venue, const VoidWord& word) {
  auto& change = durable.keys.change;
  if (!change || change->venue != venue) return;
  const bool own = change->own && half_id(change->own->half, venue) == word.half;
  const bool theirs = change->theirs && half_id(*change->theirs, venue) == word.half;
  if (!own && !theirs) return;
  // They withdraw what was agreed: ours goes with it, there too.
  if (theirs && change->own) answer(venue, VoidWord{half_id(change->own->half, venue)});
  if (change->own) move(declined, terms_of(*change));
  drop_change(durable);
}

void VenueTalk::take(Durable& durable, const VenueId& venue, const InWord& word) {
  if (durable.keys.find(venue) != nullptr) return;
  const auto& change = durable.keys.change;
  const bool of_this = change && change->venue == venue;
  if (of_this && change->from != Epoch{} && change->from == word.from) return enter(durable, word.from);
  // One of the two stores is a backup that was put back: neither has the venue.
  if (of_this) {
    if (change->own) move(declined, terms_of(*change));
    drop_change(durable);
  }
  answer(venue, LeaveWord{});
}

void VenueTalk::take(Durable& durable, const VenueId& venue, const LeaveWord& word) {
  VenueKeys* const leg = durable.keys.find(venue);
  if (leg == nullptr) {
    if (!durable.keys.change || durable.keys.change->venue != venue) return;
    if (durable.keys.change->own) move(declined, terms_of(*durable.keys.change));
    return drop_change(durable);
  }
  if (leg->until && *leg->until <= word.until) return;
  if (!leg->until && staying(durable.keys) == 1) {
    // Of two words that leave no venue together, the one of the lower key stands.
    if (durable.keys.role() == crypto::Role::initiator || durable.keys.venues.size() == 1) return;
    for (VenueKeys& other : durable.keys.venues) other.until.reset();
  }
  leg->until = word.until;
  touch(durable);
  move(leaving, leg->terms);
}

// ---- the agreement

/// Both want it: the initiator says from which epoch on; the responder has it when that is early enough for both.
void VenueTalk::settle(Durable& durable) {
  auto& change = durable.keys.change;
  if (!change || !change->agreed()) return;
  const Epoch known = newest(change->venue);
  if (known == Epoch{}) return;
  if (durable.keys.role() == crypto::Role::initiator) {
    if (change->from != Epoch{}) return;
    const std::uint64_t there = std::min(x_theirs.newest.value, known.value + wire::kEpochNumberJump);
    x_settled = {std::max({known.value, there, x_settled.value}) + wire::kVenueEpochsAhead};
    change->from = x_settled;
    return touch(durable);
  }
  if (x_theirs.from == Epoch{}) return;
  const Epoch from = std::exchange(x_theirs.from, {});
  const bool reachable = from > known && from.value - known.value <= 2 * wire::kEpochNumberJump;
  if (!reachable || psk_id(psk_of(durable.keys)) != x_theirs.psk) return again(change->venue);
  enter(durable, from);
}

void VenueTalk::enter(Durable& durable, Epoch from) {
  const OfferedVenue venue = durable.keys.change->own->venue;
  durable.keys.venues.push_back(
      {venue.terms, venue.slot, {psk_of(durable.keys), std::nullopt}, Continuity::whole, {}, from, std::nullopt});
  drop_change(durable);
  durable.psk_version = durable.version;
  move(agreed, venue.terms);
}

void VenueTalk::drop_change(Durable& durable) {
  durable.keys.change.reset();
  x_theirs = {};
  touch(durable);
}

// ---- time

void VenueTalk::learn(Durable& durable, const VenueId& venue, Epoch epoch) {
  const auto& change = durable.keys.change;
  if (durable.keys.find(venue) == nullptr && (!change || change->venue != venue)) return;
  Epoch& newest = x_newest[venue];
  if (epoch <= newest) return;
  newest = epoch;
  settle(durable);
}

void VenueTalk::pass(Durable& durable, const VenueId& venue, Epoch epoch) {
  learn(durable, venue, epoch);
  auto& venues = durable.keys.venues;
  const auto leg = std::ranges::find_if(venues, [&](const VenueKeys& each) { return each.terms.id == venue; });
  if (leg == venues.end() || !leg->until || epoch < *leg->until || venues.size() == 1) return;
  if (leg->terms.kind == VenueKind::direct) durable.keys.at.clear();
  move(left, leg->terms);
  venues.erase(leg);
  x_newest.erase(venue);
  touch(durable);
}

// ---- what is said

void VenueTalk::say(const Durable& durable, Delivery& delivery) {
  if (!x_unsaid || !durable.reached(x_version)) return;
  x_unsaid = false;
  std::map<VenueId, crypto::SecretBytes> now;
  const LineKeys& keys = durable.keys;
  for (const VenueKeys& leg : keys.venues) {
    const VenueWord word = leg.until ? VenueWord(LeaveWord{*leg.until}) : VenueWord(InWord{leg.from});
    now.emplace(leg.terms.id, encode(word));
  }
  if (keys.change && keys.change->own) {
    WantWord want{keys.change->own->half.clone(), newest(keys.change->venue), keys.change->from, {}};
    if (want.from != Epoch{}) want.psk = psk_id(psk_of(keys));
    now.emplace(keys.change->venue, encode(VenueWord(std::move(want))));
  }
  for (const auto& [venue, word] : x_said) {
    if (!now.contains(venue)) delivery.unsay_of(venue);
  }
  for (const auto& [venue, word] : now) {
    const auto before = x_said.find(venue);
    const bool same = before != x_said.end() && std::ranges::equal(before->second.view(), word.view());
    if (!same || x_again.contains(venue)) delivery.say_of(venue, crypto::SecretBytes(to_bytes(word.view())), false);
  }
  x_said = std::move(now);
  x_again.clear();
  for (const Answer& each : std::exchange(x_answers, {})) delivery.say_of(each.venue, encode(each.word), true);
}

}  // namespace sw::line
