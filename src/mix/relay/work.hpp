#pragma once
// What takes a relay long, made so that it can leave the thread that decides: a pass over a batch, a set-up. A work
// holds all that it reads and writes, and changes nothing else; the core takes it back with Core::on_done.
#include <functional>
#include <memory>
#include <optional>
#include <variant>

#include "mix/receipt.hpp"
#include "mix/rounds.hpp"

namespace sw::mix::relay {

/// What a pass works with: the shell's threads, and memory that was a batch before.
class Hands {
 public:
  virtual ~Hands() = default;
  /// How many threads a pass over so many rows is worth.
  [[nodiscard]] virtual std::size_t parts(std::size_t rows) = 0;
  /// Calls `work(part, range)` for each of the parts, whose ranges together are [0, rows), on any threads; returns when
  /// all are done.
  virtual void share(std::size_t rows, std::size_t parts,
                     const std::function<void(std::size_t part, crypto::Rows range)>& work) = 0;
  /// So many bytes, with anything in them.
  [[nodiscard]] virtual Bytes room(std::size_t size) = 0;
  virtual void give(Bytes room) = 0;
};

/// The thread that asks, alone.
class OwnHands final : public Hands {
 public:
  [[nodiscard]] std::size_t parts(std::size_t /*rows*/) override { return 1; }
  void share(std::size_t rows, std::size_t /*parts*/,
             const std::function<void(std::size_t, crypto::Rows)>& work) override {
    work(0, {0, rows});
  }
  [[nodiscard]] Bytes room(std::size_t size) override { return Bytes(size); }
  void give(Bytes /*room*/) override {}
};

/// A whole batch of a round, forward (at the last relay forward and back) or backward.
class BatchPass {
 public:
  enum class Way : std::uint8_t { forward, turn, back };
  BatchPass(std::shared_ptr<const Rounds> rounds, Way way, Round round, Bytes batch)
      : x_rounds(std::move(rounds)), x_way(way), x_round(round), x_batch(std::move(batch)) {}

  [[nodiscard]] Way way() const { return x_way; }
  void run(Hands& hands, Rng& rng);
  /// What goes on to the next relay, or back to the one before. Errc::unsupported where libcrypto refuses.
  [[nodiscard]] Result<Bytes> take() { return std::move(x_out); }

 private:
  [[nodiscard]] Result<Bytes> pass(Hands& hands, Rng& rng);
  std::shared_ptr<const Rounds> x_rounds;
  Way x_way;
  Round x_round;
  Bytes x_batch;
  Result<Bytes> x_out = Bytes{};
};

/// What the last relay can count of an epoch. The circuits are always as many as the descriptor and the cover make
/// them; of the pairs protocol 8.5 says what they tell.
struct Counts {
  std::size_t circuits{};  ///< cover among them
  std::size_t pairs{};
  bool operator==(const Counts&) const = default;
};

/// What a set-up batch gives.
struct SetUp {
  std::shared_ptr<Rounds> rounds;
  std::vector<std::vector<Tag>> cover_tags;  ///< for each later relay
  Bytes next;                                ///< the next relay's batch; empty at the last
  Bytes receipt;
  std::size_t replaced{};
  std::optional<Counts> counts;  ///< at the last relay
};

/// The set-up of an epoch: a key agreement for each onion.
class BatchSetup {
 public:
  struct Terms {
    std::shared_ptr<const AcceptedDescriptor> epoch;
    std::size_t hop{};
    ReceiptForm form{};
  };
  BatchSetup(Terms terms, EpochKeys keys, crypto::SigningKey id, Bytes batch)
      : x_terms(std::move(terms)), x_keys(std::move(keys)), x_id(std::move(id)), x_batch(std::move(batch)) {}
  void run(Rng& rng);
  /// Errc::io without memory, Errc::unsupported without ML-KEM where the suite needs it.
  [[nodiscard]] Result<SetUp> take() { return std::move(x_out); }

 private:
  [[nodiscard]] Result<SetUp> set_up(Rng& rng);
  Terms x_terms;
  EpochKeys x_keys;
  crypto::SigningKey x_id;
  Bytes x_batch;
  Result<SetUp> x_out = SetUp{};
};

class Work {
 public:
  Work(RoundId at, BatchPass pass) : x_at(at), x_what(std::move(pass)) {}
  Work(RoundId at, BatchSetup setup) : x_at(at), x_what(std::move(setup)) {}

  [[nodiscard]] RoundId at() const { return x_at; }
  /// A set-up has until its epoch begins and must keep no round waiting; passes are done at once, in their order.
  [[nodiscard]] bool patient() const { return std::holds_alternative<BatchSetup>(x_what); }
  /// Once, on any thread.
  void run(Hands& hands, Rng& rng);

  [[nodiscard]] BatchPass* pass() { return std::get_if<BatchPass>(&x_what); }
  [[nodiscard]] BatchSetup* setup() { return std::get_if<BatchSetup>(&x_what); }

 private:
  RoundId x_at;
  std::variant<BatchPass, BatchSetup> x_what;
};

}  // namespace sw::mix::relay
