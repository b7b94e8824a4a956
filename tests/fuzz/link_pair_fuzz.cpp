// needs: link
// Two links; the input is the network between them and everything that can happen to them. Every cell that arrives is
// the one that was said in that round, once; and when the network is good again, so is the link.
#include "fuzz/fuzz.hpp"
#include "support/link_world.hpp"

namespace sw::fuzz {
namespace {

struct Taped {
  std::size_t to;
  link::Frame frame;
  wire::Endpoint from;
};

class Network {
 public:
  /// One round; two bits for each side's frame: it arrives, is lost, arrives twice, or arrives changed.
  void round(std::uint8_t fate, Input& in) {
    ++rounds;
    SW_ASSERT(world.step({.loss = 1}));
    for (std::size_t i = 0; i < 2; ++i, fate = static_cast<std::uint8_t>(fate >> 2U)) {
      const auto& out = world.last(i);
      if (out.to != world.side(1 - i).here) continue;
      Taped taped{1 - i, out.frame, world.side(i).here};
      x_tape.push_back(taped);
      if ((fate & 3U) == 1) continue;
      if ((fate & 3U) == 3) taped.frame[in.u16() % taped.frame.size()] ^= static_cast<std::uint8_t>(in.u8() | 1U);
      play(taped);
      if ((fate & 3U) == 2) play(taped);
    }
  }
  void replay(std::uint8_t back, std::uint8_t host) {
    if (x_tape.empty()) return;
    Taped taped = x_tape[x_tape.size() - 1 - back % x_tape.size()];
    if (host % 4U == 3) taped.from = test::address(66);
    play(taped);
  }

  test::LinkWorld world{1, 40};
  int rounds = 0;

 private:
  void play(const Taped& taped) { world.inject(taped.to, taped.frame, taped.from); }
  std::vector<Taped> x_tape;
};

void happen(Network& net, std::uint8_t what, Input& in) {
  const std::size_t side = what & 1U;
  const std::uint8_t how_much = in.u8();
  switch ((what >> 1U) % 6U) {
    case 0: net.replay(how_much, what); break;
    case 1: net.world.restart(side, side == 0 || (how_much & 1U) != 0); break;
    case 2: net.world.skip(side, how_much % 90U); break;
    case 3: net.world.side(side).clock_ms += (how_much - 128) * std::int64_t{3'600'000}; break;
    case 4: net.world.side(side).here = test::address(static_cast<std::uint8_t>(side + 1), 7000 + how_much % 2U); break;
    default:
      for (unsigned n = 0; n < how_much % 50U; ++n) net.round(0, in);
  }
}

}  // namespace

void run(ByteView data) {
  Input in(data);
  Network net;
  while (!in.empty() && net.rounds < 150) {
    const std::uint8_t what = in.u8();
    if ((what & 0x80U) != 0) {
      happen(net, what & 0x7FU, in);
    } else {
      net.round(what, in);
    }
  }
  for (std::size_t side = 0; side < 2; ++side)
    net.world.side(side).here = test::address(static_cast<std::uint8_t>(side + 1));
  SW_ASSERT(net.world.recover({}, 200) < 200);
}

std::vector<Bytes> seeds() {
  Bytes epochs;
  for (int i = 0; i < 4; ++i) epochs.insert(epochs.end(), {0x8A, 45, 0x05, 0x83, 1});
  return {Bytes(60, 0),
          Bytes(60, 2),
          {0x8A, 40, 0x80, 5, 0x80, 20, 0x86, 9, 0x85, 3, 0x8A, 40, 0x84, 80, 0x88, 1, 0x8A, 40},
          epochs};
}

}  // namespace sw::fuzz
