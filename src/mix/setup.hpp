#pragma once
// One relay's set-up of one epoch: a batch of onions in, one layer off each, cover circuits in, a secret order over
// all, the next relay's batch out. Protocol 8.3. Always: one batch of exactly the announced count; a bad or repeated
// onion is replaced by an idle one of the relay's own and counted, so that nobody can stop an epoch and nothing partial
// is ever forwarded.
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "crypto/key_table.hpp"
#include "mix/cover.hpp"
#include "mix/onion.hpp"
#include "mix/shuffle.hpp"

namespace sw::mix {

/// What stays of a set-up: a relay's whole knowledge of one epoch. It never touches a disk.
struct Circuits {
  std::size_t taken{};        ///< M: circuits that came in
  std::size_t cover{};        ///< D here; 0 at the last relay
  crypto::KeyTable forward;   ///< by the row of a forward batch
  crypto::KeyTable backward;  ///< by the row of a backward batch
  Order there;                ///< row of a forward batch -> row sent on; at the last relay: -> the partner's row
  Order back;                 ///< row of a backward batch -> row sent back; at the last relay: the same row
  [[nodiscard]] std::size_t rows() const { return taken + cover; }
};

struct SetupDone {
  Circuits circuits;
  Bytes next;                 ///< the batch for the next relay, one onion after the other; empty at the last
  std::vector<Tag> accepted;  ///< of the onions that were good, sorted: this relay's receipt
  std::vector<std::vector<Tag>> cover_tags;  ///< for each later relay: what its receipt must name
  std::size_t replaced{};                    ///< onions that were bad or repeated; the operator is told
  std::size_t pairs{};                       ///< at the last relay: pairs it joined
};

class Setup {
 public:
  /// `hop`: 0 is R1. `keys` are used up.
  Setup(AcceptedDescriptor epoch, std::size_t hop, EpochKeys keys);

  /// How many onions the batch has, and the bytes of each.
  [[nodiscard]] std::size_t batch_size() const;
  [[nodiscard]] std::size_t onion_size() const;
  /// The next onion of the batch: one key agreement's work. More than batch_size() are a bug of the caller.
  void add(ByteView onion);
  [[nodiscard]] bool complete() const { return x_layers.size() == batch_size(); }
  /// After the last onion. Errc::io without memory, Errc::unsupported without ML-KEM where the suite needs it.
  [[nodiscard]] Result<SetupDone> close(Rng& rng) &&;

 private:
  struct Taken {
    std::optional<CircuitKeys> keys;  ///< nothing: the onion is replaced
    ByteArray<32> e{};
    ByteArray<16> shared{};
    Tag tag{};
  };
  void drop_repeated();
  [[nodiscard]] bool last() const { return x_hop + 1 == x_epoch.descriptor.hops(); }
  [[nodiscard]] std::size_t cover() const { return last() ? 0 : x_epoch.descriptor.noise.circuits; }
  [[nodiscard]] ByteView inner(std::size_t row) const;
  [[nodiscard]] Result<void> put_own(std::size_t row, const DropId& drop, SetupDone& done, Rng& rng);
  [[nodiscard]] Result<void> replace_bad(SetupDone& done, Rng& rng);
  [[nodiscard]] Result<void> add_cover(SetupDone& done, Rng& rng);
  void join_pairs(SetupDone& done) const;
  void scatter(const Order& order, SetupDone& done) const;

  AcceptedDescriptor x_epoch;
  std::size_t x_hop;
  EpochKeys x_keys;
  std::vector<Taken> x_layers;
  Bytes x_inner;  ///< one after the other: the next relay's onions, or drop ids
  std::size_t x_inner_size;
};

}  // namespace sw::mix
