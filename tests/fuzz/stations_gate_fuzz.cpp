// needs: relay
// R1's gate with its relay core (protocol 8.8): strangers, stations that hold keys and say anything within their links,
// replays from everywhere, and time. Nobody gets more at once than a cookie, each link one frame a round at R1's
// instant, places are bounded; and a station that does nothing wrong is registered at the end.
#include <set>

#include "crypto/rng.hpp"
#include "fuzz/fuzz.hpp"
#include "relay/stations_gate.hpp"
#include "wire/sizes.hpp"

namespace sw::fuzz {
namespace {

using mix::relay::Actions;

constexpr std::int64_t kRoundMs = 100;
constexpr std::uint32_t kRounds = 40;
constexpr std::uint32_t kStations = 3;  // the venue's limit
constexpr relay::Moment kStart{{1'790'000'000'000}, {5'000'000'000}};

wire::Endpoint address(std::uint8_t host) {
  return {{host, 1}, 7150};
}

const mix::relay::VenueTerms& venue() {
  static const mix::relay::VenueTerms terms = [] {
    crypto::SeededRng rng(1);
    mix::relay::VenueTerms out;
    out.venue.bytes.fill(7);
    out.relays = {crypto::SigningPair::generate(rng).public_key};
    out.round_ms = kRoundMs;
    out.rounds = kRounds;
    out.lead_rounds = 20;
    out.slots = 1;
    out.suite = mix::Suite::x25519;
    out.circuit_limit = 2 * kStations;
    return out;
  }();
  return terms;
}

class World {
 public:
  /// The first one does nothing wrong, and its token is nobody else's.
  static constexpr std::size_t kKeys = 5;

  World() {
    for (std::size_t i = 0; i < kKeys; ++i) {
      x_keys.push_back(crypto::KeyPair::generate(x_rng));
      x_links.push_back(make_link(x_keys.back()));
    }
  }

  void datagram(ByteView bytes, std::uint8_t host) {
    const auto answer = x_gate.on_datagram(x_now, bytes, address(host));
    if (answer) {
      SW_ASSERT(answer->to == address(host) && answer->bytes.size() == wire::kCookieReplyBytes);
      const std::int64_t second = x_now.ns / 1'000'000'000;
      if (second != std::exchange(x_second, second)) x_cookies = 0;
      SW_ASSERT(++x_cookies <= wire::kGateCookies);
    }
    count();
    check();
  }
  /// A new key's message 1, as anybody can make one.
  void call(std::uint8_t host) {
    const auto keys = crypto::KeyPair::generate(x_rng);
    datagram(make_link(keys).prepare({}, utc(), {}, {}, x_rng).frame, host);
  }
  void speak(std::size_t who, RoundId name, std::uint8_t host) {
    x_last = x_links[who].prepare(name, utc(), {}, {}, x_rng).frame;
    datagram(x_last, host);
  }
  void again(std::uint8_t at, std::uint8_t flip, std::uint8_t host) {
    link::Frame frame = x_last;
    frame[at * std::size_t{4}] ^= flip;
    datagram(frame, host);
  }
  void object(std::size_t who, wire::Stream stream, Bytes bytes) {
    if (!bytes.empty()) x_links[who].send(stream, std::move(bytes));
  }
  void token(std::size_t who, std::uint8_t serial) {
    Bytes bytes(wire::kTokenBytes, 0);
    bytes[0] = serial;
    object(who, wire::Stream::enrol, std::move(bytes));
  }
  void setup(std::size_t who, Epoch epoch, std::uint8_t fill) {
    Bytes bytes(mix::setup_bytes(mix::Suite::x25519, 1, 1), fill);
    for (std::size_t i = 0; i < 8; ++i) bytes[i] = static_cast<std::uint8_t>(epoch.value >> (8 * i));
    object(who, wire::Stream::setup, std::move(bytes));
  }
  void wait(std::int64_t ms) {
    const Instant end = x_now + milliseconds(ms);
    for (;;) {
      const Instant due = std::min(x_gate.next_wake(), kStart.instant_at(x_core.next_wake()));
      if (due > end) break;
      x_now = std::max(x_now, due);
      perform(x_core.advance(utc()));
      depart();
      SW_ASSERT(x_core.next_wake() > utc() && x_gate.next_wake() > x_now);
    }
    x_now = end;
  }
  [[nodiscard]] RoundId now() const {
    const auto running = x_core.running();
    return {running.value_or(Epoch{}), x_closed.round};
  }
  [[nodiscard]] bool heard(std::size_t who, mix::Notice::Kind kind) const { return x_heard.contains({who, kind}); }

 private:
  static link::Link make_link(const crypto::KeyPair& keys) {
    return {keys,
            {venue().venue,
             relay_keys().public_key,
             crypto::Role::initiator,
             mix::frame_rounds(kRounds, 1),
             {address(200)},
             0,
             wire::kStationStreams}};
  }
  static const crypto::KeyPair& relay_keys() {
    static const crypto::KeyPair keys = [] {
      crypto::SeededRng rng(2);
      return crypto::KeyPair::generate(rng);
    }();
    return keys;
  }
  static crypto::SigningKey relay_id() {
    crypto::SeededRng rng(1);
    return crypto::SigningPair::generate(rng).secret.clone();
  }
  /// Serials below 4 are of this venue.
  static std::optional<std::uint32_t> serial_of(const mix::Token& token) {
    return token[0] < 4 ? std::optional<std::uint32_t>(token[0]) : std::nullopt;
  }
  [[nodiscard]] UtcMs utc() const { return kStart.utc_at(x_now); }

  void count() {
    if (const auto circuits = x_gate.circuits(x_now)) {
      SW_ASSERT(*circuits <= venue().circuit_limit);
      perform(x_core.on_circuits(utc(), *circuits));
    }
  }
  void check() const { SW_ASSERT(x_gate.registered() <= kStations && x_gate.links() <= wire::kCallers + kStations); }

  void perform(Actions actions) {
    for (auto& work : actions.works) {
      work.run(x_hands, x_rng);
      perform(x_core.on_done(utc(), std::move(work)));
    }
    for (const auto& each : actions.published) x_gate.on_published(each);
    for (const Epoch epoch : actions.halted) x_gate.on_halted(epoch);
    for (const Epoch epoch : actions.making) x_gate.on_making(epoch);
    for (const auto& each : actions.receipts) x_gate.on_receipt(each);
    for (const Epoch epoch : actions.close_setup) {
      if (const auto onions = x_gate.close_setup(epoch)) perform(x_core.on_onions(utc(), epoch, to_bytes(*onions)));
    }
    for (const RoundId at : actions.close_round) {
      x_closed = at;
      if (auto cells = x_gate.close_round(x_now, at)) perform(x_core.on_cells(utc(), at, std::move(*cells)));
    }
    for (auto& each : actions.returned) SW_ASSERT(x_gate.on_returned(std::move(each)).has_value());
    for (const Epoch epoch : actions.records) perform(x_core.on_recorded(utc(), epoch));
  }

  void depart() {
    const bool due = x_gate.next_wake() <= x_now;
    const std::size_t before = x_gate.links();
    std::vector<relay::StationsGate::Datagram> frames;
    x_gate.depart(x_now, [&](const auto& to, const auto& frame) { frames.push_back({to, to_bytes(frame)}); });
    SW_ASSERT(due || frames.empty());
    if (!frames.empty()) {
      // R1's departures keep their distance whatever is said to it; an emergency moves the grid by half a round at
      // most.
      SW_ASSERT(x_departed.ns == 0 || (x_now - x_departed).ns >= milliseconds(kRoundMs / 2).ns);
      x_departed = x_now;
    }
    SW_ASSERT(frames.size() <= before);
    for (const auto& frame : frames) {
      SW_ASSERT(frame.bytes.size() == wire::kFrameBytes);
      hear(frame);
    }
    count();
    check();
  }
  void hear(const relay::StationsGate::Datagram& datagram) {
    link::Frame frame;
    std::ranges::copy(datagram.bytes, frame.begin());
    for (std::size_t who = 0; who < kKeys; ++who) {
      const auto in = x_links[who].receive(frame, address(200), {}, x_rng);
      if (!in) continue;
      if (!in->object || in->object->stream != wire::Stream::notice) return;
      const auto notice = mix::read_notice(in->object->bytes);
      SW_ASSERT(notice.has_value());
      x_heard.insert({who, notice->kind});
      return;
    }
  }

  crypto::SeededRng x_rng{3};
  mix::relay::OwnHands x_hands;
  std::vector<crypto::KeyPair> x_keys;
  std::vector<link::Link> x_links;
  relay::StationsGate x_gate{{relay_keys(), venue(), serial_of, kStart}, x_rng};
  mix::relay::Core x_core{venue(), 0, relay_id(), Epoch{}, x_rng};
  Instant x_now = kStart.instant;
  link::Frame x_last{};
  RoundId x_closed{};
  Instant x_departed{};
  std::set<std::pair<std::size_t, mix::Notice::Kind>> x_heard;
  std::int64_t x_second = 0;
  std::uint32_t x_cookies = 0;
};

/// Of a station that lies: not the first one.
std::size_t liar(std::uint8_t choice) {
  return 1 + choice % (World::kKeys - 1);
}

void happen(World& world, Input& in) {
  const std::uint8_t what = in.u8();
  const auto more = static_cast<std::uint8_t>(what >> 4U);
  switch (what % 16U) {
    case 0: world.datagram(in.take(in.u16() % 1300U), in.u8()); break;
    case 1: world.call(in.u8()); break;
    case 2: world.again(in.u8(), in.u8(), in.u8()); break;
    case 3: world.token(liar(more), static_cast<std::uint8_t>(2 + in.u8() % 8U)); break;
    case 4: world.setup(liar(more), {world.now().epoch.value + in.u8() % 8U}, in.u8()); break;
    case 5:
      world.object(liar(more), static_cast<wire::Stream>(1 + in.u8() % wire::kControlStreams),
                   to_bytes(in.take(1 + in.u16() % 600U)));
      break;
    case 6: {
      const RoundId name{{world.now().epoch.value + in.u8() - 2U}, {in.u8() % (2 * kRounds)}};
      world.speak(liar(more), name, in.u8());
      break;
    }
    case 7: world.wait(in.u8() * std::int64_t{20}); break;
    default: {
      // Rounds in which everybody speaks in turn, from their own places.
      for (unsigned n = 0; n <= more; ++n) {
        for (std::size_t who = 1; who < World::kKeys; ++who) {
          if ((what & (1U << (who % 3U))) == 0) continue;
          const RoundId at = world.now();
          const std::uint32_t round = std::min(at.round.value + 1, 2 * kRounds - 1);
          world.speak(who, at.epoch.value == 0 ? RoundId{} : RoundId{at.epoch, {round}},
                      static_cast<std::uint8_t>(who));
        }
        world.wait(kRoundMs);
      }
    }
  }
}

}  // namespace

void run(ByteView data) {
  Input in(data);
  World world;
  for (int steps = 0; !in.empty() && steps < 80; ++steps) happen(world, in);
  world.token(0, 1);
  for (int n = 0; n < 60 && !world.heard(0, mix::Notice::Kind::registered); ++n) {
    world.speak(0, {}, 0xf0);
    world.wait(kRoundMs);
    if (n % 16 == 15) world.token(0, 1);  // the lane may have started anew
  }
  SW_ASSERT(world.heard(0, mix::Notice::Kind::registered));
}

std::vector<Bytes> seeds() {
  // Links, tokens, rounds until an epoch runs, set-ups for those ahead, and rounds of them.
  const Bytes join{0xff, 0x03, 0, 0x13, 1, 0x23, 7, 0xff, 0xff, 0xff};
  const Bytes lead{0x04, 1, 9, 0x14, 1, 8, 0xff, 0x04, 2, 7, 0x14, 2, 7, 0xff, 0xff, 0xff, 0xff};
  const Bytes storm{0x01, 9,  0x01, 9, 0x01, 10, 0x02, 5, 1,    3,    0x02, 0,
                    0,    77, 0x06, 3, 4,    66, 0x23, 2, 0xff, 0x07, 200};
  return {join, joined({join, lead}), joined({join, storm, lead}), joined({storm, storm, join, lead, storm, lead}),
          joined({join, Bytes{0x05, 2, 40, 0, 1, 2, 3, 4, 0x07, 255, 0x07, 255, 0x07, 255, 0x07, 255}, lead})};
}

}  // namespace sw::fuzz
