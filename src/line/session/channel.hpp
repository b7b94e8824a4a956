#pragma once
// An established session: generation g, g+1 while a ratchet step is under way, and what each side heard of the other.
// It seals and opens cells; who it is talking to was settled by the handshake. Protocol 4.2, 4.3.
#include <bit>

#include "line/session/cell.hpp"
#include "line/session/durable.hpp"
#include "line/session/pieces.hpp"
#include "line/session/ratchet.hpp"

namespace sw::line {

class Channel {
 public:
  /// Takes the finished handshake's root. `check`: the groups of protocol 4.4.
  Channel(const VenueTerms& terms, crypto::Role own, bool ml_kem, const RootKey& root,
          const crypto::HandshakeHash& hash, const Starts& starts);

  /// The frames of the ratchet for path 0 of this round; makes the offer when one is due.
  void fill_ratchet(RoundId now, const Durable& durable, std::size_t room, wire::Writer& out, Rng& rng);
  /// Seals; false (and nothing written) for a round that has no key any more.
  [[nodiscard]] bool seal(Path path, RoundId now, CellHead head, ByteView frames, const Durable& durable,
                          wire::Cell& out);
  /// Opens with g, then g+1; the first cell of g+1 ends g and its psk.
  [[nodiscard]] bool open(Path path, RoundId round, const wire::Cell& cell, CellPlain& plain, Durable& durable);
  /// Offer and accept pieces of an opened cell; `now` is our own round.
  void take_ratchet(FrameType type, ByteView body, RoundId now, Durable& durable, Rng& rng);

  /// Once a round, before sealing.
  void count_round();
  [[nodiscard]] std::uint32_t since_opened() const { return x_since_opened; }
  [[nodiscard]] std::uint32_t since_healed() const { return x_since_healed; }
  [[nodiscard]] bool healed_ever() const { return x_healed; }
  /// How many of the last 16 of our rounds the peer says it opened.
  [[nodiscard]] unsigned heard_there() const { return static_cast<unsigned>(std::popcount(x_heard_there)); }
  [[nodiscard]] std::uint8_t peer_flags() const { return x_peer_flags; }
  [[nodiscard]] const CheckNumber& check() const { return x_check; }
  /// psk = KDF(RS, "psk-venue", venue), for a continuity that people confirmed (protocol 4.4).
  [[nodiscard]] Psk fresh_psk() const;

 private:
  struct Step {
    Generation next;
    std::uint64_t version;  ///< nothing of g+1 leaves before this is committed
  };
  void begin(const RootKey& root, const Starts& starts, Durable& durable);
  void finish_step(Durable& durable);
  void note_opened(RoundId round, const CellPlain& plain);

  VenueTerms x_terms;
  crypto::Role x_role;
  bool x_ml_kem;
  CheckNumber x_check{};
  Generation x_current;
  std::optional<Step> x_step;

  std::optional<RatchetOffer> x_offer;   ///< initiator, until the accept is complete
  std::optional<PieceSender> x_sending;  ///< the offer, or the accept
  PieceReceiver x_receiving;

  std::uint32_t x_since_opened = 0;
  std::uint32_t x_since_healed = 0;
  std::uint32_t x_since_offer = UINT32_MAX;
  bool x_healed = false;
  std::optional<RoundId> x_newest;
  std::uint16_t x_heard = 0;
  std::uint16_t x_heard_there = 0;
  std::uint8_t x_peer_flags = 0;
};

}  // namespace sw::line
