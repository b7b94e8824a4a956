// needs: line
// Two deliveries, a bad channel, stores that commit late, processes that die at any moment: protocol 5.
#include "line/delivery/delivery.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <deque>
#include <iostream>
#include <map>
#include <memory>
#include <set>

#include "crypto/rng.hpp"
#include "wire/sizes.hpp"

namespace sw::line {
namespace {

using crypto::SeededRng;

struct Weather {
  double loss = 0;
  double duplicates = 0;
  std::uint64_t delay_least = 0;
  std::uint64_t delay_most = 0;
  std::size_t venues = 1;
  bool one_fate = true;           // both cells of a round share a frame
  std::uint64_t crash_every = 0;  // rounds, on average; 0: never
  std::uint64_t new_session_every = 0;
  std::uint64_t full_every = 0;
};

bool chance(Rng& rng, double p) {
  return static_cast<double>(rng.below(1'000'000)) < p * 1e6;
}
bool about_every(Rng& rng, std::uint64_t rounds) {
  return rounds != 0 && rng.below(rounds) == 0;
}

struct OwnMessage {
  MessageId id;
  Precedence precedence{};
  Bytes bytes;
  bool stored = false;
};
struct Received {
  Bytes bytes;
  bool peer_knows = false;
};
struct Cell {
  std::uint64_t arrives{};
  std::uint64_t session{};
  CellHeader header;
  bool wait{};
  Bytes frames;
};
struct Commit {
  enum class Kind : std::uint8_t { message, stored_there, peer_knows } kind{};
  std::uint64_t due{};
  MessageId id;
  Bytes bytes;
};

// A station: what is durable, and what dies with the process.
struct Side {
  // durable
  std::vector<OwnMessage> own;
  std::map<MessageId, Received> received;
  std::map<MessageId, int> commits;  // how often the message became durable: must stay at 1
  // RAM
  std::unique_ptr<Delivery> delivery;
  std::deque<Commit> pending;
  std::set<MessageId> submitted;
  std::set<MessageId> committing;
  std::vector<std::uint64_t> sessions;
  // environment
  bool full = false;
  std::map<MessageId, std::uint64_t> first_sent, arrived;
};

class World {
 public:
  World(Weather weather, std::uint64_t seed) : x_weather(weather), x_rng(seed) {
    x_channels.resize(weather.venues);
    for (int s = 0; s < 2; ++s) {
      side(s).sessions.assign(weather.venues, 0);
      start(s);
    }
  }

  Side& side(int s) { return x_sides[static_cast<std::size_t>(s)]; }
  [[nodiscard]] std::uint64_t now() const { return x_now; }
  Rng& rng() { return x_rng; }

  MessageId say(int s, Precedence precedence, std::size_t size) {
    OwnMessage message{MessageId{x_rng.array<16>()}, precedence, Bytes(size), false};
    x_rng.fill(message.bytes);
    side(s).own.push_back(message);
    return message.id;
  }

  void round(bool trouble) {
    ++x_now;
    for (int s = 0; s < 2; ++s) {
      if (trouble && about_every(x_rng, x_weather.crash_every)) start(s);
      if (trouble && about_every(x_rng, x_weather.full_every)) side(s).full = true;
      if (side(s).full && (!trouble || x_rng.below(60) == 0)) {
        side(s).full = false;
        side(s).delivery->offer_again();
      }
      for (std::size_t v = 0; v < x_weather.venues; ++v) {
        if (trouble && about_every(x_rng, x_weather.new_session_every)) begin_session(s, v);
      }
      submit(s);
    }
    for (int s = 0; s < 2; ++s) send(s);
    for (int s = 0; s < 2; ++s) {
      receive(s);
      handle(s);
      commit(s);
    }
  }

  [[nodiscard]] bool all_stored() const {
    return std::all_of(x_sides.begin(), x_sides.end(), [](const Side& s) {
      return std::all_of(s.own.begin(), s.own.end(), [](const OwnMessage& m) { return m.stored; });
    });
  }
  // Nothing left to say: the last round's cells held no frame.
  [[nodiscard]] bool quiet() const { return x_frames_bytes == 0; }
  std::uint64_t cells = 0;

