#include "mix/relay/work.hpp"

#include <algorithm>
#include <cstring>

#include "base/assert.hpp"
#include "wire/sizes.hpp"

namespace sw::mix::relay {
namespace {

/// The kernels write whole cache lines.
constexpr std::size_t kLine = 64;

MutableBytes rows_of(Bytes& room, std::size_t size) {
  const auto at = reinterpret_cast<std::uintptr_t>(room.data());
  return MutableBytes(room).subspan((kLine - at % kLine) % kLine, size);
}

Bytes settled(Bytes room, MutableBytes rows) {
  std::memmove(room.data(), rows.data(), rows.size());
  room.resize(rows.size());
  return room;
}

Result<void> run_all(Hands& hands, const Pass& pass) {
  // Each part says for itself whether it went well; none of them fails but where libcrypto refuses the cipher.
  std::vector<Result<void>> parts(hands.parts(pass.rows()));
  hands.share(pass.rows(), parts.size(), [&](std::size_t part, crypto::Rows rows) { parts[part] = pass.run(rows); });
  for (auto& each : parts) {
    if (!each) return std::move(each);
  }
  return {};
}

}  // namespace

void BatchPass::run(Hands& hands, Rng& rng) {
  x_out = pass(hands, rng);
  hands.give(std::exchange(x_batch, {}));
}

Result<Bytes> BatchPass::pass(Hands& hands, Rng& rng) {
  const Rounds& rounds = *x_rounds;
  Bytes room = hands.room(rounds.all() + kLine);
  const MutableBytes out = rows_of(room, rounds.all());
  if (x_way == Way::back) {
    if (auto done = run_all(hands, rounds.backward(x_round, x_batch, out)); !done) return std::unexpected(done.error());
    return settled(std::move(room), out.first(rounds.taken()));
  }
  Bytes cover(rounds.cover());
  rng.fill(cover);
  if (auto done = run_all(hands, rounds.forward(x_round, x_batch, cover, out)); !done) {
    return std::unexpected(done.error());
  }
  if (x_way == Way::forward) return settled(std::move(room), out);
  // What came is used up: its room takes what goes back.
  x_batch.resize(rounds.all() + kLine);
  const MutableBytes back = rows_of(x_batch, rounds.all());
  if (auto done = run_all(hands, rounds.turn(x_round, out, back)); !done) return std::unexpected(done.error());
  std::swap(room, x_batch);
  return settled(std::move(room), back);
}

void BatchSetup::run(Rng& rng) {
  x_out = set_up(rng);
}

Result<SetUp> BatchSetup::set_up(Rng& rng) {
  Setup setup(*x_terms.epoch, x_terms.hop, std::move(x_keys));
  ByteView batch = x_batch;
  while (!setup.complete()) {
    setup.add(batch.first(setup.onion_size()));
    batch = batch.subspan(setup.onion_size());
  }
  auto done = std::move(setup).close(rng);
  if (!done) return std::unexpected(std::move(done.error()));
  const bool last = x_terms.hop + 1 == x_terms.epoch->descriptor.hops();
  Bytes receipt = make_receipt(x_terms.epoch->hash, x_terms.hop, x_terms.form, done->accepted, x_id);
  const auto counts = last ? std::optional(Counts{done->circuits.rows(), done->pairs}) : std::nullopt;
  auto rounds = std::make_shared<Rounds>(std::move(done->circuits), wire::kCellBytes, x_terms.epoch->descriptor.rounds,
                                         last, crypto::best_kernel());
  return SetUp{std::move(rounds),     std::move(done->cover_tags),
               std::move(done->next), std::move(receipt),
               done->replaced,        counts};
}

void Work::run(Hands& hands, Rng& rng) {
  if (auto* batch = pass()) batch->run(hands, rng);
  if (auto* onions = setup()) onions->run(rng);
}

}  // namespace sw::mix::relay
