#include "mix/relay/pipeline.hpp"

#include <algorithm>

#include "wire/sizes.hpp"

namespace sw::mix::relay {

EpochPart* Pipeline::find(Epoch epoch) {
  const auto at = x_parts.find(epoch);
  return at == x_parts.end() ? nullptr : &at->second;
}

bool Pipeline::add(EpochPart part) {
  const Epoch number = part.number();
  return x_parts.size() < wire::kEpochsHeld && x_parts.emplace(number, std::move(part)).second;
}

void Pipeline::erased(Epoch epoch) {
  x_ends.erase(epoch);
  if (x_running == epoch) x_running.reset();
}

bool Pipeline::drop(Epoch epoch) {
  if (x_parts.erase(epoch) == 0) return false;
  erased(epoch);
  return true;
}

void Pipeline::drop_unmade() {
  std::erase_if(x_parts, [](const auto& each) { return each.second.stage() < Stage::agreed; });
}

std::vector<Epoch> Pipeline::drop_void(Epoch epoch) {
  const EpochPart* made = find(epoch);
  std::vector<Epoch> out;
  for (const auto& [number, part] : x_parts) {
    if (made != nullptr && number < epoch && part.want().t0 >= made->want().t0) out.push_back(number);
  }
  for (const Epoch number : out) drop(number);
  return out;
}

std::vector<Epoch> Pipeline::drop_all() {
  std::vector<Epoch> out;
  out.reserve(x_parts.size());
  for (const auto& [number, part] : x_parts) out.push_back(number);
  x_parts.clear();
  x_ends.clear();
  x_running.reset();
  return out;
}

void Pipeline::begin(Epoch epoch, UtcMs now) {
  if (x_running == epoch) return;
  x_running = epoch;
  const UtcMs end{now.value + std::int64_t{wire::kKeptRounds} * x_terms.round_ms};
  for (auto at = x_parts.begin(); at != x_parts.end() && at->first < epoch; ++at) x_ends.try_emplace(at->first, end);
}

UtcMs Pipeline::ends(const EpochPart& part) const {
  if (part.stage() < Stage::agreed) return part.want().t0;
  const UtcMs longest = part.departs(x_terms, 2 * std::int64_t{x_terms.rounds} + wire::kKeptRounds);
  const auto earlier = x_ends.find(part.number());
  return earlier == x_ends.end() ? longest : std::min(longest, earlier->second);
}

void Pipeline::sweep(UtcMs now) {
  for (auto at = x_parts.begin(); at != x_parts.end();) {
    if (ends(at->second) > now) {
      ++at;
      continue;
    }
    if (at->second.stage() >= Stage::agreed) x_over = std::max(x_over.value_or(at->first), at->first);
    erased(at->first);
    at = x_parts.erase(at);
  }
}

std::optional<UtcMs> Pipeline::next_sweep() const {
  std::optional<UtcMs> out;
  for (const auto& [number, part] : x_parts) out = std::min(out.value_or(ends(part)), ends(part));
  return out;
}

}  // namespace sw::mix::relay
