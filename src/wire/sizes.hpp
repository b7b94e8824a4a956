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
inline constexpr std::size_t kControlObjectLimit = 128 * 1024;

// Link, in rounds: protocol 3.2, 3.4, 3.5.
inline constexpr std::uint32_t kLinkRetryRounds = 8;
inline constexpr std::uint32_t kLinkAttemptRounds = 32;
inline constexpr std::uint32_t kLinkAnswerLife = 64;
inline constexpr std::uint32_t kLinkConfirmRounds = 32;
inline constexpr std::uint32_t kLinkLostRounds = 32;
inline constexpr std::uint32_t kLinkPreviousRounds = 16;
inline constexpr std::uint32_t kControlResendRounds = 8;
inline constexpr std::size_t kControlStreams = 6;
inline constexpr std::size_t kControlWaiting = 8;  // objects of one stream, behind the one that is on its way

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
inline constexpr std::uint16_t kLeadRoundsLeast = 5;
inline constexpr std::uint32_t kRoundLimit = 2 * kEpochSpanMs / kRoundMsLeast;  // no round is named from here on
inline constexpr std::uint64_t kUtcMsLimit = 1ULL << 48;                        // the year 10889

// Venue files: protocol 8.6.
inline constexpr std::size_t kVenueTextLimit = 16 * 1024;  // a relay's card, a venue file
inline constexpr std::uint32_t kStationsLeast = 2;
inline constexpr std::uint16_t kVenueLeadRoundsLeast = 20;

// Relay to relay: protocol 8.7. Epochs and rounds unless said.
inline constexpr std::size_t kStreamMessage1Bytes = 96;
inline constexpr std::size_t kStreamMessage2Bytes = 48;
inline constexpr std::size_t kStreamRecordBytes = 65'535;  // sealed
inline constexpr std::size_t kPendingRelays = 8;  // connections that are not proved; as many of the neighbour's address
inline constexpr std::size_t kEpochsAhead = 4;    // made and published before they begin
inline constexpr std::size_t kEpochsHeld = 8;     // at one relay, all together
inline constexpr std::uint64_t kEpochNumberJump = 1U << 20;  // above what this relay signed
inline constexpr std::uint32_t kEmergencyLeadRounds = 5;     // or more, so that it is kEmergencyLeadMs
inline constexpr std::uint32_t kEmergencyLeadMs = 1'000;
inline constexpr std::uint32_t kEmergencyRounds = 15;         // from now to the end of its set-ups, suite 1
inline constexpr std::uint32_t kEmergencyRoundsSuite2 = 145;  // suite 2: onions take longer to come up
inline constexpr std::uint32_t kKeptRounds = 5;               // of an epoch's keys, into the next one
inline constexpr std::uint32_t kEarlyRounds = 5;              // a batch may be ahead of a relay's own clock
inline constexpr std::uint32_t kMakingRounds = 5;             // for all keys and signatures to come, then again

// Station to R1: protocol 8.8.
inline constexpr std::size_t kCallers = 4096;         // links at R1 that are not registered
inline constexpr std::uint32_t kCallerRounds = 64;    // and how long they may take over it
inline constexpr std::uint32_t kStationsAShare = 50;  // of 3.3's bounds on message 1, R1 has a share for so many
inline constexpr std::uint32_t kSharesMost = 16;
inline constexpr std::size_t kGateTries = 8192;    // links tried a second for frames from unknown addresses
inline constexpr std::uint32_t kCallRounds = 3;    // kLinkRetryRounds toward R1
inline constexpr std::uint32_t kCountLeast = 8;    // rounds after R1's start, before it makes a body;
inline constexpr std::uint32_t kCountQuiet = 1;    // then until nobody registered for so long,
inline constexpr std::uint32_t kCountRounds = 40;  // but not longer than this
inline constexpr std::size_t kTokenBytes = 32;
inline constexpr std::size_t kNoticeBytes = 1 + 8 + 8;
inline constexpr std::size_t kUploadsKept = 8;    // set-ups of one epoch whose circuit keys a carrier keeps
inline constexpr std::uint32_t kUploadDelay = 2;  // rounds in which the station may name its drops
inline constexpr std::uint32_t kRoundsOpen = 2;   // rounds of one epoch that R1 collects at a time
inline constexpr std::size_t kKeptBytes = 2 * 2 * 32 * kRelayLimit;  // circuit keys of one slot and epoch

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
inline constexpr std::size_t kLineVenues = 4;  // of one line, the direct one among them

// Venue change: protocol 4.5. Epochs unless said.
inline constexpr std::size_t kVenueWordLimit = 1 + 32 + 8 + 8 + 8;  // bytes
inline constexpr std::size_t kVenueWords = 8;                       // of one line, said at a time
inline constexpr std::size_t kVenueWordsHeard = 32;                 // of one cell
inline constexpr std::uint64_t kVenueEpochsAhead = 5;               // a change begins so far after the newest known one
inline constexpr std::uint64_t kVenueLeaveEpochs = 48;              // a venue is left within so many
static_assert(kPartialKept + kOpenMessages == kPartialMessages);
static_assert(kDataPerCell == 449);

// Desk: protocol 6.1.
inline constexpr std::size_t kInitialsLimit = 4;
inline constexpr std::size_t kPostLimit = 64;
inline constexpr std::size_t kLineNameLimit = 64;
inline constexpr std::size_t kFileNameLimit = 128;
inline constexpr std::size_t kFileLimit = 1'000'000;

}  // namespace sw::wire
