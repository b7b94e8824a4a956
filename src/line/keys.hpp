#pragma once
// LineKeys: what a confirmed line owns durably (protocol 4.1, 4.2, 2.3). Both roles derive equal Kid, Khs and psk.
// Whoever changes a field commits save() to the store before anything that depends on it leaves the station.
#include <cstdint>
#include <optional>
#include <vector>

#include "base/ids.hpp"
#include "base/result.hpp"
#include "crypto/dh.hpp"
#include "crypto/handshake.hpp"
#include "crypto/hash.hpp"
#include "line/pairing/card.hpp"

namespace sw::line {

using crypto::Psk;
using Kid = crypto::Secret<struct KidRole, 32>;  ///< drop ids of a day
using Khs = crypto::Secret<struct KhsRole, 32>;  ///< handshake cells of a day

/// The label of one day's step.
template <class Key>
inline constexpr std::string_view kDayStep = {};
template <>
inline constexpr std::string_view kDayStep<Kid> = "drop-next";
template <>
inline constexpr std::string_view kDayStep<Khs> = "hs-next";

/// The day (since 1970, UTC) in which a direct epoch begins; saturates.
[[nodiscard]] std::uint32_t day_of_epoch(Epoch epoch);

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

/// A venue as both stations know it: what H covers.
struct VenueTerms {
  VenueId id{};
  std::uint32_t round_ms{};
  std::uint32_t rounds{};  ///< an epoch
  auto operator<=>(const VenueTerms&) const = default;
};
[[nodiscard]] VenueTerms direct_venue(const PublicKey& one, const PublicKey& other, std::uint32_t round_ms);
/// H = BLAKE2b-256("sw1-direct" | ver | venue | epoch | round_ms | rounds | cell).
[[nodiscard]] ByteArray<32> epoch_hash(const VenueTerms& venue, Epoch epoch);

/// refused: people compared and said no; the line is down until both pair again (protocol 4.4).
enum class Continuity : std::uint8_t { whole = 0, refused = 1 };

struct LineKeys {
  crypto::KeyPair own;             ///< S_line, of this line alone
  PublicKey peer{};                ///< their S_line
  PublicKey peer_carrier{};        ///< their L_carrier
  std::vector<wire::Endpoint> at;  ///< where their carrier is: 1 to 4
  std::uint32_t round_ms{};
  std::uint8_t caps{};  ///< what both cards have
  CheckNumber check{};  ///< of the two cards, for a look after confirm
  DayKeys<Kid> kid;
  DayKeys<Khs> khs;
  PskState psk;  ///< of the direct venue
  Continuity continuity = Continuity::whole;
  RoundId reserved{};  ///< no (path, round) above it was ever sealed; all zero: none (protocol 2.3)

  /// initiator = the lower S_line.
  [[nodiscard]] crypto::Role role() const;
  [[nodiscard]] VenueTerms venue() const { return direct_venue(own.public_key, peer, round_ms); }
  [[nodiscard]] bool ml_kem() const { return (caps & kCapMlKem) != 0; }
  /// An independent copy; both wipe themselves.
  [[nodiscard]] LineKeys clone() const;

  /// At most kSavedLimit bytes.
  [[nodiscard]] crypto::SecretBytes save() const;
  [[nodiscard]] static Result<LineKeys> load(ByteView saved);
  static constexpr std::size_t kSavedLimit = 384;
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
