#pragma once
// The plain text of a session cell. Protocol 4.2:
//   flags u8 | heard_base u8 | heard u16 | ack u32 | sack u64 | frames 480
#include "base/bytes.hpp"
#include "wire/cell.hpp"
#include "wire/sizes.hpp"

namespace sw::line {

inline constexpr std::uint8_t kFlagPaused = 1;               ///< the line is paused at the sender
inline constexpr std::uint8_t kFlagContinuityConfirmed = 2;  ///< the sender's people confirmed
inline constexpr std::uint8_t kFlagWait = 4;                 ///< the sender's store has no room

struct CellHead {
  std::uint8_t flags{};
  std::uint8_t heard_base{};  ///< low byte of the newest round of the peer that was opened
  std::uint16_t heard{};      ///< bit k: a cell of round base - k was opened on either path
  std::uint32_t ack{};
  std::uint64_t sack{};
  bool operator==(const CellHead&) const = default;
};

using CellPlain = ByteArray<wire::kCellPlainBytes>;

/// `frames` has at most 480 bytes; the rest is zeros.
void write_cell(const CellHead& head, ByteView frames, CellPlain& out);
[[nodiscard]] CellHead read_cell_head(const CellPlain& plain);
[[nodiscard]] inline ByteView cell_frames(const CellPlain& plain) {
  return ByteView(plain).subspan(wire::kCellHeaderBytes);
}

}  // namespace sw::line
