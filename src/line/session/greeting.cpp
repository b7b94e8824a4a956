#include "line/session/greeting.hpp"

#include "crypto/hash.hpp"
#include "wire/writer.hpp"

namespace sw::line {
namespace {

/// More msg1 of one epoch than an honest peer makes in it; the oldest are forgotten.
constexpr std::size_t kSeenLimit = 1024;

Bytes prologue(const Venue& venue, const LineKeys& keys) {
  wire::Writer out;
  out.bytes(as_bytes("sw1")).bytes(venue.terms.id.bytes).u8(keys.caps);
  return out.take();
}

/// KDF(Khs_d, "psk-lost", venue), d = the day in which the initiator's chains start; nothing when that is out of reach.
std::optional<Psk> lost_psk(const Venue& venue, const LineKeys& keys, Epoch epoch) {
  const auto day = venue.calendar.day(epoch);
  if (!day) return std::nullopt;
  const auto khs = keys.khs.derive(*day);
  if (!khs) return std::nullopt;
  return crypto::kdf<Psk>(*khs, "psk-lost", {venue.terms.id.bytes});
}

crypto::Handshake handshake(const Venue& venue, const LineKeys& keys, crypto::Role role, const Psk& psk) {
  const Bytes bytes = prologue(venue, keys);
  return crypto::Handshake({crypto::Pattern::KKpsk0, role, bytes, &keys.own, keys.peer, &psk});
}

Channel channel_of(const Venue& venue, const LineKeys& keys, crypto::Handshake& done, const Starts& starts) {
  const auto split = done.split();
  return Channel(venue.terms, keys.role(), keys.ml_kem(), root_of(split), split.hash, starts);
}

ByteArray<16> name_of(const HandshakeCell& message1) {
  return crypto::digest<16>({message1.noise});
}

bool near(Epoch a, Epoch b) {
  return a.value - b.value + 1 <= 2;
}

}  // namespace

std::optional<Attempt> Attempt::make(const Venue& venue, const Durable& durable, RoundId now, Met::By by, Rng& rng) {
  const LineKeys& keys = durable.keys;
  const Psk& newest = keys.in(venue.terms.id).psk.newest;
  // A psk that could still be lost in a crash is not named: the peer forgets the one before when the session is live.
  if (!durable.reached(durable.psk_version)) return std::nullopt;
  const bool lost = by == Met::By::lost;
  const std::optional<Psk> psk = lost ? lost_psk(venue, keys, now.epoch) : newest.clone();
  if (!psk) return std::nullopt;
  auto state = handshake(venue, keys, crypto::Role::initiator, *psk);
  auto noise = state.write({}, rng);
  if (!noise) return std::nullopt;
  HandshakeCell cell{lost ? HandshakeType::held_message1 : HandshakeType::message1, lost ? PskId{} : psk_id(newest),
                     now, std::move(*noise)};
  return Attempt(by, std::move(cell), std::move(state));
}

std::optional<HandshakeCell> Attempt::next() {
  const bool due = x_age % 2 == 0;
  ++x_age;
  if (!due) return std::nullopt;
  return x_cell;
}

std::optional<Met> Attempt::read(const Venue& venue, const HandshakeCell& answer, const LineKeys& keys) const {
  const bool lost = x_by == Met::By::lost;
  if (answer.type != (lost ? HandshakeType::held_message2 : HandshakeType::message2) || answer.psk != x_cell.psk) {
    return std::nullopt;
  }
  // On a copy: a late answer to the attempt before names the same psk, and must not cost this one.
  crypto::Handshake copy = x_handshake.clone();
  const auto payload = copy.read(answer.noise);
  if (!payload || !payload->empty()) return std::nullopt;
  return Met{x_by, x_cell.psk, channel_of(venue, keys, copy, {x_cell.start, answer.start})};
}

bool Answerer::fresh(const HandshakeCell& message1, Epoch frame_epoch) {
  std::erase_if(x_seen, [&](const Seen& seen) { return !near(seen.epoch, frame_epoch); });
  const auto name = name_of(message1);
  for (const auto& seen : x_seen) {
    if (seen.hash == name) return false;
  }
  if (x_seen.size() >= kSeenLimit) x_seen.pop_front();
  x_seen.push_back({frame_epoch, name});
  return true;
}

Answerer::Outcome Answerer::read(const Venue& venue, const HandshakeCell& message1, Epoch frame_epoch, RoundId now,
                                 const LineKeys& keys, Rng& rng) {
  Outcome out;
  const bool lost = message1.type == HandshakeType::held_message1;
  if (!near(message1.start.epoch, frame_epoch)) return out;
  const auto name = name_of(message1);
  if (x_last == name) {
    out.cell = x_answer;
    return out;
  }
  if (!fresh(message1, frame_epoch)) return out;

  const PskState& known = keys.in(venue.terms.id).psk;
  const bool newest = !lost && message1.psk == psk_id(known.newest);
  const bool previous = !lost && known.previous && message1.psk == psk_id(*known.previous);
  if (!lost && !newest && !previous) {
    // No alarm yet: it may be an old one that the network held back (protocol 4.4).
    out.cell = HandshakeCell{HandshakeType::please_initiate, message1.psk, now, {}};
    return out;
  }
  const std::optional<Psk> psk =
      lost ? lost_psk(venue, keys, message1.start.epoch) : (newest ? known.newest : *known.previous).clone();
  if (!psk) return out;
  auto state = handshake(venue, keys, crypto::Role::responder, *psk);
  const auto payload = state.read(message1.noise);
  if (!payload || !payload->empty()) return out;
  auto noise = state.write({}, rng);
  if (!noise) return out;
  x_last = name;
  x_answer = HandshakeCell{lost ? HandshakeType::held_message2 : HandshakeType::message2, message1.psk, now,
                           std::move(*noise)};
  out.cell = x_answer;
  out.met =
      Met{lost ? Met::By::lost : Met::By::psk, message1.psk, channel_of(venue, keys, state, {message1.start, now})};
  return out;
}

}  // namespace sw::line
