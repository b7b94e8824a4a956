#pragma once
// One neighbour: one frame of one size a round whatever the state, and what its frames brought. Protocol 3.1 to 3.5.
// Every failure toward the wire is silent; a replayed frame changes nothing.
#include <array>
#include <optional>
#include <vector>

#include "base/ids.hpp"
#include "base/time.hpp"
#include "crypto/dh.hpp"
#include "link/control_lane.hpp"
#include "link/frame.hpp"
#include "link/handshake.hpp"
#include "link/key_ring.hpp"
#include "wire/cell.hpp"
#include "wire/endpoint.hpp"

namespace sw::link {

struct LinkTerms {
  VenueId venue{};
  PublicKey peer{};                            ///< L_carrier of the neighbour
  std::uint32_t rounds{};                      ///< rounds an epoch
  std::vector<wire::Endpoint> card_addresses;  ///< at most 4, tried in turn
  std::uint64_t last_stamp{};                  ///< last_stamp() of the process before this one, or 0
};

class Link {
 public:
  Link(const crypto::KeyPair& own, LinkTerms terms);

  struct Outgoing {
    Frame frame;
    std::optional<wire::Endpoint> to;  ///< nothing: no address is known, send nowhere
  };
  /// The frame of this round; call it exactly once a round. Cells a and b are paths 0 and 1.
  [[nodiscard]] Outgoing prepare(RoundId now, UtcMs clock, const wire::Cell& a, const wire::Cell& b, Rng& rng);

  struct Incoming {
    RoundId round;  ///< in the sender's numbering
    std::array<wire::Cell, kPaths> cells;
  };
  /// What an authentic new frame carries, or nothing. Handshake messages are tried as well (open, then greet).
  [[nodiscard]] std::optional<Incoming> receive(const Frame& frame, const wire::Endpoint& from, RoundId own_now,
                                                Rng& rng);

  /// receive() without handshakes: cheap, no Diffie-Hellman unless an authentic frame carries a rekey.
  [[nodiscard]] std::optional<Incoming> open(const Frame& frame, const wire::Endpoint& from, RoundId own_now, Rng& rng);
  /// Tries the frame as message 1 or 2; true when it was one of this neighbour's.
  bool greet(const Frame& frame, const wire::Endpoint& from, RoundId own_now, Rng& rng);
  /// A cookie reply to our last message 1 (protocol 3.3); anything else is ignored.
  void take_cookie(ByteView reply);

  /// Changes the addresses of the card (`line address`); they are tried in turn again.
  void readdress(std::vector<wire::Endpoint> card_addresses);

  /// Keys are there and a frame was opened within the last 8 rounds.
  [[nodiscard]] bool up() const { return x_ring.current() != nullptr && x_quiet <= wire::kLinkRetryRounds; }
  /// Rounds since the last authentic frame, saturating; the greatest value when there was none.
  [[nodiscard]] std::uint32_t quiet_rounds() const { return x_quiet; }
  /// The epoch of the newest authentic frame; 0 when there was none.
  [[nodiscard]] Epoch peer_epoch() const { return x_peer_epoch; }
  /// Highest time in a message 1, sent or accepted. Keep it with the peer table; it changes when a handshake does.
  [[nodiscard]] std::uint64_t last_stamp() const { return x_stamp; }
  /// True for the source of the last authentic frame.
  [[nodiscard]] bool owns(const wire::Endpoint& endpoint) const { return x_endpoint == endpoint; }
  [[nodiscard]] const PublicKey& peer() const { return x_peer; }
  [[nodiscard]] const VenueId& venue() const { return x_venue; }
  [[nodiscard]] crypto::Role role() const { return x_role; }

 private:
  [[nodiscard]] PartyView party() const { return {x_own, x_peer, x_venue}; }
  void count_round();
  void begin_rekey(RoundId now, UtcMs clock, Rng& rng);
  [[nodiscard]] bool message1_due() const;
  [[nodiscard]] bool write_message1(UtcMs clock, Frame& frame, Rng& rng);
  void seal_cells(RoundId now, const wire::Cell& a, const wire::Cell& b, Frame& frame);
  [[nodiscard]] std::optional<wire::Endpoint> next_address(std::uint32_t& turn) const;
  [[nodiscard]] std::uint64_t next_stamp(UtcMs clock) const;

  [[nodiscard]] bool accept(ByteView message1, KeyOrigin origin, Message2& message2, Rng& rng);
  [[nodiscard]] bool greet_initiator(const Frame& frame, const wire::Endpoint& from, Rng& rng);
  [[nodiscard]] bool greet_responder(const Frame& frame, const wire::Endpoint& from, RoundId own_now);
  void take_object(ByteView object, Rng& rng);

  crypto::KeyPair x_own;
  PublicKey x_peer;
  VenueId x_venue;
  std::uint32_t x_rounds;
  crypto::Role x_role;
  std::vector<wire::Endpoint> x_addresses;
  std::optional<wire::Endpoint> x_endpoint;
  std::uint32_t x_turn = 0;           ///< of the frames over the addresses
  std::uint32_t x_message1_turn = 0;  ///< of message 1: its own, so that a period of 8 meets every address

  KeyRing x_ring;
  ControlLane x_lane;
  std::uint32_t x_lane_life = 0;  ///< the life of the lane that x_lane holds
  std::uint64_t x_stamp;
  Epoch x_keys_epoch{};  ///< of the last handshake or rekey begun

  std::optional<Attempt> x_attempt;             ///< initiator: message 1 in frames
  std::optional<Cookie> x_cookie;               ///< initiator: until message 2 comes
  std::optional<crypto::Handshake> x_rekey;     ///< initiator: message 1 in the control lane
  std::optional<Answer> x_answer;               ///< responder: message 2 until its keys are confirmed
  std::uint32_t x_since_message1 = UINT32_MAX;  ///< rounds since the last message 1 left
  std::uint32_t x_silence = UINT32_MAX;         ///< rounds since anything authentic
  std::uint32_t x_quiet = UINT32_MAX;
  Epoch x_peer_epoch{};
};

}  // namespace sw::link
