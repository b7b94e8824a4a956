#include "mix/venue_lane.hpp"

#include <algorithm>
#include <string>

#include "wire/sizes.hpp"

namespace sw::mix {
namespace {

// R1 keeps four epochs made; after a relay lost its keys all of them come anew. A station sends for each of them.
constexpr std::uint64_t kTagShare = 60;      // per cent of the lane
constexpr std::uint64_t kLossShare = 20;     // one frame in so many is left for pieces sent again
constexpr std::size_t kEpochFieldBytes = 8;  // before the onions of a set-up
constexpr std::size_t kSignatureBytes = std::tuple_size_v<crypto::Signature>;

std::uint64_t frames(std::uint64_t bytes) {
  return (bytes + wire::kControlDataBytes - 1) / wire::kControlDataBytes;
}

std::size_t tags_at(const Venue& venue, std::size_t hop) {
  return venue.circuits() + hop * terms_of(venue.noise).circuits;
}

std::uint64_t receipts_down(const Venue& venue, ReceiptForm form) {
  std::uint64_t out = 0;
  for (std::size_t hop = 0; hop < venue.hops(); ++hop) out += frames(receipt_bytes(form, tags_at(venue, hop)));
  return out;
}

/// The last relay's: it has everybody's cover.
std::size_t largest_receipt(const Venue& venue, ReceiptForm form) {
  return receipt_bytes(form, tags_at(venue, venue.hops() - 1));
}

std::uint64_t descriptors_down(const Venue& venue) {
  return wire::kEpochsAhead * frames(descriptor_bytes(venue.suite, venue.hops()) + venue.hops() * kSignatureBytes);
}

/// Rounds of an epoch whose room is at least `load`.
std::uint64_t rounds_for(std::uint64_t load) {
  return load + load / (kLossShare - 1) + 1;
}

bool good(const Venue& venue) {
  return check_venue(venue).has_value() && lane_load(venue).fits();
}

void add_remedy(std::string& out, std::string_view key, std::string_view value) {
  out.append(out.empty() ? "" : ", or ").append(key).append(" ").append(value);
}

std::string longer_epoch(const Venue& venue, const LaneLoad& load) {
  for (const ReceiptForm form : {ReceiptForm::set, ReceiptForm::tags}) {
    const std::uint64_t down = descriptors_down(venue) + receipts_down(venue, form);
    const std::uint64_t rounds = std::max(rounds_for(std::max(down, load.up)), std::uint64_t{venue.epoch_rounds});
    if (rounds > wire::kEpochSpanMs / venue.round_ms) continue;
    Venue changed = venue;
    changed.epoch_rounds = static_cast<std::uint32_t>(rounds);
    std::string out;
    if (good(changed)) add_remedy(out, "epoch-rounds", std::to_string(rounds));
    if (!out.empty()) return out;
  }
  return {};
}

std::string less_noise(const Venue& venue) {
  Venue changed = venue;
  while (changed.noise > Noise::small) {
    changed.noise = static_cast<Noise>(static_cast<std::uint8_t>(changed.noise) - 1);
    if (good(changed)) return std::string(word_of(changed.noise));
  }
  return {};
}

std::uint32_t fewer_slots(const Venue& venue) {
  Venue changed = venue;
  do {
    --changed.slots;
  } while (changed.slots > 0 && !good(changed));
  return changed.slots;
}

std::uint32_t fewer_stations(const Venue& venue) {
  Venue changed = venue;
  std::uint32_t fits = wire::kStationsLeast;
  changed.stations = fits;
  if (!good(changed)) return 0;
  for (std::uint32_t above = venue.stations; above - fits > 1;) {
    changed.stations = fits + (above - fits) / 2;
    (good(changed) ? fits : above) = changed.stations;
  }
  return fits;
}

/// What would do, each by itself.
std::string remedies(const Venue& venue, const LaneLoad& load) {
  std::string out = longer_epoch(venue, load);
  if (const std::uint32_t slots = fewer_slots(venue); slots > 0) add_remedy(out, "slots", std::to_string(slots));
  const std::uint32_t stations = fewer_stations(venue);
  if (stations > 0) add_remedy(out, "stations", std::to_string(stations));
  if (const std::string noise = less_noise(venue); !noise.empty()) add_remedy(out, "noise", noise);
  return out;
}

std::string what_is_too_much(const Venue& venue, const LaneLoad& load) {
  if (load.receipt > wire::kControlObjectLimit || load.setup > wire::kControlObjectLimit) {
    const bool receipt = load.receipt > wire::kControlObjectLimit;
    return std::string(receipt ? "the last relay's receipt" : "a station's set-up") + " has " +
           std::to_string(receipt ? load.receipt : load.setup) + " bytes, and the control lane takes " +
           std::to_string(wire::kControlObjectLimit) + " at once";
  }
  const bool down = load.down > load.room;
  return std::string(down ? "the receipts and descriptors of an epoch"
                          : "the set-ups that a station sends in an epoch") +
         " need " + std::to_string(down ? load.down : load.up) + " rounds of the control lane, and an epoch of " +
         std::to_string(venue.epoch_rounds) + " has " + std::to_string(load.room) + " for them";
}

}  // namespace

bool LaneLoad::fits() const {
  return down <= room && up <= room && receipt <= wire::kControlObjectLimit && setup <= wire::kControlObjectLimit;
}

ReceiptForm receipt_form(const Venue& venue) {
  std::uint64_t bytes = 0;
  for (std::size_t hop = 0; hop < venue.hops(); ++hop) bytes += receipt_bytes(ReceiptForm::tags, tags_at(venue, hop));
  const std::uint64_t lane = std::uint64_t{venue.epoch_rounds} * wire::kControlDataBytes;
  const bool tags =
      100 * bytes <= kTagShare * lane && largest_receipt(venue, ReceiptForm::tags) <= wire::kControlObjectLimit;
  return tags ? ReceiptForm::tags : ReceiptForm::set;
}

LaneLoad lane_load(const Venue& venue) {
  const ReceiptForm form = receipt_form(venue);
  const std::size_t setup = kEpochFieldBytes + std::size_t{2} * venue.slots * onion_bytes(venue.suite, venue.hops(), 0);
  return {descriptors_down(venue) + receipts_down(venue, form), wire::kEpochsAhead * frames(setup),
          venue.epoch_rounds - venue.epoch_rounds / kLossShare, largest_receipt(venue, form), setup};
}

Result<void> check_lane(const Venue& venue) {
  const LaneLoad load = lane_load(venue);
  if (load.fits()) return {};
  const std::string what = what_is_too_much(venue, load);
  const std::string change = remedies(venue, load);
  if (!change.empty()) return fail(Errc::refused, what + ": " + change + " would do");
  return fail(Errc::refused, what + ": no one number would do; choose fewer stations, less noise and a longer epoch");
}

}  // namespace sw::mix
