#include "mix/passage.hpp"

#include <algorithm>

#include "crypto/hash.hpp"
#include "mix/receipt.hpp"

namespace sw::mix {
namespace {

/// Running, ahead, and the one before while its returns come.
constexpr std::size_t kKnownEpochs = 1 + wire::kEpochsAhead + 1;

}  // namespace

Passage::Passage(DescriptorRules venue) : x_venue(std::move(venue)) {
  x_venue.newest.reset();
}

// ---- what R1 says

Result<Epoch> Passage::take_descriptor(ByteView object) {
  const auto parts = read_descriptor_object(object, x_venue.relays.size());
  if (!parts) return std::unexpected(parts.error());
  auto accepted = accept_descriptor(parts->body, parts->signatures, x_venue);
  if (!accepted) return std::unexpected(std::move(accepted.error()));
  const Descriptor& d = accepted->descriptor;
  if (setup_bytes(d.suite, d.hops(), d.slots) > wire::kControlObjectLimit) {
    return fail(Errc::out_of_range, "the set-up of this venue does not fit the control lane");
  }
  const Epoch epoch = d.epoch;
  x_venue.newest = epoch;
  // Protocol 8.7: an emergency epoch begins before those that were published; they are void.
  const auto gone = std::erase_if(x_known, [&](const auto& entry) {
    return entry.second.accepted && !entry.second.ran && entry.second.accepted->descriptor.t0 >= d.t0;
  });
  if (gone > 0) x_void = true;
  Known& known = x_known[epoch];
  x_wanted.push_back({epoch, day_of(d.t0)});
  known.accepted = std::move(*accepted);
  known.drops.resize(x_venue.slots);
  known.upload_at = x_turns + wire::kUploadDelay;
  if (const auto waiting = x_waiting.extract(epoch)) obey(waiting.mapped(), known);
  // The oldest go, but not the one that runs, however many after it were halted.
  while (x_known.size() > kKnownEpochs) {
    auto oldest = x_known.begin();
    if (x_running == oldest->first) ++oldest;
    settle(oldest->second);
    x_known.erase(oldest);
  }
  return epoch;
}

Result<void> Passage::take_notice(ByteView object) {
  const auto notice = read_notice(object);
  if (!notice) return std::unexpected(notice.error());
  const auto known = x_known.find(notice->epoch);
  switch (notice->kind) {
    case Notice::Kind::registered:
      x_from = notice->epoch;
      x_again = x_again || !x_here;
      x_here = true;
      x_refused = false;
      break;
    case Notice::Kind::refused:
      x_from.reset();
      x_here = false;
      x_refused = true;
      break;
    case Notice::Kind::halted:
    case Notice::Kind::carried:
      if (known != x_known.end()) {
        obey(*notice, known->second);
      } else {
        // On a new control lane it overtakes the descriptor.
        x_waiting.insert_or_assign(notice->epoch, *notice);
        if (x_waiting.size() > kKnownEpochs) x_waiting.erase(x_waiting.begin());
      }
      break;
  }
  return {};
}

void Passage::obey(const Notice& notice, Known& known) {
  known.carried = notice.kind == Notice::Kind::carried;
  if (!known.carried) return;
  known.taken = notice.tag;
  x_changed.insert(notice.epoch);
}

Result<void> Passage::take_receipt(ByteView object) {
  for (auto& [epoch, known] : x_known) {
    if (!known.accepted) continue;
    for (std::size_t hop = 0; hop < x_venue.relays.size(); ++hop) {
      const auto receipt = Receipt::read(object, *known.accepted, hop);
      if (!receipt) continue;
      const auto bit = static_cast<std::uint8_t>(1U << hop);
      known.receipts |= bit;
      for (Upload& upload : known.uploads) {
        const bool all = std::ranges::all_of(upload.tags, [&](const auto& tags) { return receipt->names(tags[hop]); });
        if (all && !upload.tags.empty()) upload.named |= bit;
      }
      judge(known);
      return {};
    }
  }
  return fail(Errc::forged, "not a receipt of an epoch that is known here");
}

// Protocol 8.8: "a missing tag is one disturbed epoch, counted, and does nothing visible".
void Passage::judge(Known& known) {
  const bool ours = std::ranges::any_of(known.uploads, [](const Upload& u) { return !u.tags.empty(); });
  const bool kept = std::ranges::any_of(known.uploads, [](const Upload& u) { return u.tags.empty(); });
  // What another process uploaded cannot be looked for: its tags are gone.
  if (!ours || kept || known.disturbed) return;
  const bool named = std::ranges::any_of(
      known.uploads, [&](const Upload& u) { return !u.tags.empty() && (u.named & known.receipts) == known.receipts; });
  if (named) return;
  known.disturbed = true;
  ++x_disturbed;
}

void Passage::settle(Known& known) {
  const auto all = static_cast<std::uint8_t>((1U << x_venue.relays.size()) - 1);
  if (known.ran && !known.uploads.empty() && !known.disturbed && known.receipts != all) ++x_unproved;
}

// ---- rounds

std::optional<UtcMs> Passage::begins(Epoch epoch) const {
  const auto known = x_known.find(epoch);
  if (known == x_known.end() || !known->second.accepted) return std::nullopt;
  return known->second.accepted->descriptor.t0;
}

std::optional<Epoch> Passage::due_epoch(UtcMs start) const {
  for (auto it = x_known.rbegin(); it != x_known.rend(); ++it) {
    const auto& [epoch, known] = *it;
    if (x_running && epoch <= *x_running) break;
    if (x_last && epoch < x_last->epoch) break;
    if (!known.accepted || !known.carried) continue;
    const Descriptor& d = known.accepted->descriptor;
    if (d.t0.value <= start.value + d.round_ms / 2) return epoch;
  }
  return std::nullopt;
}

std::optional<RoundId> Passage::name_round(UtcMs start) const {
  if (!x_running) return std::nullopt;
  const auto known = x_known.find(*x_running);
  if (known == x_known.end() || !known->second.accepted) return std::nullopt;
  const Descriptor& d = known->second.accepted->descriptor;
  const std::int64_t since = start.value + d.round_ms / 2 - d.t0.value;
  if (since < 0) return std::nullopt;
  const std::int64_t round = since / d.round_ms;
  // "round numbers continue, at most twice its length"
  if (round >= 2 * std::int64_t{d.rounds}) return std::nullopt;
  const RoundId out{*x_running, Round{static_cast<std::uint32_t>(round)}};
  if (x_last && out <= *x_last) return std::nullopt;
  return out;
}

void Passage::switch_to(Epoch epoch) {
  x_running = epoch;
  x_known[epoch].ran = true;
  for (auto it = x_known.upper_bound(epoch); it != x_known.end(); ++it) {
    if (!it->second.accepted) continue;
    it->second.upload_at = x_turns + wire::kUploadDelay;
    x_wanted.push_back({it->first, day_of(it->second.accepted->descriptor.t0)});
  }
}

/// "Keys of e are kept five rounds into e+1 for returns, then wiped."
void Passage::forget_past(const std::optional<RoundId>& now) {
  if (!now || now->round.value < wire::kKeptRounds) return;
  while (!x_known.empty() && x_known.begin()->first < now->epoch) {
    settle(x_known.begin()->second);
    x_changed.erase(x_known.begin()->first);
    x_known.erase(x_known.begin());
  }
}

Passage::Turn Passage::begin_round(UtcMs start, Rng& rng) {
  ++x_turns;
  x_start = start;
  if (const auto epoch = due_epoch(start)) switch_to(*epoch);
  Turn out;
  out.round = name_round(start);
  forget_past(out.round);
  x_wrapped = ~std::uint32_t{0};  // nothing may be wrapped in a round without a name
  if (out.round) {
    x_last = out.round;
    x_wrapped = 0;
  }
  send_again(out);
  upload_due(out, rng);
  out.wanted = std::exchange(x_wanted, {});
  for (const Epoch epoch : std::exchange(x_changed, {})) {
    for (Kept& kept : keep(epoch)) out.kept.push_back(std::move(kept));
  }
  return out;
}

// ---- set-ups

void Passage::drops(Slot slot, Epoch epoch, const DropId& first, const DropId& second) {
  const auto known = x_known.find(epoch);
  if (known == x_known.end() || slot.value >= known->second.drops.size()) return;
  known->second.drops[slot.value] = {first, second};
}

bool Passage::make_upload(Known& known, Rng& rng) {
  const AcceptedDescriptor& epoch = *known.accepted;
  Upload upload;
  Bytes object = to_bytes(crypto::le(epoch.descriptor.epoch.value));
  for (std::uint8_t slot = 0; slot < x_venue.slots; ++slot) {
    // "none given: both circuits of the slot on one random drop"
    const DropId alone = rng.array<32>();
    const auto drops = known.drops[slot].value_or(std::array{alone, alone});
    for (const DropId& drop : drops) {
      auto onion = make_onion(epoch, 0, drop, rng);
      if (!onion) return false;
      object.insert(object.end(), onion->bytes.begin(), onion->bytes.end());
      upload.circuits.push_back(std::move(onion->keys));
      upload.tags.push_back(std::move(onion->tags));
    }
  }
  upload.number = ++x_uploads;
  known.uploads.push_back(std::move(upload));
  if (known.uploads.size() > wire::kUploadsKept) known.uploads.pop_front();
  known.newest = std::move(object);
  return true;
}

bool Passage::open(const Known& known) const {
  // Until R1 says that it closed it: a set-up that comes too late does no harm. This clock counts only once R1 put it
  // right.
  return known.accepted && !known.ran && !known.carried && (!x_running || x_start < known.accepted->descriptor.t0);
}

void Passage::upload_due(Turn& out, Rng& rng) {
  if (!x_here) return;
  for (auto& [epoch, known] : x_known) {
    if (epoch < *x_from || !open(known) || !known.upload_at || *known.upload_at > x_turns) continue;
    known.upload_at.reset();
    if (!make_upload(known, rng)) continue;
    out.uploads.push_back({epoch, known.newest, x_uploads});
    return;  // "one epoch a round"
  }
}

void Passage::delivered(std::uint64_t number) {
  for (auto& [epoch, known] : x_known) {
    for (Upload& upload : known.uploads) {
      if (upload.number != number || upload.delivered) continue;
      upload.delivered = true;
      x_changed.insert(epoch);
    }
  }
}

void Passage::send_again(Turn& out) {
  out.all_void = std::exchange(x_void, false);
  const bool again = std::exchange(x_again, false) || (out.all_void && x_here);
  if (!again) return;
  for (const auto& [epoch, known] : x_known) {
    if (!known.newest.empty() && open(known)) out.uploads.push_back({epoch, known.newest, known.uploads.back().number});
  }
}

}  // namespace sw::mix
