// needs: mix
// What a station and R1 take from each other (protocol 8.8): any object and any frame's name, in any order. A stranger
// moves nothing, a batch has always its count, a round is collected once, and a passage's rounds rise.
#include "crypto/rng.hpp"
#include "fuzz/fuzz.hpp"
#include "mix/passage.hpp"
#include "mix/relay_stations.hpp"
#include "wire/writer.hpp"

namespace sw::fuzz {
namespace {

constexpr std::int64_t kStart = 1'790'000'000'000;
constexpr std::uint32_t kStations = 4;

struct Venue {
  crypto::SeededRng rng{1};
  crypto::SigningPair id = crypto::SigningPair::generate(rng);
  mix::DescriptorRules rules{VenueId{{9}}, {id.public_key}, 100, 40, 512, 1, mix::Suite::x25519, {}, {}};

  mix::AcceptedDescriptor accepted(std::uint64_t epoch, std::uint32_t circuits) {
    auto keys = mix::EpochKeys::generate(mix::Suite::x25519, rng);
    SW_ASSERT(keys.has_value());
    mix::AcceptedDescriptor out;
    out.descriptor = {rules.venue, {epoch}, {kStart + static_cast<std::int64_t>(epoch) * 4'000},
                      100,         40,      20,
                      512,         1,       mix::Suite::x25519,
                      circuits,    {},      {{id.public_key, keys->kx.public_key, {}}}};
    out.hash = mix::hash_of(mix::encode(out.descriptor));
    return out;
  }
  Bytes object(std::uint64_t epoch) {
    const Bytes body = mix::encode(accepted(epoch, 2).descriptor);
    return mix::descriptor_object(body, std::array<crypto::Signature, 1>{mix::sign_descriptor(id.secret, body)});
  }
};

void station(Input& in, Venue& venue) {
  mix::Passage passage(venue.rules);
  std::optional<RoundId> last;
  std::int64_t ms = 0;
  for (int n = 0; n < 200 && !in.empty(); ++n) {
    switch (in.u8() % 6U) {
      case 0: (void)passage.take_descriptor(in.take(in.u8())); break;
      case 1: (void)passage.take_descriptor(venue.object(in.u8() % 16U)); break;
      case 2: (void)passage.take_notice(in.take(wire::kNoticeBytes)); break;
      case 3: (void)passage.take_receipt(in.take(in.u8())); break;
      case 4: {
        mix::SlotCells cells{};
        (void)passage.unwrap({{in.u8() % 16U}, {in.u8()}}, {static_cast<std::uint8_t>(in.u8() % 2U)}, cells);
        break;
      }
      default: {
        ms += in.u16() - 1'000;
        passage.lane_renewed();
        const auto turn = passage.begin_round({kStart + ms}, venue.rng);
        SW_ASSERT(!turn.round || !last || *turn.round > *last);
        if (turn.round) last = turn.round;
        mix::SlotCells cells{};
        passage.wrap({0}, cells, venue.rng);
        SW_ASSERT(cells != mix::SlotCells{});  // random, or under a keystream
      }
    }
  }
}

void relay(Input& in, Venue& venue) {
  mix::RelayStations stations({kStations, 1, mix::Suite::x25519, 1}, [](const mix::Token& token) {
    return token[0] >= 8 ? std::nullopt : std::optional<std::uint32_t>(token[0]);
  });
  std::uint64_t frozen = 0;
  std::vector<std::size_t> counts{0};
  for (int n = 0; n < 300 && !in.empty(); ++n) {
    const mix::StationKey who{{static_cast<std::uint8_t>(in.u8() % 8U)}};
    const Epoch epoch{in.u8() % 8U};
    const Round round{in.u8() % 90U};
    switch (in.u8() % 7U) {
      case 0: (void)stations.enrol(who, in.take(32)); break;
      case 1: {
        if (frozen >= 7) break;
        const std::uint32_t circuits = stations.freeze({++frozen});
        counts.push_back(circuits);
        SW_ASSERT(stations.publish(venue.accepted(frozen, circuits)).has_value());
        break;
      }
      case 2: {
        Bytes object(mix::setup_bytes(mix::Suite::x25519, 1, 1), in.u8());
        std::fill_n(object.begin(), 8, std::uint8_t{0});
        object[0] = static_cast<std::uint8_t>(epoch.value);
        object.resize(object.size() - (in.u8() == 7 ? 1 : 0));
        (void)stations.take_setup(who, object);
        break;
      }
      case 3:
        if (const auto onions = stations.close(epoch, venue.rng)) SW_ASSERT(onions->size() == counts[epoch.value]);
        break;
      case 4: {
        const Slot slot{static_cast<std::uint8_t>(in.u8() % 2U)};
        const auto place = stations.place(epoch, who);
        (void)stations.take(place.value_or(who[0]), {epoch, round}, slot, {});
        break;
      }
      case 5:
        if (const auto batch = stations.collect({epoch, round}, venue.rng)) {
          SW_ASSERT(batch->size() == counts[epoch.value] * wire::kCellBytes);
          SW_ASSERT(!stations.collect({epoch, round}, venue.rng).has_value());
          SW_ASSERT(stations.returned({epoch, round}, *batch).has_value());
          SW_ASSERT(!stations.returned({epoch, round}, *batch).has_value());
        }
        break;
      default: stations.end(epoch);
    }
    SW_ASSERT(stations.registered() <= kStations);
  }
}

}  // namespace

void run(ByteView data) {
  Venue venue;
  Input in(data);
  if ((in.u8() & 1U) != 0) {
    station(in, venue);
  } else {
    relay(in, venue);
  }
}

std::vector<Bytes> seeds() {
  wire::Writer notice;  // a station that knows three epochs, is registered, and is told that the first one is carried
  notice.u8(1).u8(1).u8(1).u8(1).u8(2).u8(1).u8(3).u8(2).u8(1).u64(1).u64(0);
  notice.u8(2).u8(4).u64(1).u64(0).u8(5).u16(5'000).u8(5).u16(1'100);
  wire::Writer relay;
  relay.u8(0);
  for (const std::uint8_t n : {std::uint8_t{1}, std::uint8_t{2}}) {
    relay.u8(n).u8(0).u8(0).u8(0).bytes(Bytes(32, n));
  }
  relay.u8(1).u8(1).u8(0).u8(1).u8(1).u8(1).u8(0).u8(2).u8(5).u8(0).u8(1).u8(1).u8(0).u8(3);
  relay.u8(1).u8(1).u8(0).u8(4).u8(0).u8(1).u8(1).u8(0).u8(5);
  return {notice.take(), relay.take()};
}

}  // namespace sw::fuzz
