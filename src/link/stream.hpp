#pragma once
// One end of the connection of two neighbouring relays: Noise IK, then sealed records over any byte stream that keeps
// the order. Protocol 8.7. Any failure closes it for good, and says nothing to the other end.
//
//   message 1 (96) ->   <- message 2 (48)   then both ways: length u16 | ChaCha20-Poly1305(bytes, ad = length)
#include <optional>

#include "base/ids.hpp"
#include "crypto/handshake.hpp"

namespace sw::link {

/// Whose connection it is: the holder of `own`, and the one neighbour it may be with.
struct StreamEnds {
  const crypto::KeyPair& own;
  const PublicKey& neighbour;
  const VenueId& venue;
};

class RecordStream {
 public:
  /// Appends message 1 to `out`. A neighbour's key that is no usable point gives a stream that is closed.
  [[nodiscard]] static RecordStream begin(const StreamEnds& ends, Rng& rng, Bytes& out);
  /// Waits for message 1.
  [[nodiscard]] static RecordStream wait(const StreamEnds& ends);

  /// What came, in pieces of any length. Appends to `out` what has to be sent, to `opened` what the neighbour said.
  /// False: closed; what `opened` holds was authentic.
  [[nodiscard]] bool feed(ByteView bytes, Rng& rng, Bytes& out, Bytes& opened);
  /// Appends records that hold `bytes`. Only when ready().
  void seal(ByteView bytes, Bytes& out);

  /// The keys are there: seal() may be called.
  [[nodiscard]] bool ready() const { return x_state == State::open; }
  /// A record came: the neighbour is there now, and not somebody who kept its message 1.
  [[nodiscard]] bool confirmed() const { return x_state == State::open && x_opened > 0; }
  [[nodiscard]] bool closed() const { return x_state == State::closed; }

 private:
  enum class State : std::uint8_t { greeting, open, closed };
  RecordStream(crypto::Role role, const PublicKey& neighbour, crypto::Handshake handshake)
      : x_role(role), x_neighbour(neighbour), x_handshake(std::move(handshake)) {}
  [[nodiscard]] std::optional<std::size_t> wanted() const;
  [[nodiscard]] bool take(ByteView whole, Rng& rng, Bytes& out, Bytes& opened);
  [[nodiscard]] bool greet(ByteView message, Rng& rng, Bytes& out);
  [[nodiscard]] bool open(ByteView record, Bytes& opened);
  bool close();

  crypto::Role x_role;
  PublicKey x_neighbour;
  std::optional<crypto::Handshake> x_handshake;
  std::optional<crypto::TransportKey> x_send;
  std::optional<crypto::TransportKey> x_receive;
  std::uint64_t x_sealed = 0;
  std::uint64_t x_opened = 0;
  State x_state = State::greeting;
  Bytes x_part;  ///< of a message or record that is not whole; at most one
};

}  // namespace sw::link
