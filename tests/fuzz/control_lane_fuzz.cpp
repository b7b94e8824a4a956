// needs: link
// The control lane (protocol 3.5): any field is taken without harm and without growing memory; and an object gets
// through whatever the network loses, repeats or delays, once it stops.
#include "fuzz/fuzz.hpp"
#include "link/control_lane.hpp"
#include "wire/writer.hpp"

namespace sw::fuzz {
namespace {

void hostile(Input in) {
  link::ControlLane lane({wire::kControlObjectLimit, 500, wire::kControlObjectLimit, 0, 32, 17});
  lane.send(link::Stream::rekey, Bytes(104, 1));
  std::uint64_t counter = 0;
  while (!in.empty()) {
    link::Control control = in.array<wire::kControlBytes>();
    const std::uint32_t keys = 1 + control[135] % 2U;
    if (const auto object = lane.read(control, keys)) {
      SW_ASSERT(!object->bytes.empty() && object->bytes.size() <= wire::kControlObjectLimit);
    }
    lane.count_round();
    lane.write(control, {}, {});
    lane.sent({1, ++counter});
  }
}

/// One end with its frames' numbers.
struct End {
  link::ControlLane lane{{wire::kControlObjectLimit}};
  link::ReplayWindow window;
  std::uint64_t counter = 0;
};
struct Flying {
  std::size_t to;
  std::uint64_t counter;
  link::Control control;
};

class Pair {
 public:
  void round() {
    for (std::size_t i = 0; i < 2; ++i) {
      x_ends[i].lane.count_round();
      Flying frame{1 - i, ++x_ends[i].counter, {}};
      x_ends[i].lane.write(frame.control, x_ends[i].window, {});
      x_ends[i].lane.sent({1, frame.counter});
      x_flying.push_back(frame);
    }
  }
  void deliver(std::size_t n) {
    if (x_flying.empty()) return;
    const Flying& frame = x_flying[n % x_flying.size()];
    End& to = x_ends[frame.to];
    if (!to.window.fresh(frame.counter)) return;
    to.window.note(frame.counter);
    if (auto object = to.lane.read(frame.control, 1)) {
      SW_ASSERT(object->bytes == expected[frame.to]);
      ++got[frame.to];
    }
  }
  void drop(std::size_t n) {
    if (!x_flying.empty()) x_flying.erase(x_flying.begin() + static_cast<std::ptrdiff_t>(n % x_flying.size()));
  }
  void send(std::size_t from, Bytes object) {
    expected[1 - from] = object;
    x_ends[from].lane.send(link::Stream::rekey, std::move(object));
  }
  bool idle() const { return x_ends[0].lane.idle() && x_ends[1].lane.idle(); }
  std::size_t flying() const { return x_flying.size(); }

  std::array<Bytes, 2> expected;
  std::array<int, 2> got{};

 private:
  std::array<End, 2> x_ends;
  std::vector<Flying> x_flying;
};

void honest(Input in) {
  Pair pair;
  for (std::size_t i = 0; i < 2; ++i) {
    Bytes object(1 + in.u16() % 2000U);
    for (std::size_t k = 0; k < object.size(); ++k) object[k] = static_cast<std::uint8_t>(k * 7 + i);
    pair.send(i, std::move(object));
  }
  while (!in.empty()) {
    const std::uint8_t what = in.u8();
    if ((what & 3U) <= 1) pair.round();
    if ((what & 3U) == 2) pair.deliver(what >> 2U);
    if ((what & 3U) == 3) pair.drop(what >> 2U);
    while (pair.flying() > 64) pair.drop(0);
  }
  while (pair.flying() > 0) pair.drop(0);
  // 19 pieces, each again after 8 rounds at the latest, and their acknowledgements.
  for (int n = 0; n < 80 && !pair.idle(); ++n) {
    pair.round();
    while (pair.flying() > 0) {
      pair.deliver(0);
      pair.drop(0);
    }
  }
  SW_ASSERT(pair.idle() && pair.got == (std::array{1, 1}));
}

}  // namespace

void run(ByteView data) {
  hostile(Input(data));
  honest(Input(data));
}

std::vector<Bytes> seeds() {
  wire::Writer piece;
  piece.u8(1).u32(1).u24(0).u8(1).u8(104).pad_to(wire::kControlBytes);
  wire::Writer far;
  far.u8(1).u32(2).u24(110 * 500).u8(0).u8(110).pad_to(120);
  far.u32(1).u64(3).u32(0);
  return {piece.take(), far.take(), {208, 7, 10, 0, 0, 0, 2, 0, 3, 7, 0, 2, 6, 10}};
}

}  // namespace sw::fuzz
