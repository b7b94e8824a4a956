#pragma once
// Two lines of one pairing and the venues they may be in, in virtual time, without stations: one delivery above all
// legs, whatever becomes of the cells. What the desk and the disk would keep is kept here. In a venue of relays cells
// pass in the epochs for which both sides gave the line's drop ids; epochs for which only one did are counted.
#include <gtest/gtest.h>

#include <deque>
#include <map>
#include <set>

#include "crypto/rng.hpp"
#include "line/line.hpp"
#include "line/pairing/offer.hpp"

namespace sw::line::test {

inline constexpr UtcMs kNow{1'800'000LL * 1'000'000};
inline constexpr std::uint32_t kDay = 20'833;  // of kNow
inline constexpr std::uint32_t kRelayRounds = 60;

/// A venue of relays: number 0 is the one of the cards.
inline OfferedVenue relays(std::uint8_t number = 0) {
  VenueTerms terms{{}, 2000, kRelayRounds, VenueKind::relays};
  terms.id.bytes.fill(static_cast<std::uint8_t>(7 + number));
  return {terms, Slot{}};
}

struct Side {
  std::optional<Line> line;
  crypto::SecretBytes disk;
  std::deque<std::pair<std::uint64_t, crypto::SecretBytes>> writing;  ///< versions on their way to the disk
  std::map<VenueId, RoundId> now;
  std::map<MessageId, std::size_t> sent;  ///< and how long
  std::map<MessageId, unsigned> got;
  std::vector<VenueMoved::What> moves;
};

class World {
 public:
  /// `more` venues of relays besides that of the cards are there, and no line is in them yet.
  World(std::uint64_t seed, bool direct, std::uint8_t more = 0) : x_rng(seed) {
    const auto offer = [&](std::uint8_t host) {
      OfferTerms terms;
      terms.carrier = crypto::KeyPair::generate(x_rng).public_key;
      if (direct) terms.at = {*wire::parse_endpoint("127.0.0.1:" + std::to_string(7000 + host))};
      terms.venues = {relays()};
      return std::move(*Offer::make(terms, x_rng, kNow));
    };
    Offer a = offer(1);
    Offer b = offer(2);
    const auto card_a = to_text(a.card());
    const auto card_b = to_text(b.card());
    EXPECT_TRUE(a.accept(as_text(card_b.view()), kNow, {}));
    EXPECT_TRUE(b.accept(as_text(card_a.view()), kNow, {}));
    start(0, std::move(*std::move(a).confirm(kNow)));
    start(1, std::move(*std::move(b).confirm(kNow)));
    for (const VenueKeys& venue : sides[0].line->keys().venues) x_venues.push_back(venue.terms);
    for (std::uint8_t number = 1; number <= more; ++number) x_venues.push_back(relays(number).terms);
    for (const VenueTerms& venue : x_venues) {
      // The relays count their epochs from wherever they began.
      const RoundId first =
          venue.kind == VenueKind::direct ? RoundId{Epoch{1'000'000}, Round{1700}} : RoundId{Epoch{5}, Round{50}};
      for (Side& side : sides) side.now[venue.id] = first;
      set_up(venue, 0);
    }
    for (Side& side : sides) announce(side);
  }

  void start(std::size_t i, LineKeys keys) {
    auto line = Line::make(std::move(keys), x_rng.bits() | 1);
    ASSERT_TRUE(line);
    sides[i].line = std::move(*line);
    sides[i].disk = sides[i].line->durable_head();
    sides[i].writing.clear();
  }

  /// As after SIGKILL: from what the disk has.
  void restart(std::size_t i) { restart(i, std::move(*LineKeys::load(sides[i].disk.view()))); }
  void restart(std::size_t i, LineKeys keys) {
    Side& side = sides[i];
    start(i, std::move(keys));
    announce(side);
    for (const VenueKeys& venue : side.line->keys().venues) {
      RoundId& now = side.now[venue.terms.id];
      now = std::max(now, venue.reserved);
      if (venue.terms.kind != VenueKind::relays) continue;
      // Both venues' sides share one timetable where relays give it.
      const RoundId most = std::max(sides[0].now[venue.terms.id], sides[1].now[venue.terms.id]);
      for (Side& each : sides) each.now[venue.terms.id] = most;
    }
    for (const auto& [id_got, times] : side.got) side.line->delivery().restore_received(id_got);
    for (const auto& [id_sent, size] : side.sent) submit(side, id_sent, size);
  }

