#include "line/session/handshake_cell.hpp"

#include <algorithm>

#include "crypto/aead.hpp"
#include "crypto/hash.hpp"
#include "wire/reader.hpp"
#include "wire/writer.hpp"

namespace sw::line {
namespace {

using HandshakeKey = crypto::Secret<struct HandshakeCellKeyRole, 32>;

HandshakeKey key_of(const Khs& day_key, crypto::Role sender) {
  const ByteArray<1> role{static_cast<std::uint8_t>(sender == crypto::Role::initiator ? 0 : 1)};
  return crypto::kdf<HandshakeKey>(day_key, "dir", {role});
}

}  // namespace

wire::Cell seal_handshake(const Khs& day_key, crypto::Role sender, const HandshakeCell& content, Rng& rng) {
  wire::Writer plain(wire::kHandshakeCellPlainBytes);
  plain.u8(static_cast<std::uint8_t>(content.type)).bytes(content.psk).round_id(content.start);
  plain.u16(static_cast<std::uint16_t>(content.noise.size())).bytes(content.noise);
  plain.pad_to(wire::kHandshakeCellPlainBytes);
  wire::Cell cell;
  const auto nonce = rng.array<crypto::kXNonceBytes>();
  std::copy(nonce.begin(), nonce.end(), cell.begin());
  crypto::seal(key_of(day_key, sender), nonce, {}, plain.view(), MutableBytes(cell).subspan(nonce.size()));
  return cell;
}

std::optional<HandshakeCell> open_handshake(const Khs& day_key, crypto::Role sender, const wire::Cell& cell) {
  crypto::XNonce nonce;
  std::copy_n(cell.begin(), nonce.size(), nonce.begin());
  ByteArray<wire::kHandshakeCellPlainBytes> plain;
  if (!crypto::open(key_of(day_key, sender), nonce, {}, ByteView(cell).subspan(nonce.size()), plain)) {
    return std::nullopt;
  }
  wire::Reader in(plain);
  HandshakeCell out;
  const std::uint8_t type = in.u8();
  out.psk = in.array<8>();
  out.start = in.round_id();
  out.noise = to_bytes(in.view(in.u16()));
  const ByteView padding = in.view(in.remaining());
  const bool zeros = std::ranges::all_of(padding, [](std::uint8_t b) { return b == 0; });
  if (!in.ok() || !zeros || type < 1 || type > 5) return std::nullopt;
  out.type = static_cast<HandshakeType>(type);
  return out;
}

}  // namespace sw::line
