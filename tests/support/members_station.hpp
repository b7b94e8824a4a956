#pragma once
// A station's carrier for members_world: its grid, its link and its passage, and a station above it that talks, is
// idle, or is not there.
#include "support/members_relay.hpp"

namespace sw::mix::test {

enum class Above : std::uint8_t { talking, idle, absent };

class Member {
 public:
  struct Terms {
    std::size_t number{};             ///< 1 and up
    std::optional<std::size_t> peer;  ///< whom it talks with
    std::uint64_t from = 0;           ///< the first epoch for which it gives their line's drop ids
    std::uint64_t until = UINT64_MAX;
    Above above = Above::talking;
    Micros clock_off = 0;  ///< how far its clock is ahead of R1's
    Micros phase = 0;      ///< where its grid begins
  };
  Member(Timeline& time, Wire& wire, RelayOne& relay, Terms terms, std::uint64_t seed)
      : x_time(time),
        x_wire(wire),
        x_relay(relay),
        x_terms(terms),
        x_rng(seed),
        x_keys(crypto::KeyPair::generate(x_rng)),
        x_next(terms.phase) {
    begin({});
    x_time.at(x_next, [this] { depart(); });
  }
  Member(const Member&) = delete;
  Member& operator=(const Member&) = delete;

  /// Another process: keys and grid are gone; the station gives back what it kept, or has nothing.
  void restart(bool with_kept) {
    std::vector<Kept> kept;
    if (with_kept) {
      for (auto& [name, keys] : std::exchange(x_kept, {})) kept.push_back(std::move(keys));
    }
    begin(kept);
  }

  [[nodiscard]] const PublicKey& key() const { return x_keys.public_key; }
  [[nodiscard]] const Passage& passage() const { return *x_passage; }
  std::set<RoundId> right;  ///< rounds whose two cells came back as the other end said them
  std::set<RoundId> wrong;  ///< and those whose cells R1 had, and that came back as something else
  std::set<RoundId> named;  ///< departures
  std::uint64_t departures = 0;

 private:
  void begin(std::span<const Kept> kept) {
    const std::uint64_t stamp = x_link ? x_link->last_stamp() : 0;
    link::LinkTerms terms{
        x_relay.relays().venue(), x_relay.key(), crypto::Role::initiator, frame_rounds(kEpochRounds, 1),
        {sw::test::address(100)}, stamp,         wire::kStationStreams};
    terms.retry = wire::kCallRounds;
    x_link.emplace(x_keys, std::move(terms));
    x_passage.emplace(x_relay.relays().rules());
    x_life = 0;
    if (named.empty()) return;
    ASSERT_TRUE(x_passage->restore(*named.rbegin(), kept));
  }

  void depart() {
    const Micros clock = x_time.now() + x_terms.clock_off;
    if (x_link->lane_life() != x_life) {
      x_life = x_link->lane_life();
      x_under_way.clear();
      x_passage->lane_renewed();
      Bytes token(wire::kTokenBytes, 0);
      token[0] = static_cast<std::uint8_t>(x_terms.number);
      x_link->send(link::Stream::enrol, std::move(token));
    }
    auto turn = x_passage->begin_round({kUtcAtZero + (clock - x_shift) / 1000}, x_rng);
    for (SetUp& upload : turn.uploads) send(std::move(upload));
    const std::uint32_t there = x_link->delivered(link::Stream::setup);
    for (; !x_under_way.empty() && x_under_way.begin()->first <= there; x_under_way.erase(x_under_way.begin())) {
      x_passage->delivered(x_under_way.begin()->second);
    }
    for (const DropsWanted& wanted : turn.wanted) answer(wanted);
    for (Kept& kept : turn.kept) x_kept.insert_or_assign(std::pair(kept.epoch, kept.slot), std::move(kept));

    SlotCells cells{x_rng.array<wire::kCellBytes>(), x_rng.array<wire::kCellBytes>()};
    RoundId name{};
    if (turn.round) {
      if (x_terms.above == Above::talking) {
        for (std::size_t path = 0; path < kPaths; ++path) cells[path] = said(x_terms.number, path, *turn.round);
      }
      x_passage->wrap({0}, cells, x_rng);
      name = {turn.round->epoch, frame_round(turn.round->round, {0}, 1)};
      EXPECT_TRUE(named.empty() || *turn.round > *named.rbegin());
      named.insert(*turn.round);
      std::erase_if(x_kept, [&](const auto& entry) { return entry.first.first.value + 1 < turn.round->epoch.value; });
    }
    const auto out = x_link->prepare(name, {kUtcAtZero + clock / 1000}, cells[0], cells[1], x_rng);
    ++departures;
    x_wire.launch(x_terms.number, 0, out.frame, [this](const link::Frame& frame) {
      x_relay.arrives(x_terms.number, frame, [this](const link::Frame& back) { arrives(back); });
    });
    x_next += kRound + std::exchange(x_move, 0);
    x_time.at(x_next, [this] { depart(); });
  }