  void send(std::size_t i, std::size_t size = 3'000) {
    MessageId id{};
    x_rng.fill(id.bytes);
    id.bytes[0] |= 1;
    if (!sides[i].line->delivery().has_room(Precedence::routine)) return;
    sides[i].sent[id] = size;
    ++said[i];
    submit(sides[i], id, size);
  }

  // --- people
  [[nodiscard]] Result<void> want(std::size_t i, std::uint8_t number) {
    auto wanted = sides[i].line->want_venue(relays(number), x_rng);
    announce(sides[i]);
    return wanted;
  }
  [[nodiscard]] Result<void> leave(std::size_t i, const VenueId& venue) {
    return sides[i].line->leave_venue(venue, x_rng);
  }
  [[nodiscard]] bool asked(std::size_t i) const {
    const auto& change = sides[i].line->keys().change;
    return change && change->theirs && !change->own;
  }
  [[nodiscard]] bool in(std::size_t i, std::uint8_t number) const {
    return sides[i].line->is_in(relays(number).terms.id);
  }
  [[nodiscard]] bool both_in(std::uint8_t number) const { return in(0, number) && in(1, number); }

  /// One second: a round of the direct venue, and every other one of the relays'.
  void second() {
    ++x_seconds;
    for (const VenueTerms& venue : x_venues) {
      if (x_seconds % (venue.round_ms / 1000) == 0) round(venue);
    }
    for (Side& side : sides) {
      take(side);
      side.writing.emplace_back(side.line->durable_version(), side.line->durable_head());
      for (; side.writing.size() > disk_seconds; side.writing.pop_front()) {
        side.disk = std::move(side.writing.front().second);
        side.line->durable_committed(side.writing.front().first);
      }
    }
  }
  std::size_t disk_seconds = 0;  ///< that a commit takes
  void seconds(int count) {
    for (int i = 0; i < count; ++i) second();
  }

  /// The relays made an emergency epoch: the number jumps, the rounds begin anew.
  void renumber() {
    for (const VenueTerms& venue : x_venues) {
      if (venue.kind != VenueKind::relays) continue;
      for (Side& side : sides) side.now[venue.id] = {Epoch{side.now[venue.id].epoch.value + 5}, Round{0}};
      set_up(venue, 0);
    }
    for (Side& side : sides) announce(side);
  }
  /// The relays' epochs run in overtime.
  bool overtime = false;

  [[nodiscard]] bool open(std::size_t leg) const {
    for (const Side& side : sides) {
      const auto since = side.line->status().legs[leg].since_opened;
      if (!since || *since > 3) return false;
    }
    return true;
  }
  /// In any venue, for both.
  [[nodiscard]] bool open() const {
    return std::ranges::all_of(sides, [](const Side& side) {
      const auto since = side.line->status().since_opened;
      return since && *since <= 3;
    });
  }
  [[nodiscard]] bool done() const { return sides[0].sent.empty() && sides[1].sent.empty(); }

  std::map<VenueId, unsigned> loss;  ///< per cent of the cells
  std::array<Side, 2> sides;
  std::array<std::size_t, 2> said{};
  std::set<std::pair<VenueId, Epoch>> singles;  ///< epochs for which one side only gave the line's drop ids
  crypto::SeededRng& rng() { return x_rng; }

