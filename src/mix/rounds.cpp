#include "mix/rounds.hpp"

#include <algorithm>

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

Result<void> Pass::run(crypto::Rows rows) const {
  const std::size_t cell = x_out.size() / x_order.size();
  const std::size_t taken = x_in.taken.size() / cell;
  const crypto::Rows came{std::min(rows.first, taken), std::min(rows.last, taken)};
  const crypto::Rows made{std::max(rows.first, taken), std::max(rows.last, taken)};
  const auto part = [&](ByteView in, crypto::Rows of, std::size_t first) {
    const ByteView cells = in.subspan((of.first - first) * cell, (of.last - of.first) * cell);
    return x_cipher.pass(x_keys, x_round, cells, x_order, x_out, of);
  };
  if (auto done = part(x_in.taken, came, 0); !done) return done;
  return part(x_in.cover, made, taken);
}

// Protocol 8.4: "right epoch, round > last forward round, exact count".
Result<void> Rounds::open_forward(Round round, std::size_t came) {
  if (came != taken()) return fail(Errc::malformed, "a forward batch of another count");
  if ((x_forward && round <= *x_forward) || round.value >= x_end)
    return fail(Errc::refused, "a forward batch out of turn");
  x_forward = round;
  return {};
}

// Protocol 8.4: "round <= last forward and > last backward, exact count".
Result<void> Rounds::open_backward(Round round, std::size_t came) {
  SW_ASSERT(!x_last);
  if (came != all()) return fail(Errc::malformed, "a backward batch of another count");
  if (!x_forward || round > *x_forward || (x_backward && round <= *x_backward)) {
    return fail(Errc::refused, "a backward batch out of turn");
  }
  x_backward = round;
  return {};
}

Pass Rounds::forward(Round round, ByteView batch, ByteView random, MutableBytes out) const {
  SW_ASSERT(batch.size() == taken() && random.size() == cover() && out.size() == all());
  return Pass(x_cipher, x_circuits.forward, x_circuits.there, round, {batch, random}, out);
}

Pass Rounds::turn(Round round, ByteView swapped, MutableBytes out) const {
  SW_ASSERT(x_last && swapped.size() == all() && out.size() == all());
  return Pass(x_cipher, x_circuits.backward, x_circuits.back, round, {swapped, {}}, out);
}

Pass Rounds::backward(Round round, ByteView batch, MutableBytes out) const {
  SW_ASSERT(!x_last && batch.size() == all() && out.size() == all());
  return Pass(x_cipher, x_circuits.backward, x_circuits.back, round, {batch, {}}, out);
}

}  // namespace sw::mix
