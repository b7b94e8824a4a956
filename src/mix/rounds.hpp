#pragma once
// One relay's rounds of one epoch. Protocol 8.4.
// Always: one forward and one backward batch a round, of the exact count, rising; a backward one only after its forward
// one; nothing out before the whole batch is in.
#include <optional>

#include "crypto/batch.hpp"
#include "mix/setup.hpp"

namespace sw::mix {

/// A pass that was begun: run() every row once, by as many threads as there are.
class Pass {
 public:
  [[nodiscard]] std::size_t rows() const { return x_order.size(); }
  [[nodiscard]] Result<void> run(crypto::Rows rows) const {
    return x_cipher.pass(x_keys, x_round, x_in, x_order, x_out, rows);
  }

 private:
  friend class Rounds;
  Pass(const crypto::BatchCipher& cipher, const crypto::KeyTable& keys, const Order& order, Round round, ByteView in,
       MutableBytes out)
      : x_cipher(cipher), x_keys(keys), x_order(order), x_round(round.value), x_in(in), x_out(out) {}
  const crypto::BatchCipher& x_cipher;
  const crypto::KeyTable& x_keys;
  const Order& x_order;
  std::uint64_t x_round;
  ByteView x_in;
  MutableBytes x_out;
};

class Rounds {
 public:
  /// `rounds`: of the epoch; in overtime it may go on to twice as many. `last`: this is R_N.
  Rounds(Circuits circuits, std::size_t cell_bytes, std::uint32_t rounds, bool last, crypto::Kernel kernel);

  /// Bytes of the batch that comes and goes forward: taken() in, all rows out (at the last relay they are the same).
  [[nodiscard]] std::size_t taken() const { return x_circuits.taken * x_cell_bytes; }
  [[nodiscard]] std::size_t all() const { return x_circuits.rows() * x_cell_bytes; }

  /// `batch`: all() bytes, of which the first taken() came in; the cover cells are filled in here. `out`: all() bytes,
  /// at a multiple of 64. At the last relay the pass is the first of two: turn() gives the other. Errors: refused (a
  /// round that is not above the last one, or beyond overtime); malformed (`came` is not taken()).
  [[nodiscard]] Result<Pass> forward(Round round, std::size_t came, MutableBytes batch, MutableBytes out, Rng& rng);
  /// Last relay: from the swapped cells to those that go back.
  [[nodiscard]] Pass turn(Round round, ByteView swapped, MutableBytes out) const;
  /// `batch`: all() bytes from the next relay; the first taken() bytes of `out` go on to the one before.
  [[nodiscard]] Result<Pass> backward(Round round, ByteView batch, MutableBytes out);

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
