// needs: link
// The sealed stream of two relays (protocol 8.7) with the input as its network: what opens is what was sealed, in its
// order and from the beginning; whatever else comes closes an end for good, and an end that is closed says nothing.
#include "crypto/rng.hpp"
#include "fuzz/fuzz.hpp"
#include "link/stream.hpp"

namespace sw::fuzz {
namespace {

struct Pair {
  crypto::KeyPair one;
  crypto::KeyPair other;
};
const Pair& keys() {
  static const Pair made = [] {
    crypto::SeededRng rng(1);
    auto a = crypto::KeyPair::generate(rng);
    auto b = crypto::KeyPair::generate(rng);
    return Pair{std::move(a), std::move(b)};
  }();
  return made;
}

class Connection {
 public:
  Connection()
      : x_first(link::RecordStream::begin({keys().one, keys().other.public_key, x_venue}, x_rng, x_cable[0])) {}

  void say(std::size_t end, ByteView bytes) {
    link::RecordStream& from = end == 0 ? x_first : x_second;
    if (!from.ready()) return;
    from.seal(bytes, x_cable[end]);
    x_said[end].insert(x_said[end].end(), bytes.begin(), bytes.end());
  }
  /// The next bytes of this end come to the other one.
  void carry(std::size_t end, std::size_t most) {
    const std::size_t n = std::min(most, x_cable[end].size());
    const Bytes piece(x_cable[end].begin(), x_cable[end].begin() + static_cast<std::ptrdiff_t>(n));
    x_cable[end].erase(x_cable[end].begin(), x_cable[end].begin() + static_cast<std::ptrdiff_t>(n));
    feed(1 - end, piece);
  }
  void inject(std::size_t to, ByteView bytes) { feed(to, bytes); }
  void damage(std::size_t end, std::size_t at, std::uint8_t flip) {
    if (!x_cable[end].empty()) x_cable[end][at % x_cable[end].size()] ^= flip;
  }

 private:
  void feed(std::size_t to, ByteView bytes) {
    link::RecordStream& end = to == 0 ? x_first : x_second;
    Bytes out;
    Bytes opened;
    const bool alive = end.feed(bytes, x_rng, out, opened);
    SW_ASSERT(alive || !end.ready());
    SW_ASSERT(!x_closed[to] || (!alive && out.empty() && opened.empty()));
    x_closed[to] = !alive;
    x_cable[to].insert(x_cable[to].end(), out.begin(), out.end());
    const Bytes& said = x_said[1 - to];
    SW_ASSERT(x_opened[to] + opened.size() <= said.size());
    SW_ASSERT(std::ranges::equal(opened, ByteView(said).subspan(x_opened[to], opened.size())));
    x_opened[to] += opened.size();
  }

  crypto::SeededRng x_rng{2};
  VenueId x_venue{{3}};
  std::array<Bytes, 2> x_cable;  ///< from each end
  std::array<Bytes, 2> x_said;
  std::array<std::size_t, 2> x_opened{};
  std::array<bool, 2> x_closed{};
  link::RecordStream x_first;
  link::RecordStream x_second = link::RecordStream::wait({keys().other, keys().one.public_key, x_venue});
};

}  // namespace

void run(ByteView data) {
  Input in(data);
  Connection connection;
  for (int steps = 0; !in.empty() && steps < 200; ++steps) {
    const std::uint8_t what = in.u8();
    const std::size_t end = (what >> 3U) & 1U;
    switch (what % 8U) {
      case 0: connection.inject(end, in.take(in.u8())); break;
      case 1: connection.damage(end, in.u16(), in.u8()); break;
      case 2: connection.say(end, in.take(in.u8())); break;
      case 3: connection.say(end, Bytes(in.u16() + std::size_t{1}, what)); break;
      case 4: connection.carry(end, in.u8()); break;
      default: connection.carry(end, 200'000); break;
    }
  }
}

std::vector<Bytes> seeds() {
  const Bytes open{5, 13};  // message 1 there, message 2 back
  return {joined({open, Bytes{2, 3, 1, 2, 3, 5, 10, 2, 7, 7, 13}}),
          joined({open, Bytes{3, 0xff, 0xff, 4, 9, 4, 200, 5}}),
          joined({open, Bytes{2, 4, 1, 2, 3, 4, 1, 9, 0, 1, 5, 2, 1, 1, 5}}),
          Bytes{4, 50, 4, 50, 12, 20, 13, 0, 2, 17, 0}, joined({open, Bytes{0, 3, 16, 0, 1, 8, 3, 17, 0, 0, 5, 13}})};
}

}  // namespace sw::fuzz
