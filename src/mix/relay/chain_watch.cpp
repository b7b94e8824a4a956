#include "mix/relay/chain_watch.hpp"

#include "wire/sizes.hpp"

namespace sw::mix::relay {

void ChainWatch::connected() {
  x_up = true;
  x_met = true;
  x_said = 0;
  x_silent = false;
  x_keeps = false;
  x_newest.reset();
  x_before.reset();
}

void ChainWatch::lost(UtcMs now) {
  x_up = false;
  note(now);
}

void ChainWatch::said(UtcMs now, RoundId at, std::uint8_t fault) {
  x_said = fault > x_own + 1 ? fault : std::uint8_t{0};
  x_silent = false;
  if (x_said != 0) {
    for (auto* const batch : {&x_newest, &x_before}) {
      if (*batch) (*batch)->excused = true;
    }
  }
  if (at.epoch.value != 0 && (!x_answered || at > *x_answered)) x_answered = at;
  note(now);
}

/// Went on about so many rounds ago. Of batches that follow each other at once, or after a pause, nothing can be told:
/// this relay slept.
bool ChainWatch::due(const std::optional<Sent>& batch, std::int64_t rounds, UtcMs now) const {
  if (!batch) return false;
  const std::int64_t age = now.value - batch->when.value;
  return age >= rounds * x_round_ms - std::int64_t{x_round_ms} * 3 / 4 && age <= (rounds + 1) * x_round_ms;
}

void ChainWatch::judge(UtcMs now) {
  if (due(x_newest, 1, now)) x_silent = !x_answered || *x_answered < x_newest->at;
  if (due(x_before, 2, now)) x_keeps = !x_before->excused && (!x_returned || *x_returned < x_before->at);
  note(now);
}

void ChainWatch::sent(UtcMs now, RoundId at) {
  x_before = x_newest;
  x_newest = Sent{at, now};
}

void ChainWatch::halted(std::uint8_t relay) {
  x_newest.reset();
  x_before.reset();
  x_keeps = false;
  x_blamed = relay;
}

void ChainWatch::returned(RoundId at) {
  if (!x_returned || at > *x_returned) x_returned = at;
  x_keeps = false;
  x_blamed = 0;
}

std::uint8_t ChainWatch::fault(UtcMs now) const {
  if (x_last) return 0;
  if (!x_up) {
    // A relay that was started just now has not met the next one yet.
    const bool awaited =
        !x_met && (!x_begun || now.value - x_begun->value < std::int64_t{wire::kMakingRounds} * x_round_ms);
    return awaited ? std::uint8_t{0} : next();
  }
  if (x_silent) return next();
  return x_said == 0 && x_keeps ? next() : x_said;
}

std::uint8_t ChainWatch::blamed(UtcMs now) const {
  const std::uint8_t seen = fault(now);
  return seen != 0 ? seen : x_blamed;
}

void ChainWatch::note(UtcMs now) {
  if (const std::uint8_t seen = fault(now); seen != 0) x_blamed = seen;
}

}  // namespace sw::mix::relay
