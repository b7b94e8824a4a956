#pragma once
// HOME/carrier.peers: the neighbours of this carrier and the last handshake stamps, so that a carrier restarted beside
// a stopped or locked station is on the wire at once (protocol 2.4). Its size never tells how many there are:
//
//   "SW1PEERS" | 64 x (peer record of the cell port, 130 bytes; a forgetting one where empty | stamp u64) | BLAKE2b-256
#include <filesystem>
#include <vector>

#include "base/result.hpp"
#include "wire/cell_port.hpp"

namespace sw::carrier {

struct Peer {
  wire::PeerRecord record;
  std::uint64_t last_stamp{};  ///< link::Link::last_stamp()
  bool operator==(const Peer&) const = default;
};

/// The file's bytes; at most kVenueLimit peers.
[[nodiscard]] Bytes encode_peers(const std::vector<Peer>& peers);
/// Errc::malformed for anything that encode_peers() does not write, two peers of one venue included.
[[nodiscard]] Result<std::vector<Peer>> decode_peers(ByteView file);

/// No peers where there is no file; Errc::malformed for a broken one, Errc::io.
[[nodiscard]] Result<std::vector<Peer>> load_peers(const std::filesystem::path& home);
/// Replaces the file as a whole, durably. Errc::io.
[[nodiscard]] Result<void> save_peers(const std::filesystem::path& home, const std::vector<Peer>& peers);

}  // namespace sw::carrier
