// needs: store
// The ring against a model, with a disk made of plain rows: random puts, updates and erases up to the limit, failed
// ticks, changes while a commit is under way, and crashes, for many laps.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <memory>
#include <set>

#include "crypto/rng.hpp"
#include "store/compose.hpp"

namespace sw::store {
namespace {

using desk::RecordKey;
using desk::RecordKind;
using desk::Ticket;
using desk::Urgency;

struct State {
  bool there = false;
  Bytes head;
  Bytes body;
  bool operator==(const State&) const = default;
};

/// What may be on the disk for one key: the state that was said durable, and every later one.
struct History {
  std::vector<State> states{State{}};
  std::vector<Ticket> tickets{Ticket{0}};
  std::size_t durable = 0;
};

class Rig {
 public:
  Rig(std::uint32_t rows, std::uint64_t seed) : x_rng(seed), x_rows(rows) {
    for (std::uint32_t slot = 0; slot < rows; ++slot) {
      x_disk.push_back(std::make_unique<PlainRow>());
      x_disk.back()->set_meta(RowMeta{.position = slot});
    }
    reopen();
  }

  crypto::SeededRng& rng() { return x_rng; }
  Ring& ring() { return *x_ring; }

  void reopen() {
    std::vector<RowMeta> metas;
    for (const auto& row : x_disk) metas.push_back(row->meta().value());
    auto scanned = scan(metas);
    ASSERT_TRUE(scanned.has_value());
    x_ring.emplace(std::move(*scanned));
  }

  State on_disk(const RecordKey& key) {
    const auto at = x_ring->locate(key);
    if (!at) return {};
    State out{true, {}, {}};
    for (const std::uint32_t slot : at->slots) {
      const auto meta = x_disk[slot]->meta().value();
      ByteView payload = x_disk[slot]->payload();
      if (meta.index == 0) {
        out.head = to_bytes(payload.first(meta.head_bytes));
        payload = payload.subspan(desk::kHeadBytes);
      }
      out.body.insert(out.body.end(), payload.begin(), payload.end());
    }
    out.body.resize(at->body_bytes);
    return out;
  }

  void change(RecordKey key, int what) {
    History& history = x_model[key];
    const State last = history.states.back();
    if (what == 0) {
      remember(history, State{}, x_ring->erase(key));
      return;
    }
    State next{true, random_bytes(x_rng.below(desk::kHeadBytes + 1)), last.body};
    if (!last.there) {
      next.body = random_bytes(x_rng.below(4) == 0 ? x_rng.below(8 * kRowPayloadBytes) : x_rng.below(3500));
    }
    const bool room = x_ring->has_room(next.body.size());
    const std::uint32_t used = x_ring->used();
    const auto ticket = x_ring->put(key, crypto::SecretBytes(Bytes(next.head)), last.there ? Bytes{} : next.body,
                                    static_cast<Urgency>(x_rng.below(5)));
    if (!last.there && !room) {
      ASSERT_FALSE(ticket.has_value());
      ASSERT_EQ(ticket.error().code, Errc::full);
      ASSERT_EQ(x_ring->used(), used);
      ++x_refused;
      return;
    }
    ASSERT_TRUE(ticket.has_value());  // head updates always have room
    remember(history, next, *ticket);
  }

  /// One tick; `amid` is done while the commit is under way.
  template <class Amid>
  void tick(bool works, Amid amid) {
    const std::uint64_t before = x_ring->next_position();
    const Plan plan = x_ring->plan();
    std::array<PlainRow, kRowsPerTick> rows;
    std::set<std::uint32_t> targets;
    for (std::size_t i = 0; i < kRowsPerTick; ++i) {
      const Write& write = plan.writes[i];
      ASSERT_EQ(write.meta.position, before + i);  // the same two slots, whatever there is to say
      const auto slot = static_cast<std::uint32_t>(write.meta.position % x_rows);
      targets.insert(slot);
      std::copy(x_disk[write.source]->view().begin(), x_disk[write.source]->view().end(), rows[i].bytes().begin());
      ASSERT_TRUE(compose(write, rows[i]).has_value());
      if (write.kind == Write::Kind::move) {
        ASSERT_FALSE(targets.contains(write.source));  // committed elsewhere before it is overwritten
      }
    }
    amid();
    if (!works) {
      x_ring->failed();
      return;
    }
    for (std::size_t i = 0; i < kRowsPerTick; ++i) {
      PlainRow& to = *x_disk[plan.writes[i].meta.position % x_rows];
      std::copy(rows[i].view().begin(), rows[i].view().end(), to.bytes().begin());
    }
    for (const Ticket ticket : x_ring->committed(plan)) durable(ticket);
    ASSERT_GE(x_ring->gap(), kRowsPerTick);
  }
  void tick() {
    tick(true, [] {});
  }

  /// After this the model knows what really survived.
  void crash() {
    reopen();
    check(true);
    for (auto& [key, history] : x_model) {
      const State now = on_disk(key);
      history = History{{now}, {Ticket{0}}, 0};
    }
    x_waiting.clear();
  }

  void check(bool crashed) {
    for (auto& [key, history] : x_model) {
      const State now = crashed ? on_disk(key) : visible(key, history);
      bool found = false;
      for (std::size_t i = crashed ? history.durable : history.states.size() - 1; i < history.states.size(); ++i) {
        found = found || now == history.states[i];
      }
      ASSERT_TRUE(found) << key.id[0] << (now.there ? " there" : " gone");
    }
  }

