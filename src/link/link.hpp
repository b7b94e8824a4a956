#pragma once
// One neighbour: one frame of one size a round whatever the state, and what its frames brought. Protocol 3.1 to 3.5.
// Every failure toward the wire is silent; a replayed frame changes nothing.
#include <array>
#include <memory>
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
  PublicKey peer{};                            ///< L_carrier of the neighbour, R1's link key, or a station's
  crypto::Role role;                           ///< a station is the initiator, R1 the responder; direct_role() else
  std::uint32_t rounds{};                      ///< no frame says a round from here on: rounds an epoch, or as 8.8 says
  std::vector<wire::Endpoint> card_addresses;  ///< at most 4, tried in turn
  std::uint64_t last_stamp{};                  ///< last_stamp() of the process before this one, or 0
  wire::StreamLimits takes = wire::kDirectStreams;
  std::uint8_t frames = 1;  ///< a round, both ways: S in a venue of relays
  /// Now; R1's only, which takes no message 1 from more than a day ahead of it (protocol 8.8).
  std::optional<UtcMs> clock = std::nullopt;
  /// Rounds of silence before message 1, and from one to the next; at both ends of a link.
  std::uint32_t retry = wire::kLinkRetryRounds;
};

/// "The lower L_carrier is the initiator; the other only answers." So two first messages never cross (protocol 3.2).
[[nodiscard]] crypto::Role direct_role(const PublicKey& own, const PublicKey& peer);

class Link {
 public:
  Link(const crypto::KeyPair& own, LinkTerms terms);

  struct Outgoing {
    Frame frame;
    std::optional<wire::Endpoint> to;  ///< nothing: no address is known, send nowhere
  };
  /// The frame of this round, or the next of its S frames; every one of them, every round. Cells a and b are paths 0
  /// and 1.
  [[nodiscard]] Outgoing prepare(RoundId now, UtcMs clock, const wire::Cell& a, const wire::Cell& b, Rng& rng);

  struct Incoming {
    RoundId round;  ///< in the sender's numbering
    std::array<wire::Cell, kPaths> cells;
    std::int32_t phase = 0;                     ///< what R1 says of our frames (protocol 8.8); of no other peer
    std::optional<ControlLane::Object> object;  ///< that this frame completed: one of the streams that we take
  };
  /// What an authentic new frame carries, or nothing. Handshake messages are tried as well (open, then greet).
  [[nodiscard]] std::optional<Incoming> receive(const Frame& frame, const wire::Endpoint& from, RoundId own_now,
                                                Rng& rng);

  /// receive() without handshakes: cheap, no Diffie-Hellman unless an authentic frame carries a rekey.
  [[nodiscard]] std::optional<Incoming> open(const Frame& frame, const wire::Endpoint& from, RoundId own_now, Rng& rng);
  /// Tries the frame as message 1 or 2; true when it was one of this neighbour's.
  bool greet(const Frame& frame, const wire::Endpoint& from, RoundId own_now, Rng& rng);
  /// Queues an object for the control lane (ControlLane::send); it is lost when the lane starts anew.
  std::uint32_t send(Stream stream, Bytes object) { return x_lane.send(stream, std::move(object)); }
  /// ControlLane::withdraw, in the lane's present life.
  void withdraw(Stream stream) { x_lane.withdraw(stream); }
  /// From now on takes these objects of the peer, in this life of the lane and those after it.
  void take_streams(const wire::StreamLimits& takes) {
    x_takes = takes;
    x_lane.take_streams(takes);
  }
  [[nodiscard]] std::size_t queued(Stream stream) const { return x_lane.queued(stream); }
  /// ControlLane::delivered, of the lane's present life.
  [[nodiscard]] std::uint32_t delivered(Stream stream) const { return x_lane.delivered(stream); }
  /// Changes with each handshake in frames, when the lane starts anew; 0 until there is a link.
  [[nodiscard]] std::uint32_t lane_life() const { return x_lane_life; }
  /// What the next sealed frame says as its phase; 0 again after it.
  void say_phase(std::int32_t microseconds) { x_word.phase = microseconds; }
  /// What all frames from now on say as R1's fault: 0 to 3.
  void say_fault(std::uint8_t relay) { x_word.fault = relay; }

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
  /// R1's word in the newest authentic frame (protocol 8.8); of no other peer.
  [[nodiscard]] std::uint8_t peer_fault() const { return x_peer_fault; }
  /// Highest time in a message 1, sent or accepted. Keep it with the peer table; it changes when a handshake does.
  [[nodiscard]] std::uint64_t last_stamp() const { return x_stamp; }
  /// True for the source of the last authentic frame.
  [[nodiscard]] bool owns(const wire::Endpoint& endpoint) const { return x_endpoint == endpoint; }
  [[nodiscard]] const PublicKey& peer() const { return x_peer; }
  [[nodiscard]] const VenueId& venue() const { return x_venue; }
  [[nodiscard]] crypto::Role role() const { return x_role; }

  /// Begins to fetch what open() and prepare() will read: for whoever has more links than a cache holds, a few frames
  /// ahead of their turn.
  void fetch() const;

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
  void take_rekey(ByteView object, Rng& rng);

  // What every frame needs lies together: see fetch().
  KeyRing x_ring;
  std::uint32_t x_rounds;
  std::uint32_t x_lane_life = 0;  ///< the life of the lane that x_lane holds
  crypto::Role x_role;
  std::uint32_t x_retry;
  std::uint8_t x_frames;     ///< a round
  std::uint8_t x_frame = 0;  ///< of them, in this round
  std::uint8_t x_peer_fault = 0;
  RelayWord x_word;
  std::optional<wire::Endpoint> x_endpoint;
  std::optional<UtcMs> x_clock;  ///< of the last frame prepared
  Epoch x_keys_epoch{};          ///< of the last handshake or rekey begun
  Epoch x_peer_epoch{};
  std::uint32_t x_since_message1 = UINT32_MAX;  ///< rounds since the last message 1 left
  std::uint32_t x_silence = UINT32_MAX;         ///< rounds since anything authentic
  std::uint32_t x_quiet = UINT32_MAX;
  std::unique_ptr<Attempt> x_attempt;          ///< initiator: message 1 in frames
  std::unique_ptr<crypto::Handshake> x_rekey;  ///< initiator: message 1 in the control lane
  std::unique_ptr<Answer> x_answer;            ///< responder: message 2 until its keys are confirmed
  ControlLane x_lane;

  crypto::KeyPair x_own;
  PublicKey x_peer;
  VenueId x_venue;
  std::vector<wire::Endpoint> x_addresses;
  std::uint32_t x_turn = 0;           ///< of the frames over the addresses
  std::uint32_t x_message1_turn = 0;  ///< of message 1: its own, so that a period of 8 meets every address
  wire::StreamLimits x_takes;
  std::uint64_t x_stamp;
  std::optional<Cookie> x_cookie;  ///< initiator: until message 2 comes
};

}  // namespace sw::link
