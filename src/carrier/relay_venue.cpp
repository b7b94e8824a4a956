#include "carrier/relay_venue.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace sw::carrier {
namespace {

/// A token that R1 refused may be good later, when there is room.
constexpr std::uint32_t kEnrolAgain = 60;
/// Rounds in a row that miss a frame or a return, before somebody is at fault: one may be lost or late, and R1 knows
/// with the next one only who keeps it.
constexpr std::uint32_t kMissed = 2;
/// A fault that lasted so long is told for so many rounds after its end: a line needs some to open again, and what
/// broke it is to blame until then.
constexpr std::uint32_t kLasting = 3;
constexpr std::uint32_t kSettled = 5;
/// Rounds that a carrier has for its first handshake, with a cookie and a message 1 or two that are lost.
constexpr std::uint32_t kFirstContact = 16;

link::LinkTerms link_terms(const RelayTerms& terms) {
  const mix::DescriptorRules& rules = terms.rules;
  return {.venue = rules.venue,
          .peer = terms.relay,
          .role = crypto::Role::initiator,
          .rounds = mix::frame_rounds(rules.rounds, rules.slots),
          .card_addresses = {terms.at},
          .last_stamp = terms.last_stamp,
          .takes = wire::kStationStreams,
          .frames = rules.slots,
          .retry = wire::kCallRounds};
}

void count(std::uint32_t& rounds) {
  if (rounds < std::numeric_limits<std::uint32_t>::max()) ++rounds;
}

RoundId after(RoundId round) {
  return {round.epoch, Round{std::min(round.round.value + 1, wire::kRoundLimit - 1)}};
}

}  // namespace

RelayTerms terms_of(const mix::Venue& venue, std::optional<mix::InviteToken> token) {
  return {mix::rules_of(venue), venue.relays.front().link, venue.relays.front().at, token};
}

RelayVenue::RelayVenue(const crypto::KeyPair& own, const RelayTerms& terms, Departures&& departures, GridIndex first)
    : Venue(terms.rules.venue, std::move(departures), first, terms.rules.slots, terms.last_stamp),
      x_at(terms.at),
      x_token(terms.token),
      x_link(own, link_terms(terms)),
      x_passage(terms.rules),
      x_relays(terms.rules.relays.size()),
      x_clock(terms.rules.round_ms) {}

void RelayVenue::set_token(const std::optional<mix::InviteToken>& token) {
  if (token == x_token) return;
  x_token = token;
  if (x_life != 0) enrol();
}

// ---- a round

std::optional<RoundId> RelayVenue::begin_round(const Moment& moment, Actions& out) {
  const UtcMs leaves{moment.clock.value + (departure() - moment.now).ns / milliseconds(1).ns};
  for (std::uint32_t* const rounds : {&x_begun, &x_since_return, &x_since_ours}) count(*rounds);
  judge();
  renew_lane();
  // At the time zero no round has a name; what does not need one goes on.
  auto turn = x_passage.begin_round(x_clock.at(leaves).value_or(UtcMs{}), moment.rng);
  serve_lane(turn);
  for (const mix::DropsWanted& wanted : turn.wanted) {
    x_wanted.insert_or_assign(wanted.epoch, wanted);
    if (x_wanted.size() > wire::kEpochsHeld) x_wanted.erase(x_wanted.begin());
    if (moment.station) hand_up(wanted, out);
  }
  if (moment.station) {
    for (const mix::Kept& kept : turn.kept) hand_up(kept, out);
  }
  return turn.round;
}

link::Link::Outgoing RelayVenue::seal(Slot slot, SlotCells& cells, const Moment& moment) {
  RoundId name{};
  if (round()) {
    x_passage.wrap(slot, cells, moment.rng);
    name = {round()->epoch, mix::frame_round(round()->round, slot, slots())};
  }
  return x_link.prepare(name, moment.clock, cells[0], cells[1], moment.rng);
}

wire::StatusRecord RelayVenue::status(RoundId round) {
  const auto state = x_link.up() ? wire::LinkState::up : wire::LinkState::none;
  return {id(), round, bearer(), state, x_link.quiet_rounds(), x_passage.running().value_or(Epoch{}), x_fault};
}

void RelayVenue::judge() {
  if (const wire::Fault seen = seen_fault(); seen != wire::Fault::none) {
    x_fault = seen;
    x_whole = 0;
    count(x_faulty);
    return;
  }
  count(x_whole);
  if (x_faulty < kLasting || x_whole > kSettled) {
    x_fault = wire::Fault::none;
    x_faulty = 0;
  }
}

wire::Fault RelayVenue::seen_fault() const {
  if (x_clock.refused()) return wire::Fault::clock;
  const bool heard = x_link.quiet_rounds() < x_begun;
  if (!heard && x_begun <= kFirstContact) return wire::Fault::not_in;
  if (x_link.quiet_rounds() >= kMissed) return wire::Fault::relay_1;
  // Rounds that come back went through the whole chain, whatever R1 says of it. Its word is there before the third is
  // missed: a line that missed one for another reason must not blame the other side meanwhile.
  const std::uint8_t said = x_link.peer_fault();
  if (x_since_return > kMissed || (said != 0 && x_since_return == kMissed)) {
    return said == 0 || said > x_relays ? wire::Fault::relay_1 : wire::Fault{said};
  }
  return x_since_ours > kMissed ? wire::Fault::not_in : wire::Fault::none;
}

