#include "line/session/channel.hpp"

#include "crypto/aead.hpp"
#include "crypto/hash.hpp"
#include "crypto/mix.hpp"

namespace sw::line {
namespace {

constexpr std::uint32_t kRatchetRounds = 64;

void count(std::uint32_t& rounds) {
  if (rounds != UINT32_MAX) ++rounds;
}

}  // namespace

Channel::Channel(const VenueTerms& terms, crypto::Role own, bool ml_kem, const RootKey& root,
                 const crypto::HandshakeHash& hash, const Starts& starts)
    : x_terms(terms),
      x_role(own),
      x_ml_kem(ml_kem),
      x_check(check_groups(crypto::kdf_public<30>(root, "sas", {hash}))),
      x_current(Generation::make(terms, own, root, starts)) {}

void Channel::count_round() {
  count(x_since_opened);
  count(x_since_healed);
  count(x_since_offer);
}

Psk Channel::fresh_psk() const {
  return crypto::kdf<Psk>(x_current.ratchet, "psk-venue", {x_terms.id.bytes});
}

void Channel::fill_ratchet(RoundId now, const Durable& durable, std::size_t room, wire::Writer& out, Rng& rng) {
  const bool may_offer = x_role == crypto::Role::initiator && !x_offer && !x_step;
  if (may_offer && x_since_offer >= kRatchetRounds) {
    auto offer = RatchetOffer::make(now, x_ml_kem, rng);
    if (!offer) return;  // libcrypto lost ML-KEM since the start: no step rather than a weaker one
    x_sending.emplace(FrameType::offer, offer->bytes());
    x_offer = std::move(*offer);
    x_since_offer = 0;
  }
  // The acceptor commits {new, previous} before it sends Accept (protocol 4.3).
  if (x_sending && (!x_step || durable.reached(x_step->version))) x_sending->fill(room, out);
}

bool Channel::seal(Path path, RoundId now, CellHead head, ByteView frames, const Durable& durable, wire::Cell& out) {
  head.heard = x_heard;
  head.heard_base = x_newest ? static_cast<std::uint8_t>(x_newest->round.value) : std::uint8_t{0};
  // The offerer sends in g+1 once its psk is committed, the acceptor after its first opened cell of g+1.
  const bool ahead = x_role == crypto::Role::initiator && x_step && durable.reached(x_step->version);
  const auto key = (ahead ? x_step->next : x_current).send.key(path, now);
  if (!key) return false;
  CellPlain plain;
  write_cell(head, frames, plain);
  crypto::seal(*key, crypto::CounterNonce{0}, {}, plain, out);
  crypto::wipe(plain);
  return true;
}

bool Channel::open(Path path, RoundId round, const wire::Cell& cell, CellPlain& plain, Durable& durable) {
  if (x_current.receive.open(path, round, cell, plain)) {
    note_opened(round, plain);
    return true;
  }
  if (!x_step || !x_step->next.receive.open(path, round, cell, plain)) return false;
  note_opened(round, plain);
  finish_step(durable);
  return true;
}

void Channel::note_opened(RoundId round, const CellPlain& plain) {
  x_since_opened = 0;
  if (!x_newest || round > *x_newest) {
    const std::uint64_t epochs = x_newest ? round.epoch.value - x_newest->epoch.value : 0;
    const std::uint64_t moved =
        !x_newest || epochs > 1 ? 16 : epochs * x_terms.rounds + round.round.value - x_newest->round.value;
    x_heard = moved >= 16 ? std::uint16_t{0} : static_cast<std::uint16_t>(x_heard << moved);
    x_newest = round;
  }
  const std::uint64_t epochs = x_newest->epoch.value - round.epoch.value;
  const std::uint64_t behind = epochs > 1 ? 16 : epochs * x_terms.rounds + x_newest->round.value - round.round.value;
  if (behind < 16) x_heard = static_cast<std::uint16_t>(x_heard | (1U << behind));
  const CellHead head = read_cell_head(plain);
  x_heard_there = head.heard;
  x_peer_flags = head.flags;
}

void Channel::begin(const RootKey& root, const Starts& starts, Durable& durable) {
  PskState& psk = durable.keys.in(x_terms.id).psk;
  Psk newest = crypto::kdf_mixed<Psk>(psk.newest, "psk-next", root);
  psk.previous = std::move(psk.newest);
  psk.newest = std::move(newest);
  x_step = Step{Generation::make(x_terms, x_role, root, starts), durable.touch_psk()};
}

void Channel::take_ratchet(FrameType type, ByteView body, RoundId now, Durable& durable, Rng& rng) {
  const bool initiator = x_role == crypto::Role::initiator;
  if (type != (initiator ? FrameType::accept : FrameType::offer)) return;
  const auto object = x_receiving.take(body);
  if (!object) return;
  if (initiator) {
    if (!x_offer) return;
    const auto done = x_offer->finish(*object, x_current.ratchet);
    if (!done) return;
    begin(done->root, done->starts, durable);
    x_offer.reset();
    x_sending.reset();
    return;
  }
  if (x_step) return;  // the same offer again: its accept is on its way
  auto accepted = accept_offer(*object, now, x_ml_kem, x_current.ratchet, rng);
  if (!accepted) return;
  begin(accepted->root, accepted->starts, durable);
  x_sending.emplace(FrameType::accept, std::move(accepted->bytes));
}

void Channel::finish_step(Durable& durable) {
  x_current = std::move(x_step->next);
  x_step.reset();
  x_offer.reset();
  x_sending.reset();
  // Its pieces were sent until it was answered; what is left of them is not to be taken for pieces of the next.
  x_receiving = {};
  durable.keys.in(x_terms.id).psk.previous.reset();
  durable.touch();
  x_since_healed = 0;
  x_healed = true;
}

}  // namespace sw::line
