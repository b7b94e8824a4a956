#pragma once
// What this relay counts, as Prometheus reads it. Series of the venue only: no station, no circuit, nothing whose value
// depends on what anybody says. Who is paired shows in the pairs alone, as blurred as for whoever runs the last relay.
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "mix/relay/epoch_part.hpp"

namespace sw::relay {

struct Metrics {
  std::uint64_t epochs_signed = 0;
  std::uint64_t rounds_carried = 0;   ///< whose batch went back
  std::uint64_t batches_refused = 0;  ///< early, late, repeated, of another count
  std::uint64_t batches_lost = 0;     ///< a neighbour was too slow to take them
  std::uint64_t epochs_halted = 0;
  std::uint64_t running = 0;                 ///< epoch; 0: none
  std::optional<mix::relay::Counts> counts;  ///< of that epoch, at the last relay of a chain
  std::size_t neighbours = 0;
  std::size_t neighbours_up = 0;
  bool operator==(const Metrics&) const = default;
};

/// The text exposition format.
[[nodiscard]] std::string to_text(const Metrics& metrics);

/// Whole or not at all, and without an fsync: the next one comes in a second. Who reads them sees that they are old.
void replace_metrics(const std::filesystem::path& path, const std::string& text);

}  // namespace sw::relay