 private:
  static void submit(Side& side, const MessageId& id, std::size_t size) {
    side.line->delivery().submit(id, Precedence::routine, Bytes(size, id.bytes[1]));
  }
  void announce(Side& side) const {
    for (const VenueTerms& venue : x_venues) {
      if (venue.kind != VenueKind::relays) continue;
      for (std::uint64_t ahead = 0; ahead < 5; ++ahead) {
        side.line->announce(venue.id, Epoch{side.now[venue.id].epoch.value + ahead}, kDay);
      }
    }
  }
  /// What the carriers upload at the beginning of an epoch, for those ahead (protocol 8.8).
  void set_up(const VenueTerms& venue, std::uint64_t first) {
    for (std::uint64_t ahead = first; ahead < 5; ++ahead) {
      const Epoch epoch{sides[0].now[venue.id].epoch.value + ahead};
      for (std::size_t i = 0; i < 2; ++i) {
        const Line& line = *sides[i].line;
        x_gave[{venue.id, epoch}][i] = line.is_in(venue.id) && line.keys().in(venue.id).holds(epoch);
      }
    }
  }
  void step(Side& side, const VenueTerms& venue) {
    RoundId& at = side.now[venue.id];
    const bool on = venue.kind == VenueKind::relays && overtime && at.round.value + 1 < 2 * venue.rounds;
    if (++at.round.value < venue.rounds || on) return;
    at = {Epoch{at.epoch.value + 1}, Round{0}};
    if (venue.kind == VenueKind::relays) announce(side);
  }
  bool meet(const VenueTerms& venue) {
    if (venue.kind == VenueKind::direct) return true;
    const Epoch epoch = sides[0].now[venue.id].epoch;
    const auto& gave = x_gave[{venue.id, epoch}];
    if (gave[0] != gave[1]) singles.insert({venue.id, epoch});
    return gave[0] && gave[1];
  }
  void round(const VenueTerms& venue) {
    const Epoch before = sides[0].now[venue.id].epoch;
    for (Side& side : sides) step(side, venue);
    if (venue.kind == VenueKind::relays && sides[0].now[venue.id].epoch != before) set_up(venue, 1);
    std::array<std::array<wire::Cell, kPaths>, 2> cells{};
    for (std::size_t i = 0; i < 2; ++i) {
      const RoundId at = sides[i].now[venue.id];
      for (const Path path : {Path::first, Path::second}) {
        EXPECT_TRUE(x_used.insert({i, venue.id, path, at}).second) << "a round came twice; the test is wrong";
      }
      if (sides[i].line->is_in(venue.id)) sides[i].line->expect(venue.id, at);
      if (sides[i].line->is_in(venue.id)) cells[i] = sides[i].line->seal(venue.id, at, x_rng);
    }
    if (!meet(venue)) return;
    for (std::size_t i = 0; i < 2; ++i) {
      for (const Path path : {Path::first, Path::second}) {
        if (x_rng.below(100) < loss[venue.id] || !sides[1 - i].line->is_in(venue.id)) continue;
        sides[1 - i].line->open(venue.id, path, sides[i].now[venue.id], cells[i][index(path)], x_rng);
      }
    }
  }
  static void take(Side& side) {
    for (auto& event : side.line->take_events()) {
      if (const auto* arrived = std::get_if<MessageArrived>(&event)) {
        ++side.got[arrived->id];
        EXPECT_EQ(arrived->bytes, Bytes(arrived->bytes.size(), arrived->id.bytes[1]));
        side.line->delivery().stored_here(arrived->id);
      } else if (const auto* stored = std::get_if<StoredThere>(&event)) {
        side.sent.erase(stored->id);
        side.line->delivery().stored_there_committed(stored->id);
      } else if (const auto* held = std::get_if<HeldThere>(&event)) {
        if (!side.sent.contains(held->id)) side.line->delivery().cancel(held->id);
      } else if (const auto* moved = std::get_if<VenueMoved>(&event)) {
        side.moves.push_back(moved->what);
      }
    }
  }

  crypto::SeededRng x_rng;
  std::uint64_t x_seconds = 0;
  std::vector<VenueTerms> x_venues;
  std::map<std::pair<VenueId, Epoch>, std::array<bool, 2>> x_gave;
  std::set<std::tuple<std::size_t, VenueId, Path, RoundId>> x_used;
};

inline void expect_once(const World& world, std::uint64_t seed) {
  EXPECT_TRUE(world.done()) << "seed " << seed;
  for (std::size_t i = 0; i < 2; ++i) {
    EXPECT_EQ(world.sides[1 - i].got.size(), world.said[i]) << "seed " << seed;
    for (const auto& [id, times] : world.sides[1 - i].got) EXPECT_EQ(times, 1U) << "seed " << seed;
  }
}

}  // namespace sw::line::test