 private:
  static VenueId venue(std::size_t v) { return VenueId{{static_cast<std::uint8_t>(v + 1)}}; }
  [[nodiscard]] std::uint64_t count(std::size_t v) const { return x_now + 1000 * v; }

  void begin_session(int s, std::size_t v) {
    side(s).sessions[v] = ++x_session;
    side(s).delivery->session_started(venue(v));
  }

  // The process begins, perhaps after a kill: only what is durable is left.
  void start(int s) {
    Side& me = side(s);
    me.delivery = std::make_unique<Delivery>(x_rng.bits() | 1);
    me.pending.clear();
    me.submitted.clear();
    me.committing.clear();
    for (const auto& [id, message] : me.received) {
      if (!message.peer_knows) me.delivery->restore_received(id);
    }
    for (std::size_t v = 0; v < x_weather.venues; ++v) begin_session(s, v);
  }

  void submit(int s) {
    Side& me = side(s);
    for (std::size_t p = 0; p < kPrecedences; ++p) {
      for (const OwnMessage& m : me.own) {
        if (index(m.precedence) != p || m.stored || me.submitted.contains(m.id)) continue;
        if (!me.delivery->has_room(m.precedence)) break;
        me.delivery->submit(m.id, m.precedence, m.bytes);
        me.submitted.insert(m.id);
      }
    }
  }

  void send(int s) {
    Side& me = side(s);
    x_frames_bytes = s == 0 ? 0 : x_frames_bytes;
    for (std::size_t v = 0; v < x_weather.venues; ++v) {
      const bool fate = chance(x_rng, x_weather.loss);
      Bytes before;
      for (const Path path : {Path::first, Path::second}) {
        wire::Writer out;
        Cell cell;
        cell.header = me.delivery->fill(venue(v), path, count(v), wire::kCellFramesBytes, out);
        cell.session = me.sessions[v];
        cell.wait = me.full;
        cell.frames = out.take();
        ASSERT_LE(cell.frames.size(), wire::kCellFramesBytes);
        // A cell with only an INC may repeat itself; anything with a seq never does.
        if (cell.frames.size() > kIncFrameBytes) {
          ASSERT_NE(cell.frames, before);
        }
        before = cell.frames;
        x_frames_bytes += cell.frames.size();
        ++cells;
        cell.frames.resize(wire::kCellFramesBytes);
        const bool lost = x_weather.one_fate ? fate : chance(x_rng, x_weather.loss);
        if (lost) continue;
        const int copies = chance(x_rng, x_weather.duplicates) ? 2 : 1;
        for (int c = 0; c < copies; ++c) {
          cell.arrives = x_now + x_weather.delay_least + x_rng.below(x_weather.delay_most - x_weather.delay_least + 1);
          x_channels[v][static_cast<std::size_t>(1 - s)].push_back(cell);
        }
      }
    }
  }

  void receive(int s) {
    Side& me = side(s);
    for (std::size_t v = 0; v < x_weather.venues; ++v) {
      auto& channel = x_channels[v][static_cast<std::size_t>(s)];
      std::deque<Cell> later;
      for (const Cell& cell : channel) {
        if (cell.arrives > x_now) {
          later.push_back(cell);
          continue;
        }
        if (cell.session < me.sessions[v]) continue;  // its keys are gone
        if (cell.session > me.sessions[v]) {
          me.sessions[v] = cell.session;
          me.delivery->session_started(venue(v));
        }
        me.delivery->set_peer_waits(cell.wait);
        me.delivery->take(venue(v), count(v), cell.header, cell.frames);
      }
      channel = std::move(later);
    }
  }

