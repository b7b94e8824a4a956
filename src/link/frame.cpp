#include "link/frame.hpp"

#include <algorithm>
#include <bit>

#include "crypto/aead.hpp"
#include "crypto/hash.hpp"
#include "wire/reader.hpp"

namespace sw::link {
namespace {

constexpr std::size_t kCounterBytes = 8;

// The wire's order of bytes is this machine's, so a body is its own plain text.
static_assert(std::endian::native == std::endian::little);
ByteView plain_of(const FrameBody& body) {
  return {reinterpret_cast<const std::uint8_t*>(&body), sizeof body};
}
MutableBytes plain_of(FrameBody& body) {
  return {reinterpret_cast<std::uint8_t*>(&body), sizeof body};
}

}  // namespace

Epoch complete_epoch(std::uint32_t low, Epoch own) {
  constexpr std::uint64_t kSpan = std::uint64_t{1} << 32;
  const std::uint32_t ahead = low - static_cast<std::uint32_t>(own.value);
  if (ahead < kSpan / 2) return {own.value + ahead};
  const std::uint64_t behind = kSpan - ahead;
  return behind <= own.value ? Epoch{own.value - behind} : Epoch{own.value + ahead};
}

FrameKeys::FrameKeys(crypto::Split&& split, crypto::Role own)
    : x_sending(own == crypto::Role::initiator ? std::move(split.initiator_to_responder)
                                               : std::move(split.responder_to_initiator)),
      x_receiving(own == crypto::Role::initiator ? std::move(split.responder_to_initiator)
                                                 : std::move(split.initiator_to_responder)) {}

std::uint64_t FrameKeys::seal(const FrameBody& body, Frame& out) {
  const std::uint64_t counter = ++x_sent;
  std::ranges::copy(crypto::le(counter), out.begin());
  crypto::seal(x_sending, crypto::CounterNonce{counter}, {}, plain_of(body), MutableBytes(out).subspan(kCounterBytes));
  return counter;
}

std::optional<FrameKeys::Opened> FrameKeys::open(const Frame& frame, FrameBody& body) {
  const std::uint64_t counter = wire::Reader(frame).u64();
  if (!x_received.fresh(counter)) return std::nullopt;
  const ByteView sealed = ByteView(frame).subspan(kCounterBytes);
  if (!crypto::open(x_receiving, crypto::CounterNonce{counter}, {}, sealed, plain_of(body))) return std::nullopt;
  const Opened out{counter, counter > x_received.newest()};
  x_received.note(counter);
  return out;
}

}  // namespace sw::link
