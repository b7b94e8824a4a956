#pragma once
// The handshake of a session, one end: attempts of the initiator, answers of the responder. Protocol 4.2, 4.4.
// It ends in a Channel; whether that is live, pending or held is the session's to say.
#include <deque>
#include <optional>

#include "line/session/channel.hpp"
#include "line/session/handshake_cell.hpp"

namespace sw::line {

/// A finished handshake: which psk it used, and the channel.
struct Met {
  enum class By : std::uint8_t { psk, lost };  ///< lost: types 4 and 5, the session is held
  By by{};
  PskId psk{};  ///< the one that was named
  Channel channel;
};

/// Initiator: one ephemeral an attempt, sent every 2nd round, given up after 16.
class Attempt {
 public:
  [[nodiscard]] static std::optional<Attempt> make(const Venue& venue, const Durable& durable, RoundId now, Met::By by,
                                                   Rng& rng);
  /// The cell for path 1 of this round, or nothing in between.
  [[nodiscard]] std::optional<HandshakeCell> next();
  [[nodiscard]] bool expired() const { return x_age >= kRounds; }
  [[nodiscard]] Met::By by() const { return x_by; }
  [[nodiscard]] const PskId& psk() const { return x_cell.psk; }
  /// Reads msg2; nothing, and nothing changed, when it is not the answer.
  [[nodiscard]] std::optional<Met> read(const Venue& venue, const HandshakeCell& answer, const LineKeys& keys) const;

 private:
  static constexpr std::uint32_t kRounds = 16;
  Attempt(Met::By by, HandshakeCell cell, crypto::Handshake handshake)
      : x_by(by), x_cell(std::move(cell)), x_handshake(std::move(handshake)) {}
  Met::By x_by;
  HandshakeCell x_cell;
  crypto::Handshake x_handshake;
  std::uint32_t x_age = 0;
};

/// Responder: answers msg1. The same msg1 gets the same msg2.
class Answerer {
 public:
  struct Outcome {
    std::optional<Met> met;             ///< a new pending channel
    std::optional<HandshakeCell> cell;  ///< to send on path 1 of the next round
  };
  /// `frame_epoch`: the sender's, of the frame that brought it; `now`: our own round.
  [[nodiscard]] Outcome read(const Venue& venue, const HandshakeCell& message1, Epoch frame_epoch, RoundId now,
                             const LineKeys& keys, Rng& rng);

 private:
  struct Seen {
    Epoch epoch;
    ByteArray<16> hash;
  };
  [[nodiscard]] bool fresh(const HandshakeCell& message1, Epoch frame_epoch);

  std::deque<Seen> x_seen;
  std::optional<ByteArray<16>> x_last;  ///< the msg1 that x_answer answers
  std::optional<HandshakeCell> x_answer;
};

}  // namespace sw::line
