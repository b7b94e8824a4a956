#pragma once
// A venue in virtual time: relay cores, the sealed streams between them with their delays and cuts, each relay's record
// of signed epochs. Whoever is honest here is held to protocol 8.7 message by message.
#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <set>

#include "link/stream.hpp"
#include "support/relay_stations.hpp"

namespace sw::mix::relay::test {

constexpr std::int64_t kFarMs = 10'000'000;

struct WorldTerms {
  std::size_t hops = 3;
  std::uint64_t seed = 1;
  Suite suite = Suite::x25519;
  std::uint32_t circuits = 8;
  std::uint32_t cover = 8;
  std::uint32_t rounds = 40;
  std::uint32_t round_ms = 100;
  Meet meet = Meet::anybody;
  UtcMs start{1'790'000'000'000};
};

/// What an observer of the cables between relays sees of one piece of a stream.
struct Passed {
  std::int64_t ms{};
  std::size_t link{};  ///< between relay `link` and the next one
  std::size_t end{};   ///< who sends: 0 is the one nearer to R1
  std::size_t bytes{};
  bool operator==(const Passed&) const = default;
};

class World {
 public:
  using Meddle = std::function<std::vector<Message>(std::size_t from, Side to, Message)>;

  explicit World(const WorldTerms& options)
      : now(options.start), x_options(options), x_rng(options.seed), x_network(~options.seed) {
    EXPECT_TRUE(crypto::start());
    rng_fill(terms.venue.bytes);
    for (std::size_t hop = 0; hop < options.hops; ++hop) {
      ids.push_back(crypto::SigningPair::generate(x_rng));
      terms.relays.push_back(ids.back().public_key);
      keys.push_back(crypto::KeyPair::generate(x_rng));
    }
    terms.round_ms = options.round_ms;
    terms.rounds = options.rounds;
    terms.lead_rounds = 20;
    terms.slots = 1;
    terms.suite = options.suite;
    terms.noise = options.hops == 1 ? NoiseTerms{} : NoiseTerms{options.cover, 1'000};
    terms.circuit_limit = 100;
    relays.resize(options.hops);
    links.resize(options.hops - 1);
    for (std::size_t hop = 0; hop < options.hops; ++hop) start(hop);
  }

  // ---- what can happen
  void run(std::int64_t ms) { run_until({now.value + ms}); }
  void run_until(UtcMs end) {
    while (step(end.value)) {
    }
    now = std::max(now, end);
  }
  /// When something happens next, if nothing comes before.
  [[nodiscard]] UtcMs next() const {
    std::int64_t least = x_events.empty() ? INT64_MAX : x_events.begin()->first;
    for (std::size_t hop = 0; hop < relays.size(); ++hop) least = std::min(least, wake_of(hop));
    return {least};
  }
  void kill(std::size_t hop) {
    if (hop > 0) cut(hop - 1);
    if (hop + 1 < relays.size()) cut(hop);
    relays[hop].core.reset();
    relays[hop].hung = false;
    relays[hop].waiting.clear();
    ++relays[hop].life;
  }
  void start(std::size_t hop) {
    Relay& relay = relays[hop];
    const Epoch highest = relay.record.empty() ? Epoch{} : *relay.record.rbegin();
    relay.core = std::make_unique<Core>(terms, hop, ids[hop].secret.clone(), highest, x_rng);
    if (hop == 0) perform(0, relay.core->on_circuits(clock(0), x_options.circuits));
    if (hop > 0) connect(hop - 1);
    if (hop + 1 < relays.size()) connect(hop);
  }
  /// The connection of relay `link` and the next one ends; what is under way is lost.
  void cut(std::size_t link) {
    Link& l = links[link];
    if (!l.ends) return;
    const auto told = l.ends->told;
    l.ends.reset();
    ++l.life;
    for (std::size_t end = 0; end < 2; ++end) {
      Relay& relay = relays[link + end];
      if (told[end] && relay.core) perform(link + end, relay.core->on_lost(clock(link + end), side_of(end)));
    }
  }
  void connect(std::size_t link) {
    // R1's connection comes last: what it asks before the others are there is lost, and asked again a second later.
    after(link == 0 ? 330 : 300, [this, link] {
      Link& l = links[link];
      if (l.ends || !relays[link].core || !relays[link + 1].core) return;
      Bytes message1;
      auto begun = link::RecordStream::begin({keys[link], keys[link + 1].public_key, terms.venue}, x_rng, message1);
      l.ends.reset(
          new Ends{{std::move(begun), link::RecordStream::wait({keys[link + 1], keys[link].public_key, terms.venue})},
                   {MessageDecoder(terms, link, Side::next), MessageDecoder(terms, link + 1, Side::previous)},
                   {},
                   {now.value, now.value}});
      ++l.life;
      carry(link, 0, std::move(message1));
    });
  }
  /// SIGSTOP: it does nothing, and what comes waits for it.
  void hang(std::size_t hop) { relays[hop].hung = true; }
  void resume(std::size_t hop) {
    relays[hop].hung = false;
    for (const auto& what : std::exchange(relays[hop].waiting, {})) what();
  }
  /// What R1's shell does came of its core.
  void perform_first(Actions actions) { perform(0, std::move(actions)); }
  void circuits(std::uint32_t count) {
    x_options.circuits = count;
    perform(0, relays[0].core->on_circuits(clock(0), count));
  }
  void onions(Epoch epoch, ByteView batch) { perform(0, relays[0].core->on_onions(clock(0), epoch, to_bytes(batch))); }
  void cells(RoundId at, Bytes batch) { perform(0, relays[0].core->on_cells(clock(0), at, std::move(batch))); }
  /// As if the neighbour had sent it.
  void inject(std::size_t to, Side from, const Message& message) {
    if (relays[to].core) perform(to, relays[to].core->on_message(clock(to), from, message));
  }
  void after(std::int64_t ms, std::function<void()> what) { x_events.emplace(now.value + ms, std::move(what)); }

  [[nodiscard]] UtcMs clock(std::size_t hop) const { return {now.value + relays[hop].skew_ms}; }

  [[nodiscard]] std::size_t notices(std::size_t hop, Notice::Kind kind) const {
    std::size_t n = 0;
    for (const Notice& notice : relays[hop].notices) n += notice.kind == kind ? 1U : 0U;
    return n;
  }
  [[nodiscard]] std::size_t all_notices(Notice::Kind kind) const {
    std::size_t n = 0;
    for (std::size_t hop = 0; hop < relays.size(); ++hop) n += notices(hop, kind);
    return n;
  }

  [[nodiscard]] const std::map<Epoch, StationsEpoch>& stations() const { return x_stations.epochs(); }

  struct Relay {
    std::unique_ptr<Core> core;
    std::uint32_t life = 0;
    std::int64_t skew_ms = 0;  ///< of its clock
    bool hung = false;
    std::vector<std::function<void()>> waiting;
    std::set<Epoch> record;  ///< outlives it
    std::vector<Notice> notices;
    std::int64_t passed = 0;  ///< when its newest pass is done
  };
  /// Of one connection: end 0 is the relay that is nearer to R1.
  struct Ends {
    std::array<link::RecordStream, 2> streams;
    std::array<MessageDecoder, 2> decoders;
    std::array<bool, 2> told;
    std::array<std::int64_t, 2> last;  ///< when the newest bytes of each arrive
  };
  struct Link {
    std::unique_ptr<Ends> ends;
    std::uint32_t life = 0;
  };

  UtcMs now;
  VenueTerms terms;
  std::vector<crypto::SigningPair> ids;
  std::vector<crypto::KeyPair> keys;  ///< of the streams
  std::vector<Relay> relays;
  std::vector<Link> links;
  Meddle meddle;                              ///< what a dishonest relay does to what it sends
  std::size_t dishonest = 99;                 ///< its hop: not held to the rules
  std::function<void(Actions&)> attend;       ///< R1's stations, instead of those of this world
  std::optional<std::vector<Passed>> passed;  ///< kept when set
  bool expect_partner = true;                 ///< each cell that comes back is the partner's
  std::size_t delivered = 0;                  ///< rounds that came back with every partner's cell
  std::size_t wrong = 0;                      ///< that came back with anything else
  std::set<Epoch> epochs_delivered;
  std::set<Epoch> published;
  std::set<Epoch> halted;
  std::map<Epoch, std::size_t> receipts;
  std::uint32_t bad_onions = 0;  ///< of each batch, from the front, that R1 gives random bytes for

 private:
  void rng_fill(MutableBytes out) { x_rng.fill(out); }

  [[nodiscard]] std::int64_t wake_of(std::size_t hop) const {
    if (!relays[hop].core || relays[hop].hung) return INT64_MAX;
    const std::int64_t due = relays[hop].core->next_wake().value;  // far away when nothing is to be done
    return due > now.value + kFarMs ? due : std::max(due - relays[hop].skew_ms, now.value);
  }
  bool step(std::int64_t end) {
    std::int64_t at = x_events.empty() ? end + 1 : x_events.begin()->first;
    std::size_t waking = relays.size();
    for (std::size_t hop = 0; hop < relays.size(); ++hop) {
      if (wake_of(hop) >= at) continue;
      at = wake_of(hop);
      waking = hop;
    }
    if (at > end) return false;
    now.value = at;
    if (waking < relays.size()) {
      perform(waking, relays[waking].core->advance(clock(waking)));
      if (relays[waking].core && relays[waking].core->next_wake() <= clock(waking)) {
        ADD_FAILURE() << "relay " << waking + 1 << " wakes for ever";
        return false;
      }
      return true;
    }
    const auto what = std::move(x_events.begin()->second);
    x_events.erase(x_events.begin());
    what();
    return true;
  }

  void perform(std::size_t hop, Actions actions) {
    Relay& relay = relays[hop];
    relay.notices.insert(relay.notices.end(), actions.notices.begin(), actions.notices.end());
    for (auto& outgoing : actions.messages) {
      if (hop != dishonest) check(hop, outgoing.to, outgoing.message);
      if (meddle) {
        for (Message& message : meddle(hop, outgoing.to, std::move(outgoing.message))) send(hop, outgoing.to, message);
      } else {
        send(hop, outgoing.to, outgoing.message);
      }
    }
    for (const Epoch epoch : actions.records) {
      after(3 + static_cast<std::int64_t>(x_network.below(5)), [this, hop, epoch, life = relay.life] {
        Relay& to = relays[hop];
        if (!to.core || to.life != life) return;
        to.record.insert(epoch);
        perform(hop, to.core->on_recorded(clock(hop), epoch));
      });
    }
    for (Work& work : actions.works) labour(hop, std::move(work));
    if (hop == 0) attend ? attend(actions) : attend_own(actions);
  }

  /// On another thread than the core's: passes come back a little later in their order, a set-up when it likes.
  void labour(std::size_t hop, Work work) {
    Relay& relay = relays[hop];
    work.run(x_hands, x_rng);
    const auto kept = std::make_shared<Work>(std::move(work));
    std::int64_t due = now.value + static_cast<std::int64_t>(x_network.below(kept->patient() ? 200 : 4));
    if (!kept->patient()) due = relay.passed = std::max(relay.passed, due);
    after(due - now.value, [this, hop, kept, life = relay.life] {
      Relay& to = relays[hop];
      if (to.core && to.life == life) perform(hop, to.core->on_done(clock(hop), std::move(*kept)));
    });
  }

  static Side side_of(std::size_t end) { return end == 0 ? Side::next : Side::previous; }

  void send(std::size_t from, Side to, const Message& message) {
    const std::size_t end = to == Side::next ? 0 : 1;
    const std::size_t link = from - end;
    if (!links[link].ends) return;
    Bytes sealed;
    links[link].ends->streams[end].seal(encode(message), sealed);
    // In two pieces, so that neither a record nor a message comes as it was sent.
    const auto half = sealed.begin() + static_cast<std::ptrdiff_t>(x_network.below(sealed.size()));
    carry(link, end, Bytes(sealed.begin(), half));
    carry(link, end, Bytes(half, sealed.end()));
  }
  void carry(std::size_t link, std::size_t end, Bytes bytes) {
    if (passed) passed->push_back({now.value, link, end, bytes.size()});
    std::int64_t& last = links[link].ends->last[end];
    last = std::max(last, now.value + 1 + static_cast<std::int64_t>(x_network.below(6)));
    after(last - now.value, [this, link, end, moved = std::move(bytes), life = links[link].life] {
      const auto arrive = [this, link, end, moved, life] {
        if (links[link].ends && links[link].life == life) receive(link, 1 - end, moved);
      };
      Relay& to = relays[link + 1 - end];
      if (to.hung) {
        to.waiting.emplace_back(arrive);
      } else {
        arrive();
      }
    });
  }
  void receive(std::size_t link, std::size_t end, ByteView bytes) {
    Link& l = links[link];
    const std::size_t hop = link + end;
    Bytes out;
    Bytes opened;
    EXPECT_TRUE(l.ends->streams[end].feed(bytes, x_rng, out, opened));
    if (!out.empty()) carry(link, end, std::move(out));
    l.ends->decoders[end].feed(opened);
    const bool there = end == 0 ? l.ends->streams[0].ready() : l.ends->streams[1].confirmed();
    const std::uint32_t life = l.life;
    if (there && !std::exchange(l.ends->told[end], there)) {
      perform(hop, relays[hop].core->on_connected(clock(hop), side_of(end)));
    }
    while (l.ends && l.life == life) {
      auto message = l.ends->decoders[end].next();
      if (!message) break;
      perform(hop, relays[hop].core->on_message(clock(hop), side_of(end), std::move(*message)));
    }
    if (l.ends && l.life == life && l.ends->decoders[end].failed()) {
      cut(link);
      connect(link);
    }
  }

  // ---- what an honest relay may say
  void check(std::size_t hop, Side to, const Message& m) {
    const RoundId at = m.at;
    const auto once = [&](const char* what) {
      EXPECT_TRUE(x_said.insert({what, hop, static_cast<std::uint8_t>(to), at}).second)
          << what << " of relay " << hop + 1 << " again, epoch " << at.epoch.value << " round " << at.round.value;
    };
    const auto size_of = [&](std::size_t row_bytes, std::size_t place) {
      const auto of = stations().find(at.epoch);
      if (of == stations().end()) return m.bytes.size();
      return terms.taken(place, of->second.onions.size()) * row_bytes;
    };
    if (m.type == Type::signature && m.bytes[0] == hop + 1) {
      once("signature");
      EXPECT_TRUE(relays[hop].record.contains(at.epoch)) << "signed before it was recorded";
    }
    if (m.type == Type::setup) {
      once("setup");
      EXPECT_EQ(m.bytes.size(), size_of(onion_bytes(terms.suite, terms.hops(), hop + 1), hop + 1));
    }
    if (m.type == Type::forward) {
      once("forward");
      EXPECT_EQ(m.bytes.size(), size_of(kCell, hop + 1));
      auto& last = x_last_forward[hop];
      EXPECT_LT(last, at);
      last = at;
    }
    if (m.type == Type::back) {
      once("back");
      EXPECT_EQ(m.bytes.size(), size_of(kCell, hop));
    }
  }

  // ---- the stations and what R1's shell does for them
  void attend_own(Actions& actions) {
    for (const auto& each : actions.published) {
      EXPECT_TRUE(published.empty() || *published.rbegin() < each.epoch);
      published.insert(each.epoch);
      x_stations.publish(each);
    }
    for (const Epoch epoch : actions.halted) halted.insert(epoch);
    for (const auto& each : actions.receipts) ++receipts[each.epoch];
    for (auto& each : actions.returned) {
      const bool right = x_stations.right(each);
      EXPECT_TRUE(right || !expect_partner) << "epoch " << each.at.epoch.value << " round " << each.at.round.value;
      right ? ++delivered : ++wrong;
      if (right) epochs_delivered.insert(each.at.epoch);
    }
    for (const Epoch epoch : actions.close_setup) {
      onions(epoch, x_stations.onions(epoch, bad_onions));
    }
    for (const RoundId at : actions.close_round) cells(at, x_stations.cells(at));
  }

  WorldTerms x_options;
  crypto::SeededRng x_rng;
  OwnHands x_hands;
  crypto::SeededRng x_network;  ///< of the delays alone
  Stations x_stations{terms, x_options.meet, x_rng};
  std::multimap<std::int64_t, std::function<void()>> x_events;
  std::set<std::tuple<std::string, std::size_t, std::uint8_t, RoundId>> x_said;
  std::map<std::size_t, RoundId> x_last_forward;
};

}  // namespace sw::mix::relay::test
