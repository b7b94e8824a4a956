#pragma once
// Everything that arrives on a carrier's socket passes here: which link, else a handshake, under load a cookie.
// Protocol 3.3. Strangers get nothing; the work that they can cause is bounded.
#include <optional>
#include <span>

#include "link/cookie.hpp"
#include "link/link.hpp"

namespace sw::link {

/// A link of this carrier and where its timetable is.
struct Door {
  Link* link = nullptr;
  RoundId now{};
};

class Gate {
 public:
  /// `share`: the bounds of message 1 are so many times those of a carrier; R1's, which has many callers, above 1.
  explicit Gate(const PublicKey& own, std::uint32_t share = 1) : x_own(own), x_share(share) {}

  struct Arrival {
    std::optional<std::size_t> door;      ///< index of the link that the datagram belonged to
    std::optional<Link::Incoming> cells;  ///< what an authentic frame brought
    std::optional<CookieReply> reply;     ///< send these 56 bytes back to `from`
  };
  /// One datagram of any length. `now` only counts seconds and never falls.
  [[nodiscard]] Arrival receive(ByteView datagram, const wire::Endpoint& from, std::span<const Door> doors, Instant now,
                                Rng& rng);

  /// R1's side, which has links with many and opens new ones: may this message 1, made for us, cost key agreements?
  /// `known`: a link has its address.
  struct Admission {
    bool process = false;
    std::optional<CookieReply> reply;  ///< send these 56 bytes back to `from`
  };
  [[nodiscard]] Admission admit(const Frame& message1, const wire::Endpoint& from, bool known, Instant now, Rng& rng);

 private:
  /// Message 1 with a valid mac1: may it cost a handshake, or get a cookie?
  enum class Verdict : std::uint8_t { process, cookie, drop };
  [[nodiscard]] Verdict judge(const Frame& frame, const wire::Endpoint& from, bool known);
  [[nodiscard]] bool spend_address(const wire::Endpoint& from);
  void count(Instant now, Rng& rng);

  PublicKey x_own;
  std::uint32_t x_share;
  CookieJar x_jar;
  std::int64_t x_second = -1;
  std::uint32_t x_messages = 0;    ///< message 1 frames with a valid mac1 in this second
  std::uint32_t x_neighbours = 0;  ///< of these, processed for the sake of an address that has a link
  std::uint32_t x_cookies = 0;     ///< cookies sent in this second
  std::uint32_t x_answers = 0;     ///< message 2 frames tried in this second
  std::vector<std::pair<wire::Endpoint, std::uint32_t>> x_addresses;  ///< admitted by a cookie in this second
};

}  // namespace sw::link
