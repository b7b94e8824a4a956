// Passage: circuit keys, and the cells that pass under them.
#include <algorithm>
#include <limits>

#include "base/assert.hpp"
#include "crypto/hash.hpp"
#include "mix/passage.hpp"

namespace sw::mix {

/// What R1 says it took; without its word, what its receipt names; without that, the newest that is there.
const Passage::Upload* Passage::chosen(const Known& known) const {
  const Upload* out = known.uploads.empty() ? nullptr : &known.uploads.back();
  if (known.taken) {
    out = nullptr;
    if (*known.taken == Tag{}) return nullptr;
    for (const Upload& upload : known.uploads) {
      if (upload.tags.empty() && out == nullptr) out = &upload;  // kept: it may be that one
      if (!upload.tags.empty() && upload.tags[0][0] == *known.taken) out = &upload;
    }
    return out;
  }
  for (const Upload& upload : known.uploads) {
    if (upload.delivered || upload.tags.empty()) out = &upload;
  }
  for (const Upload& upload : known.uploads) {
    if ((upload.named & 1U) != 0) out = &upload;
  }
  return out;
}

// Protocol 8.4: "A station XORs the N forward keystreams into its cell, and the N backward ones out of what it gets."
bool Passage::apply(Epoch epoch, Slot slot, Round round, crypto::CircuitKey CircuitKeys::* direction,
                    SlotCells& cells) const {
  const auto known = x_known.find(epoch);
  const Upload* upload = known == x_known.end() ? nullptr : chosen(known->second);
  if (upload == nullptr || slot.value >= x_venue.slots) return false;
  crypto::StreamIv iv{};
  std::ranges::copy(crypto::le(std::uint64_t{round.value}), iv.begin());
  for (std::size_t path = 0; path < kPaths; ++path) {
    const auto& keys = upload->circuits[kPaths * slot.value + path];
    if (keys.empty()) return false;
    for (const CircuitKeys& hop : keys) {
      if (!crypto::aes256_ctr_xor(hop.*direction, iv, cells[path])) return false;
    }
  }
  return true;
}

void Passage::wrap(Slot slot, SlotCells& cells, Rng& rng) {
  SW_ASSERT(slot.value < x_venue.slots);
  const std::uint32_t bit = 1U << slot.value;
  const bool first = (x_wrapped & bit) == 0;
  x_wrapped |= bit;
  // Rounds are "never repeated", and what is not under all keys is not shown to anybody.
  if (first && x_last && *x_last > x_barred && apply(x_last->epoch, slot, x_last->round, &CircuitKeys::forward, cells))
    return;
  for (auto& cell : cells) rng.fill(cell);
}

bool Passage::unwrap(RoundId round, Slot slot, SlotCells& cells) {
  const auto known = x_known.find(round.epoch);
  // R1 keeps the time: what its frames name is what it carries.
  if (known != x_known.end()) known->second.carried = true;
  return apply(round.epoch, slot, round.round, &CircuitKeys::backward, cells);
}

// ---- kept by the station while this process is gone

std::vector<Kept> Passage::keep(Epoch epoch) const {
  std::vector<Kept> out;
  const auto known = x_known.find(epoch);
  const Upload* upload = known == x_known.end() ? nullptr : chosen(known->second);
  if (upload == nullptr) return out;
  for (std::uint8_t slot = 0; slot < x_venue.slots; ++slot) {
    crypto::SecretWriter keys;
    bool whole = true;
    for (std::size_t path = 0; path < kPaths; ++path) {
      const auto& hops = upload->circuits[kPaths * slot + path];
      whole = whole && !hops.empty();
      for (const CircuitKeys& hop : hops) keys.secret(hop.forward).secret(hop.backward);
      const std::size_t missing = wire::kRelayLimit - hops.size();
      keys.bytes(Bytes(missing * 2 * crypto::CircuitKey::kSize));
    }
    if (whole) out.push_back({Slot{slot}, epoch, keys.take()});
  }
  return out;
}

/// Are the keys of `kept` those of `upload`?
bool Passage::holds(const Upload& upload, const Upload& kept) {
  const auto bytes = [](const std::vector<CircuitKeys>& hops) {
    crypto::SecretWriter out;
    for (const CircuitKeys& hop : hops) out.secret(hop.forward).secret(hop.backward);
    return out.take();
  };
  for (std::size_t i = 0; i < kept.circuits.size(); ++i) {
    if (!kept.circuits[i].empty() && !crypto::equal(bytes(kept.circuits[i]).view(), bytes(upload.circuits[i]).view())) {
      return false;
    }
  }
  return true;
}

void Passage::add_kept(Epoch epoch, Upload&& kept) {
  Known& known = x_known[epoch];
  if (std::ranges::any_of(known.uploads, [&](const Upload& upload) { return holds(upload, kept); })) return;
  known.uploads.push_front(std::move(kept));
}

Result<void> Passage::restore(RoundId floor, std::span<const Kept> kept) {
  // The station may be one round further than it knows to have been sent: "nothing at or below floor + 1".
  if (floor.round.value < std::numeric_limits<std::uint32_t>::max()) ++floor.round.value;
  x_barred = std::max(x_barred, floor);
  std::map<Epoch, Upload> found;
  for (const Kept& each : kept) {
    if (each.slot.value >= x_venue.slots || each.keys.size() != wire::kKeptBytes) {
      return fail(Errc::malformed, "the kept keys are not those of this venue");
    }
    if (each.epoch < floor.epoch || (x_running && each.epoch < *x_running)) continue;
    Upload& upload = found[each.epoch];
    if (found.size() > 1 + wire::kEpochsAhead) return fail(Errc::malformed, "kept keys of too many epochs");
    upload.circuits.resize(circuits());
    crypto::SecretReader in(each.keys.view());
    for (std::size_t path = 0; path < kPaths; ++path) {
      auto& hops = upload.circuits[kPaths * each.slot.value + path];
      hops.clear();
      for (std::size_t hop = 0; hop < wire::kRelayLimit; ++hop) {
        auto forward = in.secret<crypto::CircuitKey>();
        auto backward = in.secret<crypto::CircuitKey>();
        if (hop < x_venue.relays.size()) hops.push_back({std::move(forward), std::move(backward)});
      }
    }
  }
  if (!found.empty() && !x_from) x_from = found.begin()->first;
  for (auto& [epoch, upload] : found) add_kept(epoch, std::move(upload));
  return {};
}

// ---- phase

Duration correction(std::int32_t phase, std::uint32_t round_ms) {
  const std::int64_t t = std::int64_t{round_ms} * 1000;
  if (phase == 0 || (phase >= 0 && phase <= t * 15 / 100)) return {};
  return microseconds(t * 5 / 100 - phase);
}

std::int32_t phase_of(Duration late) {
  constexpr std::int64_t kLeast = std::numeric_limits<std::int32_t>::min();
  constexpr std::int64_t kMost = std::numeric_limits<std::int32_t>::max();
  const auto out = static_cast<std::int32_t>(std::clamp(late.ns / 1000, kLeast, kMost));
  return out == 0 ? 1 : out;
}

}  // namespace sw::mix
