#include "line/line.hpp"

#include "crypto/kem.hpp"

namespace sw::line {
namespace {

/// `count` rounds after `round`, in a venue of `rounds` an epoch.
RoundId after(RoundId round, std::uint32_t count, std::uint32_t rounds) {
  const std::uint64_t sum = std::uint64_t{round.round.value} + count;
  return {Epoch{round.epoch.value + sum / rounds}, Round{static_cast<std::uint32_t>(sum % rounds)}};
}

}  // namespace

Result<Line> Line::make(LineKeys keys, std::uint64_t incarnation) {
  if (keys.ml_kem() && !crypto::kem_available()) {
    return fail(Errc::unsupported,
                "a line was paired with ML-KEM-768, which this machine's libcrypto does not have (OpenSSL 3.5 or later "
                "does); move the home to such a machine, or pair the line anew");
  }
  return Line(std::move(keys), incarnation);
}

Line::Line(LineKeys keys, std::uint64_t incarnation)
    : x_durable{std::move(keys)},
      x_terms(x_durable.keys.venue()),
      x_session(x_terms),
      x_delivery(incarnation),
      x_committed(x_durable.keys.reserved),
      x_floor(x_durable.keys.reserved) {}

/// A round beyond the day keys' reach is a wrong clock's: were it reserved, the floor would keep the line there for
/// ever (protocol 2.3).
bool Line::usable(RoundId round) const {
  return round.round.value < x_terms.rounds && x_durable.keys.khs.reaches(day_of_epoch(round.epoch));
}

void Line::reserve(RoundId from) {
  // A new block before the last one is used up, so that its commit has time (protocol 2.3).
  if (after(from, wire::kReservedRounds / 2, x_terms.rounds) <= x_durable.keys.reserved) return;
  x_durable.keys.reserved = after(from, wire::kReservedRounds, x_terms.rounds);
  x_reserving.emplace_back(x_durable.touch(), x_durable.keys.reserved);
}

void Line::expect(RoundId now) {
  if (x_last || !usable(now)) return;
  // The carrier goes on above the floor that was loaded; a disk that is slow now must not push it further.
  reserve(std::max(now, x_floor));
}

void Line::durable_committed(std::uint64_t version) {
  x_durable.committed = std::max(x_durable.committed, version);
  for (const auto& [needed, upto] : x_reserving) {
    if (x_durable.reached(needed)) x_committed = std::max(x_committed, upto);
  }
  std::erase_if(x_reserving, [&](const auto& each) { return x_durable.reached(each.first); });
}

std::array<wire::Cell, kPaths> Line::seal(RoundId now, Rng& rng) {
  x_strip <<= 1;
  x_strip[0] = std::exchange(x_opened_now, false);
  // What the process before reserved it may have sealed.
  const bool rising = now > x_last.value_or(x_floor) && usable(now);
  if (rising) reserve(now);
  if (!rising || now > x_committed) {
    x_session.pass_round();
    std::array<wire::Cell, kPaths> cells{};
    for (auto& cell : cells) rng.fill(cell);
    return cells;
  }
  x_last = now;
  const auto flags = static_cast<std::uint8_t>((x_paused ? kFlagPaused : 0) | (x_wait ? kFlagWait : 0));
  return x_session.seal(now, flags, x_durable, x_delivery, rng);
}

void Line::open(Path path, RoundId round, const wire::Cell& cell, Rng& rng) {
  x_session.open(path, round, cell, x_durable, x_delivery, rng);
  if (x_session.since_opened() == 0U && !std::exchange(x_opened_now, true)) ++x_opened_rounds;
}

Result<void> Line::readdress(std::vector<wire::Endpoint> at) {
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
  for (const auto& change : x_session.take_changes()) out.emplace_back(change);
  return out;
}

Status Line::status() const {
  Status out;
  out.since_opened = x_session.since_opened();
  out.opened_rounds = x_opened_rounds;
  for (std::size_t i = x_strip.size(); i-- > 0;) out.strip.push_back(x_strip[i] ? '|' : '.');
  out.continuity = x_session.continuity(x_durable.keys);
  out.continuity_check = x_session.held_check();
  if (const Channel* live = x_session.live_channel()) {
    out.live = true;
    if (live->healed_ever()) out.since_healed = live->since_healed();
    out.heard = live->heard_there();
    out.paused_there = (live->peer_flags() & kFlagPaused) != 0;
    out.peer_waits = (live->peer_flags() & kFlagWait) != 0;
  }
  return out;
}

}  // namespace sw::line
