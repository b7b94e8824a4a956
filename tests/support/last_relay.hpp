#pragma once
// A last relay that does as it likes with the circuits it joins. It cannot tell whose they are; the test can: in the
// first rounds of an epoch one bit of one circuit after the other is turned, and where it comes out says which are the
// line's.
#include <bit>
#include <map>
#include <set>

#include "support/relay_chain.hpp"

namespace sw::test {

using mix::relay::Message;
using mix::relay::Side;
using mix::relay::Type;

class LastRelay {
 public:
  enum class Does : std::uint8_t {
    carry,
    kill_pair,   ///< every circuit of the line, as soon as it is found
    kill_all,    ///< every circuit, in every third epoch
    swap_wrong,  ///< each circuit gets what is another one's
    echo,        ///< each gets its own cell, as it came
  };

  /// The line is that of the first two stations of `world`.
  LastRelay(World& world, Does does) : x_does(does), x_rng(0xdead) {
    for (std::size_t i = 0; i < 2; ++i) {
      world.host(i).on_down = [this, i](const wire::DownRecord& record) {
        if (const auto* cell = std::get_if<wire::CellRecord>(&record))
          x_said[{i, cell->path, cell->round}] = cell->cell;
      };
      world.host(i).on_up = [this, i](const wire::UpRecord& record) {
        if (const auto* cell = std::get_if<wire::CellRecord>(&record)) arrived(i, *cell);
      };
    }
  }
  LastRelay(const LastRelay&) = delete;
  LastRelay& operator=(const LastRelay&) = delete;

  /// All is well before.
  void begin() { x_begun = true; }

  /// What a relay says, the last one too: what becomes of it.
  void act(std::size_t from, Message& message) {
    if (from + 1 < RelayChain::kHops) {
      if (message.type == Type::forward) x_came = message.bytes;
      return;
    }
    if (message.type != Type::back || x_does == Does::carry || !x_begun) return;
    const std::size_t rows = message.bytes.size() / wire::kCellBytes;
    const std::uint32_t round = message.at.round.value;
    const auto row = [&](std::size_t n) {
      return MutableBytes(message.bytes).subspan(n * wire::kCellBytes, wire::kCellBytes);
    };
    switch (x_does) {
      case Does::carry: break;
      case Does::kill_pair:
        if (round < rows) {
          row(round)[0] ^= 1;
        } else {
          for (const std::size_t n : x_line[message.at.epoch]) x_rng.fill(row(n));
          x_killed += x_line[message.at.epoch].size();
        }
        break;
      case Does::kill_all:
        if (message.at.epoch.value % 3 == 0) x_rng.fill(message.bytes);
        break;
      case Does::swap_wrong:
        std::rotate(message.bytes.begin(), message.bytes.begin() + wire::kCellBytes, message.bytes.end());
        break;
      case Does::echo: message.bytes = x_came; break;
    }
  }

  /// Cells of the line that were killed.
  [[nodiscard]] std::size_t killed() const { return x_killed; }

 private:
  void arrived(std::size_t at, const wire::CellRecord& cell) {
    const auto said = x_said.find({1 - at, cell.path, cell.round});
    if (said == x_said.end()) return;
    int bits = 0;
    for (std::size_t i = 0; i < cell.cell.size(); ++i) {
      bits += std::popcount(static_cast<unsigned>(cell.cell[i] ^ said->second[i]));
    }
    if (bits == 1) x_line[cell.round.epoch].insert(cell.round.round.value);
  }

  Does x_does;
  crypto::SeededRng x_rng;
  bool x_begun = false;
  std::map<std::tuple<std::size_t, Path, RoundId>, wire::Cell> x_said;
  std::map<Epoch, std::set<std::size_t>> x_line;  ///< rows of its circuits at this relay
  std::size_t x_killed = 0;
  Bytes x_came;  ///< the newest batch
};

}  // namespace sw::test
