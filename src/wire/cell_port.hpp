#pragma once
// Records of the cell port between station and carrier (protocol 2.4): fixed length for each type, little-endian.
// The first record of each direction is its hello, and there is no second one.
#include <cstdint>
#include <optional>
#include <variant>
#include <vector>

#include "base/ids.hpp"
#include "base/result.hpp"
#include "crypto/secret.hpp"
#include "wire/cell.hpp"
#include "wire/endpoint.hpp"
#include "wire/sizes.hpp"

namespace sw::wire {

inline constexpr std::uint16_t kPortVersion = 1;
/// Length of an encoded PeerRecord.
inline constexpr std::size_t kPeerRecordBytes = 1 + 16 + 1 + 4 + 32 + kCardAddresses * (1 + 16 + 2);

/// Down: the station speaks first. A carrier of another version closes.
struct StationHello {
  std::uint16_t version = kPortVersion;
  bool operator==(const StationHello&) const = default;
};

/// Down: the neighbour of a venue. An all-zero `peer` forgets the venue; its other fields then go as zeros.
struct PeerRecord {
  VenueId venue{};
  Slot slot{};
  std::uint32_t round_ms{};  ///< divides 1,800,000; 50 to 600,000
  PublicKey peer{};          ///< L_peer
  std::vector<Endpoint> at;  ///< 1 to 4, tried in turn
  bool operator==(const PeerRecord&) const = default;

  [[nodiscard]] bool forgets() const { return peer == PublicKey{}; }
  [[nodiscard]] static PeerRecord forget(VenueId venue) { return {venue, {}, 0, {}, {}}; }
};

/// Down: the highest round the station may ever have sealed in the venue; all zero when nothing was.
struct FloorRecord {
  VenueId venue{};
  RoundId floor{};
  bool operator==(const FloorRecord&) const = default;
};

/// Down: the cell to send in that round. Up: a cell that came, in the sender's numbering.
struct CellRecord {
  VenueId venue{};
  Slot slot{};
  Path path{};
  RoundId round{};
  Cell cell{};
  bool operator==(const CellRecord&) const = default;
};

/// Up: the carrier's answer to the station's hello, with its static public key.
struct CarrierHello {
  std::uint16_t version = kPortVersion;
  PublicKey carrier{};
  bool operator==(const CarrierHello&) const = default;
};

/// Up: the round's cells are wanted now; sent at send time - margin.
struct TickRecord {
  VenueId venue{};
  RoundId round{};
  bool operator==(const TickRecord&) const = default;
};

enum class BearerState : std::uint8_t { good = 0, failing = 1 };
enum class LinkState : std::uint8_t { none = 0, up = 1 };
/// Why nothing passes in a venue of relays, as far as the carrier can tell. Protocol 8.8.
enum class Fault : std::uint8_t {
  none = 0,
  relay_1 = 1,  ///< nothing comes from it, or it carries nothing
  relay_2 = 2,  ///< says relay 1
  relay_3 = 3,
  not_in = 4,  ///< rounds come back, but this carrier has no circuits in the epoch yet
  clock = 5,   ///< refused against R1's
};

/// Up: once a round.
struct StatusRecord {
  VenueId venue{};
  RoundId round{};
  BearerState bearer{};
  LinkState link{};
  std::uint32_t quiet_rounds{};  ///< rounds since the last authentic frame, saturating
  Epoch peer_epoch{};            ///< of the last authentic frame; 0 before the first
  Fault fault{};                 ///< none in a direct venue
  bool operator==(const StatusRecord&) const = default;
};

/// Up: relays agreed on this epoch of a venue; the drop ids of the slots that lines are on are wanted.
struct EpochRecord {
  VenueId venue{};
  Epoch epoch{};
  std::uint32_t day{};  ///< UTC, of its t0
  bool operator==(const EpochRecord&) const = default;
};

/// Down: the drop ids of a slot's two circuits in that epoch (protocol 8.2).
struct DropsRecord {
  VenueId venue{};
  Slot slot{};
  Epoch epoch{};
  std::array<ByteArray<32>, kPaths> drops{};
  bool operator==(const DropsRecord&) const = default;
};

/// Up: the circuit keys of a slot and epoch, which the station keeps in memory only. Down, before the floor: all that
/// it has, for a carrier that was started anew.
struct KeepRecord {
  VenueId venue{};
  Slot slot{};
  Epoch epoch{};
  ByteArray<kKeptBytes> keys{};
  ~KeepRecord() { crypto::wipe(keys); }  // each copy its own
  bool operator==(const KeepRecord&) const = default;
};

using DownRecord = std::variant<StationHello, PeerRecord, FloorRecord, CellRecord, DropsRecord, KeepRecord>;
using UpRecord = std::variant<CarrierHello, TickRecord, CellRecord, StatusRecord, EpochRecord, KeepRecord>;

/// The record's bytes, type byte first; those of a KeepRecord are the caller's to wipe. The fields must be in range (a
/// bug otherwise).
[[nodiscard]] Bytes encode(const DownRecord& record);
[[nodiscard]] Bytes encode(const UpRecord& record);

/// True for a round length that divides the epoch and is within the bounds of protocol 2.2.
[[nodiscard]] bool valid_round_ms(std::uint32_t round_ms);

/// Turns a stream of bytes into records. Record is DownRecord (the carrier reads) or UpRecord (the station reads).
template <class Record>
class PortDecoder {
 public:
  /// Takes any number of bytes of the stream; call next() until it yields nothing before feeding again.
  void feed(ByteView bytes);
  /// The next whole record, nothing when more bytes are needed, or Errc::malformed for ever after a broken one:
  /// an unknown type, a field out of range, a record before the hello or a second hello.
  [[nodiscard]] Result<std::optional<Record>> next();

 private:
  crypto::SecretBytes x_pending;
  bool x_greeted = false;
  bool x_broken = false;
};

extern template class PortDecoder<DownRecord>;
extern template class PortDecoder<UpRecord>;

}  // namespace sw::wire
