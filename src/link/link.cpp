#include "link/link.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "link/cookie.hpp"

namespace sw::link {
namespace {

void saturating_increment(std::uint32_t& counter) {
  if (counter < std::numeric_limits<std::uint32_t>::max()) ++counter;
}

std::uint64_t microseconds_of(UtcMs clock) {
  return clock.value <= 0 ? 0 : static_cast<std::uint64_t>(clock.value) * 1000;
}

/// So long a neighbour that lost its stamps, once its clock was far ahead, is locked out at most.
constexpr std::uint64_t kStampAhead = std::uint64_t{24} * 3600 * 1'000'000;

}  // namespace

crypto::Role direct_role(const PublicKey& own, const PublicKey& peer) {
  return own < peer ? crypto::Role::initiator : crypto::Role::responder;
}

Link::Link(const crypto::KeyPair& own, LinkTerms terms)
    : x_rounds(terms.rounds),
      x_role(terms.role),
      x_retry(std::max(terms.retry, 1U)),
      x_frames(terms.frames),
      x_clock(terms.clock),
      x_lane(terms.takes),
      x_own(own.clone()),
      x_peer(terms.peer),
      x_venue(terms.venue),
      x_addresses(std::move(terms.card_addresses)),
      x_takes(terms.takes),
      x_stamp(terms.last_stamp) {}

void Link::fetch() const {
  constexpr std::size_t kLine = 64;
  const char* const end = reinterpret_cast<const char*>(&x_lane) + kLine;
  for (const char* at = reinterpret_cast<const char*>(this); at < end; at += kLine) __builtin_prefetch(at, 1);
}

void Link::readdress(std::vector<wire::Endpoint> card_addresses) {
  x_addresses = std::move(card_addresses);
  x_endpoint.reset();
  x_turn = 0;
  x_message1_turn = 0;
}

// ---- the frame of a round

void Link::count_round() {
  saturating_increment(x_quiet);
  saturating_increment(x_silence);
  saturating_increment(x_since_message1);
  if (x_answer) {
    saturating_increment(x_answer->unsaid);
    if (++x_answer->rounds > wire::kLinkAnswerLife) x_answer.reset();
  }
  x_ring.count_round();
  x_lane.count_round();
}

std::uint64_t Link::next_stamp(UtcMs clock) const {
  return std::max(microseconds_of(clock), x_stamp + 1);
}

/// "Once an epoch (at its own first round of a new epoch) the initiator sends a new message 1 as a rekey object."
void Link::begin_rekey(RoundId now, UtcMs clock, Rng& rng) {
  if (x_role != crypto::Role::initiator || !up() || x_attempt || now.epoch <= x_keys_epoch) return;
  auto attempt = begin(party(), next_stamp(clock), rng);
  if (!attempt) return;
  x_stamp = next_stamp(clock);
  x_keys_epoch = now.epoch;
  x_rekey = std::make_unique<crypto::Handshake>(std::move(attempt->handshake));
  x_lane.send(Stream::rekey, to_bytes(attempt->message));
}

bool Link::message1_due() const {
  if (x_role != crypto::Role::initiator || x_since_message1 < x_retry) return false;
  if (x_attempt || x_ring.current() == nullptr || x_silence >= x_retry) return true;
  // The peer answered and is heard, but under older keys only: it lost the newest ones.
  return !x_ring.current()->keys.confirmed() && x_ring.age() >= wire::kLinkConfirmRounds;
}

bool Link::write_message1(UtcMs clock, Frame& frame, Rng& rng) {
  if (!x_attempt || x_attempt->sends >= std::max(wire::kLinkAttemptRounds / x_retry, 1U)) {
    const std::uint64_t stamp = next_stamp(clock);
    auto attempt = begin(party(), stamp, rng);
    x_attempt = attempt ? std::make_unique<Attempt>(std::move(*attempt)) : nullptr;
    if (!x_attempt) return false;
    x_stamp = stamp;
    if (x_rekey) {  // overtaken by this attempt; if the old keys prove good after all, it is begun anew
      x_rekey.reset();
      --x_keys_epoch.value;
    }
  }
  put_message1(*x_attempt, x_cookie, frame);
  ++x_attempt->sends;
  x_since_message1 = 0;
  return true;
}

void Link::seal_cells(RoundId now, const wire::Cell& a, const wire::Cell& b, Frame& frame) {
  KeyRing::Generation& keys = *x_ring.current();
  FrameBody body{static_cast<std::uint32_t>(now.epoch.value), now.round, {a, b}, {}};
  x_lane.write(body.control, keys.keys.received(), x_word);
  x_word.phase = 0;
  x_lane.sent({keys.number, keys.keys.seal(body, frame)});
}

std::optional<wire::Endpoint> Link::next_address(std::uint32_t& turn) const {
  if (x_endpoint && x_silence < wire::kLinkLostRounds) return x_endpoint;
  std::vector<wire::Endpoint> candidates = x_addresses;
  if (x_endpoint && std::find(candidates.begin(), candidates.end(), *x_endpoint) == candidates.end()) {
    candidates.push_back(*x_endpoint);
  }
  if (candidates.empty()) return std::nullopt;
  return candidates[turn++ % candidates.size()];
}

Link::Outgoing Link::prepare(RoundId now, UtcMs clock, const wire::Cell& a, const wire::Cell& b, Rng& rng) {
  if (x_frame == 0) count_round();
  if (x_clock) x_clock = clock;
  if (++x_frame >= x_frames) x_frame = 0;
  begin_rekey(now, clock, rng);
  Outgoing out;
  if (x_answer && x_answer->due) {
    rng.fill(out.frame);
    put_message2(*x_answer, x_peer, out.frame);
    x_answer->due = false;
    x_answer->unsaid = 0;
    out.to = x_answer->to;
    return out;
  }
  if (message1_due()) {
    rng.fill(out.frame);
    if (write_message1(clock, out.frame, rng)) {
      out.to = next_address(x_message1_turn);
      return out;
    }
  }
  if (x_ring.current() != nullptr) {
    seal_cells(now, a, b, out.frame);
  } else {
    rng.fill(out.frame);
  }
  out.to = next_address(x_turn);
  return out;
}

// ---- what arrives

std::optional<Link::Incoming> Link::receive(const Frame& frame, const wire::Endpoint& from, RoundId own_now, Rng& rng) {
  auto incoming = open(frame, from, own_now, rng);
  if (!incoming) greet(frame, from, own_now, rng);
  return incoming;
}

std::optional<Link::Incoming> Link::open(const Frame& frame, const wire::Endpoint& from, RoundId own_now, Rng& rng) {
  FrameBody body;
  const auto opened = x_ring.open(frame, body);
  if (!opened) return std::nullopt;
  if (opened->promoted) x_answer.reset();
  if (const std::uint32_t life = x_ring.current()->lane; life != x_lane_life) {
    x_lane = ControlLane(x_takes);
    x_lane_life = life;
  }
  if (body.round.value >= x_rounds) return std::nullopt;

  x_quiet = 0;
  x_silence = 0;
  if (opened->number == x_ring.current()->number) x_attempt.reset();
  const RoundId round{complete_epoch(body.epoch_lo, own_now.epoch), body.round};
  const RelayWord word = ControlLane::word(body.control);
  // A frame that was held back, or sealed under keys that newer ones have followed, says nothing of where the peer is.
  if (opened->frame.rising && opened->standing == KeyRing::Standing::newest) {
    x_endpoint = from;
    x_peer_epoch = round.epoch;
    x_peer_fault = word.fault;
  }
  std::optional<Incoming> out;
  out.emplace(round, body.cells, word.phase, std::nullopt);
  if (opened->lane == x_lane_life) {
    out->object = x_lane.read(body.control, opened->number);
    if (out->object && out->object->stream == Stream::rekey) {
      take_rekey(out->object->bytes, rng);
      out->object.reset();
    }
  }
  return out;
}

bool Link::greet(const Frame& frame, const wire::Endpoint& from, RoundId own_now, Rng& rng) {
  return x_role == crypto::Role::initiator ? greet_responder(frame, from, own_now) : greet_initiator(frame, from, rng);
}

bool Link::accept(ByteView message1, KeyOrigin origin, Message2& message2, Rng& rng) {
  auto accepted = answer(party(), message1, x_stamp, rng);
  if (!accepted || (x_clock && accepted->stamp > microseconds_of(*x_clock) + kStampAhead)) return false;
  x_stamp = accepted->stamp;
  x_ring.propose(FrameKeys(std::move(accepted->split), x_role), origin);
  x_answer.reset();
  message2 = accepted->message;
  return true;
}

bool Link::greet_initiator(const Frame& frame, const wire::Endpoint& from, Rng& rng) {
  if (!is_message1(frame, x_own.public_key)) return false;
  const ByteView noise = ByteView(frame).first(wire::kLinkMessage1Bytes);
  if (x_answer && std::equal(noise.begin(), noise.end(), x_answer->question.begin())) {
    // The same message 1 gets the same message 2, where the first one came from: a replay draws no frame elsewhere.
    if (x_answer->unsaid >= x_retry / 2) x_answer->due = true;
    return true;
  }
  Answer fresh{.to = from, .due = true};
  std::copy(noise.begin(), noise.end(), fresh.question.begin());
  if (!accept(noise, KeyOrigin::handshake, fresh.message, rng)) return false;
  x_answer = std::make_unique<Answer>(fresh);
  return true;
}

bool Link::greet_responder(const Frame& frame, const wire::Endpoint& from, RoundId own_now) {
  if (!x_attempt || !is_message2(frame, x_own.public_key)) return false;
  auto split = finish(x_attempt->handshake, ByteView(frame).first(wire::kLinkMessage2Bytes));
  if (!split) return false;
  x_ring.install(FrameKeys(std::move(*split), x_role), KeyOrigin::handshake);
  x_lane = ControlLane(x_takes);
  x_lane_life = x_ring.current()->lane;
  x_attempt.reset();
  x_rekey.reset();
  x_cookie.reset();
  x_silence = 0;
  x_endpoint = from;
  x_keys_epoch = own_now.epoch;
  return true;
}

void Link::take_rekey(ByteView object, Rng& rng) {
  if (x_role == crypto::Role::responder) {
    Message2 message2;
    if (object.size() == wire::kLinkMessage1Bytes && accept(object, KeyOrigin::rekey, message2, rng)) {
      x_lane.send(Stream::rekey, to_bytes(message2));
    }
    return;
  }
  if (!x_rekey || object.size() != wire::kLinkMessage2Bytes) return;
  auto split = finish(*x_rekey, object);
  if (!split) return;
  x_ring.install(FrameKeys(std::move(*split), x_role), KeyOrigin::rekey);
  x_rekey.reset();
}

void Link::take_cookie(ByteView reply) {
  if (!x_attempt || x_attempt->sends == 0) return;
  if (const auto cookie = open_cookie(reply, x_peer, x_attempt->mac1)) x_cookie = cookie;
}

}  // namespace sw::link
