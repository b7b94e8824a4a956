// needs: line
// Two lines; the input is the network between them, the disks and the processes' deaths (protocol 4.2 to 4.4, 2.3).
// Nothing breaks continuity, no message arrives that was not sent, and when the network is good again the line opens.
#include <map>

#include "crypto/rng.hpp"
#include "fuzz/fuzz.hpp"
#include "line/line.hpp"
#include "line/pairing/offer.hpp"

namespace sw::fuzz {
namespace {

constexpr UtcMs kNow{1'800'000LL * 1'000'000};
constexpr std::uint32_t kRoundMs = 60'000;  // 30 rounds an epoch: epochs and days pass soon
constexpr std::uint32_t kRounds = 1'800'000 / kRoundMs;

/// The heads of two lines that were paired with each other.
const std::array<crypto::SecretBytes, 2>& paired() {
  static const std::array<crypto::SecretBytes, 2> heads = [] {
    crypto::SeededRng rng(1);
    const auto make = [&] {
      line::OfferTerms terms;
      terms.carrier = crypto::KeyPair::generate(rng).public_key;
      terms.at = {{rng.array<16>(), 7144}};
      terms.round_ms = kRoundMs;
      return std::move(*line::Offer::make(terms, rng, kNow));
    };
    auto a = make();
    auto b = make();
    const auto card_a = line::to_text(a.card());
    const auto card_b = line::to_text(b.card());
    SW_ASSERT(a.accept(as_text(card_b.view()), kNow, {}) && b.accept(as_text(card_a.view()), kNow, {}));
    return std::array{std::move(a).confirm(kNow)->save(), std::move(b).confirm(kNow)->save()};
  }();
  return heads;
}

struct Taped {
  std::size_t to;
  Path path;
  RoundId round;
  wire::Cell cell;
};

class World {
 public:
  World() {
    for (std::size_t i = 0; i < 2; ++i) start(i, paired()[i].view());
  }

  void start(std::size_t i, ByteView head) {
    auto keys = line::LineKeys::load(head);
    SW_ASSERT(keys.has_value());
    auto line = line::Line::make(std::move(*keys), x_rng.bits() | 1U);
    SW_ASSERT(line.has_value());
    x_sides[i].line = std::move(*line);
    x_sides[i].disk = crypto::SecretBytes(to_bytes(head));
  }
  /// As after SIGKILL. The carrier's numbering goes on above the floor.
  void restart(std::size_t i) {
    const auto head = to_bytes(x_sides[i].disk.view());
    start(i, head);
    x_sides[i].now = std::max(x_sides[i].now, x_sides[i].line->reserved(x_sides[i].line->keys().venue().id));
  }
  void commit(std::size_t i) {
    line::Line& line = *x_sides[i].line;
    x_sides[i].disk = line.durable_head();
    line.durable_committed(line.durable_version());
  }
  void skip(std::size_t i, std::uint32_t count) {
    for (; count > 0; --count) step(x_sides[i].now);
  }
  void say(std::size_t i, std::size_t size) {
    const MessageId id{x_rng.array<16>()};
    if (!x_sides[i].line->delivery().has_room(Precedence::routine)) return;
    Bytes bytes(size, id.bytes[0]);
    x_said[id] = bytes;
    x_sides[i].line->delivery().submit(id, Precedence::routine, std::move(bytes));
  }

  /// Two bits for each of the four cells: it arrives, is lost, arrives twice, or arrives changed.
  void round(std::uint8_t fate, std::uint8_t commits, Input& in) {
    ++rounds;
    std::array<std::array<wire::Cell, kPaths>, 2> cells{};
    for (std::size_t i = 0; i < 2; ++i) {
      step(x_sides[i].now);
      cells[i] = x_sides[i].line->seal(x_sides[i].line->keys().venue().id, x_sides[i].now, x_rng);
    }
    for (std::size_t n = 0; n < 4; ++n, fate = static_cast<std::uint8_t>(fate >> 2U)) {
      const std::size_t from = n / 2;
      const auto path = static_cast<Path>(n % 2);
      Taped taped{1 - from, path, x_sides[from].now, cells[from][n % 2]};
      x_tape.push_back(taped);
      if ((fate & 3U) == 1) continue;
      if ((fate & 3U) == 3) taped.cell[in.u16() % taped.cell.size()] ^= static_cast<std::uint8_t>(in.u8() | 1U);
      play(taped);
      if ((fate & 3U) == 2) play(taped);
    }
    for (std::size_t i = 0; i < 2; ++i) {
      if ((commits >> i & 1U) != 0) commit(i);
      hear(i);
    }
  }
  /// An old cell again, by its own number or another.
  void replay(std::uint8_t back, std::uint8_t shift) {
    if (x_tape.empty()) return;
    Taped taped = x_tape[x_tape.size() - 1 - back % x_tape.size()];
    taped.round.epoch.value += shift % 3U;
    play(taped);
  }
  void stranger(std::size_t to, Input& in) {
    const Epoch epoch{x_sides[to].now.epoch.value + in.u16() - 300U};
    play({to, static_cast<Path>(in.u8() & 1U), {epoch, Round{in.u8() % kRounds}}, in.array<wire::kCellBytes>()});
  }

