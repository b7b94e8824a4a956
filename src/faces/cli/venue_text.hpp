#pragma once
// Cards and venue files between the disk and the terminal: what the venue and relay commands share.
#include <filesystem>
#include <string>

#include "faces/cli/command.hpp"
#include "mix/venue.hpp"

namespace sw::faces {

/// Errc::not_found, io; what is wrong with the file begins with its name.
[[nodiscard]] Outcome<mix::RelayCard> read_card_file(const std::string& file);
[[nodiscard]] Outcome<mix::Venue> read_venue_file(const std::string& file);

enum class Existing : std::uint8_t { refuse, replace };
/// Whole or not at all, and on disk when it returns. Errc::conflict for one that is there already.
[[nodiscard]] Outcome<void> write_public_file(const std::string& file, const std::string& text, Existing existing);

/// The venue for programs.
[[nodiscard]] nlohmann::json venue_json(const mix::Venue& venue);
/// The venue in plain words, each sentence a row that ends; nothing in it acts on a terminal.
[[nodiscard]] std::string venue_text(const mix::Venue& venue);

}  // namespace sw::faces
