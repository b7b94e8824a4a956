// needs: line
// Two deliveries with their stations' disks; the input is the network, the commits and the processes' deaths. When the
// trouble ends everything is stored there exactly once, and none was said stored that was not (protocol 5.3).
#include <map>
#include <memory>

#include "fuzz/fuzz.hpp"
#include "line/delivery/delivery.hpp"
#include "wire/sizes.hpp"

namespace sw::fuzz {
namespace {

struct Own {
  Precedence precedence{};
  Bytes bytes;
  bool stored = false;
};
struct Cell {
  std::uint64_t session;
  line::CellHeader header;
  Bytes frames;
};

/// `own` and `received` are the disk; a message is received once or the run stops.
struct Side {
  std::map<MessageId, Own> own;
  std::map<MessageId, bool> received;  ///< does the peer know?
  std::unique_ptr<line::Delivery> delivery;
  std::vector<line::DeliveryEvent> waiting;  ///< for the disk
  std::vector<Cell> coming;
};

class World {
 public:
  World() {
    for (std::size_t i = 0; i < 2; ++i) start(i);
    session();
  }

  void start(std::size_t i) {
    Side& side = x_sides[i];
    side.delivery = std::make_unique<line::Delivery>(++x_incarnation);
    side.waiting.clear();
    for (const auto& [id, known] : side.received) {
      if (!known) side.delivery->restore_received(id);
    }
  }
  void session() {
    ++x_session;
    for (Side& side : x_sides) side.delivery->session_started(x_venue);
  }
  void say(std::size_t i, std::size_t size, std::uint8_t precedence) {
    const MessageId id{{static_cast<std::uint8_t>(++x_messages), static_cast<std::uint8_t>(i)}};
    if (x_messages > 200) return;
    x_sides[i].own[id] = {static_cast<Precedence>(precedence % kPrecedences), Bytes(size, id.bytes[0]), false};
  }

  void round(std::uint8_t fate) {
    ++x_round;
    for (std::size_t i = 0; i < 2; ++i) {
      Side& side = x_sides[i];
      for (const auto& [id, own] : side.own) {
        if (!own.stored && side.delivery->has_room(own.precedence))
          side.delivery->submit(id, own.precedence, own.bytes);
      }
      for (const Path path : {Path::first, Path::second}) {
        wire::Writer out;
        const auto header = side.delivery->fill(x_venue, path, x_round, wire::kCellFramesBytes, out);
        const unsigned what = fate & 3U;
        fate = static_cast<std::uint8_t>(fate >> 2U);
        const Cell cell{x_session, header, out.take()};
        if (what != 1) x_sides[1 - i].coming.push_back(cell);
        if (what == 2) deliver(1 - i);  // at once; in the other fates the input or the round's end says when
      }
    }
  }
  void deliver(std::size_t i) {
    Side& side = x_sides[i];
    if (side.coming.empty()) return;
    const Cell cell = std::move(side.coming.front());
    side.coming.erase(side.coming.begin());
    if (cell.session != x_session) return;
    side.delivery->take(x_venue, x_round, cell.header, cell.frames);
    for (auto& event : side.delivery->take_events()) side.waiting.push_back(std::move(event));
  }
  void lose(std::size_t i) { x_sides[i].coming.clear(); }

  /// The disk of one side takes what waits for it.
  void commit(std::size_t i) {
    Side& side = x_sides[i];
    for (const auto& event : std::exchange(side.waiting, {})) {
      if (const auto* arrived = std::get_if<line::MessageArrived>(&event)) {
        const auto sent = x_sides[1 - i].own.find(arrived->id);
        SW_ASSERT(sent != x_sides[1 - i].own.end() && sent->second.bytes == arrived->bytes);
        side.received.try_emplace(arrived->id, false);
        side.delivery->stored_here(arrived->id);
      } else if (const auto* stored = std::get_if<line::StoredThere>(&event)) {
        const auto own = side.own.find(stored->id);
        if (own != side.own.end()) {
          SW_ASSERT(x_sides[1 - i].received.contains(stored->id));
          own->second.stored = true;
        }
        side.delivery->stored_there_committed(stored->id);
      } else if (const auto* held = std::get_if<line::HeldThere>(&event)) {
        const auto own = side.own.find(held->id);
        if (own == side.own.end() || own->second.stored) side.delivery->cancel(held->id);
      } else if (const auto* done = std::get_if<line::ReceiptDone>(&event)) {
        SW_ASSERT(x_sides[1 - i].own.at(done->id).stored);
        side.received[done->id] = true;
      }
    }
  }
  void good_round() {
    round(0);
    for (std::size_t i = 0; i < 2; ++i) {
      while (!x_sides[i].coming.empty()) deliver(i);
      commit(i);
    }
  }
  [[nodiscard]] bool settled() const {
    for (std::size_t i = 0; i < 2; ++i) {
      for (const auto& [id, own] : x_sides[i].own) {
        const auto there = x_sides[1 - i].received.find(id);
        if (!own.stored || there == x_sides[1 - i].received.end() || !there->second) return false;
      }
    }
    return true;
  }
  [[nodiscard]] std::size_t cells_to_say() const {
    std::size_t out = 0;
    for (const Side& side : x_sides) {
      for (const auto& [id, own] : side.own) out += own.bytes.size() / 300 + 4;
    }
    return out;
  }

 private:
  VenueId x_venue{{1}};
  std::array<Side, 2> x_sides;
  std::uint64_t x_incarnation = 100;
  std::uint64_t x_session = 0;
  std::uint64_t x_round = 0;
  unsigned x_messages = 0;
};

}  // namespace

void run(ByteView data) {
  Input in(data);
  World world;
  for (int steps = 0; !in.empty() && steps < 400; ++steps) {
    const std::uint8_t what = in.u8();
    const std::size_t side = what >> 4U & 1U;
    switch (what % 8U) {
      case 0: world.say(side, 1U + in.u16() % 4000U, what >> 5U); break;
      case 1: world.start(side); break;
      case 2: world.session(); break;
      case 3: world.deliver(side); break;
      case 4: world.commit(side); break;
      case 5: world.lose(side); break;
      case 6: world.good_round(); break;
      default: world.round(in.u8());
    }
  }
  world.session();
  const std::size_t patience = 200 + world.cells_to_say();
  for (std::size_t n = 0; n < patience && !world.settled(); ++n) world.good_round();
  SW_ASSERT(world.settled());
}

std::vector<Bytes> seeds() {
  return {{0, 200, 3, 16, 9, 0, 6, 6, 6, 6, 6, 6},
          {0, 0, 9, 6, 6, 1, 2, 6, 6, 6, 17, 2, 6, 6, 6, 6},
          {0, 10, 0, 7, 0, 3, 4, 7, 0, 19, 20, 7, 0x55, 5, 7, 0xAA, 1, 2, 32, 4, 1, 6, 6, 17, 2, 6, 48, 0, 5, 6, 6, 6}};
}

}  // namespace sw::fuzz
