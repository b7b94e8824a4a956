// needs: carrier
// The carrier's decisions (protocol 2, 3) against any station and any network: whatever they say, each venue has one
// frame a round at the instants that its timetable fixed, and what goes up is a stream of records.
#include <map>

#include "carrier/core.hpp"
#include "crypto/rng.hpp"
#include "fuzz/fuzz.hpp"

namespace sw::fuzz {
namespace {

class World {
 public:
  void record(const wire::DownRecord& record) { perform(x_core.on_record(x_now, record)); }
  void datagram(ByteView bytes, const wire::Endpoint& from) { perform(x_core.on_datagram(x_now, bytes, from)); }
  void gone() {
    x_core.on_station_gone();
    x_greeted = false;
  }
  void wait(Duration least) {
    x_now = x_now + least;
    perform(x_core.advance(x_now));
  }
  /// To the next wake, as the shell does.
  void wake() {
    const Instant at = x_core.next_wake();
    if (at.ns == std::numeric_limits<std::int64_t>::max()) return;
    SW_ASSERT(at > x_now);
    x_now = at;
    perform(x_core.advance(x_now));
  }
  [[nodiscard]] const link::Frame& last_frame() const { return x_last; }
  [[nodiscard]] const std::map<VenueId, RoundId>& rounds() const { return x_rounds; }

 private:
  struct Venue {
    carrier::Departures departures;
    carrier::GridIndex last;
  };

  void perform(const carrier::Actions& actions) {
    for (const VenueId& venue : actions.ended) SW_ASSERT(x_venues.erase(venue) == 1);
    for (const auto& begun : actions.begun) {
      const carrier::GridIndex before{begun.first.value - 1};
      SW_ASSERT(x_venues.try_emplace(begun.venue, Venue{begun.departures.clone(), before}).second);
    }
    SW_ASSERT(x_venues.size() == x_core.venues().size() && x_venues.size() <= wire::kVenueLimit);
    for (const auto& frame : actions.frames) {
      Venue& venue = x_venues.at(frame.venue);
      SW_ASSERT(frame.at > venue.last && frame.departure == venue.departures.departure(frame.at));
      SW_ASSERT(frame.departure > x_now);
      venue.last = frame.at;
      x_last = frame.frame;
    }
    if (actions.close_port) x_greeted = false;
    if (!actions.up.empty()) read_up(actions.up);
    if (actions.close_port) x_core.on_station_gone();
    if (actions.peers_changed) {
      const auto peers = x_core.peers();
      SW_ASSERT(carrier::decode_peers(carrier::encode_peers(peers)) == peers);
    }
  }
  void read_up(const std::vector<wire::UpRecord>& records) {
    for (const wire::UpRecord& record : records) {
      const bool hello = std::holds_alternative<wire::CarrierHello>(record);
      SW_ASSERT(hello || x_greeted);
      x_greeted = true;
      if (const auto* tick = std::get_if<wire::TickRecord>(&record)) x_rounds[tick->venue] = tick->round;
      wire::PortDecoder<wire::UpRecord> decoder;
      if (!hello) decoder.feed(wire::encode(wire::UpRecord(wire::CarrierHello{})));
      decoder.feed(wire::encode(record));
      if (!hello) (void)decoder.next();
      const auto back = decoder.next();
      SW_ASSERT(back && *back == record);
    }
  }

  crypto::SeededRng x_rng{1};
  crypto::SeededRng x_dither{2};
  Instant x_now{5'000'000'000};
  carrier::Core x_core{crypto::KeyPair::generate(x_rng), UtcMs{1'790'000'000'000}, x_now, x_rng, x_dither};
  std::map<VenueId, Venue> x_venues;
  std::map<VenueId, RoundId> x_rounds;
  link::Frame x_last{};
  bool x_greeted = false;
};

wire::PeerRecord peer(Input& in) {
  constexpr std::array<std::uint32_t, 6> lengths{50, 100, 1000, 60'000, 600'000, 1'800'000 / 7200};
  wire::PeerRecord out{VenueId{{in.u8()}}, {}, lengths[in.u8() % lengths.size()], PublicKey{in.u8()}, {}};
  out.peer[31] = 1;
  const std::size_t n = in.u8() % wire::kCardAddresses + 1U;
  for (std::size_t i = 0; i < n; ++i) out.at.push_back({{in.u8(), 1}, 7144});
  return out;
}

void station(World& world, std::uint8_t what, Input& in) {
  const VenueId venue{{in.u8()}};
  switch (what % 6U) {
    case 0:
      world.record(wire::StationHello{static_cast<std::uint16_t>(wire::kPortVersion + (in.u8() % 16U == 15 ? 1 : 0))});
      break;
    case 1: world.record(peer(in)); break;
    case 2: world.record(wire::PeerRecord::forget(venue)); break;
    case 3: {
      Epoch epoch{994'444 + in.u16() - std::uint64_t{100}};
      if (in.u8() == 0xff) epoch.value = ~std::uint64_t{in.u8()};
      world.record(wire::FloorRecord{venue, {epoch, Round{in.u16() % 36'000U}}});
      break;
    }
    case 4: {
      const auto known = world.rounds().find(venue);
      const RoundId round = known == world.rounds().end() ? RoundId{} : known->second;
      world.record(wire::CellRecord{venue, {}, static_cast<Path>(in.u8() & 1U), round, {in.u8()}});
      break;
    }
    default: world.gone();
  }
}

}  // namespace

void run(ByteView data) {
  Input in(data);
  World world;
  for (int steps = 0; !in.empty() && steps < 300; ++steps) {
    const std::uint8_t what = in.u8();
    switch (what % 4U) {
      case 0: station(world, what >> 2U, in); break;
      case 1:
        for (unsigned n = what >> 2U; n > 0; --n) world.wake();
        break;
      case 2: world.wait(Duration{std::int64_t{in.u16()} << (what >> 3U)}); break;
      default:
        if ((what & 4U) != 0) {
          world.datagram(world.last_frame(), {{what, 1}, 7144});
        } else {
          world.datagram(in.take(in.u16() % 1300U), {{in.u8(), 1}, 7144});
        }
    }
  }
}

std::vector<Bytes> seeds() {
  const Bytes up{0, 0, 0, 4, 0, 1, 0, 9, 0, 5, 4, 0, 2, 2, 8, 1, 6, 7};
  return {joined({up, Bytes{101, 3 << 2, 1, 0, 1, 5, 16, 1, 0, 7, 16, 1, 1, 8, 201}}),
          joined({up, Bytes{41, 12, 1, 200, 0, 0, 9, 0, 41, 12, 2, 0, 0, 0xff, 0, 9, 0, 9}}),
          joined({up, Bytes{9, 0xEA, 0xff, 0xff, 9, 8, 1, 20, 0, 7, 0, 4, 9}})};
}

}  // namespace sw::fuzz
