// What a cell that came does to a session: at most three opens, each on copies. Protocol 4.2.
#include "line/session/session.hpp"
#include "wire/reader.hpp"

namespace sw::line {

void Session::open(Path path, RoundId round, const wire::Cell& cell, Durable& durable, Delivery& delivery, Rng& rng) {
  if (!x_now || durable.keys.refused()) return;
  if (open_live(path, round, cell, durable, delivery, rng)) return;
  if (open_waiting(path, round, cell, durable, delivery, rng)) return;
  if (open_held(path, round, cell, durable, delivery)) return;
  open_greeting(round, cell, durable, delivery, rng);
}

bool Session::open_live(Path path, RoundId round, const wire::Cell& cell, Durable& durable, Delivery& delivery,
                        Rng& rng) {
  CellPlain plain;
  if (!x_live || !x_live->open(path, round, cell, plain, durable)) return false;
  take_plain(round, plain, durable, delivery, rng);
  crypto::wipe(plain);
  return true;
}

bool Session::open_waiting(Path path, RoundId round, const wire::Cell& cell, Durable& durable, Delivery& delivery,
                           Rng& rng) {
  CellPlain plain;
  if (!x_waiting || !x_waiting->met.channel.open(path, round, cell, plain, durable)) return false;
  Met ready = std::move(x_waiting->met);
  x_waiting.reset();
  met(std::move(ready), durable, delivery);
  if (x_live && !x_held) take_plain(round, plain, durable, delivery, rng);
  crypto::wipe(plain);
  return true;
}

bool Session::open_held(Path path, RoundId round, const wire::Cell& cell, Durable& durable, Delivery& delivery) {
  CellPlain plain;
  if (!x_held || !x_held->channel.open(path, round, cell, plain, durable)) return false;
  settle_held(durable, delivery);
  return true;
}

/// An authentic handshake is proved to be with the peer: the initiator by reading msg2, the responder by the first
/// cell.
void Session::met(Met&& ready, Durable& durable, Delivery& delivery) {
  if (ready.by == Met::By::lost) {
    hold(std::move(ready.channel), delivery);
    return;
  }
  PskState& psk = durable.keys.in(x_venue.terms.id).psk;
  // The psk may have moved since msg1 named it, in a step of the session before: both ends go on from the named one.
  if (psk.previous) {
    if (ready.psk == psk_id(*psk.previous)) psk.newest = std::move(*psk.previous);
    psk.previous.reset();
    durable.touch();
  }
  make_live(std::move(ready.channel), delivery);
  if (std::exchange(x_broken, false)) x_changes.push_back({ContinuityState::whole});
}

void Session::open_greeting(RoundId round, const wire::Cell& cell, Durable& durable, Delivery& delivery, Rng& rng) {
  const LineKeys& keys = durable.keys;
  const auto day = x_venue.calendar.day(round.epoch);
  const auto khs = keys.khs.derive(day.value_or(UINT32_MAX));
  if (!khs) return;
  const bool initiator = keys.role() == crypto::Role::initiator;
  const auto content = open_handshake(*khs, initiator ? crypto::Role::responder : crypto::Role::initiator, cell);
  if (!content) return;
  switch (content->type) {
    case HandshakeType::please_initiate:
      if (!initiator) return;
      if (content->psk == PskId{}) {
        if (!x_attempt && !x_held) x_asked = true;
      } else if (x_attempt && x_attempt->by() == Met::By::psk && content->psk == x_attempt->psk()) {
        x_attempt.reset();
        x_lost = true;
        break_continuity();
      }
      return;
    case HandshakeType::message1:
    case HandshakeType::held_message1: {
      if (initiator) return;
      auto outcome = x_answerer.read(x_venue, *content, round.epoch, *x_now, keys, rng);
      if (outcome.cell) x_owed = std::move(outcome.cell);
      if (outcome.met) x_waiting = Waiting{std::move(*outcome.met), 0};
      return;
    }
    case HandshakeType::message2:
    case HandshakeType::held_message2:
      if (!initiator || !x_attempt) return;
      if (auto ready = x_attempt->read(x_venue, *content, keys)) met(std::move(*ready), durable, delivery);
      return;
  }
}

/// The frames of a live cell: ratchet pieces are the session's, the rest is delivery's; the days move (protocol 4.1).
void Session::take_plain(RoundId round, const CellPlain& plain, Durable& durable, Delivery& delivery, Rng& rng) {
  x_since_opened = 0;
  const auto here = x_venue.calendar.day(x_now->epoch);
  const auto there = x_venue.calendar.day(round.epoch);
  if (here && there) {
    const bool khs_moved = durable.keys.khs.advance(std::min(*here, *there));
    const bool kid_moved = durable.keys.kid.advance(std::min(*here, *there));
    if (khs_moved || kid_moved) durable.touch();
  }

  const CellHead head = read_cell_head(plain);
  delivery.set_peer_waits((head.flags & kFlagWait) != 0);
  delivery.take(x_venue.terms.id, x_count, {head.ack, head.sack}, cell_frames(plain));
  wire::Reader in(cell_frames(plain));
  while (in.remaining() >= wire::kFrameHeaderBytes) {
    const auto type = static_cast<FrameType>(in.u8());
    const ByteView body = in.view(in.u16());
    if (!in.ok() || type == FrameType::padding) break;
    // No step while a handshake is under way: the psk that msg1 named must stay the newest of its sender.
    const bool ratchet = type == FrameType::offer || type == FrameType::accept;
    if (ratchet && !x_attempt) x_live->take_ratchet(type, body, *x_now, durable, rng);
  }
}

}  // namespace sw::line
