#include "line/session/chain.hpp"

#include <algorithm>

#include "base/assert.hpp"
#include "crypto/aead.hpp"
#include "crypto/hash.hpp"

namespace sw::line {
namespace {

PathKey path_key(const VenueTerms& terms, const EpochKey& key, Epoch epoch, Path path) {
  const auto hash = epoch_hash(terms, epoch);
  const ByteArray<1> number{static_cast<std::uint8_t>(path)};
  return crypto::kdf<PathKey>(key, "path", {hash, number});
}

bool open_cell(const MessageKey& key, const wire::Cell& cell, ByteArray<wire::kCellPlainBytes>& plain) {
  return crypto::open(key, crypto::CounterNonce{0}, {}, cell, plain);
}

/// Rounds from a to b in a venue of `rounds` an epoch; saturates far beyond what matters here.
std::uint64_t distance(const VenueTerms& terms, RoundId a, RoundId b) {
  if (b <= a) return 0;
  const std::uint64_t epochs = b.epoch.value - a.epoch.value;
  if (epochs > 2) return UINT64_MAX;
  return epochs * terms.rounds + b.round.value - a.round.value;
}

}  // namespace

std::array<EpochChains::PathState, kPaths> EpochChains::begin(const VenueTerms& terms, const EpochKey& key,
                                                              RoundId start) {
  return {PathState{path_key(terms, key, start.epoch, Path::first), start.round.value},
          PathState{path_key(terms, key, start.epoch, Path::second), start.round.value}};
}

EpochChains::EpochChains(const VenueTerms& terms, const EpochKey& key, RoundId start)
    : x_epoch(start.epoch), x_next_epoch(crypto::kdf<EpochKey>(key, "epoch")), x_paths(begin(terms, key, start)) {}

EpochChains EpochChains::clone() const {
  return {x_epoch,
          x_next_epoch.clone(),
          {PathState{x_paths[0].key.clone(), x_paths[0].next}, PathState{x_paths[1].key.clone(), x_paths[1].next}}};
}

EpochChains EpochChains::at(const VenueTerms& terms, Epoch epoch) const {
  SW_ASSERT(epoch >= x_epoch && epoch.value - x_epoch.value <= wire::kEpochJumpLimit);
  if (epoch == x_epoch) return clone();
  EpochKey key = x_next_epoch.clone();
  for (std::uint64_t e = x_epoch.value + 1; e < epoch.value; ++e) key = crypto::kdf<EpochKey>(key, "epoch");
  return EpochChains(terms, key, RoundId{epoch, Round{0}});
}

void EpochChains::skip_to(Path path, std::uint32_t round) {
  auto& state = x_paths[index(path)];
  SW_ASSERT(round >= state.next);
  for (; state.next < round; ++state.next) state.key = crypto::kdf<PathKey>(state.key, "next");
}

MessageKey EpochChains::peek(Path path) const {
  return crypto::kdf<MessageKey>(x_paths[index(path)].key, "key");
}

MessageKey EpochChains::take(Path path) {
  auto key = peek(path);
  skip_to(path, next(path) + 1);
  return key;
}

std::optional<MessageKey> SendChains::key(Path path, RoundId round) {
  if (round.round.value >= x_terms.most_rounds() || round.epoch < x_chains.epoch()) return std::nullopt;
  if (round.epoch.value - x_chains.epoch().value > wire::kEpochJumpLimit) return std::nullopt;
  if (round.epoch > x_chains.epoch()) x_chains = x_chains.at(x_terms, round.epoch);
  if (round.round.value < x_chains.next(path)) return std::nullopt;
  x_chains.skip_to(path, round.round.value);
  return x_chains.take(path);
}

bool ReceiveChains::open(Path path, RoundId round, const wire::Cell& cell, ByteArray<wire::kCellPlainBytes>& plain) {
  if (round.round.value >= x_terms.most_rounds()) return false;
  const Epoch epoch = x_chains.epoch();
  if (round.epoch < epoch || (round.epoch == epoch && round.round.value < x_chains.next(path))) {
    return open_skipped(path, round, cell, plain);
  }
  if (round.epoch.value - epoch.value > wire::kEpochJumpLimit) return false;
  const bool opened = round.epoch == epoch && round.round.value == x_chains.next(path)
                          ? open_next(path, cell, plain)
                          : open_ahead(path, round, cell, plain);
  if (opened) prune(round);
  return opened;
}

bool ReceiveChains::open_next(Path path, const wire::Cell& cell, ByteArray<wire::kCellPlainBytes>& plain) {
  if (!open_cell(x_chains.peek(path), cell, plain)) return false;
  x_chains.skip_to(path, x_chains.next(path) + 1);
  return true;
}

bool ReceiveChains::open_ahead(Path path, RoundId round, const wire::Cell& cell,
                               ByteArray<wire::kCellPlainBytes>& plain) {
  // All on copies: only an authentic cell moves the chains (protocol 4.2).
  EpochChains ahead = x_chains.at(x_terms, round.epoch);
  EpochChains before = x_chains.clone();
  std::vector<Skipped> skipped;
  if (round.epoch.value == x_chains.epoch().value + 1) {
    for (const Path each : {Path::first, Path::second}) keep_skipped(before, each, x_terms.rounds, skipped);
  }
  keep_skipped(ahead, path, round.round.value, skipped);
  if (!open_cell(ahead.take(path), cell, plain)) return false;
  x_chains = std::move(ahead);
  for (auto& each : skipped) x_skipped.push_back(std::move(each));
  return true;
}

void ReceiveChains::keep_skipped(EpochChains& from, Path path, std::uint32_t end, std::vector<Skipped>& out) const {
  const std::uint32_t first = end > wire::kSkippedRounds ? end - wire::kSkippedRounds : 0;
  from.skip_to(path, std::max(from.next(path), std::min(first, end)));
  while (from.next(path) < end) {
    const RoundId round{from.epoch(), Round{from.next(path)}};
    out.push_back({path, round, from.take(path)});
  }
}

bool ReceiveChains::open_skipped(Path path, RoundId round, const wire::Cell& cell,
                                 ByteArray<wire::kCellPlainBytes>& plain) {
  const auto found =
      std::ranges::find_if(x_skipped, [&](const Skipped& each) { return each.path == path && each.round == round; });
  if (found == x_skipped.end() || !open_cell(found->key, cell, plain)) return false;
  x_skipped.erase(found);
  return true;
}

void ReceiveChains::prune(RoundId newest) {
  std::erase_if(x_skipped,
                [&](const Skipped& each) { return distance(x_terms, each.round, newest) > wire::kSkippedRounds; });
}

}  // namespace sw::line