  [[nodiscard]] bool open() const {
    return std::ranges::all_of(x_sides, [](const Side& side) {
      const auto since = side.line->status().since_opened;
      return since && *since <= 3;
    });
  }

  int rounds = 0;

 private:
  struct Side {
    std::optional<line::Line> line;
    crypto::SecretBytes disk;  ///< the last committed head
    RoundId now{Epoch{1'000'000}, Round{10}};
  };
  static void step(RoundId& at) {
    if (++at.round.value >= kRounds) at = {Epoch{at.epoch.value + 1}, Round{0}};
  }
  void play(const Taped& taped) {
    x_sides[taped.to].line->open(x_sides[taped.to].line->keys().venue().id, taped.path, taped.round, taped.cell, x_rng);
  }
  void hear(std::size_t i) {
    line::Line& line = *x_sides[i].line;
    for (const auto& event : line.take_events()) {
      if (const auto* arrived = std::get_if<line::MessageArrived>(&event)) {
        const auto said = x_said.find(arrived->id);
        SW_ASSERT(said != x_said.end() && said->second == arrived->bytes);
        line.delivery().stored_here(arrived->id);
      }
      if (const auto* stored = std::get_if<line::StoredThere>(&event))
        line.delivery().stored_there_committed(stored->id);
      SW_ASSERT(!std::holds_alternative<line::ContinuityChanged>(event));
    }
    SW_ASSERT(line.status().continuity == line::ContinuityState::whole);
  }

  crypto::SeededRng x_rng{2};
  std::array<Side, 2> x_sides;
  std::vector<Taped> x_tape;
  std::map<MessageId, Bytes> x_said;
};

void happen(World& world, std::uint8_t what, Input& in) {
  const std::size_t side = what & 1U;
  switch ((what >> 1U) % 6U) {
    case 0: world.replay(in.u8(), in.u8()); break;
    case 1: world.restart(side); break;
    case 2: world.skip(side, in.u8()); break;
    case 3: world.say(side, 1U + in.u16() % 2000U); break;
    case 4: world.stranger(side, in); break;
    default:
      for (unsigned n = in.u8() % 80U; n > 0; --n) world.round(0, 3, in);
  }
}

}  // namespace

void run(ByteView data) {
  Input in(data);
  World world;
  while (!in.empty() && world.rounds < 150) {
    const std::uint8_t what = in.u8();
    if ((what & 3U) == 3) {
      happen(world, what >> 2U, in);
    } else {
      world.round(in.u8(), what, in);
    }
  }
  for (int n = 0; n < 60; ++n) world.round(0, 3, in);
  SW_ASSERT(world.open());
}

std::vector<Bytes> seeds() {
  const std::uint8_t many = (10U << 2U) | 3U;  // happen(): rounds of a good network
  const std::uint8_t kill0 = (2U << 2U) | 3U;
  const std::uint8_t kill1 = (3U << 2U) | 3U;
  const std::uint8_t say = (6U << 2U) | 3U;
  const std::uint8_t again = 3U;
  return {{many, 20, say, 0, 7, many, 99, kill0, many, 20, kill1, many, 99},
          {many, 10, 0, 0x55, 1, 0x04, 2, 0x10, 0, 0, 0, 0, kill0, kill1, many, 30},
          {many, 70, 0, 0, 0, 0, 0, 0, again, 3, 0, again, 9, 1, kill0, 0, 0x50, 0, 0x05, many, 60}};
}

}  // namespace sw::fuzz
