#pragma once
// Every on-wire length and every bound that input meets, in one place. Bytes unless the name says otherwise.
#include <cstddef>
#include <cstdint>

namespace sw::wire {

// Cells and frames: protocol 3.1, 4.2.
inline constexpr std::size_t kCellBytes = 512;
inline constexpr std::size_t kTagBytes = 16;
inline constexpr std::size_t kCellPlainBytes = kCellBytes - kTagBytes;
inline constexpr std::size_t kCellHeaderBytes = 16;
inline constexpr std::size_t kCellFramesBytes = kCellPlainBytes - kCellHeaderBytes;
inline constexpr std::size_t kControlBytes = 136;
inline constexpr std::size_t kControlDataBytes = 110;
inline constexpr std::size_t kFrameBytes = 8 + 4 + 4 + 2 * kCellBytes + kControlBytes + kTagBytes;
static_assert(kFrameBytes == 1192);

// Handshake cell: protocol 4.2.
inline constexpr std::size_t kHandshakeCellPlainBytes = kCellBytes - 24 - kTagBytes;

// Link handshake: protocol 3.2, 3.3.
inline constexpr std::size_t kLinkMessage1Bytes = 104;
inline constexpr std::size_t kLinkMessage2Bytes = 48;
inline constexpr std::size_t kCookieReplyBytes = 56;
inline constexpr std::size_t kLinkReplayWindow = 1024;
inline constexpr std::size_t kControlObjectLimit = 64 * 1024;

// Timetable: protocol 2.2, 2.3, 4.2.
inline constexpr std::uint32_t kEpochMs = 1'800'000;
inline constexpr std::uint32_t kRoundMsLeast = 50;
inline constexpr std::uint32_t kRoundMsMost = 600'000;
inline constexpr std::uint32_t kReservedRounds = 64;
inline constexpr std::uint32_t kEpochJumpLimit = 20'000;
inline constexpr std::uint32_t kSkippedRounds = 16;
inline constexpr std::uint32_t kDayJumpLimit = 420;

// Pairing card: protocol 4.1.
inline constexpr std::size_t kCardAddresses = 4;
inline constexpr std::size_t kCardFixedBytes = 1 + 32 + 32 + 32 + 4 + 4 + 2 + 1 + 1 + 8;
inline constexpr std::size_t kCardLimit = kCardFixedBytes + kCardAddresses * 19;

// Delivery: protocol 5.
inline constexpr std::size_t kMessageLimit = 1024 * 1024;
inline constexpr std::size_t kPartialMessages = 8;
inline constexpr std::uint32_t kOutstandingSeqs = 65;
inline constexpr std::size_t kFrameHeaderBytes = 3;
inline constexpr std::size_t kDataHeaderBytes = 4 + 16 + 4 + 4;
inline constexpr std::size_t kRatchetPieceBytes = 400;

// Desk: protocol 6.1.
inline constexpr std::size_t kInitialsLimit = 4;
inline constexpr std::size_t kPostLimit = 64;
inline constexpr std::size_t kLineNameLimit = 64;

}  // namespace sw::wire