RoundId RelayVenue::unnamed() const {
  return x_passage.last() ? after(*x_passage.last()) : RoundId{};
}

// ---- the control lane

void RelayVenue::renew_lane() {
  ++x_since_enrolled;
  if (x_link.lane_life() == x_life) return;
  x_life = x_link.lane_life();
  x_setups.clear();
  x_passage.lane_renewed();
  enrol();
}

void RelayVenue::serve_lane(mix::Passage::Turn& turn) {
  if (x_life == 0) return;
  const bool wanting = x_passage.refused() || !x_passage.registered();
  if (wanting && x_since_enrolled >= kEnrolAgain) enrol();
  if (turn.all_void) {
    x_link.withdraw(link::Stream::setup);
    x_setups.clear();
  }
  for (mix::SetUp& upload : turn.uploads) x_setups.add(std::move(upload));
  for (const std::uint64_t number : x_setups.serve(x_link)) x_passage.delivered(number);
}

void RelayVenue::enrol() {
  x_since_enrolled = 0;
  if (x_token) x_link.send(link::Stream::enrol, to_bytes(*x_token));
}

void RelayVenue::take_object(const link::ControlLane::Object& object) {
  // What R1 says and what is wrong with it is R1's affair; it changes nothing here.
  switch (object.stream) {
    case link::Stream::descriptor: (void)x_passage.take_descriptor(object.bytes); break;
    case link::Stream::receipt: (void)x_passage.take_receipt(object.bytes); break;
    case link::Stream::notice: (void)x_passage.take_notice(object.bytes); break;
    case link::Stream::rekey:
    case link::Stream::setup:
    case link::Stream::enrol: break;
  }
}

// ---- what comes from R1

void RelayVenue::hear_time(RoundId round, UtcMs clock, Actions& out) {
  if (x_link.lane_life() != x_clock_life) {
    x_clock_life = x_link.lane_life();
    x_clock.renew();
  }
  const auto t0 = x_passage.begins(round.epoch);
  if (!t0) return;
  const bool before = x_clock.refused().has_value();
  x_clock.heard(round, *t0, clock);
  const auto off = x_clock.refused();
  if (!off || before) return;
  out.told.push_back("venue " + id().hex() + ": this machine's clock is " + std::to_string(std::abs(*off) / 1000) +
                     " s " + (*off > 0 ? "ahead of" : "behind") +
                     " the relays'; nothing passes here until it is set right and the carrier is started again");
}

void RelayVenue::arrived(link::Link::Incoming&& incoming, const Moment& moment, Actions& out) {
  const auto [number, slot] = mix::slot_round(incoming.round.round, slots());
  const RoundId round{incoming.round.epoch, number};
  x_clock.phase(incoming.phase);
  hear_time(round, moment.clock, out);
  if (incoming.object) take_object(*incoming.object);
  if (round > x_returned) {
    x_returned = round;
    x_since_return = 0;
  }
  const bool ours = x_passage.unwrap(round, slot, incoming.cells);
  if (ours) x_since_ours = 0;
  if (!ours || !moment.station || x_clock.refused()) return;
  for (const Path path : {Path::first, Path::second}) {
    out.up.emplace_back(wire::CellRecord{id(), slot, path, round, incoming.cells[index(path)]});
  }
}

// ---- the station

void RelayVenue::hand_up(const mix::DropsWanted& wanted, Actions& out) const {
  out.up.emplace_back(wire::EpochRecord{id(), wanted.epoch, wanted.day});
}

void RelayVenue::hand_up(const mix::Kept& kept, Actions& out) const {
  wire::KeepRecord record{id(), kept.slot, kept.epoch, {}};
  std::ranges::copy(kept.keys.view(), record.keys.begin());
  out.up.emplace_back(record);
}

void RelayVenue::take(const wire::DropsRecord& drops) {
  x_passage.drops(drops.slot, drops.epoch, drops.drops[0], drops.drops[1]);
}

void RelayVenue::take(const wire::KeepRecord& keep) {
  if (keep.slot.value >= slots()) return;
  x_kept_down.insert_or_assign({keep.epoch, keep.slot}, crypto::SecretBytes(to_bytes(keep.keys)));
  // Of the newest epochs, as many as a passage takes.
  std::set<Epoch> epochs;
  for (const auto& [key, keys] : x_kept_down) epochs.insert(key.first);
  if (epochs.size() <= 1 + wire::kEpochsAhead) return;
  std::erase_if(x_kept_down, [&](const auto& each) { return each.first.first == *epochs.begin(); });
}

std::vector<mix::Kept> RelayVenue::kept_down() {
  std::vector<mix::Kept> out;
  for (auto& [key, keys] : std::exchange(x_kept_down, {})) out.push_back({key.second, key.first, std::move(keys)});
  return out;
}

bool RelayVenue::take(const wire::FloorRecord& floor, const Moment& moment, Actions& out) {
  (void)x_passage.restore(floor.floor, kept_down());
  if (!moment.station) return true;
  for (const auto& [epoch, wanted] : x_wanted) {
    if (x_passage.running() && epoch < *x_passage.running()) continue;
    hand_up(wanted, out);
    for (const mix::Kept& kept : x_passage.keep(epoch)) hand_up(kept, out);
  }
  out.up.emplace_back(status(unnamed()));
  return true;
}

}  // namespace sw::carrier
