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

// Link, in rounds: protocol 3.2, 3.4, 3.5.
inline constexpr std::uint32_t kLinkRetryRounds = 8;
inline constexpr std::uint32_t kLinkAttemptSends = 4;
inline constexpr std::uint32_t kLinkAnswerRounds = 4;
inline constexpr std::uint32_t kLinkAnswerLife = 64;
inline constexpr std::uint32_t kLinkConfirmRounds = 32;
inline constexpr std::uint32_t kLinkLostRounds = 32;
inline constexpr std::uint32_t kLinkPreviousRounds = 16;
inline constexpr std::uint32_t kControlResendRounds = 8;
inline constexpr std::size_t kControlStreams = 1;

// Gate, a second: protocol 3.3.
inline constexpr std::uint32_t kGateFreeMessages = 20;
inline constexpr std::uint32_t kGateNeighbourMessages = 4;
inline constexpr std::uint32_t kGateCookies = 10;
inline constexpr std::size_t kGateAddresses = 64;
inline constexpr std::uint32_t kGateAddressMessages = 2;
inline constexpr std::uint32_t kGateAnswers = 64;
inline constexpr std::uint32_t kCookieSeconds = 120;

// Timetable: protocol 2.2, 2.3, 4.2.
inline constexpr std::uint32_t kEpochMs = 1'800'000;
inline constexpr std::uint32_t kRoundMsLeast = 50;
inline constexpr std::uint32_t kRoundMsMost = 600'000;
inline constexpr std::uint32_t kReservedRounds = 64;
inline constexpr std::uint32_t kEpochJumpLimit = 20'000;
inline constexpr std::uint32_t kSkippedRounds = 16;
inline constexpr std::uint32_t kDayJumpLimit = 420;

// Carrier: protocol 2.4.
inline constexpr std::size_t kVenueLimit = 64;

// Relay venues: protocol 8.
inline constexpr std::size_t kRelayLimit = 3;
inline constexpr std::size_t kSlotLimit = 16;              // S of every station of a venue
inline constexpr std::uint32_t kCircuitLimit = 2'000'000;  // of the stations of a venue, all together
inline constexpr std::uint32_t kCoverLimit = 65'536;       // D, at each relay but the last
inline constexpr std::uint32_t kReceiptTags = 1U << 22;
inline constexpr std::uint32_t kEpochRoundsLeast = 40;
inline constexpr std::uint64_t kEpochSpanMs = 24ULL * 3'600'000;
inline constexpr std::uint16_t kLeadRoundsLeast = 20;
inline constexpr std::uint64_t kUtcMsLimit = 1ULL << 48;  // the year 10889

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
inline constexpr std::uint32_t kRoutineSeqs = 48;  // of kOutstandingSeqs; the rest is for FLASH and receipts
inline constexpr std::size_t kFragmentLeast = 32;  // a shorter one only ends a range
inline constexpr std::size_t kDataPerCell = kCellFramesBytes - kFrameHeaderBytes - kDataHeaderBytes;
inline constexpr std::size_t kPartialKept = 2;  // partial messages that outlive a restart of their sender
inline constexpr std::size_t kOpenMessages =
    6;  // begun by a sender, not wholly acknowledged; + kPartialKept = kPartialMessages
inline constexpr std::size_t kHeldPieces = 256;          // separate pieces of one partial message
inline constexpr std::size_t kUncommittedMessages = 64;  // whole, waiting for the receiver's store
inline constexpr std::size_t kUncommittedBytes = 4 * kMessageLimit;
inline constexpr std::size_t kReceiptsWaiting = 1024;     // STORED without DONE; beyond it no new message is taken
inline constexpr std::size_t kDoneWaiting = 256;          // STORED heard, DONE not acknowledged
inline constexpr std::size_t kFinishedRemembered = 1024;  // so that a late fragment opens nothing
inline constexpr std::size_t kQueuedMessages = 16;        // a precedence, in the sender's memory
inline constexpr std::size_t kQueuedBytes = 2 * kMessageLimit;
inline constexpr std::uint32_t kResendFirst = 4;  // rounds, before a round trip was measured
inline constexpr std::uint32_t kResendLeast = 2;  // rounds
inline constexpr std::uint32_t kResendMost = 64;  // rounds
inline constexpr std::uint32_t kSilenceRounds =
    4;  // rounds without a cell, after which the first one ends all back-off
inline constexpr std::size_t kVenues = 8;
static_assert(kPartialKept + kOpenMessages == kPartialMessages);
static_assert(kDataPerCell == 449);

// Desk: protocol 6.1.
inline constexpr std::size_t kInitialsLimit = 4;
inline constexpr std::size_t kPostLimit = 64;
inline constexpr std::size_t kLineNameLimit = 64;

}  // namespace sw::wire