  void handle(int s) {
    Side& me = side(s);
    const auto own = [&](const MessageId& id) {
      return std::find_if(me.own.begin(), me.own.end(), [&](const OwnMessage& m) { return m.id == id; });
    };
    for (DeliveryEvent& event : me.delivery->take_events()) {
      if (auto* a = std::get_if<MessageArrived>(&event)) {
        me.arrived.try_emplace(a->id, x_now);
        if (me.received.contains(a->id)) {
          me.delivery->already_here(a->id);
        } else if (me.full) {
          me.delivery->refused_here(a->id);
        } else if (me.committing.insert(a->id).second) {
          me.pending.push_back({Commit::Kind::message, x_now + x_rng.below(6), a->id, std::move(a->bytes)});
        }
      } else if (const auto* t = std::get_if<StoredThere>(&event)) {
        if (own(t->id) != me.own.end() && !own(t->id)->stored) {
          // Never said stored what was not.
          ASSERT_TRUE(side(1 - s).received.contains(t->id));
          me.pending.push_back({Commit::Kind::stored_there, x_now + x_rng.below(6), t->id, {}});
        } else {
          me.delivery->stored_there_committed(t->id);
        }
      } else if (const auto* h = std::get_if<HeldThere>(&event)) {
        if (own(h->id) == me.own.end() || own(h->id)->stored) me.delivery->cancel(h->id);
      } else if (const auto* d = std::get_if<ReceiptDone>(&event)) {
        me.pending.push_back({Commit::Kind::peer_knows, x_now + x_rng.below(6), d->id, {}});
      } else if (const auto* f = std::get_if<FirstFragmentSent>(&event)) {
        me.first_sent.try_emplace(f->id, x_now);
      }
    }
  }

  void commit(int s) {
    Side& me = side(s);
    std::deque<Commit> later;
    for (Commit& c : me.pending) {
      if (c.due > x_now) {
        later.push_back(std::move(c));
        continue;
      }
      switch (c.kind) {
        case Commit::Kind::message:
          ASSERT_EQ(++me.commits[c.id], 1) << "doubled";
          me.received[c.id] = {std::move(c.bytes), false};
          me.committing.erase(c.id);
          if (x_rng.below(20) != 0 || x_weather.crash_every == 0) {
            me.delivery->stored_here(c.id);
            break;
          }
          start(s);  // killed between the commit and the word of it
          return;
        case Commit::Kind::stored_there:
          for (OwnMessage& m : me.own) m.stored = m.stored || m.id == c.id;
          me.delivery->stored_there_committed(c.id);
          break;
        case Commit::Kind::peer_knows: me.received.at(c.id).peer_knows = true; break;
      }
    }
    me.pending = std::move(later);
  }

