// needs: faces
// An unlocked station between its API and its carrier: requests with any body, records of the cell port, a store that
// fills up, commits late and comes back as it was committed. Every request is answered, every record down is one.
#include <map>

#include "crypto/rng.hpp"
#include "faces/api/request.hpp"
#include "fuzz/fuzz.hpp"
#include "station/routes.hpp"

namespace sw::fuzz {
namespace {

constexpr UtcMs kNow{1'790'000'000'000};
constexpr std::size_t kRoom = 40;  // records

/// A venue of relays that the station is in.
line::VenueTerms relays() {
  line::VenueTerms out{{}, 1'000, 60, line::VenueKind::relays};
  out.id.bytes.fill(0xab);
  return out;
}
constexpr std::uint8_t kSlots = 2;

/// In memory; what is durable is what was there at the last commit().
class RamStore final : public desk::Store {
 public:
  Result<desk::Ticket> put(desk::RecordKey key, crypto::SecretBytes head, ByteView body, desk::Urgency) override {
    SW_ASSERT(head.size() <= desk::kHeadBytes && body.size() <= wire::kMessageLimit);
    if (!x_now.contains(key) && !has_room(body.size())) return fail(Errc::full, "no room");
    Record& record = x_now[key];
    record.head = to_bytes(head.view());
    if (!body.empty()) record.body = to_bytes(body);
    return promise();
  }
  desk::Ticket erase(desk::RecordKey key) override {
    x_now.erase(key);
    return promise();
  }
  Result<Bytes> body(desk::RecordKey key) override {
    const auto found = x_now.find(key);
    if (found == x_now.end()) return fail(Errc::not_found, "no record");
    return found->second.body;
  }
  bool has_room(std::size_t) const override { return x_now.size() < kRoom; }
  Result<std::vector<desk::LoadedRecord>> load() override {
    std::vector<desk::LoadedRecord> out;
    for (const auto& [key, record] : x_now) {
      out.push_back({key, crypto::SecretBytes(Bytes(record.head)), record.body.size()});
    }
    return out;
  }

  std::vector<desk::Ticket> commit() {
    x_durable = x_now;
    return std::exchange(x_promised, {});
  }
  void crash() {
    x_now = x_durable;
    x_promised.clear();
  }

 private:
  struct Record {
    Bytes head;
    Bytes body;
  };
  desk::Ticket promise() {
    x_promised.push_back({++x_ticket});
    return x_promised.back();
  }
  std::map<desk::RecordKey, Record> x_now;
  std::map<desk::RecordKey, Record> x_durable;
  std::vector<desk::Ticket> x_promised;
  std::uint64_t x_ticket = 0;
};

class World {
 public:
  World() { start(); }

  void start() {
    x_store.crash();
    x_core = std::make_unique<station::Core>(station::Identity{"North", kCarrier}, x_store, x_rng);
    x_core->set_venues({{relays(), kSlots}});
    SW_ASSERT(x_core->load(x_now, false).has_value());
    x_greeted = false;
  }
  void request(std::string_view line) {
    const std::size_t one = std::min(line.find(' '), line.size());
    const std::size_t two = std::min(line.find(' ', one + 1), line.size());
    const auto request =
        faces::read_request(line.substr(0, one), line.substr(std::min(one + 1, two), two - std::min(one + 1, two)),
                            line.substr(std::min(two + 1, line.size())));
    if (!request) return;
    try {
      const auto response = station::route(*x_core, *request, x_now);
      SW_ASSERT(response.status >= 200 && response.status < 600);
      SW_ASSERT(!response.body.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace).empty());
    } catch (const nlohmann::json::exception&) {  // the shell answers 400
    }
    look_down();
  }
  void carrier(std::uint8_t what, Input& in) {
    if (!x_greeted) {
      x_core->carrier_connected();
      const PublicKey other{static_cast<std::uint8_t>(in.u8() == 0 ? 8 : 7)};
      x_greeted = x_core->on_record(wire::CarrierHello{1, other}, x_now).has_value();
      if (!x_greeted) x_core->carrier_gone();
      look_down();
      return;
    }
    const VenueId venue = x_venues[in.u8() % x_venues.size()];
    bool good = true;
    switch (what % 8U) {
      case 0:
        good = x_core->on_record(wire::EpochRecord{venue, {in.u8()}, day_of(x_now) + in.u8() % 8U}, x_now).has_value();
        break;
      case 1: good = x_core->on_record(wire::KeepRecord{venue, {in.u8()}, {in.u8()}, {}}, x_now).has_value(); break;
      case 2:  // as the relays name their rounds
        x_round = {{in.u8()}, {in.u8()}};
        break;
      case 3: x_core->set_venues({{relays(), kSlots}}); break;
      case 4:
        good = x_core->on_record(wire::StatusRecord{venue, x_round, {}, {}, in.u8(), {}}, x_now).has_value();
        break;
      case 5:
        good = x_core->on_record(wire::CellRecord{venue, {}, Path::second, x_round, {in.u8()}}, x_now).has_value();
        break;
      default:
        if (what % 8U == 7) step(in.u8());
        x_ticked = x_round;
        good = x_core->on_record(wire::TickRecord{venue, x_round}, x_now).has_value();
        step(1);
    }
    if (!good) {
      x_core->carrier_gone();
      x_greeted = false;
    }
    look_down();
  }
  void commit() {
    const auto tickets = x_store.commit();
    x_core->on_durable(tickets, x_now);
    look_down();
  }
  void wait(std::int64_t ms) {
    x_now.value += ms;
    x_core->housekeep(x_now);
    look_down();
  }

 private:
  static constexpr PublicKey kCarrier{7};

  void step(std::uint32_t rounds) {
    x_round.round.value += rounds;
    if (x_round.round.value >= 1800) x_round = {Epoch{x_round.epoch.value + 1}, Round{0}};
  }
  void look_down() {
    for (const wire::DownRecord& record : x_core->take_down()) {
      SW_ASSERT(!wire::encode(record).empty());
      if (const auto* peer = std::get_if<wire::PeerRecord>(&record); peer != nullptr && !peer->forgets()) {
        x_venues.push_back(peer->venue);
      }
      if (const auto* cell = std::get_if<wire::CellRecord>(&record)) SW_ASSERT(cell->round == x_ticked);
      if (const auto* drops = std::get_if<wire::DropsRecord>(&record)) {
        SW_ASSERT(drops->venue == relays().id && drops->slot.value < kSlots);
      }
    }
  }

  crypto::SeededRng x_rng{1};
  RamStore x_store;
  std::unique_ptr<station::Core> x_core;
  UtcMs x_now = kNow;
  RoundId x_round{Epoch{994'444}, Round{0}};
  RoundId x_ticked;
  std::vector<VenueId> x_venues{relays().id};
  bool x_greeted = false;
};

/// Of another station, in the direct venue or in that of the relays.
std::string card(bool direct) {
  crypto::SeededRng rng(5);
  line::OfferTerms terms;
  terms.carrier = crypto::KeyPair::generate(rng).public_key;
  if (direct) {
    terms.at = {{rng.array<16>(), 7144}};
  } else {
    terms.venues = {{relays(), Slot{}}};
  }
  const auto offer = line::Offer::make(terms, rng, kNow);
  SW_ASSERT(offer.has_value());
  return std::string(as_text(line::to_text(offer->card()).view()));
}

}  // namespace

void run(ByteView data) {
  Input in(data);
  World world;
  for (int steps = 0; !in.empty() && steps < 150; ++steps) {
    const std::uint8_t what = in.u8();
    switch (what) {
      case 0: world.commit(); break;
      case 1: world.start(); break;
      case 2: world.wait(in.u16()); break;
      case 3: world.wait((in.u8() - 100) * std::int64_t{86'400'000}); break;
      default:
        if (what < 32) {
          world.carrier(what, in);
        } else {
          std::string line(1, static_cast<char>(what));
          for (std::uint8_t c = in.u8(); c != '\n' && !(c == 0 && in.empty()); c = in.u8())
            line.push_back(static_cast<char>(c));
          world.request(line);
        }
    }
  }
}

std::vector<Bytes> seeds() {
  const std::string paired =
      "POST /api/v1/pair/offer {\"line\":\"far\",\"at\":[\"10.0.0.1:7144\"],\"round_ms\":1000}\n"
      "POST /api/v1/pair/accept {\"line\":\"far\",\"card\":\"" +
      card(true) +
      "\"}\n"
      "POST /api/v1/pair/confirm {\"line\":\"far\"}\n" +
      std::string(1, '\0');
  const std::string up("\x04\x01\x04\x01\x06\x00\x06\x01\x05\x01\x07\x07", 12);
  const std::string talk =
      "POST /api/v1/messages {\"line\":\"far\",\"text\":\"hello\",\"grade\":\"talk\",\"precedence\":\"flash\"}\n"
      "POST /api/v1/watch/take {\"initials\":\"AB\"}\nPOST /api/v1/watch/answer {}\nGET /api/v1/messages?line=far \n"
      "POST /api/v1/lines/far/drill {}\nGET /api/v1/lines \nGET /api/v1/lines/far \nGET /api/v1/watch \n";
  const std::string line =
      "POST /api/v1/lines/far/pause {}\nPOST /api/v1/lines/far/resume {}\nPOST /api/v1/lines/far/rename "
      "{\"to\":\"x\"}\n"
      "POST /api/v1/lines/x/address {\"at\":[\"[::1]:5\"]}\nPOST /api/v1/lines/x/continuity {\"confirm\":true}\n"
      "GET /api/v1/lines/x/export \nPOST /api/v1/lines/x/remove {}\nPOST /api/v1/pair/cancel {\"line\":\"x\"}\n";
  const std::string over_relays =
      "POST /api/v1/pair/offer {\"line\":\"far\",\"venues\":[\"abab\"]}\n"
      "POST /api/v1/pair/accept {\"line\":\"far\",\"card\":\"" +
      card(false) +
      "\"}\n"
      "POST /api/v1/pair/confirm {\"line\":\"far\"}\n" +
      std::string(1, '\0');
  // Greeted; epochs, kept keys, rounds of the first one.
  const std::string epochs(
      "\x04\x01\x08\x00\x09\x00\x08\x00\x0a\x00\x09\x00\x01\x09\x0a\x00\x09\x05\x04\x00\x00\x06\x00\x06\x00", 25);
  std::vector<Bytes> out;
  for (const std::string& text :
       {paired, paired + up + talk, paired + talk + "\x01" + up + line, talk + "\x02\x10\x10" + line,
        over_relays + epochs + talk, epochs + over_relays + talk + epochs + line}) {
    out.push_back(to_bytes(as_bytes(text)));
  }
  return out;
}

}  // namespace sw::fuzz
