#pragma once
// Does one epoch's control lane carry what its stations must get and send? A venue for which it does not would never
// come to an epoch that everybody can check. Protocol 8.6.
#include "mix/receipt.hpp"
#include "mix/venue.hpp"

namespace sw::mix {

/// In frames of the control lane, of which each way has one a round.
struct LaneLoad {
  std::uint64_t down{};   ///< descriptors and the receipts of all relays
  std::uint64_t up{};     ///< a station's four set-ups
  std::uint64_t room{};   ///< of an epoch; a twentieth of its rounds is left for what is lost
  std::size_t receipt{};  ///< bytes of the largest one, an object of the lane
  std::size_t setup{};    ///< bytes of one, likewise
  [[nodiscard]] bool fits() const;
};

/// The form of every receipt of the venue: tags while they fit 60 % of the lane and an object each, else a set.
[[nodiscard]] ReceiptForm receipt_form(const Venue& venue);
[[nodiscard]] LaneLoad lane_load(const Venue& venue);
/// Errc::refused with a sentence that says which number to change, and to what.
[[nodiscard]] Result<void> check_lane(const Venue& venue);

}  // namespace sw::mix
