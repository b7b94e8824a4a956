#include "station/line_entry.hpp"

#include <algorithm>

#include "base/assert.hpp"
#include "desk/text.hpp"
#include "wire/sizes.hpp"

namespace sw::station {
namespace {

constexpr std::uint8_t kVersion = 1;

void put_part(crypto::SecretWriter& out, const crypto::SecretBytes& part) {
  out.u16(static_cast<std::uint16_t>(part.size())).bytes(part.view());
}

}  // namespace

crypto::SecretBytes LineEntry::encode() const {
  crypto::SecretWriter out;
  out.u8(kVersion).u8(static_cast<std::uint8_t>(name.size())).bytes(as_bytes(name)).u8(paused ? 1 : 0);
  put_part(out, offer ? offer->save() : crypto::SecretBytes());
  put_part(out, line ? line->durable_head() : crypto::SecretBytes());
  auto head = out.take();
  SW_ASSERT(head.size() <= desk::kHeadBytes);
  return head;
}

std::optional<VenueId> LineEntry::offer_venue() const {
  const line::Card* peer = offer ? offer->peer_card() : nullptr;
  if (peer == nullptr || peer->at.empty()) return std::nullopt;
  return line::direct_venue(offer->card().line_key, peer->line_key, offer->card().round_ms).id;
}

std::optional<VenueId> LineEntry::line_venue() const {
  if (!line || !line->keys().direct()) return std::nullopt;
  return line->keys().venue().id;
}

bool LineEntry::is_on(const VenueId& venue, Slot slot) const {
  return line && std::ranges::any_of(line->keys().venues, [&](const line::VenueKeys& leg) {
           return leg.terms.id == venue && leg.slot == slot;
         });
}

bool LineEntry::claims(const VenueId& venue, Slot slot) const {
  const auto same = [&](const line::OfferedVenue& each) { return each.terms.id == venue && each.slot == slot; };
  if (is_on(venue, slot) || (offer && std::ranges::any_of(offer->venues(), same))) return true;
  return line && line->keys().change && line->keys().change->own && same(line->keys().change->own->venue);
}

Result<StoredLine> decode_line(ByteView head) {
  crypto::SecretReader in(head);
  const auto version = in.u8();
  StoredLine out;
  out.name = std::string(as_text(in.view(in.u8())));
  const auto paused = in.u8();
  out.paused = paused == 1;
  const ByteView offer = in.view(in.u16());
  const ByteView keys = in.view(in.u16());
  if (version != kVersion || !in.expect_end() || out.name.empty() || paused > 1) {
    return fail(Errc::malformed, "a line's record in the store is damaged or from a newer version");
  }
  if (!offer.empty()) {
    auto loaded = line::Offer::load(offer);
    if (!loaded) return std::unexpected(loaded.error());
    out.offer = std::move(*loaded);
  }
  if (!keys.empty()) {
    auto loaded = line::LineKeys::load(keys);
    if (!loaded) return std::unexpected(loaded.error());
    out.keys = std::move(*loaded);
  }
  return out;
}

}  // namespace sw::station
