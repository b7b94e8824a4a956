#pragma once
// HOME/venues: which venues of relays this carrier is in. A file ID.venue for each (protocol 8.6), and beside it
// ID.token, mode 0600, the invitation that its relay's operator gave; without one R1 is asked for nothing.
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "carrier/relay_venue.hpp"

namespace sw::carrier {

class VenueFiles {
 public:
  explicit VenueFiles(const std::filesystem::path& home) : x_folder(home / "venues") {}

  struct Found {
    std::vector<RelayTerms> relays;  ///< in the order of their files
    std::vector<std::string> told;   ///< what is wrong with a file: a sentence once, until it is another one
  };
  /// Did a file, or which there are, change since look() was called last? Asks the disk at most once in a few seconds.
  [[nodiscard]] bool changed(Instant now);
  /// Reads all of them; a broken file is as one that is not there.
  [[nodiscard]] Found look();
  /// When changed() is worth a call.
  [[nodiscard]] Instant next_look() const { return x_next_look; }

 private:
  /// A file as the disk describes it: one that was rewritten in its place is another.
  struct Seen {
    std::string name;
    std::int64_t time{};
    std::int64_t size{};
    std::uint64_t inode{};
    auto operator<=>(const Seen&) const = default;
  };
  [[nodiscard]] std::vector<Seen> seen() const;
  [[nodiscard]] Result<RelayTerms> read(const std::string& name) const;
  [[nodiscard]] Result<std::optional<mix::InviteToken>> read_token(const std::string& name) const;

  std::filesystem::path x_folder;
  std::optional<std::vector<Seen>> x_seen;
  Instant x_next_look{};
  std::vector<std::string> x_told;
};

}  // namespace sw::carrier
