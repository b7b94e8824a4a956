#include "mix/setup.hpp"

#include <algorithm>
#include <numeric>

#include "base/assert.hpp"
#include "crypto/hash.hpp"
#include "mix/meeting.hpp"

namespace sw::mix {
namespace {

/// Rows whose name an earlier row has already.
template <std::size_t N>
std::vector<std::size_t> repeated(std::vector<std::pair<ByteArray<N>, std::size_t>> named) {
  std::ranges::sort(named);
  std::vector<std::size_t> out;
  for (std::size_t i = 1; i < named.size(); ++i) {
    if (named[i].first == named[i - 1].first) out.push_back(named[i].second);
  }
  return out;
}

}  // namespace

Setup::Setup(AcceptedDescriptor epoch, std::size_t hop, EpochKeys keys)
    : x_epoch(std::move(epoch)),
      x_hop(hop),
      x_keys(std::move(keys)),
      x_inner_size(onion_bytes(x_epoch.descriptor.suite, x_epoch.descriptor.hops(), hop + 1)) {
  x_layers.reserve(batch_size());
  x_inner.reserve((batch_size() + cover()) * x_inner_size);
}

std::size_t Setup::batch_size() const {
  return x_epoch.descriptor.circuits + x_hop * x_epoch.descriptor.noise.circuits;
}

std::size_t Setup::onion_size() const {
  return onion_bytes(x_epoch.descriptor.suite, x_epoch.descriptor.hops(), x_hop);
}

ByteView Setup::inner(std::size_t row) const {
  return ByteView(x_inner).subspan(row * x_inner_size, x_inner_size);
}

void Setup::add(ByteView onion) {
  SW_ASSERT(!complete());
  Taken taken;
  if (auto peeled = peel(x_epoch, x_hop, x_keys, onion)) {
    taken.keys = std::move(peeled->keys);
    std::copy_n(onion.begin(), taken.e.size(), taken.e.begin());
    taken.shared = peeled->shared;
    taken.tag = tag_of(x_epoch.hash, onion);
    x_inner.insert(x_inner.end(), peeled->inner.begin(), peeled->inner.end());
  } else {
    x_inner.resize(x_inner.size() + x_inner_size);
  }
  x_layers.push_back(std::move(taken));
}

// Protocol 8.3, step 2.
void Setup::drop_repeated() {
  std::vector<std::pair<Tag, std::size_t>> by_tag;
  std::vector<std::pair<ByteArray<32>, std::size_t>> by_e;
  std::vector<std::pair<ByteArray<16>, std::size_t>> by_shared;
  std::vector<std::pair<ByteArray<16>, std::size_t>> by_inner;
  for (std::size_t row = 0; row < x_layers.size(); ++row) {
    if (!x_layers[row].keys) continue;
    // Two onions of one tag cost their maker 2^32 tries; a receipt names each tag once.
    by_tag.emplace_back(x_layers[row].tag, row);
    by_e.emplace_back(x_layers[row].e, row);
    by_shared.emplace_back(x_layers[row].shared, row);
    // Equal drop ids are what a pair is; only onions for another relay must differ.
    if (!last()) by_inner.emplace_back(crypto::digest<16>({inner(row)}), row);
  }
  for (const std::size_t row : repeated(std::move(by_tag))) x_layers[row].keys.reset();
  for (const std::size_t row : repeated(std::move(by_e))) x_layers[row].keys.reset();
  for (const std::size_t row : repeated(std::move(by_shared))) x_layers[row].keys.reset();
  for (const std::size_t row : repeated(std::move(by_inner))) x_layers[row].keys.reset();
}

Result<void> Setup::put_own(std::size_t row, const DropId& drop, SetupDone& done, Rng& rng) {
  auto onion = make_onion(x_epoch, x_hop + 1, drop, rng);
  if (!onion) return std::unexpected(std::move(onion.error()));
  SW_ASSERT(onion->bytes.size() == x_inner_size);
  std::ranges::copy(onion->bytes, x_inner.begin() + static_cast<std::ptrdiff_t>(row * x_inner_size));
  for (std::size_t i = 0; i < onion->tags.size(); ++i) done.cover_tags[i].push_back(onion->tags[i]);
  return {};
}

Result<void> Setup::replace_bad(SetupDone& done, Rng& rng) {
  for (std::size_t row = 0; row < x_layers.size(); ++row) {
    if (x_layers[row].keys) {
      done.accepted.push_back(x_layers[row].tag);
      continue;
    }
    ++done.replaced;
    x_layers[row].keys = CircuitKeys::random(rng);
    if (auto put = put_own(row, rng.array<32>(), done, rng); !put) return put;
  }
  std::ranges::sort(done.accepted);
  return {};
}

Result<void> Setup::add_cover(SetupDone& done, Rng& rng) {
  if (cover() == 0) return {};
  const NoiseTerms& terms = x_epoch.descriptor.noise;
  x_inner.resize(x_inner.size() + cover() * x_inner_size);
  for (const DropId& drop : cover_drops(CoverTable(terms), terms, rng)) {
    Taken taken;
    taken.keys = CircuitKeys::random(rng);
    const std::size_t row = x_layers.size();
    x_layers.push_back(std::move(taken));
    if (auto put = put_own(row, drop, done, rng); !put) return put;
  }
  return {};
}

void Setup::join_pairs(SetupDone& done) const {
  std::vector<DropId> drops(x_layers.size());
  for (std::size_t row = 0; row < drops.size(); ++row) std::ranges::copy(inner(row), drops[row].begin());
  Meeting meeting = meet(drops);
  done.circuits.there = std::move(meeting.partner);
  done.pairs = meeting.pairs;
  done.circuits.back.resize(x_layers.size());
  std::iota(done.circuits.back.begin(), done.circuits.back.end(), 0U);
}

void Setup::scatter(const Order& order, SetupDone& done) const {
  done.next.resize(x_inner.size());
  for (std::size_t row = 0; row < order.size(); ++row) {
    std::ranges::copy(inner(row), done.next.begin() + static_cast<std::ptrdiff_t>(order[row] * x_inner_size));
  }
}

Result<SetupDone> Setup::close(Rng& rng) && {
  SW_ASSERT(complete());
  drop_repeated();
  const std::size_t rows = x_layers.size() + cover();
  auto forward = crypto::KeyTable::make(rows);
  auto backward = crypto::KeyTable::make(rows);
  if (!forward || !backward) return fail(Errc::io, "this machine has no memory for the circuits of the epoch");
  SetupDone done{{x_layers.size(), cover(), std::move(*forward), std::move(*backward), {}, {}}, {}, {}, {}, 0, 0};
  done.cover_tags.resize(x_epoch.descriptor.hops() - x_hop - 1);
  if (auto replaced = replace_bad(done, rng); !replaced) return std::unexpected(std::move(replaced.error()));
  if (last()) {
    join_pairs(done);
  } else {
    if (auto added = add_cover(done, rng); !added) return std::unexpected(std::move(added.error()));
    done.circuits.there = shuffled(static_cast<std::uint32_t>(rows), rng);
    done.circuits.back = inverse(done.circuits.there);
    scatter(done.circuits.there, done);
  }
  for (std::size_t row = 0; row < rows; ++row) {
    done.circuits.forward.set(row, x_layers[row].keys->forward);
    // A backward batch comes in the order in which the next relay has the rows; the last relay turns round by itself.
    const std::size_t comes_as = last() ? row : done.circuits.there[row];
    done.circuits.backward.set(comes_as, x_layers[row].keys->backward);
  }
  for (auto& tags : done.cover_tags) std::ranges::sort(tags);
  return done;
}

}  // namespace sw::mix
