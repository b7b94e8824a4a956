#include "link/stream.hpp"

#include <algorithm>

#include "base/assert.hpp"
#include "crypto/aead.hpp"
#include "crypto/hash.hpp"
#include "wire/sizes.hpp"

namespace sw::link {
namespace {

constexpr std::size_t kLengthBytes = 2;
constexpr std::size_t kRecordPlainBytes = wire::kStreamRecordBytes - crypto::kAeadTagBytes;

crypto::Handshake handshake_of(const StreamEnds& ends, crypto::Role role) {
  Bytes prologue = to_bytes(as_bytes("sw1-relay"));
  prologue.insert(prologue.end(), ends.venue.bytes.begin(), ends.venue.bytes.end());
  const bool first = role == crypto::Role::initiator;
  return crypto::Handshake({.pattern = crypto::Pattern::IK,
                            .role = role,
                            .prologue = prologue,
                            .own = &ends.own,
                            .peer = first ? std::optional(ends.neighbour) : std::nullopt});
}

std::size_t length_of(ByteView head) {
  return head[0] | std::size_t{head[1]} << 8;
}

void append(Bytes& out, ByteView bytes) {
  out.insert(out.end(), bytes.begin(), bytes.end());
}

}  // namespace

RecordStream RecordStream::begin(const StreamEnds& ends, Rng& rng, Bytes& out) {
  RecordStream stream(crypto::Role::initiator, ends.neighbour, handshake_of(ends, crypto::Role::initiator));
  const auto message = stream.x_handshake->write({}, rng);
  if (message) {
    SW_ASSERT(message->size() == wire::kStreamMessage1Bytes);
    append(out, *message);
  } else {
    stream.close();
  }
  return stream;
}

RecordStream RecordStream::wait(const StreamEnds& ends) {
  return RecordStream(crypto::Role::responder, ends.neighbour, handshake_of(ends, crypto::Role::responder));
}

bool RecordStream::close() {
  x_handshake.reset();
  x_send.reset();
  x_receive.reset();
  x_part.clear();
  x_state = State::closed;
  return false;
}

/// Bytes of the message or record that x_part begins; nothing until its length is there.
std::optional<std::size_t> RecordStream::wanted() const {
  if (x_state == State::greeting) {
    return x_role == crypto::Role::responder ? wire::kStreamMessage1Bytes : wire::kStreamMessage2Bytes;
  }
  if (x_part.size() < kLengthBytes) return std::nullopt;
  return kLengthBytes + length_of(x_part);
}

bool RecordStream::feed(ByteView bytes, Rng& rng, Bytes& out, Bytes& opened) {
  while (x_state != State::closed) {
    const auto whole = wanted();
    // "17 to 65,535": an empty record would be work for nothing.
    if (x_state == State::open && whole && *whole <= kLengthBytes + crypto::kAeadTagBytes) return close();
    if (whole && x_part.size() == *whole) {
      const bool good = take(x_part, rng, out, opened);
      x_part.clear();
      if (!good) return close();
      continue;
    }
    if (bytes.empty()) return true;
    // What comes whole is opened where it lies.
    if (x_state == State::open && x_part.empty() && bytes.size() > kLengthBytes) {
      const std::size_t size = kLengthBytes + length_of(bytes);
      if (size > kLengthBytes + crypto::kAeadTagBytes && size <= bytes.size()) {
        if (!open(bytes.first(size), opened)) return close();
        bytes = bytes.subspan(size);
        continue;
      }
    }
    const std::size_t missing = whole.value_or(kLengthBytes) - x_part.size();
    const std::size_t n = std::min(missing, bytes.size());
    append(x_part, bytes.first(n));
    bytes = bytes.subspan(n);
  }
  return false;
}

bool RecordStream::take(ByteView whole, Rng& rng, Bytes& out, Bytes& opened) {
  return x_state == State::greeting ? greet(whole, rng, out) : open(whole, opened);
}

bool RecordStream::greet(ByteView message, Rng& rng, Bytes& out) {
  const auto payload = x_handshake->read(message);
  if (!payload || !payload->empty()) return false;
  if (x_role == crypto::Role::responder) {
    // "a key that is not the neighbour's closes"
    if (x_handshake->peer() != x_neighbour) return false;
    const auto answer = x_handshake->write({}, rng);
    if (!answer) return false;
    SW_ASSERT(answer->size() == wire::kStreamMessage2Bytes);
    append(out, *answer);
  }
  crypto::Split split = x_handshake->split();
  x_handshake.reset();
  const bool first = x_role == crypto::Role::initiator;
  x_send = first ? std::move(split.initiator_to_responder) : std::move(split.responder_to_initiator);
  x_receive = first ? std::move(split.responder_to_initiator) : std::move(split.initiator_to_responder);
  x_state = State::open;
  return true;
}

bool RecordStream::open(ByteView record, Bytes& opened) {
  const ByteView sealed = record.subspan(kLengthBytes);
  const std::size_t at = opened.size();
  opened.resize(at + sealed.size() - crypto::kAeadTagBytes);
  if (!crypto::open(*x_receive, crypto::CounterNonce{x_opened}, record.first(kLengthBytes), sealed,
                    MutableBytes(opened).subspan(at))) {
    opened.resize(at);
    return false;
  }
  ++x_opened;
  return true;
}

void RecordStream::seal(ByteView bytes, Bytes& out) {
  SW_ASSERT(ready());
  while (!bytes.empty()) {
    const ByteView plain = bytes.first(std::min(bytes.size(), kRecordPlainBytes));
    bytes = bytes.subspan(plain.size());
    const auto length = crypto::le(static_cast<std::uint16_t>(plain.size() + crypto::kAeadTagBytes));
    append(out, length);
    const std::size_t at = out.size();
    out.resize(at + plain.size() + crypto::kAeadTagBytes);
    crypto::seal(*x_send, crypto::CounterNonce{x_sealed}, length, plain, MutableBytes(out).subspan(at));
    ++x_sealed;
  }
}

}  // namespace sw::link
