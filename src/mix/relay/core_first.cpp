// What R1 does besides: it makes the epochs, closes set-ups and rounds, and decides when an epoch begins. Protocol 8.7.
#include <algorithm>
#include <limits>

#include "base/assert.hpp"
#include "mix/relay/core.hpp"
#include "wire/sizes.hpp"

namespace sw::mix::relay {

using Kind = Notice::Kind;

Actions Core::on_circuits(UtcMs now, std::uint32_t circuits) {
  SW_ASSERT(first() && circuits % (2U * x_terms.slots) == 0 && circuits <= x_terms.circuit_limit);
  Actions out;
  x_circuits = circuits;
  lead(now, out);
  return out;
}

Actions Core::on_onions(UtcMs /*now*/, Epoch epoch, Bytes onions) {
  Actions out;
  if (x_pipeline.find(epoch) != nullptr) set_up(epoch, std::move(onions), out);
  return out;
}

Actions Core::on_cells(UtcMs now, RoundId at, Bytes cells) {
  Actions out;
  if (x_pipeline.find(at.epoch) == nullptr) return out;
  x_watch.judge(now);
  forward(now, at, std::move(cells), out);
  return out;
}

std::optional<std::uint32_t> Core::circuits_of(Epoch epoch) const {
  const auto at = x_pipeline.parts().find(epoch);
  if (at == x_pipeline.parts().end()) return std::nullopt;
  return at->second.want().circuits;
}

void Core::lead(UtcMs now, Actions& out) {
  x_now = now;
  judge_late(now, out);
  begin_due(now, out);
  close_due(now, out);
  make_due(now, out);
}

// "If e+1 is not ready at its t0 ... e runs on": it does not come in later, so that everybody knows where the cells
// are.
void Core::judge_late(UtcMs now, Actions& out) {
  std::vector<Epoch> late;
  for (const auto& [number, part] : x_pipeline.parts()) {
    if (part.stage() >= Stage::agreed && part.want().t0 <= now && !part.ready(self())) late.push_back(number);
  }
  for (const Epoch number : late) {
    if (number == x_hurried) ++x_failed;
    notify(Kind::epoch_halted, {number, {}}, self().number(), static_cast<std::uint64_t>(HaltReason::late), out);
    halt(number, HaltReason::late, out);
  }
}

void Core::begin_due(UtcMs now, Actions& out) {
  const auto running = x_pipeline.running();
  std::optional<Epoch> due;
  for (const auto& [number, part] : x_pipeline.parts()) {
    if (part.want().t0 <= now && part.ready(self()) && (!running || number > *running)) due = number;
  }
  if (due) {
    x_pipeline.begin(*due, now);
    x_asked = 0;
    x_failed = 0;
  }
  if (!x_pipeline.running()) return;
  const EpochPart& part = *x_pipeline.find(*x_pipeline.running());
  const std::int64_t closed = std::min(closed_rounds(part, now), 2 * std::int64_t{x_terms.rounds});
  if (closed <= x_asked) return;
  if (x_asked <= x_terms.rounds && closed > x_terms.rounds) notify(Kind::overtime, {part.number(), {}}, 1, 0, out);
  x_asked = closed;
  // A round that this relay slept through is skipped, not caught up.
  if (chain_up() && closed_rounds(part, now) == closed) {
    out.close_round.push_back({part.number(), Round{static_cast<std::uint32_t>(closed - 1)}});
  }
}

void Core::close_due(UtcMs now, Actions& out) {
  for (const auto& [number, part] : x_pipeline.parts()) {
    const bool due = part.departs(x_terms, -std::int64_t{part.want().lead_rounds}) <= now;
    if (part.stage() != Stage::agreed || !due || !chain_up() || (x_closed && number <= *x_closed)) continue;
    x_closed = number;
    out.close_setup.push_back(number);
  }
}

// "R1 closes round r at t0 + r T + 0.2 T"
std::int64_t Core::closed_rounds(const EpochPart& part, UtcMs now) const {
  const std::int64_t since = now.value - part.want().t0.value - x_terms.round_ms / 5;
  return since < 0 ? 0 : since / x_terms.round_ms + 1;
}

// The chain's set-up takes time, not rounds; whoever was not done with it in time gets twice as much.
std::uint32_t Core::emergency_lead() const {
  const std::uint32_t second = (wire::kEmergencyLeadMs + x_terms.round_ms - 1) / x_terms.round_ms;
  const std::uint32_t lead = std::max(wire::kEmergencyLeadRounds, second) << std::min(x_failed, 8U);
  return std::min(lead, std::uint32_t{x_terms.lead_rounds});
}

std::uint32_t Core::emergency_rounds() const {
  const bool suite1 = x_terms.suite == Suite::x25519;
  return (suite1 ? wire::kEmergencyRounds : wire::kEmergencyRoundsSuite2) + emergency_lead();
}

// "the next multiple of T": the rounds go on where they were, and what the stations' grids follow does not move.
UtcMs Core::on_grid(UtcMs time) const {
  const std::int64_t round = x_terms.round_ms;
  return {(time.value + round - 1) / round * round};
}

UtcMs Core::emergency_start(UtcMs now) const {
  return on_grid(after_rounds(now, emergency_rounds()));
}

Want Core::emergency_want(UtcMs now) const {
  return {emergency_start(now), static_cast<std::uint16_t>(emergency_lead()), x_circuits};
}

/// No epoch runs, and none begins as soon as an emergency one would.
bool Core::stranded(UtcMs now) const {
  for (const auto& [number, part] : x_pipeline.parts()) {
    const bool runs = x_pipeline.running() == number && part.departs(x_terms, 2 * std::int64_t{x_terms.rounds}) > now;
    const bool comes = part.stage() >= Stage::agreed && part.want().t0 > now && part.want().t0 <= emergency_start(now);
    if (runs || comes) return false;
  }
  return true;
}

std::optional<Want> Core::next_want(UtcMs now) const {
  std::size_t ahead = 0;
  UtcMs newest{};
  for (const auto& [number, part] : x_pipeline.parts()) {
    if (part.stage() < Stage::agreed) continue;
    if (part.want().t0 > now) ++ahead;
    newest = std::max(newest, part.want().t0);
  }
  if (ahead >= wire::kEpochsAhead) return std::nullopt;
  // A place in the timetable that passed while no epoch could be made stays empty.
  const UtcMs least = after_rounds(now, std::int64_t{x_terms.lead_rounds} + wire::kMakingRounds);
  UtcMs t0 = after_rounds(newest, x_terms.rounds);
  // Whoever was too late for an emergency epoch is not left out for the whole of it.
  if (ahead == 0 && x_pipeline.running() == x_hurried) {
    t0 = std::min(t0, on_grid(after_rounds(least, emergency_rounds())));
  }
  if (t0 <= least) t0.value += ((least.value - t0.value) / x_terms.span_ms() + 1) * x_terms.span_ms();
  return Want{t0, x_terms.lead_rounds, x_circuits};
}

void Core::make_due(UtcMs now, Actions& out) {
  if (x_making && now >= x_making->until) {
    give_up_making(now);
    x_make_from = now;  // it waited long enough
  }
  if (x_making || now < x_make_from || !chain_up() || x_circuits == 0) return;
  if (stranded(now)) {
    void_all(out);
    const Want want = emergency_want(now);
    make(now, want, Making::Haste::emergency, 0, out);
    if (x_making)
      notify(Kind::emergency_epoch, {x_making->number, {}}, 1, static_cast<std::uint64_t>(want.t0.value), out);
    return;
  }
  // Until an emergency epoch runs the control lanes are its own, and whoever lost R1 may register for the next.
  const auto want = x_pipeline.running() ? next_want(now) : std::nullopt;
  if (want) make(now, *want, Making::Haste::in_turn, 0, out);
}

void Core::void_all(Actions& out) {
  for (const auto& [number, part] : x_pipeline.parts()) {
    if (part.stage() >= Stage::agreed) out.halted.push_back(number);
  }
  (void)x_pipeline.drop_all();
  x_make_from = {};
  if (!x_making) return;
  // What is still said of that making must not be taken for a word on the next one.
  x_heard = std::max(x_heard, x_making->number);
  x_making.reset();
}

void Core::make(UtcMs now, const Want& want, Making::Haste haste, std::uint32_t renamed, Actions& out) {
  const Epoch number{std::max(x_highest, x_heard).value + 1};
  x_pipeline.drop_unmade();
  auto keys = EpochKeys::generate(x_terms.suite, x_rng);
  if (!keys || !x_pipeline.add(EpochPart(number, want, std::move(*keys)))) {
    notify(Kind::machine_failed, {number, {}}, 0, 0, out);
    x_make_from = after_rounds(now, wire::kMakingRounds);
    return;
  }
  x_making.emplace(x_terms, number, want, haste, after_rounds(now, wire::kMakingRounds));
  x_making->renamed = renamed;
  if (haste == Making::Haste::emergency) x_hurried = number;
  out.making.push_back(number);
  (void)x_making->take_keys(x_pipeline.find(number)->offer(self(), x_highest));
  send(Side::next, want_message(number, want), out);
  if (x_making->has_all_keys()) build(now, out);
}

void Core::give_up_making(UtcMs now) {
  x_pipeline.drop_unmade();
  x_making.reset();
  x_make_from = after_rounds(now, wire::kMakingRounds);
}

// "highest that any relay signed + 1"; a relay that claims more than a jump would end the venue's numbers for ever.
void Core::rename_making(UtcMs now, const OfferedKeys& offered, Actions& out) {
  const bool jump = offered.highest.value - x_highest.value > wire::kEpochNumberJump;
  if (jump || x_making->renamed >= wire::kRelayLimit) {
    notify(Kind::keys_refused, {x_making->number, {}}, offered.hop, offered.highest.value, out);
    give_up_making(now);
    return;
  }
  x_heard = std::max(x_heard, offered.highest);
  const Making::Haste haste = x_making->haste;
  Want want = haste == Making::Haste::emergency ? emergency_want(now) : x_making->want;
  want.circuits = x_circuits;
  make(now, want, haste, x_making->renamed + 1, out);
}

void Core::take_keys(UtcMs now, const Message& message, Actions& out) {
  const auto offered = read_keys(message.bytes, x_terms);
  if (!offered) {
    notify(Kind::message_refused, message.at, neighbour(Side::next), 0, out);
    return;
  }
  // Those of a making that was given up come late, and nobody is to blame.
  if (!x_making || x_making->number != message.at.epoch) return;
  if (offered->highest >= x_making->number) {
    rename_making(now, *offered, out);
  } else if (!x_making->take_keys(*offered)) {
    notify(Kind::keys_refused, message.at, offered->hop, 0, out);
  } else if (x_making->has_all_keys()) {
    build(now, out);
  }
}

void Core::build(UtcMs now, Actions& out) {
  const Epoch number = x_making->number;
  const auto body = x_making->build(x_terms);
  EpochPart* part = x_pipeline.find(number);
  if (!body || part == nullptr || !part->take_body(self(), *body)) {
    notify(Kind::keys_refused, {number, {}}, 0, 0, out);
    give_up_making(now);
    return;
  }
  x_highest = number;
  out.records.push_back(number);
  send(Side::next, body_message(number, *body), out);
}

void Core::take_signature(UtcMs now, const Message& message, Actions& out) {
  const auto signature = read_signature(message.bytes);
  if (!signature || !x_making || x_making->number != message.at.epoch) return;
  if (!x_making->take_signature(x_terms, *signature)) {
    notify(Kind::signature_refused, message.at, signature->hop, 0, out);
    give_up_making(now);
    return;
  }
  publish(now, out);
}

void Core::publish(UtcMs now, Actions& out) {
  if (!x_making->has_all_signatures()) return;
  const Epoch number = x_making->number;
  auto signatures = x_making->all_signatures();
  Message message = descriptor_message(number, x_making->body, signatures);
  if (!x_pipeline.find(number)->take_descriptor(self(), message.bytes)) {
    // Only where the record of signed epochs is not what this relay was started with.
    notify(Kind::descriptor_refused, message.at, 1, 0, out);
    give_up_making(now);
    return;
  }
  for (const Epoch gone : x_pipeline.drop_void(number)) out.halted.push_back(gone);
  out.published.push_back({number, std::move(x_making->body), std::move(signatures)});
  x_making.reset();
  send(Side::next, std::move(message), out);
}

UtcMs Core::next_lead() const {
  UtcMs next{std::numeric_limits<std::int64_t>::max()};
  const auto consider = [&](UtcMs at) {
    if (at > x_now) next = std::min(next, at);
  };
  consider(x_make_from);
  if (x_making) consider(x_making->until);
  for (const auto& [number, part] : x_pipeline.parts()) {
    consider(part.want().t0);
    consider(part.departs(x_terms, -std::int64_t{part.want().lead_rounds}));
    if (x_pipeline.running() != number) continue;
    const std::int64_t closed = closed_rounds(part, x_now);
    if (closed > 2 * std::int64_t{x_terms.rounds}) continue;
    consider({part.departs(x_terms, closed).value + x_terms.round_ms / 5});
  }
  return next;
}

}  // namespace sw::mix::relay