  void drain() {
    for (std::uint32_t i = 0; i < 2 * x_rows && !x_ring->idle(); ++i) tick();
    ASSERT_TRUE(x_ring->idle());
    ASSERT_TRUE(x_waiting.empty());
    check(false);
  }
  std::size_t refused() const { return x_refused; }

 private:
  State visible(const RecordKey& key, const History& history) {
    if (!x_ring->waiting_head(key)) return on_disk(key);
    return history.states.back();
  }
  void remember(History& history, State state, Ticket ticket) {
    ASSERT_GT(ticket.value, history.tickets.back().value);
    history.states.push_back(std::move(state));
    history.tickets.push_back(ticket);
    ASSERT_TRUE(x_waiting.insert(ticket.value).second);
  }
  void durable(Ticket ticket) {
    ASSERT_EQ(x_waiting.erase(ticket.value), 1U) << "said durable twice, or never promised";
    for (auto& [key, history] : x_model) {
      for (std::size_t i = 1; i < history.tickets.size(); ++i) {
        if (history.tickets[i] == ticket) history.durable = std::max(history.durable, i);
      }
    }
  }
  Bytes random_bytes(std::size_t n) {
    Bytes out(n);
    x_rng.fill(out);
    return out;
  }

  crypto::SeededRng x_rng;
  std::uint32_t x_rows;
  std::vector<std::unique_ptr<PlainRow>> x_disk;
  std::optional<Ring> x_ring;
  std::map<RecordKey, History> x_model;
  std::set<std::uint64_t> x_waiting;
  std::size_t x_refused = 0;
};

RecordKey key_of(std::uint64_t n) {
  RecordKey key{RecordKind::message, {}};
  key.id[0] = static_cast<std::uint8_t>(n);
  return key;
}

void random_run(std::uint64_t seed, std::uint32_t rows, int ticks, int erase_in) {
  SCOPED_TRACE("seed " + std::to_string(seed));
  Rig rig(rows, seed);
  const auto change = [&] {
    rig.change(key_of(rig.rng().below(48)), rig.rng().below(static_cast<std::uint64_t>(erase_in)) == 0 ? 0 : 1);
  };
  for (int t = 0; t < ticks && !testing::Test::HasFatalFailure(); ++t) {
    for (std::uint64_t n = rig.rng().below(3); n > 0; --n) change();
    rig.tick(rig.rng().below(20) != 0, [&] {
      for (std::uint64_t n = rig.rng().below(3); n > 0; --n) change();
    });
    if (rig.rng().below(40) == 0) rig.crash();
    if (rig.rng().below(200) == 0) rig.drain();
  }
  rig.drain();
  EXPECT_GT(rig.refused(), 0U) << "the run never met the limit";
}

RC_GTEST_PROP(Ring, survives_anything, ()) {
  const auto seed = *rc::gen::arbitrary<std::uint64_t>();
  random_run(seed, 64 + 2 * static_cast<std::uint32_t>(seed % 33), 300, 5);
  RC_ASSERT(!testing::Test::HasFatalFailure());
}

TEST(Ring, keeps_its_gap_for_many_laps_at_the_limit) {
  Rig rig(96, 7);
  for (std::uint64_t n = 0; n < 64; ++n) rig.change(key_of(n), 1);
  rig.drain();
  ASSERT_GT(rig.refused(), 0U);
  std::uint64_t least = 96;
  // 200 laps, head updates faster than ticks can take them.
  for (int t = 0; t < 200 * 48 && !HasFatalFailure(); ++t) {
    for (int n = 0; n < 4; ++n) {
      const RecordKey key = key_of(rig.rng().below(64));
      if (rig.ring().locate(key) || rig.ring().waiting_head(key)) rig.change(key, 1);
    }
    rig.tick();
    least = std::min(least, rig.ring().gap());
  }
  rig.drain();
  EXPECT_GE(least, kRowsPerTick);
  RecordProperty("least_gap", static_cast<int>(least));
}

TEST(Ring, always_places_one_new_row_a_tick) {
  Rig rig(96, 8);
  for (std::uint64_t n = 0; n < 64; ++n) rig.change(key_of(n), 1);
  rig.drain();
  for (int t = 0; t < 2000; ++t) {
    // One state update before each tick is durable with that tick, however full the store is.
    if (t % 2 == 0) rig.change(rig.ring().keys().front(), 1);
    rig.tick();
    ASSERT_TRUE(rig.ring().idle()) << t;
  }
}

TEST(Ring, lets_flash_overtake_a_half_written_body) {
  Rig rig(256, 9);
  Ring& ring = rig.ring();
  const auto slow = ring.put(key_of(1), {}, Bytes(40 * kRowPayloadBytes), Urgency::routine);
  ASSERT_TRUE(slow.has_value());
  rig.tick(true, [] {});
  EXPECT_FALSE(ring.idle());
  const auto flash = ring.put(key_of(2), {}, Bytes(100), Urgency::flash);
  const Plan plan = ring.plan();
  EXPECT_EQ(plan.writes[0].meta.key, key_of(2));
  const auto durable = ring.committed(plan);
  ASSERT_EQ(durable.size(), 1U);
  EXPECT_EQ(durable[0], *flash);
}

TEST(Scan, refuses_rows_out_of_their_lap) {
  std::vector<RowMeta> rows(64);
  for (std::uint32_t slot = 0; slot < 64; ++slot) rows[slot].position = 64 + slot;
  ASSERT_TRUE(scan(rows).has_value());
  for (std::uint32_t slot = 0; slot < 63; ++slot) {
    auto old = rows;
    old[slot].position -= 64;  // an older row of the same slot put back
    EXPECT_FALSE(scan(old).has_value()) << slot;
  }
}

}  // namespace
}  // namespace sw::store