  Weather x_weather;
  SeededRng x_rng;
  std::uint64_t x_now = 0;
  std::uint64_t x_session = 0;
  std::size_t x_frames_bytes = 0;
  std::array<Side, 2> x_sides;
  std::vector<std::array<std::deque<Cell>, 2>> x_channels;
};

std::uint64_t from_env(const char* name, std::uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

std::size_t some_size(Rng& rng) {
  switch (rng.below(8)) {
    case 0: return 1 + rng.below(3);
    case 1: return 440 + rng.below(20);
    case 2: return 1 + rng.below(40'000);
    case 3: return rng.below(12) == 0 ? wire::kMessageLimit - rng.below(3) : 1 + rng.below(4000);
    default: return 1 + rng.below(2000);
  }
}

// Troubled rounds, then calm ones until everything is stored; the rounds it took.
std::uint64_t run(std::uint64_t seed) {
  SeededRng dice(seed ^ 0x5157);
  Weather weather;
  weather.loss = static_cast<double>(dice.below(61)) / 100;
  weather.duplicates = static_cast<double>(dice.below(21)) / 100;
  weather.delay_most = dice.below(13);
  weather.delay_least = dice.below(weather.delay_most + 1);
  weather.venues = 1 + dice.below(2);
  weather.one_fate = dice.below(2) == 0;
  weather.crash_every = dice.below(3) == 0 ? 0 : 40 + dice.below(400);
  weather.new_session_every = dice.below(2) == 0 ? 0 : 60 + dice.below(300);
  weather.full_every = dice.below(2) == 0 ? 0 : 50 + dice.below(300);
  World world(weather, seed);
  const std::uint64_t trouble = 300 + dice.below(900);
  const std::uint64_t say_every = 4 + dice.below(60);
  while (world.now() < trouble) {
    for (int s = 0; s < 2; ++s) {
      if (about_every(dice, say_every)) world.say(s, static_cast<Precedence>(dice.below(4)), some_size(dice));
    }
    world.round(true);
    if (::testing::Test::HasFatalFailure()) return world.now();
  }
  while (!world.all_stored() && world.now() < trouble + 60'000) {
    world.round(false);
    if (::testing::Test::HasFatalFailure()) return world.now();
  }
  const std::uint64_t finished = world.now();
  EXPECT_TRUE(world.all_stored()) << "lost, or still not there";
  for (int s = 0; s < 2; ++s) {
    const Side& far = world.side(1 - s);
    EXPECT_EQ(far.received.size(), world.side(s).own.size());
    for (const OwnMessage& m : world.side(s).own) {
      const auto found = far.received.find(m.id);
      EXPECT_TRUE(found != far.received.end() && found->second.bytes == m.bytes);
    }
  }
  // Everything finished is forgotten: the cells fall silent.
  bool quiet = false;
  for (int i = 0; i < 2000 && !quiet; ++i) {
    world.round(false);
    quiet = world.quiet();
  }
  EXPECT_TRUE(quiet) << "never quiet after round " << finished;
  for (int s = 0; s < 2; ++s) {
    for (int i = 0; i < 2000; ++i) {
      const auto& received = world.side(s).received;
      if (std::all_of(received.begin(), received.end(), [](const auto& r) { return r.second.peer_knows; })) break;
      world.round(false);
    }
    for (const auto& [id, message] : world.side(s).received) EXPECT_TRUE(message.peer_knows);
  }
  return world.now();
}

TEST(DeliverySim, exactly_once_through_loss_and_crashes) {
  const std::uint64_t rounds = from_env("SW_SIM_ROUNDS", 30'000);
  std::uint64_t seed = from_env("SW_SEED", 1);
  std::uint64_t done = 0;
  std::uint64_t worlds = 0;
  while (done < rounds) {
    SCOPED_TRACE("SW_SEED=" + std::to_string(seed));
    done += run(seed);
    ++worlds;
    if (HasFailure()) {
      std::cout << "failed with SW_SEED=" << seed << "\n";
      return;
    }
    ++seed;
  }
  std::cout << worlds << " worlds, " << done << " rounds, last seed " << seed - 1 << "\n";
}

TEST(DeliverySim, flash_overtakes_a_megabyte) {
  for (const std::uint64_t delay : {0U, 3U, 7U}) {
    for (const std::size_t size : {1U, 449U, 450U, 1400U, 4000U}) {
      World world({.delay_least = delay, .delay_most = delay}, 7);
      world.say(0, Precedence::routine, wire::kMessageLimit);
      while (world.now() < 200) world.round(false);
      const std::uint64_t said = world.now();
      const MessageId flash = world.say(0, Precedence::flash, size);
      while (!world.side(1).arrived.contains(flash) && world.now() < said + 200) world.round(false);
      const std::uint64_t own_cells = (size + wire::kDataPerCell - 1) / wire::kDataPerCell;
      EXPECT_LE(world.side(1).arrived[flash] - said, (own_cells + 1) / 2 + delay + 2) << size << " at " << delay;
      while (!world.all_stored() && world.now() < 4000) world.round(false);
      EXPECT_TRUE(world.all_stored());
    }
  }
}

TEST(DeliverySim, long_delay_costs_no_speed) {
  // 50 ms rounds, 300 ms each way: the round trip is 12 rounds and more.
  for (const std::uint64_t delay : {0U, 6U, 8U}) {
    World world({.delay_least = delay, .delay_most = delay}, 9);
    world.say(0, Precedence::routine, 300'000);
    while (!world.all_stored() && world.now() < 4000) world.round(false);
    ASSERT_TRUE(world.all_stored());
    const std::uint64_t least = (300'000 / wire::kDataPerCell + 1) / 2;
    EXPECT_LE(world.now(), least + 4 * delay + 24) << "delay " << delay;
  }
}

}  // namespace
}  // namespace sw::line
