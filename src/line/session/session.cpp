#include "line/session/session.hpp"

namespace sw::line {
namespace {

constexpr std::uint32_t kQuietRounds = 8;      ///< nothing opened so long: a new handshake
constexpr std::uint32_t kDisplaceRounds = 10;  ///< a live session this quiet may be displaced by a held one
constexpr std::uint32_t kAbandonRounds = 600;  ///< a live session this quiet will not come back, but costs at each cell
constexpr std::uint32_t kPendingRounds = 16;

wire::Cell random_cell(Rng& rng) {
  wire::Cell cell;
  rng.fill(cell);
  return cell;
}

void count(std::uint32_t& rounds) {
  if (rounds != UINT32_MAX) ++rounds;
}

}  // namespace

ContinuityState Session::continuity(const LineKeys& keys) const {
  if (keys.refused()) return ContinuityState::refused;
  return x_broken ? ContinuityState::broken : ContinuityState::whole;
}

std::optional<CheckNumber> Session::held_check() const {
  if (!x_held) return std::nullopt;
  return x_held->channel.check();
}

std::optional<std::uint32_t> Session::since_opened() const {
  return x_since_opened;
}

void Session::pass_round() {
  ++x_count;
  if (x_since_opened) count(*x_since_opened);
  if (x_live) x_live->count_round();
  if (x_held) x_held->channel.count_round();
}

void Session::count_round(Delivery& delivery) {
  pass_round();
  count(x_since_asking);
  if (x_live && x_live->since_opened() > kAbandonRounds) end_live(delivery);
  if (x_held && x_held->channel.since_opened() > kAbandonRounds) x_held.reset();
  if (x_waiting && ++x_waiting->age > kPendingRounds) x_waiting.reset();
  if (x_attempt && x_attempt->expired()) {
    x_attempt.reset();
    x_lost = false;  // the next attempt begins with the psk again: the peer may be another than the one that lost it
  }
}

std::array<wire::Cell, kPaths> Session::seal(RoundId now, std::uint8_t flags, Durable& durable, Delivery& delivery,
                                             Rng& rng) {
  x_now = now;
  count_round(delivery);
  settle_held(durable, delivery);
  std::optional<wire::Cell> hello;
  if (const auto greet = greeting(now, durable, rng)) {
    // Only here: after a clock that jumped a year it takes 365 steps.
    const auto day = x_venue.calendar.day(now.epoch);
    const auto khs = durable.keys.khs.derive(day.value_or(UINT32_MAX));
    if (khs) hello = seal_handshake(*khs, durable.keys.role(), *greet, rng);
  }
  std::array<wire::Cell, kPaths> cells{};
  for (const Path path : {Path::first, Path::second}) {
    auto& cell = cells[index(path)];
    if (path == Path::second && hello) {
      cell = *hello;
    } else if (x_live && !(x_held && path == Path::second)) {
      cell = seal_live(path, now, flags, durable, delivery, rng);
    } else if (x_held) {
      cell = seal_held(path, now, flags, durable, rng);
    } else {
      cell = random_cell(rng);
    }
  }
  return cells;
}

wire::Cell Session::seal_live(Path path, RoundId now, std::uint8_t flags, const Durable& durable, Delivery& delivery,
                              Rng& rng) {
  wire::Writer frames(wire::kCellFramesBytes);
  if (path == Path::first) x_live->fill_ratchet(now, durable, wire::kCellFramesBytes, frames, rng);
  const auto acks = delivery.fill(x_venue.terms.id, path, x_count, wire::kCellFramesBytes - frames.size(), frames);
  if (x_was_confirmed) flags |= kFlagContinuityConfirmed;
  wire::Cell cell;
  const bool sealed = x_live->seal(path, now, {flags, 0, 0, acks.ack, acks.sack}, frames.view(), durable, cell);
  Bytes plain = frames.take();  // a venue's half may be in it
  crypto::wipe(plain);
  return sealed ? cell : random_cell(rng);
}

wire::Cell Session::seal_held(Path path, RoundId now, std::uint8_t flags, const Durable& durable, Rng& rng) {
  const bool confirmed = x_held->confirmed && durable.reached(*x_held->confirmed);
  if (confirmed) flags |= kFlagContinuityConfirmed;
  wire::Cell cell;
  if (!x_held->channel.seal(path, now, {flags, 0, 0, 0, 0}, {}, durable, cell)) return random_cell(rng);
  return cell;
}

bool Session::wants_attempt() const {
  if (x_asked || x_lost) return true;
  if (x_held) return x_held->channel.since_opened() >= kQuietRounds;
  return !x_live || x_live->since_opened() >= kQuietRounds;
}

std::optional<HandshakeCell> Session::greeting(RoundId now, const Durable& durable, Rng& rng) {
  if (durable.keys.refused()) return std::nullopt;
  if (durable.keys.role() == crypto::Role::initiator) {
    if (!x_attempt && wants_attempt()) {
      x_attempt = Attempt::make(x_venue, durable, now, x_lost ? Met::By::lost : Met::By::psk, rng);
      x_asked = false;
    }
    return x_attempt ? x_attempt->next() : std::nullopt;
  }
  if (x_owed) return std::exchange(x_owed, std::nullopt);
  if (x_live || x_held || x_waiting || x_since_asking < 2) return std::nullopt;
  x_since_asking = 0;
  return HandshakeCell{HandshakeType::please_initiate, {}, now, {}};
}

void Session::make_live(Channel&& channel, Delivery& delivery) {
  x_live = std::move(channel);
  x_was_confirmed = false;
  x_held.reset();
  x_attempt.reset();
  x_asked = x_lost = false;
  delivery.session_started(x_venue.terms.id);
}

void Session::end_live(Delivery& delivery) {
  x_live.reset();
  delivery.session_ended(x_venue.terms.id);
}

void Session::break_continuity() {
  if (std::exchange(x_broken, true)) return;
  x_changes.push_back({ContinuityState::broken});
}

void Session::hold(Channel&& channel, Delivery& delivery) {
  if (x_live && x_live->since_opened() > kDisplaceRounds) end_live(delivery);
  x_held = Held{std::move(channel), std::nullopt};
  x_attempt.reset();
  x_asked = x_lost = false;
  break_continuity();
}

Result<void> Session::confirm_continuity(Durable& durable) {
  if (!x_held) return fail(Errc::conflict, "no session is waiting for a comparison on this line");
  if (x_live && x_live->since_opened() <= kDisplaceRounds) {
    return fail(
        Errc::conflict,
        "the line is open with the station it was paired with; somebody else holds a copy of its store. Refuse.");
  }
  if (x_held->confirmed) return {};
  durable.keys.in(x_venue.terms.id).psk = {x_held->channel.fresh_psk(), std::nullopt};
  x_held->confirmed = durable.touch_psk();
  return {};
}

Result<void> Session::refuse_continuity(Durable& durable) {
  if (!x_broken) return fail(Errc::conflict, "continuity is not broken on this line");
  x_held.reset();
  x_broken = false;
  if (!x_live || x_live->since_opened() > kDisplaceRounds) {
    durable.keys.in(x_venue.terms.id).continuity = Continuity::refused;
    durable.touch();
  }
  x_changes.push_back({ContinuityState::refused});
  return {};
}

void Session::stop(Delivery& delivery) {
  if (x_live) end_live(delivery);
  x_held.reset();
  x_waiting.reset();
  x_attempt.reset();
  x_owed.reset();
  x_broken = x_asked = x_lost = false;
}

/// Both sides' people confirmed, and our side's new psk is on the disk: the held session is live (protocol 4.4).
void Session::settle_held(Durable& durable, Delivery& delivery) {
  if (!x_held || !x_held->confirmed || !durable.reached(*x_held->confirmed)) return;
  if ((x_held->channel.peer_flags() & kFlagContinuityConfirmed) == 0) return;
  Channel channel = std::move(x_held->channel);
  make_live(std::move(channel), delivery);
  x_was_confirmed = true;
  x_broken = false;
  x_changes.push_back({ContinuityState::whole});
}

}  // namespace sw::line
