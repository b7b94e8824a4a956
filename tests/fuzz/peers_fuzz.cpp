// needs: carrier
// The carrier's peer table: what loads is what the carrier wrote, byte for byte.
#include "carrier/peer_table.hpp"
#include "crypto/hash.hpp"
#include "fuzz/fuzz.hpp"

namespace sw::fuzz {
namespace {

void check(ByteView file) {
  const auto peers = carrier::decode_peers(file);
  if (peers) SW_ASSERT(same(carrier::encode_peers(*peers), file));
}

carrier::Peer peer(std::uint8_t n) {
  return {{VenueId{{n}}, {}, 1000, PublicKey{n}, {{{n}, 7144}}}, n};
}

}  // namespace

void run(ByteView data) {
  check(data);
  // Changes to a table that parses, under the check sum that fits: an offset and the bytes that go there.
  static const Bytes good = carrier::encode_peers({peer(1), peer(2), peer(3)});
  Bytes file = good;
  const std::size_t covered = file.size() - 32;
  Input in(data);
  while (!in.empty()) {
    const std::size_t at = in.u16() % covered;
    const ByteView change = in.take(std::min<std::size_t>(in.u8() % 16 + 1U, covered - at));
    std::ranges::copy(change, file.begin() + static_cast<std::ptrdiff_t>(at));
  }
  const auto sum = crypto::digest<32>({as_bytes("sw1-peers"), ByteView(file).first(covered)});
  std::ranges::copy(sum, file.begin() + static_cast<std::ptrdiff_t>(covered));
  check(file);
}

std::vector<Bytes> seeds() {
  // One venue twice, an empty place with a stamp, an address after the last, a slot.
  return {{8 + 1, 0, 0, 2}, {8 + 1 + 138, 0, 0, 1}, {0x90, 0x01, 7, 1, 1, 1}, {8 + 17, 0, 0, 1}, {0x20, 0x02, 3, 9}};
}

}  // namespace sw::fuzz
