// needs: station
// The head of a line's record: its name, the pairing under way, the keys. What loads is stored again the same.
#include "crypto/rng.hpp"
#include "fuzz/fuzz.hpp"
#include "station/line_entry.hpp"

namespace sw::fuzz {
namespace {

constexpr UtcMs kNow{1'790'000'000'000};

/// `change`: a second venue, which it is to leave, and another that both sides want.
Bytes record_with(bool keys, bool change = false) {
  crypto::SeededRng rng(4);
  const auto make = [&] {
    line::OfferTerms terms;
    terms.carrier = crypto::KeyPair::generate(rng).public_key;
    terms.at = {{rng.array<16>(), 7144}};
    return std::move(*line::Offer::make(terms, rng, kNow));
  };
  auto a = make();
  const auto b = make();
  const auto card = line::to_text(b.card());
  SW_ASSERT(a.accept(as_text(card.view()), kNow, {}));
  station::LineEntry entry;
  entry.name = "North";
  entry.offer = line::Offer::load(a.save().view()).value();
  if (keys) {
    auto confirmed = std::move(*std::move(a).confirm(kNow));
    if (change) {
      line::VenueTerms terms{VenueId{{7}}, 1000, 60, line::VenueKind::relays};
      confirmed.venues.push_back({terms, Slot{1}, {line::Psk::random(rng), std::nullopt}, {}, {}, Epoch{5}, Epoch{9}});
      terms.id.bytes[0] = 8;
      confirmed.change =
          line::VenueChange{terms.id, line::VenueChange::Own{{terms, Slot{2}}, line::VenueHalf::random(rng)},
                            line::VenueHalf::random(rng), Epoch{12}};
    }
    entry.line = line::Line::make(std::move(confirmed), 1).value();
    if (entry.line->durable_head().size() % 2 == 0) entry.offer.reset();
  }
  return to_bytes(entry.encode().view());
}

}  // namespace

void run(ByteView data) {
  auto stored = station::decode_line(data);
  if (!stored) return;
  station::LineEntry entry;
  entry.name = stored->name;
  entry.paused = stored->paused;
  entry.offer = std::move(stored->offer);
  if (stored->keys) {
    auto line = line::Line::make(std::move(*stored->keys), 1);
    if (!line) {
      SW_ASSERT(line.error().code == Errc::unsupported);
      return;
    }
    entry.line = std::move(*line);
  }
  SW_ASSERT(same(entry.encode().view(), data));
  (void)entry.offer_venue();
  (void)entry.line_venue();
}

std::vector<Bytes> seeds() {
  return {record_with(false), record_with(true), record_with(true, true)};
}

}  // namespace sw::fuzz
