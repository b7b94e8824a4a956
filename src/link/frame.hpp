#pragma once
// A sealed frame: protocol 3.1. Always 1,192 bytes; what fails to open leaves nothing behind.
#include <array>
#include <optional>
#include <type_traits>

#include "base/ids.hpp"
#include "crypto/handshake.hpp"
#include "link/replay_window.hpp"
#include "wire/cell.hpp"

namespace sw::link {

using Frame = ByteArray<wire::kFrameBytes>;
using Control = ByteArray<wire::kControlBytes>;

/// What a frame says, as it lies in the plain text. `epoch_lo` is the low half of the sender's epoch.
struct FrameBody {
  std::uint32_t epoch_lo{};
  Round round{};
  std::array<wire::Cell, kPaths> cells{};
  Control control{};
};
static_assert(sizeof(FrameBody) == wire::kFrameBytes - 8 - wire::kTagBytes &&
              std::has_unique_object_representations_v<FrameBody>);

/// Completes the low half of an epoch to the value nearest `own`.
[[nodiscard]] Epoch complete_epoch(std::uint32_t low, Epoch own);

/// The keys of one handshake at one end, with the counters that belong to them. Counters start at 1.
class FrameKeys {
 public:
  FrameKeys(crypto::Split&& split, crypto::Role own);

  /// Seals with the next counter, which is also the return value.
  std::uint64_t seal(const FrameBody& body, Frame& out);
  struct Opened {
    std::uint64_t counter{};
    bool rising{};  ///< above every counter opened before
  };
  /// Nothing, and `body` zeroed or as it was, when the frame is not authentic under these keys or its counter came
  /// before.
  [[nodiscard]] std::optional<Opened> open(const Frame& frame, FrameBody& body);

  [[nodiscard]] const ReplayWindow& received() const { return x_received; }
  [[nodiscard]] bool confirmed() const { return x_received.newest() != 0; }

 private:
  crypto::TransportKey x_sending;
  crypto::TransportKey x_receiving;
  std::uint64_t x_sent = 0;
  ReplayWindow x_received;
};

}  // namespace sw::link
