#pragma once
// What neighbouring relays say to each other, and its decoder: no field makes it keep more than came, and no message
// may be larger than its type allows in this venue. Protocol 8.7.
//
//   type u8 | epoch u64 | round u32 | size u32 | bytes
#include <optional>

#include "mix/relay/terms.hpp"

namespace sw::mix::relay {

enum class Type : std::uint8_t {
  want = 1,
  keys = 2,
  body = 3,
  signature = 4,
  descriptor = 5,
  setup = 6,
  forward = 7,
  back = 8,
  receipt = 9,
  halt = 10,
  hello = 11,
  chain = 12,
};

struct Message {
  Type type{};
  RoundId at{};  ///< round 0 where the type has none; of CHAIN, of the batch that it answers
  Bytes bytes;
  bool operator==(const Message&) const = default;
};

/// Which of the two neighbours.
enum class Side : std::uint8_t { previous, next };
[[nodiscard]] constexpr Side other(Side side) {
  return side == Side::previous ? Side::next : Side::previous;
}

struct Want {
  UtcMs t0{};
  std::uint16_t lead_rounds{};
  std::uint32_t circuits{};
  bool operator==(const Want&) const = default;
};

/// A relay's keys for the epoch that is being made.
struct OfferedKeys {
  std::uint8_t hop{};  ///< 1 is R1, as everywhere on the wire
  PublicKey kx{};
  Bytes kem;        ///< suite 2
  Epoch highest{};  ///< that this relay ever signed; 0: none
};

struct HopSignature {
  std::uint8_t hop{};
  crypto::Signature signature{};
};

enum class HaltReason : std::uint8_t {
  unknown = 1,     ///< this relay has not the epoch: it was started anew, or missed its making
  body = 2,        ///< it does not sign this body
  descriptor = 3,  ///< what was signed is not what was to be signed
  batch = 4,       ///< the set-up batch was not what was announced
  cover = 5,       ///< cover tags are missing in a later relay's receipt, or the receipt is none
  late = 6,        ///< the set-up was not done at t0
  machine = 7,     ///< this machine cannot: memory, libcrypto
};
struct Halt {
  std::uint8_t hop{};
  HaltReason reason{};
};

[[nodiscard]] Message want_message(Epoch epoch, const Want& want);
[[nodiscard]] Message keys_message(Epoch epoch, const OfferedKeys& keys);
[[nodiscard]] Message body_message(Epoch epoch, ByteView body);
[[nodiscard]] Message signature_message(Epoch epoch, const HopSignature& signature);
[[nodiscard]] Message descriptor_message(Epoch epoch, ByteView body, std::span<const crypto::Signature> signatures);
[[nodiscard]] Message halt_message(Epoch epoch, const Halt& halt);
/// `fault`: the relay behind the sender that carries nothing; 0: none.
[[nodiscard]] Message chain_message(RoundId answers, std::uint8_t fault);

/// Errc::malformed for bytes that are not that.
[[nodiscard]] Result<Want> read_want(ByteView bytes);
[[nodiscard]] Result<OfferedKeys> read_keys(ByteView bytes, const VenueTerms& terms);
[[nodiscard]] Result<HopSignature> read_signature(ByteView bytes);
[[nodiscard]] Result<Halt> read_halt(ByteView bytes, const VenueTerms& terms);
[[nodiscard]] Result<std::uint8_t> read_chain(ByteView bytes, const VenueTerms& terms);

/// type u8 | epoch u64 | round u32 | size u32; what follows on the wire are the message's bytes.
[[nodiscard]] Bytes encode_head(const Message& message);
[[nodiscard]] Bytes encode(const Message& message);

/// The neighbour's stream, cut into messages.
class MessageDecoder {
 public:
  /// `hop`: 0 is R1; `from`: where the stream comes from. `terms` must outlive it.
  MessageDecoder(const VenueTerms& terms, std::size_t hop, Side from) : x_terms(terms), x_hop(hop), x_from(from) {}

  /// Where the next bytes of the stream are appended.
  [[nodiscard]] Bytes& input();
  void feed(ByteView bytes);
  /// The size of a large message of which enough came to believe in it, while there is no room for the whole; else 0.
  [[nodiscard]] std::size_t wants_room() const;
  /// That much memory, with anything in it, for this message.
  void take_room(Bytes room);
  /// The next whole message; nothing when more must come. After failed() there is none any more.
  [[nodiscard]] std::optional<Message> next();
  /// The stream broke a rule: the connection must be closed.
  [[nodiscard]] bool failed() const { return x_failed; }

 private:
  [[nodiscard]] bool read_head();
  const VenueTerms& x_terms;
  std::size_t x_hop;
  Side x_from;
  Bytes x_input;
  std::size_t x_at = 0;           ///< of x_input, what is used up
  std::optional<Message> x_head;  ///< the message that comes; its bytes are still in x_input
  std::size_t x_size = 0;         ///< of those bytes
  bool x_failed = false;
};

/// The most bytes that a message of this type has when `from` sends it to relay `hop`; nothing when it never comes from
/// there.
[[nodiscard]] std::optional<std::size_t> size_limit(const VenueTerms& terms, std::size_t hop, Side from, Type type);

}  // namespace sw::mix::relay
