// needs: carrier
// A carrier in a venue of relays (protocol 8.8) whose R1 says anything within the link, whose station says anything on
// the cell port, and whose network loses what it likes. S frames leave a round at the instants of the timetable, moved
// by half a round at most; names rise; what goes up can be read, and no tick is of an epoch that all relays did not
// sign.
#include <cstdlib>
#include <map>
#include <set>

#include "carrier/core.hpp"
#include "crypto/rng.hpp"
#include "fuzz/fuzz.hpp"
#include "mix/receipt.hpp"

namespace sw::fuzz {
namespace {

constexpr std::uint32_t kRounds = 40;
constexpr std::uint32_t kRoundMs = 100;
constexpr std::uint8_t kSlots = 2;
constexpr std::size_t kHops = 2;
constexpr UtcMs kUtc{1'790'000'000'000};
constexpr Instant kStart{5'000'000'000};
const wire::Endpoint kRelay{{100, 1}, 7150};
const wire::Endpoint kHere{{1, 1}, 7144};

struct Relays {
  std::vector<crypto::SigningPair> ids;
  crypto::KeyPair link;
  crypto::KeyPair station;
};
const Relays& relays() {
  static const Relays made = [] {
    crypto::SeededRng rng(1);
    std::vector<crypto::SigningPair> ids;
    for (std::size_t i = 0; i < kHops; ++i) ids.push_back(crypto::SigningPair::generate(rng));
    auto link = crypto::KeyPair::generate(rng);
    return Relays{std::move(ids), std::move(link), crypto::KeyPair::generate(rng)};
  }();
  return made;
}
mix::DescriptorRules rules() {
  mix::DescriptorRules out{VenueId{{9}}, {}, kRoundMs, kRounds, 512, kSlots, mix::Suite::x25519, {8, 1'000}, {}};
  for (const auto& id : relays().ids) out.relays.push_back(id.public_key);
  return out;
}

class World {
 public:
  World() {
    perform(
        x_core.set_relays(x_now, {carrier::RelayTerms{rules(), relays().link.public_key, kRelay, mix::Token{1}, 0}}));
  }

  // ---- time
  void rounds(unsigned n, std::uint8_t lose) {
    for (unsigned i = 0; i < n; ++i) {
      x_lose_up = (lose & 1U) != 0 && i % 3 == 0;
      x_lose_down = (lose & 2U) != 0 && i % 5 == 0;
      const std::uint64_t before = x_frames;
      for (int wakes = 0; x_frames == before && wakes < 8; ++wakes) wake();
      SW_ASSERT(x_frames == before + kSlots);
      say(name(), 0);
    }
    x_lose_up = x_lose_down = false;
  }
  void sleep(Duration time) {
    x_now = x_now + time;
    x_slept = true;
    perform(x_core.advance(x_now));
  }

  // ---- R1
  void say(RoundId round, std::int32_t phase) {
    for (std::uint8_t slot = 0; slot < kSlots; ++slot) {
      const std::uint32_t number =
          std::min(mix::frame_round(round.round, {slot}, kSlots).value, mix::frame_rounds(kRounds, kSlots) - 1);
      x_link.say_phase(phase);
      const auto out = x_link.prepare({round.epoch, {number}}, utc(), {}, {}, x_rng);
      if (!x_lose_down) perform(x_core.on_datagram(x_now, out.frame, kRelay));
    }
  }
  void object(wire::Stream stream, Bytes bytes) {
    if (!bytes.empty()) x_link.send(stream, std::move(bytes));
  }
  /// A body that all relays sign, of a round that is near; `at` of its bytes is changed before.
  void publish(std::uint64_t epoch, std::int64_t rounds_away, std::size_t at, std::uint8_t flip) {
    mix::Descriptor d{rules().venue,
                      {epoch},
                      {utc().value + rounds_away * kRoundMs},
                      kRoundMs,
                      kRounds,
                      5,
                      512,
                      kSlots,
                      mix::Suite::x25519,
                      8,
                      {8, 1'000},
                      {}};
    for (const auto& id : relays().ids) {
      d.relays.push_back({id.public_key, crypto::KeyPair::generate(x_rng).public_key, {}});
    }
    Bytes body = mix::encode(d);
    body[at % body.size()] ^= flip;
    std::vector<crypto::Signature> signatures;
    for (const auto& id : relays().ids) signatures.push_back(mix::sign_descriptor(id.secret, body));
    object(wire::Stream::descriptor, mix::descriptor_object(body, signatures));
    const auto said = mix::decode_descriptor(body);
    if (!said) return;
    x_published.insert_or_assign(said->epoch, mix::AcceptedDescriptor{*said, mix::hash_of(body)});
  }
  /// Of the newest set-up that came, or of tags that nobody has.
  void receipt(std::uint64_t epoch, std::size_t hop, bool ours) {
    const auto of = x_published.find({epoch});
    if (of == x_published.end()) return;
    std::set<mix::Tag> tags{{1}, {2}};
    if (ours && x_tags.contains(of->first)) tags.insert(x_tags[of->first].begin(), x_tags[of->first].end());
    const std::vector<mix::Tag> sorted(tags.begin(), tags.end());
    object(wire::Stream::receipt,
           mix::make_receipt(of->second.hash, hop, mix::ReceiptForm::tags, sorted, relays().ids[hop].secret));
  }
  void notice(std::uint8_t kind, std::uint64_t epoch, bool ours) {
    mix::Notice out{static_cast<mix::Notice::Kind>(1 + kind % 4U), {epoch}, {}};
    if (out.kind == mix::Notice::Kind::carried && ours && x_tags.contains({epoch})) out.tag = x_tags[{epoch}].front();
    object(wire::Stream::notice, mix::encode(out));
  }
  /// What R1 would name now: the newest published epoch that began.
  [[nodiscard]] RoundId name() const {
    for (auto of = x_published.rbegin(); of != x_published.rend(); ++of) {
      const std::int64_t since = utc().value - of->second.descriptor.t0.value;
      if (since >= kRoundMs && since < 2 * std::int64_t{kRounds} * kRoundMs) {
        return {of->first, {static_cast<std::uint32_t>(since / kRoundMs - 1)}};
      }
    }
    return {};
  }

  // ---- the station
  void record(const wire::DownRecord& record) { perform(x_core.on_record(x_now, record)); }
  void gone() {
    x_core.on_station_gone();
    x_station = false;
  }
  void hello() {
    x_station = true;
    record(wire::StationHello{});
  }
  bool answers = true;  ///< ticks and epochs, as a station does

 private:
  [[nodiscard]] UtcMs utc() const { return {kUtc.value + (x_now - kStart).ns / 1'000'000}; }

  void wake() {
    const Instant at = x_core.next_wake();
    SW_ASSERT(at > x_now);
    x_now = at;
    perform(x_core.advance(x_now));
  }

  void perform(const carrier::Actions& actions) {
    for (const auto& begun : actions.begun) {
      x_departures = begun.departures.clone();
      x_last = carrier::GridIndex{begun.first.value - 1};
    }
    for (const auto& frame : actions.frames) check(frame);
    for (const auto& shifted : actions.shifted) {
      SW_ASSERT(std::abs(shifted.offset.ns - x_offset.ns) <= milliseconds(kRoundMs).ns / 2);
      x_offset = shifted.offset;
    }
    SW_ASSERT(!actions.close_port && actions.told.size() <= 1);
    for (const wire::UpRecord& record : actions.up) hear(record);
  }

  void check(const carrier::Actions::Prepared& frame) {
    if (frame.slot.value == 0) {
      SW_ASSERT(frame.at > x_last && (x_slept || frame.at == carrier::next(x_last)));
      x_last = frame.at;
      x_slept = false;
    }
    SW_ASSERT(frame.at == x_last && frame.slot.value == x_frames % kSlots && frame.to == kRelay);
    SW_ASSERT(frame.departure > x_now && frame.departure == x_departures->departure(frame.at) + x_offset);
    ++x_frames;
    if (!x_lose_up) read(frame.frame, frame.slot);
  }
  /// R1 opens it.
  void read(const link::Frame& frame, Slot slot) {
    const auto in = x_link.receive(frame, kHere, {}, x_rng);
    if (x_life != x_link.lane_life()) {
      x_life = x_link.lane_life();
      x_link.take_streams(wire::relay_streams(mix::setup_bytes(mix::Suite::x25519, kHops, kSlots)));
    }
    if (!in) return;
    if (in->round != RoundId{}) {
      SW_ASSERT(in->round.round.value % kSlots == slot.value && in->round > x_named);
      SW_ASSERT(x_published.contains(in->round.epoch));
      x_named = in->round;
    }
    if (!in->object) return;
    const Bytes& bytes = in->object->bytes;
    if (in->object->stream == wire::Stream::enrol) SW_ASSERT(bytes.size() == wire::kTokenBytes);
    if (in->object->stream != wire::Stream::setup) return;
    SW_ASSERT(bytes.size() == mix::setup_bytes(mix::Suite::x25519, kHops, kSlots));
    std::uint64_t epoch = 0;
    for (std::size_t i = 8; i-- > 0;) epoch = epoch << 8U | bytes[i];
    const auto of = x_published.find({epoch});
    SW_ASSERT(of != x_published.end());
    auto& tags = x_tags[of->first];
    tags.clear();
    const std::size_t onion = (bytes.size() - 8) / (kSlots * kPaths);
    for (std::size_t at = 8; at < bytes.size(); at += onion) {
      tags.push_back(mix::tag_of(of->second.hash, ByteView(bytes).subspan(at, onion)));
    }
  }

  void hear(const wire::UpRecord& record) {
    SW_ASSERT(x_station);
    wire::PortDecoder<wire::UpRecord> decoder;
    const bool hello = std::holds_alternative<wire::CarrierHello>(record);
    if (!hello) decoder.feed(wire::encode(wire::UpRecord(wire::CarrierHello{})));
    decoder.feed(wire::encode(record));
    if (!hello) (void)decoder.next();
    const auto back = decoder.next();
    SW_ASSERT(back && *back == record);
    if (const auto* tick = std::get_if<wire::TickRecord>(&record)) {
      SW_ASSERT(tick->round > x_ticked && x_published.contains(tick->round.epoch));
      x_ticked = tick->round;
      for (std::uint8_t slot = 0; answers && slot < kSlots; ++slot) {
        this->record(wire::CellRecord{tick->venue, {slot}, Path::second, tick->round, {slot}});
      }
    }
    if (const auto* epoch = std::get_if<wire::EpochRecord>(&record)) {
      SW_ASSERT(x_published.contains(epoch->epoch));
      if (answers) this->record(wire::DropsRecord{epoch->venue, {}, epoch->epoch, {}});
    }
    if (const auto* keep = std::get_if<wire::KeepRecord>(&record)) SW_ASSERT(keep->slot.value < kSlots);
  }

  crypto::SeededRng x_rng{2};
  crypto::SeededRng x_dither{3};
  Instant x_now = kStart;
  carrier::Core x_core{relays().station, kUtc, x_now, x_rng, x_dither};
  link::Link x_link{relays().link,
                    {.venue = rules().venue,
                     .peer = relays().station.public_key,
                     .role = crypto::Role::responder,
                     .rounds = mix::frame_rounds(kRounds, kSlots),
                     .card_addresses = {},
                     .last_stamp = 0,
                     .takes = wire::kCallerStreams,
                     .frames = kSlots}};
  std::optional<carrier::Departures> x_departures;
  carrier::GridIndex x_last{};
  Duration x_offset{};
  std::uint64_t x_frames = 0;
  std::uint32_t x_life = 0;
  RoundId x_named{};
  RoundId x_ticked{};
  std::map<Epoch, mix::AcceptedDescriptor> x_published;
  std::map<Epoch, std::vector<mix::Tag>> x_tags;  ///< of the newest set-up of each
  bool x_station = false;
  bool x_slept = false;
  bool x_lose_up = false;
  bool x_lose_down = false;
};

std::uint64_t epoch_near(const World& world, std::uint8_t choice) {
  return std::max<std::uint64_t>(world.name().epoch.value, 100) + choice % 10U - 2;
}

void relay(World& world, std::uint8_t what, Input& in) {
  switch (what % 6U) {
    case 0: {
      const std::uint8_t epoch = in.u8();
      const auto away = static_cast<std::int8_t>(in.u8());
      world.publish(epoch_near(world, epoch), away, in.u8(), what == 60 ? in.u8() : std::uint8_t{0});
      break;
    }
    case 1: world.notice(in.u8(), epoch_near(world, in.u8()), (what & 8U) == 0); break;
    case 2: world.receipt(epoch_near(world, in.u8()), in.u8() % kHops, (what & 8U) == 0); break;
    case 3:
      world.object(static_cast<wire::Stream>(1 + in.u8() % wire::kControlStreams), to_bytes(in.take(in.u16() % 900U)));
      break;
    case 4: {
      RoundId name = world.name();
      name.epoch.value += in.u8() % 4U - std::uint64_t{1};
      name.round.value = (name.round.value + in.u8()) % (2 * kRounds);
      world.say(name, 0);
      break;
    }
    default: {
      // From nothing up to the whole range.
      const auto phase = static_cast<std::int64_t>(in.u16()) - 0x8000;
      world.say(world.name(), static_cast<std::int32_t>(phase * (std::int64_t{1} << (what >> 3U & 15U))));
    }
  }
}

void station(World& world, std::uint8_t what, Input& in) {
  const VenueId venue = rules().venue;
  const Epoch epoch{epoch_near(world, in.u8())};
  const Slot slot{static_cast<std::uint8_t>(in.u8() % 3U)};
  switch (what % 6U) {
    case 0: world.hello(); break;
    case 1: world.gone(); break;
    case 2: world.record(wire::FloorRecord{venue, {epoch, {in.u16() % 100U}}}); break;
    case 3: world.record(wire::KeepRecord{venue, slot, epoch, {in.u8()}}); break;
    case 4: world.record(wire::DropsRecord{venue, slot, epoch, {}}); break;
    default: world.answers = !world.answers;
  }
}

}  // namespace

void run(ByteView data) {
  Input in(data);
  World world;
  for (int steps = 0; !in.empty() && steps < 100; ++steps) {
    const std::uint8_t what = in.u8();
    switch (what % 4U) {
      case 0: relay(world, what >> 2U, in); break;
      case 1: station(world, what >> 2U, in); break;
      case 2: world.rounds(what >> 3U, in.u8()); break;
      default: world.sleep(Duration{std::int64_t{in.u16()} << (what >> 3U)});
    }
  }
  world.rounds(10, 0);
}

std::vector<Bytes> seeds() {
  // A link and a station; three epochs, registered; set-ups; carried; and into the first one.
  const Bytes begin{1, 0, 0, 0xA2, 0, 0, 2, 30, 0, 0, 3, 70, 0, 0, 4, 110, 0, 0x04, 0, 0, 0xA2, 0, 0xA2, 0};
  const Bytes carried{0x04, 3, 2, 0x04, 3, 3, 0x08, 2, 0, 0x08, 2, 1, 0x62, 0};
  const Bytes on{0xFA, 0, 0xFA, 1, 0xFA, 2};
  return {joined({begin, carried, on}), joined({begin, on, carried, on, on}),
          joined({begin, carried, Bytes{9, 2, 0, 20, 0, 5, 0, 0, 0x42, 0, 1, 0, 0}, on}),
          joined({begin, carried, Bytes{0x14, 0, 0x90, 0x10, 1, 3, 0x0C, 1, 5, 0, 1, 2, 3, 4, 5}, on, on}),
          joined({begin, carried, Bytes{0xCB, 0xff, 0xff, 0x2A, 0, 0xF0, 3, 9, 26, 1}, on})};
}

}  // namespace sw::fuzz
