// venue make, show, add, ls, check.
#include <algorithm>
#include <ostream>

#include "crypto/kem.hpp"
#include "faces/cli/home.hpp"
#include "faces/cli/layout.hpp"
#include "faces/cli/venue_text.hpp"
#include "faces/codes.hpp"
#include "home/file.hpp"
#include "mix/invitation.hpp"
#include "mix/venue_lane.hpp"
#include "station/venues.hpp"
#include "wire/sizes.hpp"

namespace sw::faces {
namespace {

using Json = nlohmann::json;

using station::kTokenSuffix;
constexpr std::size_t kTokenTextLimit = 128;

// A thirtieth of an epoch, as 60 rounds are of the usual one.
constexpr std::uint32_t kLeadShare = 30;

Outcome<mix::Venue> venue_of(const Args& args) {
  mix::Venue venue;
  for (const std::string& file : args.all("--relay")) {
    auto card = read_card_file(file);
    if (!card) return std::unexpected(card.error());
    venue.relays.push_back(std::move(*card));
  }
  venue.signatures.resize(venue.hops());
  const auto number = [&](const char* name, std::uint32_t otherwise) {
    return static_cast<std::uint32_t>(args.number(name, otherwise));
  };
  venue.round_ms = number("--round-ms", venue.round_ms);
  venue.epoch_rounds = number("--epoch-rounds", venue.epoch_rounds);
  const std::uint32_t lead = std::max<std::uint32_t>(wire::kVenueLeadRoundsLeast, venue.epoch_rounds / kLeadShare);
  venue.lead_rounds = std::min<std::uint32_t>(lead, 0xFFFF);
  venue.slots = number("--slots", venue.slots);
  venue.stations = number("--stations", venue.stations);
  if (args.text("--suite") == "2") venue.suite = mix::Suite::x25519_mlkem768;
  if (venue.hops() == 1) venue.noise = mix::Noise::none;
  if (args.has("--noise")) venue.noise = mix::noise_named(args.text("--noise")).value_or(venue.noise);
  return venue;
}

Outcome<int> make(const Context& context, const Args& args) {
  auto venue = venue_of(args);
  if (!venue) return std::unexpected(venue.error());
  if (auto good = mix::check_venue(*venue); !good) return std::unexpected<Failure>(good.error());
  if (venue->suite == mix::Suite::x25519_mlkem768 && !crypto::kem_available()) {
    return std::unexpected<Failure>(
        Error{Errc::unsupported, "suite 2 needs ML-KEM, which this machine's libcrypto has not (3.5 has it)"});
  }
  if (auto good = mix::check_lane(*venue); !good) return std::unexpected<Failure>(good.error());
  const auto written = write_public_file(args.text("--out"), mix::encode(*venue), Existing::refuse);
  if (!written) return std::unexpected(written.error());
  if (context.json) {
    context.print(venue_json(*venue));
  } else {
    context.out << venue_text(*venue) << "written to " << shown(args.text("--out"))
                << "\nNow each of its operators signs it, in any order: stillwire relay join VENUE\n";
  }
  return kExitOk;
}

Outcome<int> show(const Context& context, const Args& args) {
  const auto venue = read_venue_file(args.text("VENUE"));
  if (!venue) return std::unexpected(venue.error());
  if (context.json) {
    context.print(venue_json(*venue));
  } else {
    context.out << venue_text(*venue);
  }
  return kExitOk;
}

/// The invitation itself, or a file that holds it.
Outcome<mix::InviteToken> read_token(const std::string& given) {
  const auto direct = mix::invitation_from_text(given);
  if (direct) return *direct;
  const auto file = home::read_home_file(given, kTokenTextLimit, home::Exposure::readable);
  if (!file || !file->has_value()) return std::unexpected<Failure>(direct.error());
  std::string_view text = as_text(**file);
  if (text.ends_with('\n')) text.remove_suffix(1);
  const auto token = mix::invitation_from_text(text);
  if (!token) return std::unexpected<Failure>(token.error());
  return *token;
}

Outcome<void> keep_token(const Context& context, const mix::Venue& venue, const mix::InviteToken& token) {
  const std::string name = mix::id_of(venue).hex() + std::string(kTokenSuffix);
  const std::string text = mix::to_text(token) + "\n";
  const auto path = station::Home{context.home}.venues() / name;
  const auto written = home::replace_home_file(path, as_bytes(text), home::Exposure::owner_only);
  if (!written) return std::unexpected<Failure>(written.error());
  return {};
}

Outcome<int> add(const Context& context, const Args& args) {
  const auto venue = read_venue_file(args.text("VENUE"));
  if (!venue) return std::unexpected(venue.error());
  if (auto good = check_home(context.home); !good) return std::unexpected<Failure>(good.error());
  std::optional<mix::InviteToken> token;
  if (args.has("--token")) {
    const auto read = read_token(args.text("--token"));
    if (!read) return std::unexpected(read.error());
    token = *read;
  }
  const auto added = station::add_venue(station::Home{context.home}, *venue);
  if (!added) return std::unexpected<Failure>(added.error());
  if (token) {
    if (auto kept = keep_token(context, *venue, *token); !kept) return std::unexpected(kept.error());
  }
  if (context.json) {
    context.print(venue_json(*venue));
  } else {
    context.out << venue_text(*venue)
                << (*added == station::Added::now ? "kept on this home\n" : "this home has it already\n");
    if (token) context.out << "the carrier registers at relay 1 with this invitation\n";
  }
  return kExitOk;
}

Outcome<std::vector<station::KeptVenue>> kept(const Context& context) {
  if (auto good = check_home(context.home); !good) return std::unexpected<Failure>(good.error());
  auto found = station::kept_venues(station::Home{context.home});
  if (!found) return std::unexpected<Failure>(found.error());
  return std::move(*found);
}

std::string hosts_of(const mix::Venue& venue) {
  std::string out;
  for (const mix::RelayCard& relay : venue.relays) out += (out.empty() ? "" : " > ") + shown_cell(relay.host);
  return out;
}

Outcome<int> list(const Context& context, const Args&) {
  const auto found = kept(context);
  if (!found) return std::unexpected(found.error());
  Json venues = Json::array();
  Table table;
  for (const station::KeptVenue& one : *found) {
    if (!one.venue) {
      venues.push_back({{"file", one.file}, {"wrong", one.venue.error().what}});
      table.row({shown(one.file), "WRONG; see: stillwire venue check"});
      continue;
    }
    venues.push_back(venue_json(*one.venue));
    table.row({mix::id_of(*one.venue).hex(), std::to_string(one.venue->round_ms) + " ms", hosts_of(*one.venue)});
  }
  if (context.json) {
    context.print({{"venues", std::move(venues)}});
    return kExitOk;
  }
  for (const std::string& row : table.rows()) context.out << row << "\n";
  if (found->empty()) context.out << "no venues on this home; add one with: stillwire venue add VENUE\n";
  return kExitOk;
}

Outcome<int> check(const Context& context, const Args&) {
  const auto found = kept(context);
  if (!found) return std::unexpected(found.error());
  Json files = Json::array();
  std::size_t wrong = 0;
  for (const station::KeptVenue& one : *found) {
    if (!one.venue) ++wrong;
    files.push_back({{"file", one.file}, {"wrong", one.venue ? Json() : Json(shown(one.venue.error().what))}});
    if (context.json) continue;
    context.out << shown(one.file) << ": " << (one.venue ? "right" : "WRONG: " + shown(one.venue.error().what)) << "\n";
  }
  if (context.json) {
    context.print({{"files", std::move(files)}});
  } else if (found->empty()) {
    context.out << "no venues on this home\n";
  } else if (wrong > 0) {
    context.out << "Remove what is wrong, or add the venue again: stillwire venue add VENUE\n";
  }
  return wrong == 0 ? kExitOk : code_of(Errc::malformed).exit;
}

}  // namespace

void add_venue_commands(std::vector<Command>& table) {
  const Argument file = positional("VENUE", "The venue file").needed();
  table.push_back({"venue make",
                   "Make a venue file of one to three relays' cards",
                   {option("--relay", "CARD", "A relay's card, in the chain's order").needed().repeated(),
                    option("--round-ms", "N", "Length of a round in milliseconds (1000)").counted(),
                    option("--epoch-rounds", "N", "Rounds of an epoch (1800)").counted(),
                    option("--slots", "S", "Slots of every station (1)").counted(),
                    option("--noise", "WORD", "Cover circuits").one_of({"none", "small", "standard", "besieged"}),
                    option("--stations", "N", "At most so many stations (200)").counted(),
                    option("--suite", "N", "1 X25519, 2 with ML-KEM-768 too").one_of({"1", "2"}),
                    option("--out", "VENUE", "Write the venue file here").needed()},
                   make});
  table.push_back({"venue show", "Show a venue file in plain words", {file}, show});
  table.push_back({"venue add",
                   "Keep a venue on this station's home",
                   {file, option("--token", "TEXT|FILE", "The invitation of relay 1's operator")},
                   add});
  table.push_back({"venue ls", "List the venues of this home", {}, list});
  table.push_back({"venue check", "Verify every venue of this home anew", {}, check});
}

}  // namespace sw::faces
