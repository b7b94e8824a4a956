// What people do to lines: pairing in person, pausing, renaming, moving, continuity. Protocol 4.1, 4.4.
#include "crypto/kem.hpp"
#include "desk/text.hpp"
#include "station/core.hpp"

namespace sw::station {
namespace {
/// Lines of one station; each costs a frame a round for ever.
constexpr std::size_t kLinesLimit = 64;
}  // namespace

Result<crypto::SecretBytes> Core::pair_offer(const OfferTerms& terms, UtcMs now) {
  if (const auto good = desk::check_line_name(terms.line); !good) return std::unexpected(good.error());
  const auto found = x_lines.find(terms.line);
  if (found != x_lines.end() && !terms.replace) {
    return fail(Errc::conflict, found->second.offer
                                    ? "a pairing is under way on this line; cancel it (pair cancel), or use --replace"
                                    : "a line of this name exists; to pair it anew use --replace");
  }
  if (found == x_lines.end()) {
    if (terms.replace) return fail(Errc::not_found, "there is no line of this name to replace");
    if (x_lines.size() >= kLinesLimit) return fail(Errc::full, "this station has 64 lines, which is the most");
    for (const auto& [name, entry] : x_lines) {
      if (desk::look_alike(name, terms.line)) return fail(Errc::usage, "this name looks like that of the line " + name);
    }
  }
  line::OfferTerms wanted{x_identity.carrier, terms.at, {}, terms.round_ms, 0};
  wanted.caps = crypto::kem_available() ? line::kCapMlKem : std::uint8_t{0};
  for (const std::string& name : terms.venues) {
    const auto venue = offered(name, terms.line);
    if (!venue) return std::unexpected(venue.error());
    wanted.venues.push_back(*venue);
  }
  auto offer = line::Offer::make(wanted, x_rng, now);
  if (!offer) return std::unexpected(offer.error());
  auto card = to_text(offer->card());
  LineEntry& entry = x_lines[terms.line];
  if (entry.name.empty()) {
    entry.name = terms.line;
    x_rng.fill(entry.id.bytes);
  }
  const auto void_venue = entry.offer_venue();
  auto before = std::exchange(entry.offer, std::move(*offer));
  if (const auto saved = save(entry); !saved) {
    entry.offer = std::move(before);
    if (!entry.line && !entry.offer) x_lines.erase(terms.line);
    return std::unexpected(saved.error());
  }
  if (void_venue && x_carrier) x_down.emplace_back(wire::PeerRecord::forget(*void_venue));
  return card;
}

Result<line::CheckNumber> Core::pair_accept(std::string_view name, std::string_view card, UtcMs now) {
  const auto entry = find(name);
  if (!entry) return fail(entry.error().code, entry.error().what + "; make your own card first: pair offer");
  if (!(*entry)->offer) return fail(Errc::conflict, "make your own card first: pair offer");
  std::vector<PublicKey> used;
  for (const auto& [other, known] : x_lines) {
    if (known.line) used.push_back(known.line->keys().peer);
    if (known.offer && &known != *entry && known.offer->peer()) used.push_back(*known.offer->peer());
  }
  if (const auto accepted = (*entry)->offer->accept(card, now, used); !accepted) {
    return std::unexpected(accepted.error());
  }
  if (const auto saved = save(**entry); !saved) return std::unexpected(saved.error());
  announce(**entry);
  return (*entry)->offer->check();
}

Result<line::CheckNumber> Core::pair_check(std::string_view name) const {
  const auto found = x_lines.find(name);
  if (found == x_lines.end()) return fail(Errc::not_found, "there is no line named " + std::string(name));
  if (found->second.offer) return found->second.offer->check();
  if (!found->second.line) return fail(Errc::conflict, "no pairing is under way on this line");
  return found->second.line->keys().check;
}

Result<void> Core::pair_confirm(std::string_view name, UtcMs now) {
  const auto found = find(name);
  if (!found) return std::unexpected(found.error());
  LineEntry& entry = **found;
  if (!entry.offer) return fail(Errc::conflict, "no pairing is under way on this line");
  // The watches and the ledger's entry: what cannot be kept must not be begun.
  if (!x_store.has_room(4 * 4096)) return fail(Errc::full, "the store has no room to confirm; remove a line first");
  // Before the offer is used up: it may have been made where libcrypto had more.
  if (const auto good = line::check_machine(entry.offer->caps()); !good) return good;
  const auto old_venue = entry.line_venue();
  auto keys = std::move(*entry.offer).confirm(now);
  if (!keys) return std::unexpected(keys.error());
  entry.offer.reset();
  free_slots(entry);
  if (const auto started = start_line(entry, std::move(*keys), now); !started) return started;
  if (const auto saved = save(entry); !saved) return saved;
  if (old_venue && x_carrier) x_down.emplace_back(wire::PeerRecord::forget(*old_venue));
  announce(entry);
  give_drops(entry);
  return perform(x_desk.note(entry.id, desk::LedgerEvent::pairing_confirmed, x_desk.watch().initials, now));
}

Result<void> Core::pair_cancel(std::string_view name) {
  const auto found = find(name);
  if (!found) return std::unexpected(found.error());
  LineEntry& entry = **found;
  if (!entry.offer) return fail(Errc::conflict, "no pairing is under way on this line");
  if (const auto venue = entry.offer_venue(); venue && x_carrier) {
    x_down.emplace_back(wire::PeerRecord::forget(*venue));
  }
  entry.offer.reset();
  if (entry.line) return save(entry);
  (void)x_store.erase(entry.key());
  x_lines.erase(x_lines.find(name));
  return {};
}

Result<void> Core::pause(std::string_view name, bool paused, UtcMs now) {
  const auto entry = confirmed(name);
  if (!entry) return std::unexpected(entry.error());
  if ((*entry)->paused == paused) return {};
  (*entry)->paused = paused;
  (*entry)->line->set_paused(paused);
  if (const auto saved = save(**entry); !saved) return saved;
  const auto event = paused ? desk::LedgerEvent::line_paused : desk::LedgerEvent::line_resumed;
  return perform(x_desk.note((*entry)->id, event, x_desk.watch().initials, now));
}

Result<void> Core::rename(std::string_view name, std::string_view to, UtcMs now) {
  const auto entry = find(name);
  if (!entry) return std::unexpected(entry.error());
  if (const auto good = desk::check_line_name(to); !good) return good;
  for (const auto& [other, known] : x_lines) {
    if (other != name && desk::look_alike(other, to)) {
      return fail(Errc::conflict, "this name looks like that of the line " + other);
    }
  }
  auto node = x_lines.extract(x_lines.find(name));
  node.key() = std::string(to);
  node.mapped().name = std::string(to);
  LineEntry& moved = x_lines.insert(std::move(node)).position->second;
  if (const auto saved = save(moved); !saved) return saved;
  return perform(x_desk.note(moved.id, desk::LedgerEvent::line_renamed, x_desk.watch().initials, now));
}

Result<void> Core::remove(std::string_view name) {
  const auto found = find(name);
  if (!found) return std::unexpected(found.error());
  LineEntry& entry = **found;
  for (const auto& venue : {entry.line_venue(), entry.offer_venue()}) {
    if (venue && x_carrier) x_down.emplace_back(wire::PeerRecord::forget(*venue));
  }
  free_slots(entry);
  auto effects = x_desk.remove_line(entry.id);
  (void)x_store.erase(entry.key());
  x_lines.erase(x_lines.find(name));
  return perform(std::move(effects));
}

Result<void> Core::readdress(std::string_view name, std::vector<wire::Endpoint> at) {
  const auto entry = confirmed(name);
  if (!entry) return std::unexpected(entry.error());
  if (const auto moved = (*entry)->line->readdress(std::move(at)); !moved) return moved;
  if (const auto saved = save(**entry); !saved) return saved;
  announce(**entry);
  return {};
}

Result<void> Core::settle_continuity(std::string_view name, bool confirm, UtcMs now) {
  const auto entry = confirmed(name);
  if (!entry) return std::unexpected(entry.error());
  const auto settled = confirm ? (*entry)->line->confirm_continuity() : (*entry)->line->refuse_continuity();
  if (!settled) return settled;
  on_events(**entry, now);
  return {};
}

}  // namespace sw::station
