#include "mix/venue.hpp"

#include <algorithm>

#include "base/assert.hpp"
#include "crypto/hash.hpp"
#include "mix/key_lines.hpp"
#include "mix/onion.hpp"
#include "wire/sizes.hpp"

namespace sw::mix {
namespace {

constexpr std::string_view kDomain = "sw1-venue";
constexpr std::string_view kSuiteWords = "12";

std::string body_of(const Venue& venue) {
  std::string out;
  put_line(out, "stillwire", "venue 1");
  put_line(out, "round-ms", std::to_string(venue.round_ms));
  put_line(out, "epoch-rounds", std::to_string(venue.epoch_rounds));
  put_line(out, "lead-rounds", std::to_string(venue.lead_rounds));
  put_line(out, "cell", std::to_string(wire::kCellBytes));
  put_line(out, "slots", std::to_string(venue.slots));
  put_line(out, "suite", std::to_string(static_cast<unsigned>(venue.suite)));
  put_line(out, "noise", word_of(venue.noise));
  put_line(out, "stations", std::to_string(venue.stations));
  for (std::size_t i = 0; i < venue.hops(); ++i) {
    put_line(out, "relay", std::to_string(i + 1));
    put_relay(out, venue.relays[i]);
  }
  return out;
}

std::string signed_text(const Venue& venue) {
  return std::string(kDomain).append(body_of(venue));
}

Result<void> between(std::string_view key, std::uint64_t value, std::uint64_t least, std::uint64_t most) {
  if (value >= least && value <= most) return {};
  return fail(Errc::usage,
              std::string(key) + " must be from " + std::to_string(least) + " to " + std::to_string(most) + " here");
}

Result<void> check_numbers(const Venue& venue) {
  if (auto good = between("round-ms", venue.round_ms, wire::kRoundMsLeast, wire::kRoundMsMost); !good) return good;
  const std::uint64_t longest = wire::kEpochSpanMs / venue.round_ms;
  if (auto good = between("epoch-rounds", venue.epoch_rounds, wire::kEpochRoundsLeast, longest); !good) return good;
  const std::uint64_t lead = std::min<std::uint64_t>(venue.epoch_rounds, 0xFFFF);
  if (auto good = between("lead-rounds", venue.lead_rounds, wire::kVenueLeadRoundsLeast, lead); !good) return good;
  if (auto good = between("slots", venue.slots, 1, wire::kSlotLimit); !good) return good;
  return between("stations", venue.stations, wire::kStationsLeast, wire::kCircuitLimit / (2 * venue.slots));
}

// "A venue whose largest set-up batch or batch of a round does not fit size is none" (protocol 8.7).
Result<void> check_batches(const Venue& venue) {
  for (std::size_t hop = 1; hop < venue.hops(); ++hop) {
    const std::uint64_t each = std::max(onion_bytes(venue.suite, venue.hops(), hop), wire::kCellBytes);
    const std::uint64_t cover = std::uint64_t{hop} * terms_of(venue.noise).circuits;
    const std::uint64_t most = UINT32_MAX / each - cover;
    if (venue.circuits() <= most) continue;
    return fail(Errc::usage, "stations must be at most " + std::to_string(most / (std::uint64_t{2} * venue.slots)) +
                                 " here: relays hand each other a set-up in one message");
  }
  return {};
}

// "No two relays with one id or one link key": each place is a host of its own, or one host would be two of it.
Result<void> check_places(const Venue& venue) {
  for (std::size_t i = 0; i < venue.hops(); ++i) {
    const RelayCard& one = venue.relays[i];
    if (auto good = check_card(one); !good) return good;
    for (std::size_t j = 0; j < i; ++j) {
      const RelayCard& other = venue.relays[j];
      const char* const shared = one.id == other.id       ? "id"
                                 : one.link == other.link ? "link key"
                                 : one.at == other.at     ? "address"
                                                          : nullptr;
      if (shared == nullptr) continue;
      return fail(Errc::conflict, "relays " + std::to_string(j + 1) + " and " + std::to_string(i + 1) + " have one " +
                                      shared + ": each relay of a venue must be a host of its own");
    }
  }
  return {};
}

void take_signatures(KeyLines& lines, Venue& venue) {
  std::size_t newest = 0;
  while (lines.next_is("signature")) {
    const std::string_view value = lines.value("signature");
    const std::size_t place = value.empty() ? 0 : static_cast<std::size_t>(value.front() - '0');
    // Rising, so that one venue signed by the same relays has one form.
    if (value.size() < 2 || value[1] != ' ' || place <= newest || place > venue.hops()) {
      return lines.wrong("must be the signature of a relay of this venue, each once and in the chain's order");
    }
    newest = place;
    venue.signatures[place - 1] = lines.bytes_of<64>(value.substr(2), "signature");
  }
}

Venue take_venue(KeyLines& lines) {
  Venue out;
  lines.exact("stillwire", "venue 1");
  out.round_ms = lines.number("round-ms");
  out.epoch_rounds = lines.number("epoch-rounds");
  out.lead_rounds = lines.number("lead-rounds");
  lines.exact("cell", std::to_string(wire::kCellBytes));
  out.slots = lines.number("slots");
  const std::string_view suite = lines.value("suite");
  if (suite.size() != 1 || kSuiteWords.find(suite.front()) == std::string_view::npos) {
    lines.wrong("must be suite 1 or suite 2");
  } else {
    out.suite = suite == "1" ? Suite::x25519 : Suite::x25519_mlkem768;
  }
  const auto noise = noise_named(lines.value("noise"));
  if (!noise) lines.wrong("must be noise small, standard, besieged or none");
  out.noise = noise.value_or(Noise::none);
  out.stations = lines.number("stations");
  while (lines.next_is("relay") && out.hops() < wire::kRelayLimit) {
    lines.exact("relay", std::to_string(out.hops() + 1));
    out.relays.push_back(take_relay(lines));
  }
  out.signatures.resize(out.hops());
  take_signatures(lines, out);
  return out;
}

}  // namespace

std::string_view word_of(Noise noise) {
  return kNoiseWords.at(static_cast<std::size_t>(noise));
}

std::optional<Noise> noise_named(std::string_view word) {
  const auto* const found = std::ranges::find(kNoiseWords, word);
  if (found == kNoiseWords.end()) return std::nullopt;
  return static_cast<Noise>(found - kNoiseWords.begin());
}

NoiseTerms terms_of(Noise noise) {
  constexpr std::array<NoiseTerms, kNoiseWords.size()> terms{
      {{0, 0}, {564, 24'600}, {1'676, 69'500}, {22'008, 813'600}}};  // protocol 8.5
  return terms.at(static_cast<std::size_t>(noise));
}

Result<void> check_venue(const Venue& venue) {
  if (venue.relays.empty() || venue.hops() > wire::kRelayLimit) {
    return fail(Errc::usage, "a venue has one to three relays");
  }
  if (auto good = check_numbers(venue); !good) return good;
  if ((venue.noise == Noise::none) != (venue.hops() == 1)) {
    return fail(Errc::usage, venue.hops() == 1
                                 ? "a single relay adds no cover circuits: its venue has noise none"
                                 : "noise none is for a venue with a single relay: choose small, standard "
                                   "or besieged");
  }
  if (auto good = check_batches(venue); !good) return good;
  return check_places(venue);
}

std::string encode(const Venue& venue) {
  SW_ASSERT(check_venue(venue).has_value() && venue.signatures.size() == venue.hops());
  std::string out = body_of(venue);
  for (std::size_t i = 0; i < venue.hops(); ++i) {
    const auto& signature = venue.signatures[i];
    if (signature) put_line(out, "signature", std::to_string(i + 1) + " " + base64_text(*signature));
  }
  return out;
}

Result<Venue> read_venue(std::string_view text) {
  KeyLines lines("the venue file", text);
  Venue venue = take_venue(lines);
  if (!lines.expect_end()) return std::unexpected(lines.error());
  if (const auto good = check_venue(venue); !good) {
    return fail(Errc::out_of_range, "the venue file: " + good.error().what);
  }
  for (std::size_t i = 0; i < venue.hops(); ++i) {
    if (!venue.signatures[i]) continue;
    if (auto good = add_signature(venue, i, *venue.signatures[i]); !good) return std::unexpected(good.error());
  }
  return venue;
}

VenueId id_of(const Venue& venue) {
  return {crypto::digest<16>({as_bytes(signed_text(venue))})};
}

std::optional<std::size_t> place_of(const Venue& venue, const PublicKey& id) {
  const auto found = std::ranges::find(venue.relays, id, &RelayCard::id);
  if (found == venue.relays.end()) return std::nullopt;
  return static_cast<std::size_t>(found - venue.relays.begin());
}

crypto::Signature sign_venue(const Venue& venue, const crypto::SigningKey& relay) {
  return crypto::sign(relay, as_bytes(signed_text(venue)));
}

Result<void> add_signature(Venue& venue, std::size_t place, const crypto::Signature& signature) {
  SW_ASSERT(place < venue.hops() && venue.signatures.size() == venue.hops());
  if (!crypto::verify(venue.relays[place].id, as_bytes(signed_text(venue)), signature)) {
    return fail(Errc::forged, "signature " + std::to_string(place + 1) + " is not that relay's over this venue file: " +
                                  "the file was changed after it was signed");
  }
  venue.signatures[place] = signature;
  return {};
}

bool complete(const Venue& venue) {
  return !venue.signatures.empty() &&
         std::ranges::all_of(venue.signatures, [](const auto& s) { return s.has_value(); });
}

DescriptorRules rules_of(const Venue& venue) {
  DescriptorRules out;
  out.venue = id_of(venue);
  for (const RelayCard& relay : venue.relays) out.relays.push_back(relay.id);
  out.round_ms = venue.round_ms;
  out.rounds = venue.epoch_rounds;
  out.cell_bytes = static_cast<std::uint16_t>(wire::kCellBytes);
  out.slots = static_cast<std::uint8_t>(venue.slots);
  out.suite = venue.suite;
  out.floor = terms_of(venue.noise);
  return out;
}

}  // namespace sw::mix
