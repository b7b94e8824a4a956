#include "carrier/setup_queue.hpp"

#include <utility>

#include "wire/sizes.hpp"

namespace sw::carrier {
namespace {

/// In the lane: one on its way, and the one that follows it at once.
constexpr std::size_t kInLane = 2;

}  // namespace

void SetupQueue::clear() {
  x_waiting.clear();
  x_under_way.clear();
}

void SetupQueue::add(mix::SetUp setup) {
  const Epoch epoch = setup.epoch;
  x_waiting.insert_or_assign(epoch, std::move(setup));
  // Those of the oldest epochs have no use any more.
  if (x_waiting.size() > wire::kEpochsHeld) x_waiting.erase(x_waiting.begin());
}

std::vector<std::uint64_t> SetupQueue::serve(link::Link& link) {
  while (!x_waiting.empty() && link.queued(link::Stream::setup) < kInLane) {
    mix::SetUp setup = std::move(x_waiting.extract(x_waiting.begin()).mapped());
    x_under_way[link.send(link::Stream::setup, std::move(setup.object))] = setup.number;
  }
  std::vector<std::uint64_t> out;
  const std::uint32_t there = link.delivered(link::Stream::setup);
  for (; !x_under_way.empty() && x_under_way.begin()->first <= there; x_under_way.erase(x_under_way.begin())) {
    out.push_back(x_under_way.begin()->second);
  }
  return out;
}

}  // namespace sw::carrier
