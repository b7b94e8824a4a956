#include "link/frame.hpp"

#include "crypto/aead.hpp"
#include "crypto/hash.hpp"
#include "wire/reader.hpp"

namespace sw::link {
namespace {

constexpr std::size_t kCounterBytes = 8;
constexpr std::size_t kPlainBytes = wire::kFrameBytes - kCounterBytes - wire::kTagBytes;

void put(MutableBytes& to, ByteView from) {
  std::copy(from.begin(), from.end(), to.begin());
  to = to.subspan(from.size());
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
  ByteArray<kPlainBytes> plain;
  MutableBytes rest = plain;
  put(rest, crypto::le(body.epoch_lo));
  put(rest, crypto::le(body.round.value));
  for (const auto& cell : body.cells) put(rest, cell);
  put(rest, body.control);
  MutableBytes to = out;
  put(to, crypto::le(counter));
  crypto::seal(x_sending, crypto::CounterNonce{counter}, {}, plain, to);
  return counter;
}

std::optional<FrameKeys::Opened> FrameKeys::open(const Frame& frame) {
  wire::Reader header(frame);
  const std::uint64_t counter = header.u64();
  if (!x_received.fresh(counter)) return std::nullopt;
  ByteArray<kPlainBytes> plain;
  if (!crypto::open(x_receiving, crypto::CounterNonce{counter}, {}, ByteView(frame).subspan(kCounterBytes), plain)) {
    return std::nullopt;
  }
  Opened out{{}, counter, counter > x_received.newest()};
  x_received.note(counter);
  wire::Reader in(plain);
  out.body.epoch_lo = in.u32();
  out.body.round = Round{in.u32()};
  for (auto& cell : out.body.cells) cell = in.array<wire::kCellBytes>();
  out.body.control = in.array<wire::kControlBytes>();
  return out;
}

}  // namespace sw::link
