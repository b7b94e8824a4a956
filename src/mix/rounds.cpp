#include "mix/rounds.hpp"

#include "base/assert.hpp"

namespace sw::mix {

Rounds::Rounds(Circuits circuits, std::size_t cell_bytes, std::uint32_t rounds, bool last, crypto::Kernel kernel)
    : x_circuits(std::move(circuits)),
      x_cell_bytes(cell_bytes),
      x_end(2 * rounds),
      x_last(last),
      x_cipher(kernel, cell_bytes) {
  SW_ASSERT(!x_last || x_circuits.cover == 0);
}

// Protocol 8.4: "right epoch, round > last forward round, exact count".
Result<Pass> Rounds::forward(Round round, std::size_t came, MutableBytes batch, MutableBytes out, Rng& rng) {
  SW_ASSERT(batch.size() == all() && out.size() == all());
  if (came != taken()) return fail(Errc::malformed, "a forward batch of another count");
  if ((x_forward && round <= *x_forward) || round.value >= x_end)
    return fail(Errc::refused, "a forward batch out of turn");
  x_forward = round;
  rng.fill(batch.subspan(taken()));
  return Pass(x_cipher, x_circuits.forward, x_circuits.there, round, batch, out);
}

Pass Rounds::turn(Round round, ByteView swapped, MutableBytes out) const {
  SW_ASSERT(x_last && x_forward == round && swapped.size() == all() && out.size() == all());
  return Pass(x_cipher, x_circuits.backward, x_circuits.back, round, swapped, out);
}

// Protocol 8.4: "round <= last forward and > last backward, exact count".
Result<Pass> Rounds::backward(Round round, ByteView batch, MutableBytes out) {
  SW_ASSERT(!x_last && out.size() == all());
  if (batch.size() != all()) return fail(Errc::malformed, "a backward batch of another count");
  if (!x_forward || round > *x_forward || (x_backward && round <= *x_backward)) {
    return fail(Errc::refused, "a backward batch out of turn");
  }
  x_backward = round;
  return Pass(x_cipher, x_circuits.backward, x_circuits.back, round, batch, out);
}

}  // namespace sw::mix
