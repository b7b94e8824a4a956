#include "mix/relay/core.hpp"

#include <algorithm>
#include <limits>

#include "base/assert.hpp"
#include "wire/sizes.hpp"

namespace sw::mix::relay {

using Kind = Notice::Kind;

Core::Core(VenueTerms terms, std::size_t hop, crypto::SigningKey id, Epoch highest, Rng& rng)
    : x_terms(std::move(terms)),
      x_hop(hop),
      x_id(std::move(id)),
      x_highest(highest),
      x_rng(rng),
      x_pipeline(x_terms),
      x_watch(self().number(), static_cast<std::uint8_t>(x_terms.hops()), x_terms.round_ms),
      x_heard(highest) {
  SW_ASSERT(x_hop < x_terms.hops() && x_terms.hops() <= wire::kRelayLimit);
  SW_ASSERT(x_terms.hops() > 1 || x_terms.noise.circuits == 0);
}

std::uint8_t Core::neighbour(Side side) const {
  return static_cast<std::uint8_t>(side == Side::previous ? x_hop : x_hop + 2);
}

UtcMs Core::after_rounds(UtcMs now, std::int64_t rounds) const {
  return {now.value + rounds * x_terms.round_ms};
}

std::optional<Counts> Core::counts() const {
  const auto running = x_pipeline.running();
  if (!running || x_terms.noise.circuits == 0) return std::nullopt;
  const auto at = x_pipeline.parts().find(*running);
  return at == x_pipeline.parts().end() ? std::nullopt : at->second.counts();
}

// What cannot be sent is lost: the round is, or the epoch is not ready at its t0.
void Core::send(Side to, Message message, Actions& out) const {
  if (connected(to)) out.messages.push_back({to, std::move(message)});
}

// "passed along the chain unchanged by those between"
void Core::pass_on(Side from, const Message& message, Actions& out) const {
  send(other(from), message, out);
}

void Core::notify(Kind kind, RoundId at, std::uint8_t hop, std::uint64_t count, Actions& out) const {
  out.notices.push_back({kind, at, hop, count});
}

UtcMs Core::next_wake() const {
  const UtcMs sweep = x_pipeline.next_sweep().value_or(UtcMs{std::numeric_limits<std::int64_t>::max()});
  return first() ? std::min(sweep, next_lead()) : sweep;
}

Actions Core::advance(UtcMs now) {
  Actions out;
  x_watch.begin(now);
  x_pipeline.sweep(now);
  if (first()) lead(now, out);
  return out;
}

Actions Core::on_connected(UtcMs now, Side side) {
  Actions out;
  x_connected[static_cast<std::size_t>(side)] = true;
  // The other end takes the connection for ours from the first record on.
  if (side == Side::next) {
    send(side, {Type::hello, {}, {}}, out);
    x_watch.connected();
    say_chain(now, {}, out);
  }
  if (first()) lead(now, out);
  return out;
}

Actions Core::on_lost(UtcMs now, Side side) {
  Actions out;
  x_connected[static_cast<std::size_t>(side)] = false;
  notify(Kind::neighbour_lost, {}, neighbour(side), 0, out);
  if (side == Side::next) {
    x_watch.lost(now);
    say_chain(now, {}, out);
  }
  if (x_making) give_up_making(now);
  return out;
}

Actions Core::on_message(UtcMs now, Side from, Message message) {
  Actions out;
  x_pipeline.sweep(now);
  switch (message.type) {
    case Type::want: take_want(now, message, out); break;
    case Type::keys: first() ? take_keys(now, message, out) : pass_on(from, message, out); break;
    case Type::body: take_body(message, out); break;
    case Type::signature: first() ? take_signature(now, message, out) : pass_on(from, message, out); break;
    case Type::descriptor: take_descriptor(message, out); break;
    case Type::setup: take_setup(now, std::move(message), out); break;
    case Type::forward: take_forward(now, std::move(message), out); break;
    case Type::back: take_back(std::move(message), out); break;
    case Type::receipt: take_receipt(std::move(message), out); break;
    case Type::halt: take_halt(now, from, message, out); break;
    case Type::chain: take_chain(now, message, out); break;
    case Type::hello: break;
  }
  if (first()) lead(now, out);
  return out;
}

Actions Core::on_recorded(UtcMs now, Epoch epoch) {
  Actions out;
  EpochPart* part = x_pipeline.find(epoch);
  if (part == nullptr || part->stage() != Stage::claimed) return out;
  const HopSignature own{self().number(), part->sign(self())};
  if (!first()) {
    send(Side::previous, signature_message(epoch, own), out);
    return out;
  }
  if (x_making && x_making->number == epoch && x_making->take_signature(x_terms, own)) publish(now, out);
  lead(now, out);
  return out;
}

void Core::forget(Epoch epoch, Actions& out) {
  const EpochPart* part = x_pipeline.find(epoch);
  if (part == nullptr) return;
  if (first() && part->stage() >= Stage::agreed) out.halted.push_back(epoch);
  x_pipeline.drop(epoch);
}

void Core::halt(Epoch epoch, HaltReason reason, Actions& out) {
  const Message message = halt_message(epoch, {self().number(), reason});
  send(Side::previous, message, out);
  send(Side::next, message, out);
  forget(epoch, out);
}

void Core::take_want(UtcMs now, const Message& message, Actions& out) {
  pass_on(Side::previous, message, out);
  say_chain(now, {}, out);
  const Epoch epoch = message.at.epoch;
  const auto want = read_want(message.bytes);
  if (!want || want->t0 <= now || want->lead_rounds < wire::kLeadRoundsLeast || want->lead_rounds > x_terms.rounds ||
      want->circuits > x_terms.circuit_limit || want->circuits % (2U * x_terms.slots) != 0) {
    notify(Kind::message_refused, message.at, neighbour(Side::previous), 0, out);
    return;
  }
  auto keys = EpochKeys::generate(x_terms.suite, x_rng);
  if (!keys) {
    notify(Kind::machine_failed, message.at, 0, 0, out);
    halt(epoch, HaltReason::machine, out);
    return;
  }
  x_pipeline.drop_unmade();
  EpochPart part(epoch, *want, std::move(*keys));
  // "only for an epoch above every one it signed": R1 hears which that is, and these keys are forgotten.
  const Message offer = keys_message(epoch, part.offer(self(), x_highest));
  const bool jump = epoch > x_highest && epoch.value - x_highest.value > wire::kEpochNumberJump;
  if (jump || (epoch > x_highest && !x_pipeline.add(std::move(part)))) {
    notify(Kind::message_refused, message.at, neighbour(Side::previous), 0, out);
    return;
  }
  send(Side::previous, offer, out);
}

void Core::take_body(const Message& message, Actions& out) {
  pass_on(Side::previous, message, out);
  const Epoch epoch = message.at.epoch;
  EpochPart* part = x_pipeline.find(epoch);
  if (epoch <= x_highest) {  // "one body an epoch number"
    notify(Kind::second_body, message.at, neighbour(Side::previous), 0, out);
    return;
  }
  if (part == nullptr || !part->take_body(self(), message.bytes)) {
    notify(Kind::body_refused, message.at, neighbour(Side::previous), 0, out);
    halt(epoch, HaltReason::body, out);
    return;
  }
  x_highest = epoch;
  out.records.push_back(epoch);
}

void Core::take_descriptor(const Message& message, Actions& out) {
  pass_on(Side::previous, message, out);
  const Epoch epoch = message.at.epoch;
  EpochPart* part = x_pipeline.find(epoch);
  const auto taken =
      part == nullptr ? Result<void>(fail(Errc::not_found, "")) : part->take_descriptor(self(), message.bytes);
  if (taken) {
    for (const Epoch gone : x_pipeline.drop_void(epoch)) notify(Kind::epoch_halted, {gone, {}}, 1, 0, out);
    return;
  }
  notify(Kind::descriptor_refused, message.at, neighbour(Side::previous), 0, out);
  // A second one changes nothing; a wrong one cannot be carried.
  if (part == nullptr || part->stage() < Stage::agreed) halt(epoch, HaltReason::descriptor, out);
}

/// Is the epoch here? If it should be, everybody is told that it is not.
bool Core::has(UtcMs now, const Message& message, Actions& out) {
  const Epoch epoch = message.at.epoch;
  const EpochPart* part = x_pipeline.find(epoch);
  const auto running = x_pipeline.running();
  if (part == nullptr && !x_pipeline.over(epoch)) {
    notify(Kind::epoch_halted, message.at, self().number(), static_cast<std::uint64_t>(HaltReason::unknown), out);
    halt(epoch, HaltReason::unknown, out);
    return false;
  }
  const bool out_of_turn = part == nullptr || (running && epoch < *running);
  const bool early = part != nullptr && message.type == Type::forward &&
                     part->departs(x_terms, message.at.round.value) > after_rounds(now, wire::kEarlyRounds);
  if (!out_of_turn && !early) return true;
  const Kind kind = message.type == Type::setup ? Kind::setup_refused : Kind::batch_refused;
  notify(kind, message.at, neighbour(Side::previous), 0, out);
  return false;
}

void Core::take_setup(UtcMs now, Message message, Actions& out) {
  if (has(now, message, out)) set_up(message.at.epoch, std::move(message.bytes), out);
}

void Core::set_up(Epoch epoch, Bytes onions, Actions& out) {
  auto work = x_pipeline.find(epoch)->take_setup(self(), std::move(onions));
  if (!work) return refuse_setup(epoch, work.error(), out);
  out.works.emplace_back(RoundId{epoch, {}}, std::move(*work));
}

void Core::refuse_setup(Epoch epoch, const Error& why, Actions& out) {
  const bool machine = why.code != Errc::conflict && why.code != Errc::malformed;
  notify(machine ? Kind::machine_failed : Kind::setup_refused, {epoch, {}}, neighbour(Side::previous), 0, out);
  // "one batch an epoch": a second one changes nothing.
  if (why.code != Errc::conflict) halt(epoch, machine ? HaltReason::machine : HaltReason::batch, out);
}

void Core::finish_setup(UtcMs now, Epoch epoch, Result<SetUp> done, Actions& out) {
  if (!done) return refuse_setup(epoch, done.error(), out);
  x_pipeline.find(epoch)->finish_setup(*done);
  const RoundId at{epoch, {}};
  if (done->replaced > 0) notify(Kind::onions_replaced, at, neighbour(Side::previous), done->replaced, out);
  if (!last()) send(Side::next, {Type::setup, at, std::move(done->next)}, out);
  if (first()) {
    out.receipts.push_back({epoch, std::move(done->receipt)});
    lead(now, out);
  } else {
    send(Side::previous, {Type::receipt, at, std::move(done->receipt)}, out);
  }
}

void Core::take_receipt(Message message, Actions& out) {
  // Earlier relays judge it for themselves, whatever this one finds.
  pass_on(Side::next, message, out);
  const Epoch epoch = message.at.epoch;
  EpochPart* part = x_pipeline.find(epoch);
  if (part == nullptr) {
    notify(Kind::receipt_refused, message.at, 0, 0, out);
    return;
  }
  const auto seen = part->take_receipt(self(), message.bytes);
  if (seen.is == ReceiptIs::good) {
    if (first()) out.receipts.push_back({epoch, std::move(message.bytes)});
    return;
  }
  const bool missing = seen.is == ReceiptIs::cover_missing;
  notify(missing ? Kind::cover_missing : Kind::receipt_refused, message.at, seen.hop, 0, out);
  if (!part->ready(self())) halt(epoch, HaltReason::cover, out);
}

void Core::take_halt(UtcMs now, Side from, const Message& message, Actions& out) {
  const auto said = read_halt(message.bytes, x_terms);
  // Who is blamed is at fault, or a relay before it: nobody behind a relay speaks for it.
  const bool theirs = said && (from == Side::next ? said->hop > self().number() : said->hop < self().number());
  if (!theirs) {
    notify(Kind::message_refused, message.at, neighbour(from), 0, out);
    return;
  }
  pass_on(from, message, out);
  const Epoch epoch = message.at.epoch;
  const bool here = x_pipeline.find(epoch) != nullptr;
  if (!here) return;
  notify(Kind::epoch_halted, message.at, said->hop, static_cast<std::uint64_t>(said->reason), out);
  const bool ran = x_pipeline.running() == epoch;
  if (x_making && x_making->number == epoch) give_up_making(now);
  // Of the others, who says so need not be at fault.
  const bool own = said->reason == HaltReason::unknown || said->reason == HaltReason::machine;
  if (own && (ran || !x_pipeline.running())) x_watch.halted(said->hop);
  forget(epoch, out);
  if (first() && ran) void_all(out);
}

void Core::take_forward(UtcMs now, Message message, Actions& out) {
  // At once: what the pass takes is no fault.
  x_watch.judge(now);
  say_chain(now, message.at, out);
  if (has(now, message, out)) forward(now, message.at, std::move(message.bytes), out);
}

void Core::forward(UtcMs now, RoundId at, Bytes batch, Actions& out) {
  auto work = x_pipeline.find(at.epoch)->forward(self(), at.round, std::move(batch));
  if (!work) {
    notify(Kind::batch_refused, at, neighbour(Side::previous), 0, out);
    return;
  }
  x_pipeline.begin(at.epoch, now);
  out.works.emplace_back(at, std::move(*work));
}

void Core::take_back(Message message, Actions& out) {
  EpochPart* part = x_pipeline.find(message.at.epoch);
  auto work = part == nullptr ? Result<BatchPass>(fail(Errc::not_found, ""))
                              : part->backward(self(), message.at.round, std::move(message.bytes));
  if (!work) {
    notify(Kind::batch_refused, message.at, neighbour(Side::next), 0, out);
    return;
  }
  x_watch.returned(message.at);
  out.works.emplace_back(message.at, std::move(*work));
}

void Core::finish_pass(UtcMs now, RoundId at, BatchPass& pass, Actions& out) {
  auto batch = pass.take();
  if (!batch) {
    notify(Kind::machine_failed, at, 0, 0, out);
  } else if (pass.way() == BatchPass::Way::forward) {
    send(Side::next, {Type::forward, at, std::move(*batch)}, out);
    x_watch.sent(now, at);
  } else if (first()) {
    x_watch.returned(at);
    out.returned.push_back({at, std::move(*batch)});
  } else {
    send(Side::previous, {Type::back, at, std::move(*batch)}, out);
  }
}

Actions Core::on_done(UtcMs now, Work work) {
  Actions out;
  const RoundId at = work.at();
  // Halted, void or over while it was worked on.
  if (x_pipeline.find(at.epoch) == nullptr) return out;
  if (auto* pass = work.pass()) finish_pass(now, at, *pass, out);
  if (auto* setup = work.setup()) finish_setup(now, at.epoch, setup->take(), out);
  return out;
}

}  // namespace sw::mix::relay
