#pragma once
// Watches everything that is sealed in a simulated world. Independent of the product's own bookkeeping: a key and nonce
// used twice gives equal key stream, and cells and frames have places that are zeros nearly always, where the cipher
// text is the key stream itself.
#include <algorithm>
#include <array>
#include <cstring>
#include <map>
#include <memory>
#include <string>
#include <unordered_set>
#include <vector>

#include "base/ids.hpp"
#include "base/rng.hpp"
#include "crypto/rng.hpp"
#include "wire/cell_port.hpp"

namespace sw::test {

/// A seeded generator that knows whether a cell is one of its own: only sealed cells are not.
class NotingRng final : public Rng {
 public:
  explicit NotingRng(std::uint64_t seed) : x_rng(std::make_unique<crypto::SeededRng>(seed)) {}
  void reseed(std::uint64_t seed) { x_rng = std::make_unique<crypto::SeededRng>(seed); }
  void fill(MutableBytes out) override {
    x_rng->fill(out);
    if (out.size() == wire::kCellBytes) std::copy(out.begin(), out.end(), x_last[x_count++ % x_last.size()].begin());
  }
  [[nodiscard]] bool made(const wire::Cell& cell) const {
    return std::find(x_last.begin(), x_last.end(), cell) != x_last.end();
  }

 private:
  std::unique_ptr<crypto::SeededRng> x_rng;
  std::array<wire::Cell, 4> x_last{};
  std::size_t x_count = 0;
};

class Guard {
 public:
  /// A sealed cell leaves the station of `side`.
  void cell(std::size_t side, const wire::CellRecord& record) {
    ++sealed_cells;
    const auto [last, first] = x_last.try_emplace({side, record.venue, record.path}, record.round);
    if (!first && record.round <= last->second) fault("a station sealed a (path, round) at or below its last");
    last->second = std::max(last->second, record.round);
    // The last bytes before the tag: padding in every cell that is not full.
    if (!x_cells.insert(word_at(record.cell, wire::kCellPlainBytes - 8)).second) fault("a cell's key was used twice");
  }
  /// A frame leaves a carrier.
  void frame(ByteView bytes) {
    // Inside the control lane's data, which is empty but for rekeys.
    constexpr std::size_t kLaneData = 8 + 4 + 4 + kPaths * wire::kCellBytes + 10;
    if (!x_frames.insert(word_at(bytes, kLaneData + 50)).second) fault("a frame's key and counter were used twice");
  }
  /// A backup was put back: the station cannot know its last round, only that all its keys are new.
  void forget_rounds(std::size_t side) {
    std::erase_if(x_last, [side](const auto& entry) { return std::get<0>(entry.first) == side; });
  }

  void fault(const std::string& what) {
    if (faults.size() < 5) faults.push_back(what);
  }
  std::vector<std::string> faults;
  std::uint64_t sealed_cells = 0;

 private:
  [[nodiscard]] static std::uint64_t word_at(ByteView bytes, std::size_t at) {
    std::uint64_t out = 0;
    std::memcpy(&out, bytes.subspan(at, sizeof out).data(), sizeof out);
    return out;
  }
  std::map<std::tuple<std::size_t, VenueId, Path>, RoundId> x_last;
  std::unordered_set<std::uint64_t> x_cells;
  std::unordered_set<std::uint64_t> x_frames;
};

}  // namespace sw::test
