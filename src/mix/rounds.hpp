#pragma once
// One relay's rounds of one epoch. Protocol 8.4.
// Always: one forward and one backward batch a round, of the exact count, rising; a backward one only after its forward
// one; nothing out before the whole batch is in.
#include <optional>

#include "crypto/batch.hpp"
#include "mix/setup.hpp"

namespace sw::mix {

/// A pass over a batch: run() every row once, by as many threads as there are.
class Pass {
 public:
  [[nodiscard]] std::size_t rows() const { return x_order.size(); }
  [[nodiscard]] Result<void> run(crypto::Rows rows) const;

 private:
  friend class Rounds;
  struct Batch {
    ByteView taken;
    ByteView cover;  ///< the rows after those
  };
  Pass(const crypto::BatchCipher& cipher, const crypto::KeyTable& keys, const Order& order, Round round, Batch in,
       MutableBytes out)
      : x_cipher(cipher), x_keys(keys), x_order(order), x_round(round.value), x_in(in), x_out(out) {}
  const crypto::BatchCipher& x_cipher;
  const crypto::KeyTable& x_keys;
  const Order& x_order;
  std::uint64_t x_round;
  Batch x_in;
  MutableBytes x_out;
};

class Rounds {
 public:
  /// `rounds`: of the epoch; in overtime it may go on to twice as many. `last`: this is R_N.
  Rounds(Circuits circuits, std::size_t cell_bytes, std::uint32_t rounds, bool last, crypto::Kernel kernel);

  /// Bytes of the batch that comes and goes forward: taken() in, all rows out (at the last relay they are the same).
  [[nodiscard]] std::size_t taken() const { return x_circuits.taken * x_cell_bytes; }
  [[nodiscard]] std::size_t cover() const { return x_circuits.cover * x_cell_bytes; }
  [[nodiscard]] std::size_t all() const { return x_circuits.rows() * x_cell_bytes; }

  /// A forward batch of so many bytes came: the round is used up. Errors: refused (a round that is not above the last
  /// one, or beyond overtime); malformed (not taken()).
  [[nodiscard]] Result<void> open_forward(Round round, std::size_t came);
  /// A backward batch came, all() bytes; likewise.
  [[nodiscard]] Result<void> open_backward(Round round, std::size_t came);

  // The passes of a round that was opened, once each. They read nothing that changes: any thread may make and run them.
  // `out`: all() bytes, at a multiple of 64.

  /// `batch`: taken() bytes; `random`: cover() bytes. At the last relay this is the first of two passes.
  [[nodiscard]] Pass forward(Round round, ByteView batch, ByteView random, MutableBytes out) const;
  /// Last relay: from the swapped cells to those that go back.
  [[nodiscard]] Pass turn(Round round, ByteView swapped, MutableBytes out) const;
  /// The first taken() bytes of `out` go on to the relay before.
  [[nodiscard]] Pass backward(Round round, ByteView batch, MutableBytes out) const;

 private:
  Circuits x_circuits;
  std::size_t x_cell_bytes;
  std::uint32_t x_end;
  bool x_last;
  crypto::BatchCipher x_cipher;
  std::optional<Round> x_forward;
  std::optional<Round> x_backward;
};

}  // namespace sw::mix
