#pragma once
// The streams of a link's control lane: protocol 3.5, 8.8. The numbers are the wire's.
#include <array>
#include <cstdint>

#include "wire/sizes.hpp"

namespace sw::wire {

enum class Stream : std::uint8_t {
  rekey = 1,       ///< messages 1 and 2 of a link that goes on
  descriptor = 2,  ///< R1 -> station: body | N signatures
  setup = 3,       ///< station -> R1: epoch u64 | 2S onions
  receipt = 4,     ///< R1 -> station: one receipt
  enrol = 5,       ///< station -> R1: token[32]
  notice = 6,      ///< R1 -> station: what became of it
};
[[nodiscard]] constexpr std::size_t index(Stream stream) {
  return static_cast<std::size_t>(stream) - 1;
}

/// The largest object of each stream that an end takes; 0: none at all. So a peer fills no memory that nobody wants.
using StreamLimits = std::array<std::size_t, kControlStreams>;
inline constexpr StreamLimits kDirectStreams{kLinkMessage1Bytes};
/// What a station takes of R1.
inline constexpr StreamLimits kStationStreams{kLinkMessage2Bytes, kControlObjectLimit, 0, kControlObjectLimit, 0,
                                              kNoticeBytes};

/// What R1 takes of who is not registered, and of a station whose set-up has so many bytes.
inline constexpr StreamLimits kCallerStreams{kLinkMessage1Bytes, 0, 0, 0, kTokenBytes, 0};
[[nodiscard]] constexpr StreamLimits relay_streams(std::size_t setup_bytes) {
  StreamLimits out = kCallerStreams;
  out[index(Stream::setup)] = setup_bytes;
  return out;
}

}  // namespace sw::wire
