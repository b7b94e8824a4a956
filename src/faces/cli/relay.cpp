// relay init, join, invite, run.
#include <ostream>

#include "crypto/rng.hpp"
#include "faces/cli/home.hpp"
#include "faces/cli/layout.hpp"
#include "faces/cli/venue_text.hpp"
#include "faces/codes.hpp"
#include "relay/home.hpp"
#include "relay/shell.hpp"
#include "wire/endpoint.hpp"

namespace sw::faces {
namespace {

using Json = nlohmann::json;

constexpr std::int64_t kInvitationsAtOnce = 10'000;

Outcome<relay::Home> open_home(const Context& context, relay::Home::Hold what) {
  if (auto good = check_home(context.home); !good) {
    if (good.error().code != Errc::not_found) return std::unexpected<Failure>(good.error());
    return std::unexpected<Failure>(
        Error{Errc::not_found, "there is no relay on this home; make it with: stillwire relay init"});
  }
  auto home = relay::Home::open(context.home, what);
  if (!home) return std::unexpected<Failure>(home.error());
  return std::move(*home);
}

Outcome<int> init(const Context& context, const Args& args) {
  const auto at = wire::parse_endpoint(args.text("--listen"));
  if (!at) return std::unexpected<Failure>(at.error());
  const relay::Home::Terms terms{args.text("--operator"), args.text("--jurisdiction"), *at};
  // What is wrong is said before a home is made.
  mix::RelayCard card{terms.host, terms.jurisdiction, {}, {}, terms.at};
  crypto::SystemRng rng;
  card.link = crypto::KeyPair::generate(rng).public_key;
  if (auto good = mix::check_card(card); !good) return std::unexpected<Failure>(good.error());
  if (auto made = make_home(context.home); !made) return std::unexpected<Failure>(made.error());
  const auto home = relay::Home::create(context.home, terms, rng);
  if (!home) return std::unexpected<Failure>(home.error());
  const auto written = write_public_file(args.text("--out"), home->card_text(), Existing::refuse);
  if (!written) {
    return give_up(written.error().exit,
                   written.error().what + "; the home is made, and its card is there: relay.card");
  }
  if (context.json) {
    context.print(Json{{"home", context.home.native()}, {"id", to_hex(home->card().id)}, {"card", args.text("--out")}});
  } else {
    context.out << "made " << shown(context.home.native()) << " for a relay of " << shown(terms.host)
                << "\ncard written to " << shown(args.text("--out"))
                << "; whoever makes the venue needs it: stillwire venue make --relay CARD\n";
  }
  return kExitOk;
}

Outcome<int> join(const Context& context, const Args& args) {
  const std::string file = args.text("VENUE");
  if (file == "-") return give_up(kExitUsage, "name the venue file: the signature is written into it");
  auto venue = read_venue_file(file);
  if (!venue) return std::unexpected(venue.error());
  auto home = open_home(context, relay::Home::Hold::whole);
  if (!home) return std::unexpected(home.error());
  const auto before = args.has("--replace") ? relay::Home::Before::replace : relay::Home::Before::keep;
  const auto joined = home->sign(std::move(*venue), before);
  if (!joined) return std::unexpected<Failure>(joined.error());
  const auto written = write_public_file(file, mix::encode(*joined), Existing::replace);
  if (!written) return std::unexpected(written.error());
  if (context.json) {
    context.print(venue_json(*joined));
    return kExitOk;
  }
  context.out << venue_text(*joined) << "signed in " << shown(file) << "; a copy is on this home\n"
              << (mix::complete(*joined)
                      ? "All its relays have signed: stations may add it.\n"
                      : "Hand the file on to the operators that have not signed; once all have, join it "
                        "again, so that this home has it whole.\n");
  return kExitOk;
}

Outcome<int> invite(const Context& context, const Args& args) {
  const std::int64_t count = args.number("--count", 1);
  if (count > kInvitationsAtOnce) return give_up(kExitUsage, "at most 10000 invitations at once");
  auto home = open_home(context, relay::Home::Hold::invitations);
  if (!home) return std::unexpected(home.error());
  const auto tokens = home->invite(static_cast<std::uint32_t>(count));
  if (!tokens) return std::unexpected<Failure>(tokens.error());
  Json invitations = Json::array();
  for (const mix::InviteToken& token : *tokens) {
    if (context.json) {
      invitations.push_back(mix::to_text(token));
    } else {
      context.out << mix::to_text(token) << "\n";
    }
  }
  if (context.json) context.print({{"invitations", std::move(invitations)}});
  return kExitOk;
}

Outcome<int> run(const Context& context, const Args& args) {
  relay::RelayOptions options{context.home, std::nullopt, std::nullopt};
  if (args.has("--listen")) {
    const auto listen = wire::parse_endpoint(args.text("--listen"));
    if (!listen) return std::unexpected<Failure>(listen.error());
    options.listen = *listen;
  }
  if (args.has("--metrics")) options.metrics = args.text("--metrics");
  if (auto good = check_home(context.home); !good) {
    if (good.error().code != Errc::not_found) return std::unexpected<Failure>(good.error());
    return std::unexpected<Failure>(
        Error{Errc::not_found, "there is no relay on this home; make it with: stillwire relay init"});
  }
  const auto ended = relay::run_relay(options);
  if (!ended) return std::unexpected<Failure>(ended.error());
  return *ended;
}

}  // namespace

void add_relay_commands(std::vector<Command>& table) {
  table.push_back({"relay init",
                   "Make a relay's home: its keys and its card",
                   {option("--operator", "NAME", "Who runs the relay").needed(),
                    option("--jurisdiction", "TEXT", "Under whose law it stands").needed(),
                    option("--listen", "HOST:PORT", "Where others reach the relay").needed(),
                    option("--out", "CARD", "Write the card here").needed()},
                   init});
  table.push_back({"relay join",
                   "Show a venue and sign it for this relay",
                   {positional("VENUE", "The venue file; the signature is added to it").needed(),
                    flag("--replace", "Leave the venue signed before")},
                   join});
  table.push_back({"relay invite",
                   "Print invitations for stations; first relay only",
                   {option("--count", "N", "So many (1)").counted()},
                   invite});
  table.push_back({"relay run",
                   "Run the relay in the foreground",
                   {option("--listen", "HOST:PORT", "Where it listens (default: as on its card)"),
                    option("--metrics", "FILE", "Keep Prometheus metrics in this file")},
                   run});
}

}  // namespace sw::faces
