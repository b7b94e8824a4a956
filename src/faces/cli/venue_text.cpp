#include "faces/cli/venue_text.hpp"

#include <system_error>

#include "faces/cli/layout.hpp"
#include "faces/cli/terminal.hpp"
#include "home/file.hpp"
#include "mix/venue_words.hpp"
#include "wire/endpoint.hpp"
#include "wire/sizes.hpp"

namespace sw::faces {
namespace {

using Json = nlohmann::json;

template <class T>
Outcome<T> named(const std::string& file, Result<T>&& read) {
  if (read) return std::move(*read);
  return std::unexpected<Failure>(Error{read.error().code, shown(file) + ": " + read.error().what});
}

}  // namespace

Outcome<mix::RelayCard> read_card_file(const std::string& file) {
  const auto text = read_text(file, wire::kVenueTextLimit);
  if (!text) return std::unexpected(text.error());
  return named(file, mix::read_relay_card(*text));
}

Outcome<mix::Venue> read_venue_file(const std::string& file) {
  const auto text = read_text(file, wire::kVenueTextLimit);
  if (!text) return std::unexpected(text.error());
  return named(file, mix::read_venue(*text));
}

Outcome<void> write_public_file(const std::string& file, const std::string& text, Existing existing) {
  std::error_code error;
  const std::filesystem::path path = std::filesystem::absolute(file, error);
  if (error || path.filename().empty()) return give_up(64, shown(file) + " is no name of a file");
  if (existing == Existing::refuse && std::filesystem::exists(std::filesystem::symlink_status(path, error))) {
    return std::unexpected<Failure>(Error{Errc::conflict, shown(file) + " is there already"});
  }
  if (auto written = home::replace_home_file(path, as_bytes(text), home::Exposure::readable); !written) {
    return std::unexpected<Failure>(written.error());
  }
  return {};
}

Json venue_json(const mix::Venue& venue) {
  Json relays = Json::array();
  for (std::size_t i = 0; i < venue.hops(); ++i) {
    const mix::RelayCard& relay = venue.relays[i];
    relays.push_back({{"operator", relay.host},
                      {"jurisdiction", relay.jurisdiction},
                      {"id", to_hex(relay.id)},
                      {"link", to_hex(relay.link)},
                      {"at", wire::to_text(relay.at)},
                      {"signed", venue.signatures[i].has_value()}});
  }
  return {{"id", mix::id_of(venue).hex()},
          {"complete", mix::complete(venue)},
          {"round_ms", venue.round_ms},
          {"epoch_rounds", venue.epoch_rounds},
          {"lead_rounds", venue.lead_rounds},
          {"slots", venue.slots},
          {"suite", static_cast<unsigned>(venue.suite)},
          {"noise", mix::word_of(venue.noise)},
          {"stations", venue.stations},
          {"relays", std::move(relays)},
          {"words", mix::describe(venue)}};
}

std::string venue_text(const mix::Venue& venue) {
  std::string out = "venue " + mix::id_of(venue).hex() + "\n";
  for (const std::string& row : mix::describe(venue)) out += "  " + shown(row) + "\n";
  return out;
}

}  // namespace sw::faces
