#pragma once
// The Noise framework (revision 34) for 25519_ChaChaPoly_SHA512, patterns KK and IK with their psk forms.
// One object is one handshake at one end; it is used once and ends in a Split.
#include <optional>

#include "base/result.hpp"
#include "crypto/dh.hpp"
#include "crypto/secret.hpp"

namespace sw::crypto {

enum class Pattern : std::uint8_t { KK, KKpsk0, IK, IKpsk2 };
enum class Role : std::uint8_t { initiator, responder };

using Psk = Secret<struct PskRole, 32>;
using TransportKey = Secret<struct TransportKeyRole, 32>;
using HandshakeHash = ByteArray<64>;

/// What a finished handshake leaves: one key per direction, and the hash that names this run.
struct Split {
  TransportKey initiator_to_responder;
  TransportKey responder_to_initiator;
  HandshakeHash hash{};
};

struct HandshakeSetup {
  Pattern pattern{};
  Role role{};
  ByteView prologue;
  const KeyPair* own = nullptr;
  std::optional<PublicKey> peer;  ///< unknown beforehand only to the responder of IK
  const Psk* psk = nullptr;       ///< psk patterns only
};

class Handshake {
 public:
  explicit Handshake(const HandshakeSetup& setup);
  /// A second copy, for a read that may fail. Each copy wipes itself.
  [[nodiscard]] Handshake clone() const;

  /// The next message: the tokens of the pattern and the sealed payload. Out of turn is a bug, not an input error.
  [[nodiscard]] Result<Bytes> write(ByteView payload, Rng& rng);
  /// The payload of the peer's next message; any failure leaves the handshake dead (`Errc::forged`).
  [[nodiscard]] Result<Bytes> read(ByteView message);

  [[nodiscard]] bool finished() const { return x_message == 2; }
  /// Only when finished(); consumes the keys.
  [[nodiscard]] Split split();
  /// The peer's static key, once it is known.
  [[nodiscard]] const std::optional<PublicKey>& peer() const { return x_peer; }

  /// Bytes that the tokens add to message 0 or 1, the payload's tag included.
  [[nodiscard]] static std::size_t overhead(Pattern pattern, int message);

 private:
  enum class Token : std::uint8_t { e, s, ee, es, se, ss, psk };
  using CipherKey = Secret<struct CipherKeyRole, 32>;
  using ChainingKey = Secret<struct ChainingKeyRole, 64>;

  Handshake(Role role, Pattern pattern, KeyPair&& own, ChainingKey&& chaining)
      : x_role(role), x_pattern(pattern), x_own(std::move(own)), x_chaining(std::move(chaining)) {}

  static std::vector<Token> tokens(Pattern pattern, int message);
  [[nodiscard]] bool my_turn() const { return (x_message == 0) == (x_role == Role::initiator); }
  void mix_hash(ByteView data);
  void mix_key(ByteView material);
  void mix_key_and_hash(ByteView material);
  [[nodiscard]] Result<void> mix_dh(Token token);
  [[nodiscard]] Bytes encrypt_and_hash(ByteView plain);
  [[nodiscard]] Result<Bytes> decrypt_and_hash(ByteView sealed);
  [[nodiscard]] Result<void> read_token(Token token, ByteView& rest);

  Role x_role;
  Pattern x_pattern;
  KeyPair x_own;
  std::optional<KeyPair> x_ephemeral;
  std::optional<PublicKey> x_peer;
  std::optional<PublicKey> x_peer_ephemeral;
  std::optional<Psk> x_psk;
  HandshakeHash x_hash{};
  ChainingKey x_chaining;
  std::optional<CipherKey> x_key;
  std::uint64_t x_nonce = 0;
  int x_message = 0;
};

}  // namespace sw::crypto
