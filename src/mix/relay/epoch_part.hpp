#pragma once
// One epoch at one relay, from its keys to its last round. It only goes forward: one body, one descriptor, one set-up
// batch, one receipt of each later relay; a round only when all of that was good. Protocol 8.3, 8.7.
#include <memory>

#include "mix/relay/message.hpp"
#include "mix/relay/work.hpp"
#include "wire/sizes.hpp"

namespace sw::mix::relay {

/// Which relay this is.
struct Self {
  const VenueTerms& terms;
  std::size_t hop{};  ///< 0 is R1
  const crypto::SigningKey& id;
  [[nodiscard]] bool last() const { return hop + 1 == terms.hops(); }
  [[nodiscard]] std::uint8_t number() const { return static_cast<std::uint8_t>(hop + 1); }
};

enum class Stage : std::uint8_t {
  wanted,   ///< keys were offered
  claimed,  ///< this is the body of the epoch; its number is being recorded
  bound,    ///< this relay signed it
  agreed,   ///< all relays did
  setting,  ///< the set-up batch came
  set_up,   ///< the circuits are there
};

enum class ReceiptIs : std::uint8_t { good, refused, cover_missing };

class EpochPart {
 public:
  EpochPart(Epoch number, const Want& want, EpochKeys keys) : x_number(number), x_want(want), x_keys(std::move(keys)) {}

  [[nodiscard]] Epoch number() const { return x_number; }
  [[nodiscard]] const Want& want() const { return x_want; }
  [[nodiscard]] Stage stage() const { return x_stage; }
  [[nodiscard]] const Bytes& body() const { return x_body; }
  /// Before the set-up only.
  [[nodiscard]] OfferedKeys offer(const Self& self, Epoch highest) const;
  /// The circuits are there, and every later relay's receipt is good.
  [[nodiscard]] bool ready(const Self& self) const;
  [[nodiscard]] UtcMs departs(const VenueTerms& terms, std::int64_t round) const {
    return {x_want.t0.value + round * terms.round_ms};
  }

  /// Errc::conflict after the first one; refused unless it is what was wanted, the venue's constants and these keys.
  [[nodiscard]] Result<void> take_body(const Self& self, ByteView body);
  /// Once, when the number is recorded.
  [[nodiscard]] crypto::Signature sign(const Self& self);
  /// The body that was signed, and everybody's signature.
  [[nodiscard]] Result<void> take_descriptor(const Self& self, ByteView bytes);
  /// Errc::conflict out of turn, malformed for another count: nothing is used up by either. The keys go into the work.
  [[nodiscard]] Result<BatchSetup> take_setup(const Self& self, Bytes batch);
  /// The work of take_setup() is done; once. The rounds and the tags stay here.
  void finish_setup(SetUp& done);
  struct ReceiptSeen {
    ReceiptIs is{};
    std::uint8_t hop{};  ///< whose; 0 where the bytes do not say
  };
  [[nodiscard]] ReceiptSeen take_receipt(const Self& self, ByteView bytes);
  /// At the last relay, once it has the circuits.
  [[nodiscard]] std::optional<Counts> counts() const { return x_counts; }

  /// The round is used up; what is left is work. Errc::conflict before the set-up, else those of Rounds.
  [[nodiscard]] Result<BatchPass> forward(const Self& self, Round round, Bytes batch);
  [[nodiscard]] Result<BatchPass> backward(const Self& self, Round round, Bytes batch);

 private:
  Epoch x_number;
  Want x_want;
  Stage x_stage = Stage::wanted;
  std::optional<EpochKeys> x_keys;  ///< until the set-up uses them up
  Bytes x_body;
  std::shared_ptr<const AcceptedDescriptor> x_accepted;
  std::vector<std::vector<Tag>> x_cover_tags;        ///< for each later relay
  std::array<bool, wire::kRelayLimit> x_receipts{};  ///< by hop: good
  std::optional<Counts> x_counts;
  std::shared_ptr<Rounds> x_rounds;
};

}  // namespace sw::mix::relay
