#pragma once
// R1 with everything behind it, for members_world: epochs by its timetable, its links, and the whole chain at once.
#include "support/members_world.hpp"

namespace sw::mix::test {

constexpr Micros kRound = 100'000;
constexpr std::uint32_t kEpochRounds = 40;
constexpr Micros kEpochSpan = kRound * kEpochRounds;
constexpr std::int64_t kUtcAtZero = 1'790'000'000'000;
/// Its first body waits until the stations that lost it are registered again; then 30 rounds to t0.
constexpr Micros kFirstBody = 40 * kRound;
constexpr Micros kFirstEpoch = 70 * kRound;
constexpr std::uint64_t kFirst = 100;

/// A later process of one seed has its identities and nothing else of it; `epoch` is its first.
struct RelayLife {
  Micros from = 0;
  std::uint64_t epoch = kFirst;
};

class RelayOne {
 public:
  RelayOne(Timeline& time, Wire& wire, std::uint64_t seed, RelayLife life = {})
      : x_time(time),
        x_wire(wire),
        x_rng(seed),
        x_life(life),
        x_keys(crypto::KeyPair::generate(x_rng)),
        x_relays({}, x_rng) {}

  static Micros begins(std::uint64_t epoch) { return kFirstEpoch + static_cast<Micros>(epoch - kFirst) * kEpochSpan; }
  [[nodiscard]] Micros start_of(std::uint64_t epoch) const {
    return x_life.from + begins(epoch - x_life.epoch + kFirst);
  }
  [[nodiscard]] const PublicKey& key() const { return x_keys.public_key; }
  [[nodiscard]] const RelayVenue& relays() const { return x_relays; }

  void start(std::uint64_t epochs) {
    x_time.at(x_life.from + kFirstBody, [this] {
      for (std::uint64_t e = x_life.epoch; e <= x_life.epoch + wire::kEpochsAhead; ++e) publish(e);
    });
    for (std::uint64_t e = x_life.epoch; e < x_life.epoch + epochs; ++e) {
      const bool ready = e != late;
      if (ready) x_time.at(start_of(e) - 20 * kRound, [this, e] { close(e); });
      x_time.at(start_of(e) + kRound / 2, [this, e] { publish(e + wire::kEpochsAhead); });
      x_time.at(start_of(e + (late == e + 1 ? 2 : 1)) + 5 * kRound, [this, e] { end(e); });
      for (std::uint32_t r = 0; r < kEpochRounds; ++r) {
        const RoundId round = ready ? RoundId{{e}, {r}} : RoundId{{e - 1}, {kEpochRounds + r}};
        x_time.at(start_of(e) + r * kRound + kRound / 5, [this, round] { carry(round); });
      }
    }
    for (Micros n = 0; n < kFirstEpoch / kRound + static_cast<Micros>(epochs) * kEpochRounds; ++n) {
      x_time.at(x_life.from + n * kRound + 2 * kRound / 5, [this] { send_returns(); });
    }
  }

  /// A frame of a station; its answers go to `back`.
  void arrives(std::size_t from, const link::Frame& frame, const std::function<void(const link::Frame&)>& back) {
    const auto address = sw::test::address(static_cast<std::uint8_t>(from));
    auto known = x_members.find(from);
    if (known == x_members.end()) {
      if (!link::is_message1(frame, x_keys.public_key)) return;
      const auto caller = link::caller_of(x_keys, x_relays.venue(), ByteView(frame).first(wire::kLinkMessage1Bytes));
      if (!caller) return;
      link::LinkTerms terms{x_relays.venue(),    *caller, crypto::Role::responder, frame_rounds(kEpochRounds, 1), {}, 0,
                            wire::kCallerStreams};
      known = x_members.emplace(from, Member{link::Link(x_keys, std::move(terms)), back, 0}).first;
    }
    Member& member = known->second;
    auto in = member.link.receive(frame, address, now_round(), x_rng);
    greet(member);
    if (!in) return;
    const auto where = slot_round(in->round.round, 1);
    const RoundId round{in->round.epoch, where.round};
    const auto object = in->object ? std::optional(in->object->stream) : std::nullopt;
    read.push_back({x_time.now(), from, round, object, in->object ? in->object->bytes.size() : 0});
    if (const auto start = starts(round)) member.link.say_phase(phase_of(microseconds(x_time.now() - *start)));
    const auto place = x_stations.place(round.epoch, member.link.peer());
    if (place && x_stations.take(*place, round, where.slot, in->cells)) taken.insert({from, round});
    if (in->object) take(member, *in->object);
  }

  /// What R1 reads in a frame, but for the cells and the bytes of an object.
  struct Read {
    Micros when{};
    std::size_t from{};
    RoundId round;
    std::optional<link::Stream> object;
    std::size_t bytes{};
    bool operator==(const Read&) const = default;
  };
  std::vector<Read> read;
  std::set<std::pair<std::size_t, RoundId>> taken;
  std::map<std::uint64_t, std::set<std::size_t>> absent;  ///< set up by R1
  std::uint64_t replaced = 0;
  bool gone = false;       ///< killed: it says nothing more
  std::uint64_t late = 0;  ///< the set-up of this epoch never gets ready: the one before goes on in its place
  std::function<void(Chain&, std::uint64_t)> meddle;

