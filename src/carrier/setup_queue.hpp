#pragma once
// A carrier's set-ups on their way to R1. The control lane holds few objects and drops what is too much: what it has no
// place for waits here. Always: none is called delivered that was not, and a set-up that was not sent yet gives way
// only to a newer one of its epoch. Protocol 8.8.
#include <map>
#include <vector>

#include "link/link.hpp"
#include "mix/passage.hpp"

namespace sw::carrier {

class SetupQueue {
 public:
  /// The lane is empty: it started anew, or was withdrawn from.
  void clear();
  void add(mix::SetUp setup);
  /// Gives the lane what it has a place for, the earliest epochs first. The numbers of what has come to R1.
  [[nodiscard]] std::vector<std::uint64_t> serve(link::Link& link);

 private:
  std::map<Epoch, mix::SetUp> x_waiting;
  std::map<std::uint32_t, std::uint64_t> x_under_way;  ///< numbers, by the place in the lane
};

}  // namespace sw::carrier
