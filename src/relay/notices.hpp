#pragma once
// What the operator reads: a line for what this relay finds wrong, the same at most once a minute with how often it was
// meanwhile. Venue, hop, epoch, round and counts only; nothing of any station.
#include <map>
#include <optional>
#include <string>

#include "base/time.hpp"
#include "mix/relay/core.hpp"

namespace sw::relay {

[[nodiscard]] std::string sentence(const mix::relay::Notice& notice);

class NoticeLog {
 public:
  /// The line to write now, if any.
  [[nodiscard]] std::optional<std::string> line(Instant now, const mix::relay::Notice& notice);

 private:
  struct Said {
    Instant at{};
    std::uint64_t held = 0;  ///< not said since
  };
  std::map<std::pair<mix::relay::Notice::Kind, std::uint8_t>, Said> x_said;
};

}  // namespace sw::relay
