// needs: mix
// Three relays of which the middle one's every message is in the input's hand: held back, repeated, changed, invented;
// and time, connections and records as the input says. The honest two send no batch twice, none of another count, and
// sign nothing that is not recorded; none of the three ever sleeps past its next work or spins.
#include <map>
#include <memory>
#include <set>

#include "crypto/rng.hpp"
#include "fuzz/fuzz.hpp"
#include "mix/relay/core.hpp"
#include "wire/sizes.hpp"

namespace sw::fuzz {
namespace {

using namespace mix::relay;

constexpr std::uint32_t kCircuits = 4;
constexpr std::uint32_t kCover = 4;
constexpr std::size_t kRelays = 3;

class Chain {
 public:
  Chain() {
    SW_ASSERT(crypto::start());
    for (std::size_t hop = 0; hop < kRelays; ++hop) {
      x_ids.push_back(crypto::SigningPair::generate(x_rng));
      x_terms.relays.push_back(x_ids.back().public_key);
    }
    x_terms.round_ms = 100;
    x_terms.rounds = 40;
    x_terms.lead_rounds = 20;
    x_terms.slots = 1;
    x_terms.suite = mix::Suite::x25519;
    x_terms.noise = {kCover, 1'000};
    x_terms.circuit_limit = 2 * kCircuits;
    for (std::size_t hop = 0; hop < kRelays; ++hop) start(hop);
  }

  void start(std::size_t hop) {
    const Epoch highest = x_recorded[hop].empty() ? Epoch{} : *x_recorded[hop].rbegin();
    x_cores[hop] = std::make_unique<Core>(x_terms, hop, x_ids[hop].secret.clone(), highest, x_rng);
    if (hop == 0) perform(0, x_cores[0]->on_circuits(now, kCircuits));
    if (hop > 0) connect(hop - 1);
    if (hop + 1 < kRelays) connect(hop);
  }
  void connect(std::size_t link) {
    if (!x_cores[link] || !x_cores[link + 1]) return;
    perform(link + 1, x_cores[link + 1]->on_connected(now, Side::previous));
    perform(link, x_cores[link]->on_connected(now, Side::next));
  }
  void lose(std::size_t link) {
    perform(link, x_cores[link]->on_lost(now, Side::next));
    perform(link + 1, x_cores[link + 1]->on_lost(now, Side::previous));
  }
  void wait(std::int64_t ms) {
    const std::int64_t end = now.value + ms;
    for (;;) {
      std::size_t next = 0;
      for (std::size_t hop = 1; hop < kRelays; ++hop) {
        if (x_cores[hop]->next_wake() < x_cores[next]->next_wake()) next = hop;
      }
      if (x_cores[next]->next_wake().value > end) break;
      now = std::max(now, x_cores[next]->next_wake());
      perform(next, x_cores[next]->advance(now));
      SW_ASSERT(x_cores[next]->next_wake() > now);
      deliver();
    }
    now.value = end;
  }
  /// What the middle relay's next messages meet: one byte each, zero when there is none.
  void fate(ByteView bytes) { x_fate.insert(x_fate.end(), bytes.begin(), bytes.end()); }
  void invent(Side to, Message message) {
    x_queue.push_back({1, to, std::move(message)});
    deliver();
  }
  void release() {
    for (Flying& flying : std::exchange(x_held, {})) x_queue.push_back(std::move(flying));
    deliver();
  }
  [[nodiscard]] std::optional<Epoch> running() const { return x_cores[0]->running(); }

  UtcMs now{1'790'000'000'000};

 private:
  struct Flying {
    std::size_t from;
    Side to;
    Message message;
  };

  void perform(std::size_t hop, Actions actions) {
    for (auto& work : actions.works) {
      work.run(x_hands, x_rng);
      perform(hop, x_cores[hop]->on_done(now, std::move(work)));
    }
    for (auto& outgoing : actions.messages) {
      if (hop != 1) check(hop, outgoing.message);
      x_queue.push_back({hop, outgoing.to, std::move(outgoing.message)});
    }
    for (const Epoch epoch : actions.records) {
      SW_ASSERT(x_recorded[hop].insert(epoch).second);
      perform(hop, x_cores[hop]->on_recorded(now, epoch));
    }
    for (const Epoch epoch : actions.close_setup) {
      const std::size_t size = mix::onion_bytes(x_terms.suite, kRelays, 0);
      perform(0, x_cores[0]->on_onions(now, epoch, Bytes(kCircuits * size, 7)));
    }
    for (const RoundId at : actions.close_round) {
      perform(0, x_cores[0]->on_cells(now, at, Bytes(kCircuits * wire::kCellBytes, 7)));
    }
    for (const auto& back : actions.returned) {
      SW_ASSERT(back.cells.size() == kCircuits * wire::kCellBytes && x_returned.insert(back.at).second);
    }
    for (const auto& core : x_cores) SW_ASSERT(!core || core->held() <= wire::kEpochsHeld);
  }

  void check(std::size_t hop, const Message& m) {
    if (m.type == Type::signature) SW_ASSERT(x_recorded[hop].contains(m.at.epoch));
    if (m.type != Type::forward && m.type != Type::back && m.type != Type::setup) return;
    SW_ASSERT(x_said.insert({m.type, hop, m.at}).second);
    const std::size_t row =
        m.type == Type::setup ? mix::onion_bytes(x_terms.suite, kRelays, hop + 1) : wire::kCellBytes;
    const std::size_t place = m.type == Type::back ? hop : hop + 1;
    SW_ASSERT(m.bytes.size() == x_terms.taken(place, kCircuits) * row);
  }

  void deliver() {
    for (std::size_t n = 0; !x_queue.empty() && n < 400; ++n) {
      Flying flying = std::move(x_queue.front());
      x_queue.erase(x_queue.begin());
      if (flying.from == 1) meddle(flying);
      const std::size_t to = flying.to == Side::next ? flying.from + 1 : flying.from - 1;
      const auto limit = size_limit(x_terms, to, other(flying.to), flying.message.type);
      if (!limit || flying.message.bytes.size() > *limit) continue;  // the decoder closes
      perform(to, x_cores[to]->on_message(now, other(flying.to), std::move(flying.message)));
    }
  }

  void meddle(Flying& flying) {
    if (x_fate.empty()) return;
    const std::uint8_t fate = x_fate.front();
    x_fate.erase(x_fate.begin());
    Message& m = flying.message;
    switch (fate % 8U) {
      case 1: x_queue.push_back(flying); break;
      case 2:
        if (!m.bytes.empty())
          m.bytes[(fate * std::size_t{37}) % m.bytes.size()] ^= static_cast<std::uint8_t>(fate | 1U);
        break;
      case 3: m.bytes.resize(m.bytes.size() - std::min<std::size_t>(m.bytes.size(), 1U + (fate >> 3U))); break;
      case 4: m.bytes.resize(m.bytes.size() + (fate >> 3U) * std::size_t{16}); break;
      case 5: m.at.epoch.value += (fate >> 3U) - std::uint64_t{16}; break;
      case 6: m.at.round.value += (fate >> 3U) - 16U; break;
      case 7:
        x_held.push_back(flying);
        flying.message = {Type::hello, {}, {}};
        break;
      default: break;
    }
  }

  crypto::SeededRng x_rng{1};
  OwnHands x_hands;
  VenueTerms x_terms;
  std::vector<crypto::SigningPair> x_ids;
  std::array<std::unique_ptr<Core>, kRelays> x_cores;
  std::array<std::set<Epoch>, kRelays> x_recorded;
  std::vector<Flying> x_queue;
  std::vector<Flying> x_held;
  Bytes x_fate;
  std::set<std::tuple<Type, std::size_t, RoundId>> x_said;
  std::set<RoundId> x_returned;
};

void happen(Chain& chain, Input& in) {
  const std::uint8_t what = in.u8();
  switch (what % 8U) {
    case 0:
    case 1: chain.wait(std::int64_t{what} * 10); break;
    case 2:
    case 3: chain.fate(in.take(what >> 3U)); break;
    case 4: chain.lose((what >> 3U) & 1U); break;
    case 5: chain.connect((what >> 3U) & 1U); break;
    case 6:
      if ((what & 8U) != 0) {
        chain.release();
      } else {
        chain.start((what >> 4U) % kRelays);
      }
      break;
    default: {
      const Epoch epoch{chain.running().value_or(Epoch{1}).value + in.u8() % 8U};
      const Type type{static_cast<std::uint8_t>(1 + in.u8() % 11U)};
      const Side to = (what & 8U) != 0 ? Side::next : Side::previous;
      chain.invent(to, {type, {epoch, {in.u8()}}, to_bytes(in.take(in.u16() % 700U))});
    }
  }
}

}  // namespace

void run(ByteView data) {
  Input in(data);
  Chain chain;
  for (int steps = 0; !in.empty() && steps < 60; ++steps) happen(chain, in);
}

std::vector<Bytes> seeds() {
  return {Bytes{0xF8, 0xF8, 0xF8, 0xF8, 0xF8, 0xF8, 0xF9, 0xF9, 0xF9},
          Bytes{0xF8, 0x22, 1, 2, 3, 4, 0xF8, 0x3A, 5, 6, 7, 0, 0, 0, 1, 0xF8, 0x0E, 0xF8, 0xF8},
          Bytes{0xF8, 0x12, 5, 13, 0x04, 0x05, 0xF8, 0x16, 0xF8, 0x26, 0xF8, 0xF8, 0x06, 0xF8, 0xF8, 0xF8},
          Bytes{0xF8, 0x0F, 1, 9, 0, 2, 0, 2, 1, 0xF8, 0x07, 0, 8, 3, 0, 2, 0xF8}};
}

}  // namespace sw::fuzz
