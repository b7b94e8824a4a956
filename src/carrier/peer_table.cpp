#include "carrier/peer_table.hpp"

#include <algorithm>
#include <string_view>
#include <utility>
#include <variant>

#include "base/assert.hpp"
#include "crypto/hash.hpp"
#include "home/file.hpp"
#include "wire/reader.hpp"
#include "wire/writer.hpp"

namespace sw::carrier {
namespace {

constexpr std::string_view kMagic = "SW1PEERS";
constexpr std::size_t kStampBytes = 8;
constexpr std::size_t kChecksumBytes = 32;
constexpr std::size_t kFileBytes =
    kMagic.size() + wire::kVenueLimit * (wire::kPeerRecordBytes + kStampBytes) + kChecksumBytes;

ByteArray<kChecksumBytes> checksum(ByteView content) {
  return crypto::digest<kChecksumBytes>({as_bytes("sw1-peers"), content});
}

std::optional<wire::PeerRecord> decode_record(ByteView bytes) {
  wire::PortDecoder<wire::DownRecord> decoder;
  decoder.feed(wire::encode(wire::DownRecord(wire::StationHello{})));
  decoder.feed(bytes);
  (void)decoder.next();
  const auto record = decoder.next();
  if (!record || !record->has_value()) return std::nullopt;
  const auto* peer = std::get_if<wire::PeerRecord>(&**record);
  return peer == nullptr ? std::nullopt : std::optional(*peer);
}

}  // namespace

Bytes encode_peers(const std::vector<Peer>& peers) {
  SW_ASSERT(peers.size() <= wire::kVenueLimit);
  wire::Writer out(kFileBytes);
  out.bytes(as_bytes(kMagic));
  for (std::size_t i = 0; i < wire::kVenueLimit; ++i) {
    const Peer peer = i < peers.size() ? peers[i] : Peer{};
    out.bytes(wire::encode(wire::DownRecord(peer.record))).u64(peer.last_stamp);
  }
  out.bytes(checksum(out.view()));
  SW_ASSERT(out.size() == kFileBytes);
  return out.take();
}

Result<std::vector<Peer>> decode_peers(ByteView file) {
  const auto broken = [] { return fail(Errc::malformed, "the peer table is broken"); };
  if (file.size() != kFileBytes) return broken();
  const ByteView content = file.first(kFileBytes - kChecksumBytes);
  if (!std::ranges::equal(checksum(content), file.last(kChecksumBytes))) return broken();
  wire::Reader in(content);
  if (as_text(in.view(kMagic.size())) != kMagic) return broken();
  std::vector<Peer> out;
  for (std::size_t i = 0; i < wire::kVenueLimit; ++i) {
    auto record = decode_record(in.view(wire::kPeerRecordBytes));
    const std::uint64_t stamp = in.u64();
    if (!record) return broken();
    if (record->forgets()) continue;
    const auto same = [&](const Peer& p) { return p.record.venue == record->venue; };
    if (std::ranges::any_of(out, same)) return broken();
    out.push_back({std::move(*record), stamp});
  }
  if (!std::ranges::equal(encode_peers(out), file)) return broken();  // holes, and rests of what was forgotten
  return out;
}

Result<std::vector<Peer>> load_peers(const std::filesystem::path& home) {
  const auto path = home / "carrier.peers";
  auto file = home::read_home_file(path, kFileBytes, home::Exposure::owner_only);
  if (!file && file.error().code != Errc::out_of_range) return std::unexpected(file.error());
  if (file && !file->has_value()) return std::vector<Peer>{};
  auto peers = file ? decode_peers(**file) : fail(Errc::malformed, {});
  if (!peers) {
    return fail(Errc::malformed, path.string() +
                                     " is broken; remove it and start the carrier again, the station will send its "
                                     "peers anew");
  }
  return peers;
}

Result<void> save_peers(const std::filesystem::path& home, const std::vector<Peer>& peers) {
  return home::replace_home_file(home / "carrier.peers", encode_peers(peers), home::Exposure::owner_only);
}

}  // namespace sw::carrier
