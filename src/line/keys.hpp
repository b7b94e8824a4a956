#pragma once
// LineKeys: what a confirmed line owns durably (protocol 4.1, 4.2, 2.3, 4.5). Both roles derive equal Kid, Khs and psk.
// Whoever changes a field commits save() to the store before anything that depends on it leaves the station.
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "base/ids.hpp"
#include "base/result.hpp"
#include "crypto/dh.hpp"
#include "crypto/handshake.hpp"
#include "crypto/hash.hpp"
#include "line/pairing/card.hpp"
#include "line/venue.hpp"

namespace sw::line {

using crypto::Psk;
using Kid = crypto::Secret<struct KidRole, 32>;  ///< drop ids of a day
using Khs = crypto::Secret<struct KhsRole, 32>;  ///< handshake cells of a day
/// What one side adds to the psk of a venue that both agree on (protocol 4.5).
using VenueHalf = crypto::Secret<struct VenueHalfRole, 32>;

/// The label of one day's step.
template <class Key>
inline constexpr std::string_view kDayStep = {};
template <>
inline constexpr std::string_view kDayStep<Kid> = "drop-next";
template <>
inline constexpr std::string_view kDayStep<Khs> = "hs-next";

/// One key a day, forward only: K_{d+1} = KDF(K_d, "drop-next" | "hs-next", "").
template <class Key>
class DayKeys {
 public:
  /// Index 0 belongs to `day`, the later made_day of the two cards.
  DayKeys(Key&& key, std::uint32_t day) : x_day(day), x_key(std::move(key)) {}

  /// The day of the stored key; no earlier one can be derived any more.
  [[nodiscard]] std::uint32_t day() const { return x_day; }
  /// Is there a key of that day? At most 420 days ahead.
  [[nodiscard]] bool reaches(std::uint32_t day) const { return day <= x_day || day - x_day <= wire::kDayJumpLimit; }
  /// The key of max(stored day, `day`), without moving. Errc::out_of_range more than 420 days ahead.
  [[nodiscard]] Result<Key> derive(std::uint32_t day) const;
  /// Moves the stored key to `day` and erases the older ones; an earlier day, or one more than 420 ahead, moves
  /// nothing. True when it moved.
  bool advance(std::uint32_t day);

  void save(crypto::SecretWriter& out) const;
  [[nodiscard]] static DayKeys load(crypto::SecretReader& in);

 private:
  std::uint32_t x_day;
  Key x_key;
};

/// The psk chain. `previous` exists from a step until its generation goes (protocol 4.3).
struct PskState {
  Psk newest;
  std::optional<Psk> previous;
};
using PskId = ByteArray<8>;
[[nodiscard]] PskId psk_id(const Psk& psk);

/// refused: people compared and said no; the line is down until both pair again (protocol 4.4).
enum class Continuity : std::uint8_t { whole = 0, refused = 1 };

/// Of a venue of relays, as a record holds it.
void save_terms(const VenueTerms& terms, Slot slot, crypto::SecretWriter& out);
[[nodiscard]] std::pair<VenueTerms, Slot> load_terms(crypto::SecretReader& in);
[[nodiscard]] bool in_range(const VenueTerms& relays, Slot slot);

/// What is needed of a line in one venue, and must outlive the process.
struct VenueKeys {
  VenueTerms terms;
  Slot slot{};  ///< of ours in the venue; the direct one has only the first
  PskState psk;
  Continuity continuity = Continuity::whole;
  RoundId reserved{};  ///< no (path, round) above it was ever sealed; all zero: none (protocol 2.3)
  Epoch from{};        ///< the first one in which the line is there (protocol 4.5); zero: since the pairing
  std::optional<Epoch> until = std::nullopt;  ///< the first one in which it is there no more
  [[nodiscard]] bool holds(Epoch epoch) const { return epoch >= from && (!until || epoch < *until); }
};

/// A venue of relays that one side wants the line to be in, until both have it or one says no (protocol 4.5).
/// Always: one of the two wants it; the line is not in it yet.
struct VenueChange {
  struct Own {
    OfferedVenue venue;
    VenueHalf half;
  };
  VenueId venue{};
  std::optional<Own> own;           ///< people here want it
  std::optional<VenueHalf> theirs;  ///< people there want it
  Epoch from{};                     ///< what the initiator settled; zero: nothing yet
  [[nodiscard]] bool agreed() const { return own && theirs; }
};

struct LineKeys {
  crypto::KeyPair own;             ///< S_line, of this line alone
  PublicKey peer{};                ///< their S_line
  PublicKey peer_carrier{};        ///< their L_carrier
  std::vector<wire::Endpoint> at;  ///< where their carrier is: 1 to 4; none without the direct venue
  std::uint32_t round_ms{};
  std::uint8_t caps{};  ///< what both cards have
  CheckNumber check{};  ///< of the two cards, for a look after confirm
  DayKeys<Kid> kid;
  DayKeys<Khs> khs;
  std::vector<VenueKeys> venues;  ///< the direct one first, where there is one; 1 to wire::kLineVenues
  std::optional<VenueChange> change = std::nullopt;

  /// initiator = the lower S_line.
  [[nodiscard]] crypto::Role role() const;
  /// The first one.
  [[nodiscard]] const VenueTerms& venue() const { return venues.front().terms; }
  [[nodiscard]] bool direct() const { return venue().kind == VenueKind::direct; }
  /// People said no in one of the venues: the line is down in all of them (protocol 4.4).
  [[nodiscard]] bool refused() const;
  /// One that the line is in; another is a bug of the caller.
  [[nodiscard]] VenueKeys& in(const VenueId& venue);
  /// Null where the line is not.
  [[nodiscard]] VenueKeys* find(const VenueId& venue);
  [[nodiscard]] const VenueKeys& in(const VenueId& venue) const;
  [[nodiscard]] bool ml_kem() const { return (caps & kCapMlKem) != 0; }
  /// An independent copy; both wipe themselves.
  [[nodiscard]] LineKeys clone() const;

  /// At most kSavedLimit bytes.
  [[nodiscard]] crypto::SecretBytes save() const;
  [[nodiscard]] static Result<LineKeys> load(ByteView saved);
  static constexpr std::size_t kSavedLimit = 800;
};

template <class Key>
Result<Key> DayKeys<Key>::derive(std::uint32_t day) const {
  if (!reaches(day)) return fail(Errc::out_of_range, "the day is too far ahead of the line's last one");
  Key key = x_key.clone();
  for (std::uint32_t d = x_day; d < day; ++d) key = crypto::kdf<Key>(key, kDayStep<Key>);
  return key;
}

template <class Key>
bool DayKeys<Key>::advance(std::uint32_t day) {
  if (day <= x_day) return false;
  auto key = derive(day);
  if (!key) return false;
  x_key = std::move(*key);
  x_day = day;
  return true;
}

template <class Key>
void DayKeys<Key>::save(crypto::SecretWriter& out) const {
  out.u32(x_day).secret(x_key);
}

template <class Key>
DayKeys<Key> DayKeys<Key>::load(crypto::SecretReader& in) {
  const std::uint32_t day = in.u32();
  return DayKeys(in.secret<Key>(), day);
}

}  // namespace sw::line
