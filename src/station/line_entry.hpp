#pragma once
// One line of this station: its name, the pairing under way, the confirmed line, and what the carrier says of its
// venue. The durable part is one record; it holds the pairing and the line side by side, so that a re-pairing replaces
// the old line only when it is confirmed.
#include <deque>
#include <optional>
#include <string>

#include "desk/desk.hpp"
#include "line/line.hpp"
#include "line/pairing/offer.hpp"
#include "wire/cell_port.hpp"

namespace sw::station {

/// A message on its way to delivery, which takes it when it has room.
struct Queued {
  MessageId id;
  Precedence precedence{};
  Bytes bytes;  ///< empty: the store has it under `key`
  std::optional<desk::RecordKey> key;
};

struct LineEntry {
  LineId id;
  std::string name;
  bool paused = false;
  std::optional<line::Offer> offer;
  std::optional<line::Line> line;

  std::uint32_t silent_seconds = 0;  ///< since the carrier's last word on a venue of the line
  std::deque<Queued> queue;
  std::uint64_t life = 0;           ///< of `line`: one that replaces it counts its versions anew
  std::uint64_t saved_version = 0;  ///< of the line's durable head, as last put

  [[nodiscard]] desk::RecordKey key() const { return {desk::RecordKind::line, id.bytes}; }
  /// The record's head; at most desk::kHeadBytes.
  [[nodiscard]] crypto::SecretBytes encode() const;

  /// The direct venue of the confirmed line, or of the accepted offer, where it has one.
  [[nodiscard]] std::optional<VenueId> offer_venue() const;
  [[nodiscard]] std::optional<VenueId> line_venue() const;
  /// Is the confirmed line on that slot of that venue?
  [[nodiscard]] bool is_on(const VenueId& venue, Slot slot) const;
  /// Or is it to be, by a pairing or a change of venues under way?
  [[nodiscard]] bool claims(const VenueId& venue, Slot slot) const;
};

/// What a record holds before the line is started.
struct StoredLine {
  std::string name;
  bool paused = false;
  std::optional<line::Offer> offer;
  std::optional<line::LineKeys> keys;
};
[[nodiscard]] Result<StoredLine> decode_line(ByteView head);

}  // namespace sw::station
