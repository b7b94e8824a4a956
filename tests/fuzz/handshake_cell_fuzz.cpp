// needs: line
// The handshake cell (protocol 4.2): a stranger's opens never; what a holder of the day's key makes of it opens only
// when it is exactly one of its types, and seals to the same plain text again.
#include "crypto/aead.hpp"
#include "crypto/hash.hpp"
#include "crypto/rng.hpp"
#include "fuzz/fuzz.hpp"
#include "line/session/handshake_cell.hpp"
#include "wire/writer.hpp"

namespace sw::fuzz {
namespace {

using Key = crypto::Secret<struct FuzzKeyRole, 32>;
constexpr std::size_t kPlain = wire::kHandshakeCellPlainBytes;

const line::Khs& khs() {
  static const line::Khs key = [] {
    crypto::SeededRng rng(1);
    return line::Khs::random(rng);
  }();
  return key;
}

wire::Cell sealed(ByteView plain) {
  const ByteArray<1> role{0};
  const crypto::XNonce nonce{};
  wire::Cell cell{};
  crypto::seal(crypto::kdf<Key>(khs(), "dir", {role}), nonce, {}, plain, MutableBytes(cell).subspan(nonce.size()));
  return cell;
}

Bytes plain_of(const line::HandshakeCell& cell) {
  wire::Writer out;
  out.u8(static_cast<std::uint8_t>(cell.type)).bytes(cell.psk).round_id(cell.start);
  out.u16(static_cast<std::uint16_t>(cell.noise.size())).bytes(cell.noise).pad_to(kPlain);
  return out.take();
}

}  // namespace

void run(ByteView data) {
  Input raw(data);
  SW_ASSERT(!line::open_handshake(khs(), crypto::Role::initiator, raw.array<wire::kCellBytes>()));
  Input in(data);
  const auto plain = in.array<kPlain>();
  const wire::Cell cell = sealed(plain);
  SW_ASSERT(!line::open_handshake(khs(), crypto::Role::responder, cell));
  const auto content = line::open_handshake(khs(), crypto::Role::initiator, cell);
  if (!content) return;
  SW_ASSERT(same(plain_of(*content), plain));
  crypto::SeededRng rng(2);
  const auto again = line::open_handshake(khs(), crypto::Role::responder,
                                          line::seal_handshake(khs(), crypto::Role::responder, *content, rng));
  SW_ASSERT(again && same(plain_of(*again), plain));
}

std::vector<Bytes> seeds() {
  using Type = line::HandshakeType;
  std::vector<Bytes> out;
  for (const auto type : {Type::message1, Type::message2, Type::please_initiate, Type::held_message1}) {
    out.push_back(
        plain_of({type, {1, 2, 3}, {Epoch{994'000}, Round{7}}, Bytes(type == Type::please_initiate ? 0 : 48, 9)}));
  }
  out.push_back(plain_of({Type::message1, {}, {}, Bytes(kPlain - 23, 1)}));
  return out;
}

}  // namespace sw::fuzz