 private:
  struct Member {
    link::Link link;
    std::function<void(const link::Frame&)> back;
    std::uint32_t life;
    Bulletin::Place told{};
  };
  [[nodiscard]] std::optional<Micros> starts(RoundId round) const {
    if (round.epoch.value < x_life.epoch) return std::nullopt;
    return start_of(round.epoch.value) + round.round.value * kRound;
  }
  [[nodiscard]] RoundId now_round() const { return x_last.value_or(RoundId{}); }

  void greet(Member& member) {
    if (member.life == member.link.lane_life()) return;
    member.life = member.link.lane_life();
    member.told = {};
  }
  void tell(Member& member) {
    if (member.life == 0) return;
    for (const auto stream : {link::Stream::descriptor, link::Stream::notice, link::Stream::receipt}) {
      while (member.link.queued(stream) < 2) {
        const auto* const object = x_bulletin.next(stream, member.told);
        if (object == nullptr) break;
        const bool carried = object->bytes.empty();
        member.link.send(stream,
                         carried ? encode(x_stations.carried(object->epoch, member.link.peer())) : object->bytes);
      }
    }
  }
  void take(Member& member, const link::ControlLane::Object& object) {
    if (object.stream == link::Stream::enrol) {
      const Notice notice = x_stations.enrol(member.link.peer(), object.bytes).notice;
      if (notice.kind == Notice::Kind::registered) {
        member.link.take_streams(wire::relay_streams(setup_bytes(Suite::x25519, 3, 1)));
      }
      member.link.send(link::Stream::notice, encode(notice));
    }
    if (object.stream == link::Stream::setup) (void)x_stations.take_setup(member.link.peer(), object.bytes);
  }

  void publish(std::uint64_t epoch) {
    if (x_made.contains(epoch)) return;
    const std::uint32_t circuits = x_stations.freeze({epoch});
    x_made[epoch] = x_relays.make({epoch}, {kUtcAtZero + start_of(epoch) / 1000}, circuits, x_rng);
    EXPECT_TRUE(x_stations.publish(x_made[epoch].epoch.accepted));
    x_bulletin.descriptor({epoch}, x_made[epoch].object);
  }
  void close(std::uint64_t epoch) {
    const auto onions = x_stations.close({epoch}, x_rng);
    ASSERT_TRUE(onions);
    Chain chain = set_up(x_made[epoch].epoch, *onions, x_rng);
    if (meddle) meddle(chain, epoch);
    for (const std::size_t n : chain.replaced) replaced += n;
    for (std::size_t hop = 0; hop < chain.receipts.size(); ++hop) {
      const Bytes receipt = x_relays.receipt(x_made[epoch].epoch.accepted, hop, chain.receipts[hop]);
      x_bulletin.receipt({epoch}, receipt);
    }
    x_chains.emplace(epoch, std::move(chain));
    x_bulletin.carried({epoch});
    for (auto& [from, member] : x_members) {
      if (x_stations.carried({epoch}, member.link.peer()).tag == Tag{}) absent[epoch].insert(from);
    }
  }
  void carry(RoundId round) {
    const auto batch = x_stations.collect(round, x_rng);
    ASSERT_TRUE(batch);
    x_back = run_round(x_chains.at(round.epoch.value), round.round, *batch, x_rng);
    ASSERT_TRUE(x_stations.returned(round, x_back));
    x_last = round;
  }
  void send_returns() {
    if (gone) return;
    for (auto& [to, member] : x_members) {
      tell(member);
      SlotCells cells{x_rng.array<wire::kCellBytes>(), x_rng.array<wire::kCellBytes>()};
      if (x_last) {
        const auto place = x_stations.place(x_last->epoch, member.link.peer());
        if (place) cells = x_stations.part(x_last->epoch, *place, {0}, x_back).value_or(cells);
      }
      const UtcMs clock{kUtcAtZero + x_time.now() / 1000};
      const RoundId round = x_last ? RoundId{x_last->epoch, frame_round(x_last->round, {0}, 1)} : RoundId{};
      const auto out = member.link.prepare(round, clock, cells[0], cells[1], x_rng);
      x_wire.launch(0, to, out.frame, member.back);
    }
  }
  void end(std::uint64_t epoch) {
    x_stations.end({epoch});
    x_bulletin.end({epoch});
    x_chains.erase(epoch);
    x_made.erase(epoch);
  }

  Timeline& x_time;
  Wire& x_wire;
  crypto::SeededRng x_rng;
  RelayLife x_life;
  crypto::KeyPair x_keys;
  RelayVenue x_relays;
  RelayStations x_stations{{64, 1, Suite::x25519, 3},
                           [](const Token& t) { return std::optional<std::uint32_t>(t[0]); }};
  Bulletin x_bulletin;
  std::map<std::size_t, Member> x_members;
  std::map<std::uint64_t, RelayVenue::Made> x_made;
  std::map<std::uint64_t, Chain> x_chains;
  std::optional<RoundId> x_last;
  Bytes x_back;
};

}  // namespace sw::mix::test