  void send(SetUp&& upload) {
    const std::uint64_t number = upload.number;
    x_under_way[x_link->send(link::Stream::setup, std::move(upload.object))] = number;
  }

  /// Protocol 8.8: frames aim to arrive at 0.05 T of their round. Whole rounds are a matter of the name alone.
  void move(std::int32_t phase) {
    if (x_unheard > 0) {  // what R1 says now is of a frame from before the last move
      --x_unheard;
      return;
    }
    const Micros by = correction(phase, kRound / 1000).ns / 1000;
    if (by == 0) return;
    x_shift += by;
    x_move = ((by % kRound) + kRound + kRound / 2) % kRound - kRound / 2;
    x_unheard = 3;
  }

  void answer(const DropsWanted& wanted) {
    if (x_terms.above == Above::absent || !x_terms.peer) return;
    if (wanted.epoch.value < x_terms.from || wanted.epoch.value >= x_terms.until) return;
    const std::uint64_t low = std::min(x_terms.number, *x_terms.peer);
    crypto::SeededRng drops(low * 77 + wanted.epoch.value * 1'000);
    const auto first = drops.array<32>();
    const auto second = drops.array<32>();
    EXPECT_EQ(wanted.day, day_of({kUtcAtZero + RelayOne::begins(wanted.epoch.value) / 1000}));
    x_passage->drops({0}, wanted.epoch, first, second);
  }

  void arrives(const link::Frame& frame) {
    auto in = x_link->receive(frame, sw::test::address(100), {}, x_rng);
    if (!in) return;
    if (in->phase != 0) move(in->phase);
    const auto where = slot_round(in->round.round, 1);
    const RoundId round{in->round.epoch, where.round};
    if (x_passage->unwrap(round, where.slot, in->cells)) check(round, in->cells);
    if (!in->object) return;
    const Bytes& object = in->object->bytes;
    if (in->object->stream == link::Stream::descriptor) (void)x_passage->take_descriptor(object);
    if (in->object->stream == link::Stream::receipt) (void)x_passage->take_receipt(object);
    if (in->object->stream == link::Stream::notice) (void)x_passage->take_notice(object);
  }

  void check(RoundId round, const SlotCells& cells) {
    if (x_terms.above != Above::talking) return;
    const std::size_t other = x_terms.peer.value_or(x_terms.number);
    const bool swapped = !x_terms.peer;  // idle: its two circuits meet each other
    const SlotCells expected{said(other, swapped ? 1 : 0, round), said(other, swapped ? 0 : 1, round)};
    const auto& absent = x_relay.absent[round.epoch.value];
    if (cells == expected) {
      EXPECT_TRUE(right.insert(round).second) << "a round came back twice";
    } else if (!absent.contains(other) && !absent.contains(x_terms.number) && x_relay.taken.contains({other, round})) {
      wrong.insert(round);
    }
  }

  Timeline& x_time;
  Wire& x_wire;
  RelayOne& x_relay;
  Terms x_terms;
  crypto::SeededRng x_rng;
  crypto::KeyPair x_keys;
  std::optional<link::Link> x_link;
  std::optional<Passage> x_passage;
  std::map<std::pair<Epoch, Slot>, Kept> x_kept;
  std::map<std::uint32_t, std::uint64_t> x_under_way;  ///< set-ups, by their place in the lane
  std::uint32_t x_life = 0;
  Micros x_next;
  Micros x_shift = 0;  ///< of the departures against the rounds as its own clock has them
  Micros x_move = 0;   ///< of the next departure
  int x_unheard = 0;
};

}  // namespace sw::mix::test
