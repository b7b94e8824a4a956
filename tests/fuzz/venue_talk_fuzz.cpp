// needs: line
// What a station makes of the words of a peer that says anything of its venues (protocol 4.5), while people here do
// anything, too, and epochs pass: the record always loads, nothing grows, and a line is never without a venue.
#include "crypto/rng.hpp"
#include "fuzz/fuzz.hpp"
#include "line/pairing/offer.hpp"
#include "line/venue_talk.hpp"

namespace sw::fuzz {
namespace {

constexpr UtcMs kNow{1'790'000'000'000};

line::OfferedVenue relays(std::uint8_t number) {
  line::VenueTerms terms{{}, 1000, 60, line::VenueKind::relays};
  terms.id.bytes.fill(static_cast<std::uint8_t>(number % 6U));
  return {terms, Slot{}};
}

Bytes make_keys(bool lower) {
  for (std::uint64_t seed = 1;; ++seed) {
    crypto::SeededRng rng(seed);
    const auto make = [&] {
      line::OfferTerms terms;
      terms.carrier = crypto::KeyPair::generate(rng).public_key;
      terms.at = {{rng.array<16>(), 7144}};
      terms.venues = {relays(1)};
      return std::move(*line::Offer::make(terms, rng, kNow));
    };
    auto a = make();
    const auto b = make();
    const auto card = line::to_text(b.card());
    SW_ASSERT(a.accept(as_text(card.view()), kNow, {}));
    auto keys = std::move(*std::move(a).confirm(kNow));
    if ((keys.role() == crypto::Role::initiator) == lower) return to_bytes(keys.save().view());
  }
}

/// Of one end or of the other.
line::Durable keys_of(bool lower) {
  static const std::array<Bytes, 2> kEnds{make_keys(false), make_keys(true)};
  return line::Durable{std::move(*line::LineKeys::load(kEnds[lower ? 1 : 0]))};
}

Epoch epoch_of(Input& in) {
  const std::uint8_t what = in.u8();
  return Epoch{what < 240 ? what : UINT64_MAX - (what - 240)};
}

}  // namespace

void run(ByteView data) {
  Input in(data);
  line::Durable durable = keys_of((in.u8() & 1U) != 0);
  line::VenueTalk talk;
  line::Delivery delivery(1);
  crypto::SeededRng rng(3);
  for (int steps = 0; !in.empty() && steps < 400; ++steps) {
    const std::uint8_t what = in.u8();
    const auto venue = relays(in.u8());
    switch (what % 7U) {
      case 0: (void)talk.want(durable, venue, rng); break;
      case 1: (void)talk.decline(durable); break;
      case 2: (void)talk.leave(durable, venue.terms.id, rng); break;
      case 3: talk.learn(durable, venue.terms.id, epoch_of(in)); break;
      case 4: talk.pass(durable, venue.terms.id, epoch_of(in)); break;
      case 5: {
        // Half of them with what is right here.
        const auto& change = durable.keys.change;
        line::WantWord want{line::VenueHalf::random(rng), epoch_of(in), {}, {}};
        if (change && change->theirs && (what & 128U) != 0) {
          want.half = change->theirs->clone();
          if (change->own) {
            const bool lower = durable.keys.role() == crypto::Role::initiator;
            want.from = Epoch{1U + in.u8()};
            want.psk = line::psk_id(line::agreed_psk(lower ? change->own->half : want.half,
                                                     lower ? want.half : change->own->half, change->venue));
          }
        }
        talk.hear(durable, {venue.terms.id, line::encode(line::VenueWord(std::move(want)))});
        break;
      }
      default: talk.hear(durable, {venue.terms.id, crypto::SecretBytes(to_bytes(in.take(in.u8() % 60U)))});
    }
    if ((what & 64U) != 0) durable.committed = durable.version;
    talk.say(durable, delivery);
    (void)talk.take_moves();
    const auto saved = durable.keys.save();
    SW_ASSERT(saved.size() <= line::LineKeys::kSavedLimit);
    const auto loaded = line::LineKeys::load(saved.view());
    SW_ASSERT(loaded && same(loaded->save().view(), saved.view()));
    SW_ASSERT(!durable.keys.venues.empty());
  }
}

std::vector<Bytes> seeds() {
  const Bytes in{6, 1, 9, 3, 9, 0, 0, 0, 0, 0, 0};
  return {Bytes{0, 64, 2, 3, 2, 20, 133, 2, 20, 133, 2, 20, 30}, Bytes{1, 64, 2, 3, 2, 20, 133, 2, 20, 6, 2, 9, 3, 25},
          joined({Bytes{0}, in}), Bytes{1, 3, 1, 20, 66, 1, 68, 1, 80}};
}

}  // namespace sw::fuzz
