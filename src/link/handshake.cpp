#include "link/handshake.hpp"

#include <algorithm>

#include "base/assert.hpp"
#include "crypto/hash.hpp"
#include "wire/reader.hpp"

namespace sw::link {
namespace {

constexpr std::size_t kMacBytes = 16;

Bytes prologue_of(const VenueId& venue) {
  Bytes out = to_bytes(as_bytes("sw1-link"));
  out.insert(out.end(), venue.bytes.begin(), venue.bytes.end());
  return out;
}

bool has_mac1(ByteView frame, const PublicKey& own, std::size_t noise) {
  if (frame.size() < noise + kMacBytes) return false;
  return crypto::equal(mac1_of(own, frame.first(noise)), frame.subspan(noise, kMacBytes));
}

void put(Frame& frame, std::size_t at, ByteView bytes) {
  std::copy(bytes.begin(), bytes.end(), frame.begin() + static_cast<std::ptrdiff_t>(at));
}

}  // namespace

Mac mac1_of(const PublicKey& receiver, ByteView noise) {
  return crypto::tag16(receiver, "mac1", noise);
}

Mac mac2_of(const Cookie& cookie, ByteView noise, const Mac& mac1) {
  Bytes input = to_bytes(noise);
  input.insert(input.end(), mac1.begin(), mac1.end());
  return crypto::tag16(cookie, "mac2", input);
}

bool is_message1(ByteView frame, const PublicKey& own) {
  return has_mac1(frame, own, wire::kLinkMessage1Bytes);
}

bool is_message2(ByteView frame, const PublicKey& own) {
  return has_mac1(frame, own, wire::kLinkMessage2Bytes);
}

std::optional<PublicKey> caller_of(const crypto::KeyPair& own, const VenueId& venue, ByteView message1) {
  const Bytes prologue = prologue_of(venue);
  crypto::Handshake handshake({.pattern = crypto::Pattern::IK,
                               .role = crypto::Role::responder,
                               .prologue = prologue,
                               .own = &own,
                               .peer = std::nullopt});
  if (message1.size() != wire::kLinkMessage1Bytes || !handshake.read(message1)) return std::nullopt;
  return handshake.peer();
}

std::optional<Attempt> begin(const PartyView& party, std::uint64_t stamp, Rng& rng) {
  const Bytes prologue = prologue_of(party.venue);
  Attempt out{crypto::Handshake({.pattern = crypto::Pattern::IK,
                                 .role = crypto::Role::initiator,
                                 .prologue = prologue,
                                 .own = &party.own,
                                 .peer = party.peer})};
  const auto noise = out.handshake.write(crypto::le(stamp), rng);
  if (!noise) return std::nullopt;
  SW_ASSERT(noise->size() == out.message.size());
  std::copy(noise->begin(), noise->end(), out.message.begin());
  out.mac1 = mac1_of(party.peer, out.message);
  return out;
}

std::optional<crypto::Split> finish(const crypto::Handshake& handshake, ByteView message2) {
  crypto::Handshake copy = handshake.clone();
  const auto payload = copy.read(message2);
  if (!payload || !payload->empty()) return std::nullopt;
  return copy.split();
}

std::optional<Accepted> answer(const PartyView& party, ByteView message1, std::uint64_t last_stamp, Rng& rng) {
  const Bytes prologue = prologue_of(party.venue);
  crypto::Handshake handshake({.pattern = crypto::Pattern::IK,
                               .role = crypto::Role::responder,
                               .prologue = prologue,
                               .own = &party.own,
                               .peer = std::nullopt});
  const auto payload = handshake.read(message1);
  if (!payload || handshake.peer() != party.peer) return std::nullopt;
  wire::Reader in(*payload);
  const std::uint64_t stamp = in.u64();
  // "the responder drops anything not above the highest it accepted"
  if (!in.expect_end() || stamp <= last_stamp) return std::nullopt;
  const auto noise = handshake.write({}, rng);
  if (!noise) return std::nullopt;
  Accepted out{{}, stamp, handshake.split()};
  SW_ASSERT(noise->size() == out.message.size());
  std::copy(noise->begin(), noise->end(), out.message.begin());
  return out;
}

void put_message1(const Attempt& attempt, const std::optional<Cookie>& cookie, Frame& frame) {
  put(frame, 0, attempt.message);
  put(frame, attempt.message.size(), attempt.mac1);
  if (cookie) put(frame, attempt.message.size() + kMacBytes, mac2_of(*cookie, attempt.message, attempt.mac1));
}

void put_message2(const Answer& answer, const PublicKey& initiator, Frame& frame) {
  put(frame, 0, answer.message);
  put(frame, answer.message.size(), mac1_of(initiator, answer.message));
}

}  // namespace sw::link
