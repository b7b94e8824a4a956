// needs: link
// Everything that a stranger can send a carrier, between the frames of its real neighbour (protocol 3.1 to 3.4): a
// stranger moves nothing, gets at most ten cookies a second, and never a cell through.
#include "crypto/rng.hpp"
#include "fuzz/fuzz.hpp"
#include "link/gate.hpp"

namespace sw::fuzz {
namespace {

constexpr std::uint32_t kRounds = 50;

wire::Endpoint address(std::uint8_t host) {
  wire::Endpoint out{{}, 7000};
  out.ip[10] = out.ip[11] = 0xff;
  out.ip[12] = 10;
  out.ip[15] = host;
  return out;
}

struct Keys {
  crypto::KeyPair one;
  crypto::KeyPair other;
};
const Keys& keys() {
  static const Keys pair = [] {
    crypto::SeededRng rng(1);
    auto a = crypto::KeyPair::generate(rng);
    auto b = crypto::KeyPair::generate(rng);
    return Keys{std::move(a), std::move(b)};
  }();
  return pair;
}

link::Link make_link(bool first) {
  const auto& own = first ? keys().one : keys().other;
  const auto& peer = first ? keys().other : keys().one;
  return {own,
          {VenueId{{7}},
           peer.public_key,
           link::direct_role(own.public_key, peer.public_key),
           kRounds,
           {address(first ? 2 : 1)},
           0}};
}

/// The carrier under test at address 1, and its neighbour at 2.
class World {
 public:
  explicit World(bool initiator)
      : x_us(initiator == (keys().one.public_key < keys().other.public_key)),
        x_own(make_link(x_us)),
        x_peer(make_link(!x_us)),
        x_gate(own().public_key) {}

  void round(bool there, bool back) {
    if (++x_now.round.value == kRounds) x_now = {Epoch{x_now.epoch.value + 1}, Round{0}};
    x_clock.value += 500;
    x_time = x_time + milliseconds(500);
    const wire::Cell cell{};
    const auto ours = x_own.prepare(x_now, x_clock, cell, cell, x_rng);
    x_theirs = x_peer.prepare(x_now, x_clock, cell, cell, x_rng).frame;
    if (there) (void)x_peer.receive(ours.frame, address(1), x_now, x_rng);
    if (back) (void)arrives(x_theirs, address(2));
    x_cookies = 0;
  }

  link::Gate::Arrival arrives(ByteView datagram, const wire::Endpoint& from) {
    const link::Door door{&x_own, x_now};
    auto out = x_gate.receive(datagram, from, {&door, 1}, x_time, x_rng);
    SW_ASSERT(!(out.reply && out.cells));
    SW_ASSERT(!out.cells || out.door == 0U);
    if (out.reply) SW_ASSERT(++x_cookies <= wire::kGateCookies && !x_own.owns(from));
    return out;
  }

  void stranger(ByteView datagram, std::uint8_t host) {
    const bool up = x_own.up();
    const auto quiet = x_own.quiet_rounds();
    const auto stamp = x_own.last_stamp();
    const auto epoch = x_own.peer_epoch();
    const bool at_home = x_own.owns(address(2));
    const auto out = arrives(datagram, address(host));
    SW_ASSERT(!out.cells && !out.door);
    SW_ASSERT(x_own.up() == up && x_own.quiet_rounds() == quiet && x_own.last_stamp() == stamp);
    SW_ASSERT(x_own.peer_epoch() == epoch && x_own.owns(address(2)) == at_home);
  }

  [[nodiscard]] const PublicKey& own_key() const { return own().public_key; }
  [[nodiscard]] const link::Frame& theirs() const { return x_theirs; }
  [[nodiscard]] bool up() const { return x_own.up() && x_peer.up(); }

 private:
  [[nodiscard]] const crypto::KeyPair& own() const { return x_us ? keys().one : keys().other; }

  crypto::SeededRng x_rng{3};
  bool x_us;
  link::Link x_own;
  link::Link x_peer;
  link::Gate x_gate;
  RoundId x_now{Epoch{994'000}, Round{0}};
  UtcMs x_clock{1'790'000'000'000};
  Instant x_time{};
  link::Frame x_theirs{};
  std::uint32_t x_cookies = 0;
};

/// Noise bytes of the input's choice under the mac1 that anybody who knows our key can make.
link::Frame greeting(Input& in, const PublicKey& to, std::size_t noise) {
  link::Frame frame{};
  const ByteView bytes = in.take(noise);
  std::ranges::copy(bytes, frame.begin());
  const auto mac = link::mac1_of(to, ByteView(frame).first(noise));
  std::ranges::copy(mac, frame.begin() + static_cast<std::ptrdiff_t>(noise));
  return frame;
}

}  // namespace

void run(ByteView data) {
  Input in(data);
  World world((in.u8() & 1U) != 0);
  for (int steps = 0; !in.empty() && steps < 200; ++steps) {
    const std::uint8_t what = in.u8();
    const auto host = static_cast<std::uint8_t>(2 + (what >> 6U));  // 2 is the neighbour's own address
    switch (what % 8U) {
      case 0: world.stranger(in.take(in.u16() % 1300U), host); break;
      case 1: world.stranger(greeting(in, world.own_key(), wire::kLinkMessage1Bytes), host); break;
      case 2: world.stranger(greeting(in, world.own_key(), wire::kLinkMessage2Bytes), host); break;
      case 3: world.stranger(in.array<wire::kCookieReplyBytes>(), host); break;
      case 4: {
        // A frame of the neighbour with one of its meant bytes changed; those of a greeting are the first 64 at least.
        link::Frame frame = world.theirs();
        const auto flip = static_cast<std::uint8_t>(in.u8() | 1U);
        frame[in.u8() % 64U] ^= flip;
        world.stranger(frame, host);
        break;
      }
      default: world.round((what & 8U) == 0, (what & 16U) == 0); break;
    }
  }
  for (int n = 0; n < 60 && !world.up(); ++n) world.round(true, true);
  SW_ASSERT(world.up());
}

std::vector<Bytes> seeds() {
  Bytes greetings(1, 1);
  for (int i = 0; i < 40; ++i) greetings.push_back(0x41);
  Bytes rounds(1, 0);
  for (std::uint8_t i = 0; i < 120; ++i) rounds.push_back(i % 5 == 4 ? 4 : 5);
  return {{0, 5, 5, 5, 5}, {1, 5, 5, 5, 5, 4, 3, 9, 0x84, 7, 7}, greetings, rounds, {1, 0, 56, 0, 3, 2, 1, 13, 21, 29}};
}

}  // namespace sw::fuzz
