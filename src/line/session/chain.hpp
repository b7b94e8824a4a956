#pragma once
// The keys of one direction: CK by the epoch, ck by the round and path, mk for one cell. Protocol 4.2.
// Always: a key is handed out once; what was stepped over is erased, but for the keys of the last 16 skipped rounds of
// a receiver; a failed open moves nothing.
#include <array>
#include <optional>
#include <vector>

#include "line/keys.hpp"
#include "wire/cell.hpp"

namespace sw::line {

using EpochKey = crypto::Secret<struct EpochKeyRole, 32>;      ///< CK
using PathKey = crypto::Secret<struct PathKeyRole, 32>;        ///< ck
using MessageKey = crypto::Secret<struct MessageKeyRole, 32>;  ///< mk

/// Both paths' chains within one epoch, and the seed of the next.
class EpochChains {
 public:
  /// `key` is the CK of start.epoch; both chains begin at start.round.
  EpochChains(const VenueTerms& terms, const EpochKey& key, RoundId start);
  [[nodiscard]] EpochChains clone() const;

  [[nodiscard]] Epoch epoch() const { return x_epoch; }
  /// The next round of the path that has a key.
  [[nodiscard]] std::uint32_t next(Path path) const { return x_paths[index(path)].next; }
  /// The chains of `epoch`, which is not before this one and at most 20,000 after it.
  [[nodiscard]] EpochChains at(const VenueTerms& terms, Epoch epoch) const;
  /// Steps the path over rounds up to `round`, not below next().
  void skip_to(Path path, std::uint32_t round);
  /// mk of next(), and one step.
  [[nodiscard]] MessageKey take(Path path);
  /// mk of next() without the step.
  [[nodiscard]] MessageKey peek(Path path) const;

 private:
  struct PathState {
    PathKey key;
    std::uint32_t next;
  };
  EpochChains(Epoch epoch, EpochKey&& next_epoch, std::array<PathState, kPaths>&& paths)
      : x_epoch(epoch), x_next_epoch(std::move(next_epoch)), x_paths(std::move(paths)) {}
  static std::array<PathState, kPaths> begin(const VenueTerms& terms, const EpochKey& key, RoundId start);

  Epoch x_epoch;
  EpochKey x_next_epoch;
  std::array<PathState, kPaths> x_paths;
};

class SendChains {
 public:
  SendChains(const VenueTerms& terms, const EpochKey& key, RoundId start)
      : x_terms(terms), x_chains(terms, key, start) {}

  /// The key of this cell; nothing for a round at or below the path's last, or more than 20,000 epochs on.
  [[nodiscard]] std::optional<MessageKey> key(Path path, RoundId round);

 private:
  VenueTerms x_terms;
  EpochChains x_chains;
};

class ReceiveChains {
 public:
  ReceiveChains(const VenueTerms& terms, const EpochKey& key, RoundId start)
      : x_terms(terms), x_chains(terms, key, start) {}

  /// Opens the cell of that round into `plain`; on failure nothing moves and `plain` is zero.
  [[nodiscard]] bool open(Path path, RoundId round, const wire::Cell& cell, ByteArray<wire::kCellPlainBytes>& plain);

 private:
  struct Skipped {
    Path path{};
    RoundId round{};
    MessageKey key;
  };
  [[nodiscard]] bool open_skipped(Path path, RoundId round, const wire::Cell& cell,
                                  ByteArray<wire::kCellPlainBytes>& plain);
  [[nodiscard]] bool open_next(Path path, const wire::Cell& cell, ByteArray<wire::kCellPlainBytes>& plain);
  [[nodiscard]] bool open_ahead(Path path, RoundId round, const wire::Cell& cell,
                                ByteArray<wire::kCellPlainBytes>& plain);
  void keep_skipped(EpochChains& from, Path path, std::uint32_t end, std::vector<Skipped>& out) const;
  void prune(RoundId newest);

  VenueTerms x_terms;
  EpochChains x_chains;
  std::vector<Skipped> x_skipped;
};

}  // namespace sw::line
