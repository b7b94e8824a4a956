// What the faces show of the lines: each leg by itself, and the line by its best one. Protocol 6.2.
#include <algorithm>
#include <limits>
#include <tuple>

#include "station/core.hpp"

namespace sw::station {
namespace {

/// A carrier that says nothing of a venue for 3 rounds, at least 3 seconds, hangs.
constexpr std::int64_t kSilentRounds = 3;
constexpr std::int64_t kSilentMs = 3'000;

/// How long nothing authentic came in a venue.
struct Silence {
  VenueId venue;
  std::int64_t ms{};
  std::int64_t round_ms{};
  bool certain{};  ///< more than a frame that was lost, and not because the carrier has just started
};

Silence silence_of(const line::VenueTerms& venue, const wire::StatusRecord& last) {
  const bool never = last.quiet_rounds == std::numeric_limits<std::uint32_t>::max();
  const bool waited = venue.kind == line::VenueKind::relays ? last.fault == wire::Fault::relay_1 : !never;
  return {venue.id, std::int64_t{last.quiet_rounds} * venue.round_ms, std::int64_t{venue.round_ms},
          last.quiet_rounds > 1 && waited};
}

}  // namespace

/// This machine's network is what they have in common. Where one venue was heard since the other fell silent, it works.
bool Core::all_fell_silent(const VenueId& venue) const {
  std::map<VenueId, line::VenueTerms> venues;
  for (const KnownVenue& each : x_venues) venues.emplace(each.terms.id, each.terms);
  for (const auto& [name, entry] : x_lines) {
    if (!entry.line) continue;
    for (const auto& leg : entry.line->keys().venues) venues.emplace(leg.terms.id, leg.terms);
  }
  std::optional<Silence> here;
  std::vector<Silence> others;
  for (const auto& [id, terms] : venues) {
    const auto report = x_reports.find(id);
    if (report == x_reports.end()) continue;
    const Silence silence = silence_of(terms, report->second.last);
    id == venue ? void(here = silence) : others.push_back(silence);
  }
  if (!here || !here->certain) return false;
  bool together = false;
  for (const Silence& other : others) {
    const std::int64_t slack = kSilentRounds * std::max(here->round_ms, other.round_ms);
    if (other.ms + slack < here->ms) return false;
    together = together || (other.certain && other.ms <= here->ms + slack);
  }
  return together;
}

void Core::add_leg_signs(const VenueId& venue, desk::LineSigns& signs) const {
  const auto report = x_reports.find(venue);
  if (report == x_reports.end()) return;
  const wire::StatusRecord& last = report->second.last;
  signs.bearer_failing = last.bearer == wire::BearerState::failing;
  signs.all_fell_silent = all_fell_silent(venue);
  signs.fault = last.fault;
  signs.link_up = last.link == wire::LinkState::up;
  signs.quiet_rounds = last.quiet_rounds;
  signs.own_epoch = last.round.epoch;
  if (last.peer_epoch.value != 0) signs.peer_epoch = last.peer_epoch;
}

std::string Core::relay_operator(const VenueId& venue, desk::Blame blame) const {
  const KnownVenue* const relays = known(venue);
  const std::size_t hop = blame == desk::Blame::relay_1   ? 0
                          : blame == desk::Blame::relay_2 ? 1
                          : blame == desk::Blame::relay_3 ? 2
                                                          : std::numeric_limits<std::size_t>::max();
  return relays != nullptr && hop < relays->operators.size() ? relays->operators[hop] : std::string();
}

LineView Core::view(const LineEntry& entry, UtcMs now) const {
  LineView out{entry, {}, {}, x_desk.far_watch(entry.id), x_desk.counts(entry.id), std::nullopt, {}, 0};
  desk::LineSigns signs;
  signs.store_failing = x_store_failing;
  signs.carrier = x_carrier;
  signs.confirmed_here = entry.line.has_value();
  signs.paused_here = entry.paused;
  signs.watch_attended = !out.far_watch.initials.empty();
  signs.watch_age_ms = out.far_watch.answered_age_ms(now);
  if (!entry.line) {
    if (const auto venue = entry.offer_venue()) add_leg_signs(*venue, signs);
    out.state = desk::line_state(signs);
    return out;
  }
  out.status = entry.line->status();
  const std::int64_t silent_ms = std::int64_t{entry.silent_seconds} * 1'000;
  signs.carrier_silent = silent_ms > std::max(kSilentMs, kSilentRounds * out.status->venue.round_ms);
  if (!x_carrier || signs.carrier_silent) out.stale_ms = silent_ms;
  signs.continuity = static_cast<desk::Continuity>(out.status->continuity);

  std::optional<std::tuple<desk::State, std::int64_t, std::size_t>> best;
  std::vector<desk::LineSigns> each;
  for (const line::LegStatus& leg : out.status->legs) {
    desk::LineSigns& own = each.emplace_back(signs);
    own.relays = leg.venue.kind == line::VenueKind::relays;
    own.rounds_since_opened = leg.since_opened;
    own.paused_there = leg.paused_there;
    own.comes_later = leg.from.has_value();
    add_leg_signs(leg.venue.id, own);
    const desk::LineState state = desk::leg_state(own);
    const std::int64_t age = leg.since_opened ? std::int64_t{*leg.since_opened} * leg.venue.round_ms
                                              : std::numeric_limits<std::int64_t>::max();
    const std::tuple rank{state.state, age, out.legs.size()};
    if (!best || rank < *best) best = rank;
    out.legs.push_back({state, relay_operator(leg.venue.id, state.blame)});
  }
  const std::size_t at = std::get<2>(*best);
  out.state = desk::line_state(each[at]);
  out.relay_operator = relay_operator(out.status->legs[at].venue.id, out.state.blame);
  return out;
}

std::vector<LineView> Core::lines(UtcMs now) const {
  std::vector<LineView> out;
  out.reserve(x_lines.size());
  for (const auto& [name, entry] : x_lines) out.push_back(view(entry, now));
  return out;
}

Result<LineView> Core::line(std::string_view name, UtcMs now) const {
  const auto found = x_lines.find(name);
  if (found == x_lines.end()) return fail(Errc::not_found, "there is no line named " + std::string(name));
  return view(found->second, now);
}

}  // namespace sw::station
