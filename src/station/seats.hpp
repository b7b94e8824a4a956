#pragma once
// Who sits at the desk: one-time links, seats with their two secrets, and how often somebody may try. Pure: time and
// randomness are passed in. Every number here is bounded, whoever knocks. docs/api.md, doors; ADR 16.
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/rng.hpp"
#include "base/time.hpp"
#include "crypto/secret.hpp"

namespace sw::station {

inline constexpr Duration kLinkLife = milliseconds(60'000);
inline constexpr std::size_t kLinks = 8;   ///< a new one voids the oldest
inline constexpr std::size_t kSeats = 32;  ///< a new one takes the place of the one that was used longest ago
inline constexpr Duration kSeatLife = milliseconds(12 * 3'600'000);   ///< without use
inline constexpr Duration kSignedInLife = milliseconds(15 * 60'000);  ///< without use
inline constexpr std::size_t kDoorSecretBytes = 32;                   ///< of links, cookies, page tokens, tokens
inline constexpr std::string_view kTokenPrefix = "SW1-TOKEN:";

/// Is what is asked for so often that it must wait? Each name has kBurst tries at once, and one more each kRefill.
class Tries {
 public:
  static constexpr std::int64_t kBurst = 5;
  static constexpr Duration kRefill = milliseconds(30'000);
  static constexpr std::size_t kNames = 128;

  /// Takes one try of this name; Errc::conflict with the seconds to wait.
  [[nodiscard]] Result<void> take(std::string_view name, Instant now);
  /// It was right: all tries are there again.
  void forget(std::string_view name);

 private:
  std::map<std::string, Instant, std::less<>> x_full_at;  ///< when all its tries are there again
};

using SeatId = std::uint64_t;

struct SignedIn {
  std::string name;
  std::uint64_t version = 0;  ///< of the operator (desk/office.hpp): when it is another, the seat ends
};

class Seats {
 public:
  /// The secret of a new link, in base64url.
  [[nodiscard]] crypto::SecretBytes make_link(Instant now, Rng& rng);

  /// What the page gets: both in base64url. The cookie stays in the browser, the token in the page's memory.
  struct Opened {
    SeatId seat{};
    crypto::SecretBytes cookie;
    crypto::SecretBytes token;
  };
  /// Takes a link's secret, which is void from then on. Errc::refused.
  [[nodiscard]] Result<Opened> open(std::string_view secret, Instant now, Rng& rng);
  /// Whose both these are. Errc::refused.
  [[nodiscard]] Result<SeatId> find(std::string_view cookie, std::string_view token, Instant now);
  /// Whose cookie this is: enough to ask for a token with a passphrase, and for nothing else. Errc::refused.
  [[nodiscard]] Result<SeatId> find(std::string_view cookie, Instant now);
  /// Another page token; the old one ends. Empty when the seat is no more.
  [[nodiscard]] crypto::SecretBytes renew(SeatId seat, Rng& rng);

  /// A person did something there.
  void used(SeatId seat, Instant now);
  void sign_in(SeatId seat, SignedIn who, Instant now);
  void sign_out(SeatId seat);
  void sign_out_all();
  void end(SeatId seat);

  /// Who is signed in there; nobody once it is idle.
  [[nodiscard]] std::optional<SignedIn> who(SeatId seat, Instant now) const;
  /// Until an idle seat signs its operator out.
  [[nodiscard]] Duration idle_left(SeatId seat, Instant now) const;
  [[nodiscard]] std::size_t count() const { return x_seats.size(); }

 private:
  using Digest = ByteArray<32>;
  struct Link {
    Digest secret{};
    Instant until{};
  };
  struct Seat {
    SeatId id{};
    Digest cookie{};
    Digest token{};
    Instant used{};
    std::optional<SignedIn> who;
  };
  [[nodiscard]] Seat* by_cookie(std::string_view cookie, Instant now);
  [[nodiscard]] Seat* by_id(SeatId id);
  [[nodiscard]] const Seat* by_id(SeatId id) const;

  std::vector<Link> x_links;
  std::vector<Seat> x_seats;
  SeatId x_last = 0;
};

/// 32 random bytes in base64url, and the digest under which such a text is found again.
[[nodiscard]] crypto::SecretBytes door_secret(Rng& rng);
[[nodiscard]] ByteArray<32> door_digest(std::string_view text);

}  // namespace sw::station
