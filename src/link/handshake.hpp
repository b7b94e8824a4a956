#pragma once
// Message 1 and message 2 of a link, in frames and in the control lane: protocol 3.2, 3.5.
//
//   message 1:  noise 104 (payload: u64 UTC microseconds) | mac1 16 | mac2 16 | random 1,056
//   message 2:  noise  48 (no payload)                    | mac1 16 |           random 1,128
#include <optional>

#include "crypto/handshake.hpp"
#include "link/frame.hpp"
#include "wire/endpoint.hpp"

namespace sw::link {

using Message1 = ByteArray<wire::kLinkMessage1Bytes>;
using Message2 = ByteArray<wire::kLinkMessage2Bytes>;
using Mac = ByteArray<16>;
using Cookie = ByteArray<16>;

/// Who speaks with whom, and where.
struct PartyView {
  const crypto::KeyPair& own;
  const PublicKey& peer;
  const VenueId& venue;
};

/// mac1 of the noise bytes for the holder of `receiver`.
[[nodiscard]] Mac mac1_of(const PublicKey& receiver, ByteView noise);
[[nodiscard]] Mac mac2_of(const Cookie& cookie, ByteView noise, const Mac& mac1);
/// True when the frame starts with a message 1 (or 2) for the holder of `own`.
[[nodiscard]] bool is_message1(ByteView frame, const PublicKey& own);
[[nodiscard]] bool is_message2(ByteView frame, const PublicKey& own);

/// The initiator's half: one ephemeral, the same noise bytes each time it is sent.
struct Attempt {
  crypto::Handshake handshake;
  Message1 message{};
  Mac mac1{};
  std::uint32_t sends = 0;
};
/// Who sent this message 1 to `own`, as the message itself proves: for R1, which answers whoever may register (protocol
/// 8.8). Two key agreements' work: Gate's bounds go before it.
[[nodiscard]] std::optional<PublicKey> caller_of(const crypto::KeyPair& own, const VenueId& venue, ByteView message1);
/// Nothing when the peer's key is not a usable point.
[[nodiscard]] std::optional<Attempt> begin(const PartyView& party, std::uint64_t stamp, Rng& rng);
/// The keys that a message 2 gives; the handshake survives a message 2 that is not authentic.
[[nodiscard]] std::optional<crypto::Split> finish(const crypto::Handshake& handshake, ByteView message2);

/// The responder's half: the same message 1 gets the same message 2.
struct Answer {
  Message1 question{};
  Message2 message{};
  wire::Endpoint to{};
  bool due = false;          ///< takes the next frame
  std::uint32_t rounds = 0;  ///< since message 1 came
  std::uint32_t unsaid = 0;  ///< rounds since it left
};
struct Accepted {
  Message2 message{};
  std::uint64_t stamp{};
  crypto::Split split;
};
/// Nothing when message 1 is not the peer's or its time is not above `last_stamp`.
[[nodiscard]] std::optional<Accepted> answer(const PartyView& party, ByteView message1, std::uint64_t last_stamp,
                                             Rng& rng);

/// Write the message over the start of a frame of random bytes.
void put_message1(const Attempt& attempt, const std::optional<Cookie>& cookie, Frame& frame);
void put_message2(const Answer& answer, const PublicKey& initiator, Frame& frame);

}  // namespace sw::link
