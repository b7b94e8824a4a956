#include "station/venues.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <system_error>

#include "crypto/kem.hpp"
#include "home/file.hpp"
#include "mix/venue_lane.hpp"
#include "wire/sizes.hpp"

namespace sw::station {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kSuffix = ".venue";
constexpr std::string_view kUnfinished = ".venue.new";  // a power cut left it; the next add replaces it

std::string name_of(const mix::Venue& venue) {
  return mix::id_of(venue).hex() + std::string(kSuffix);
}

Result<mix::Venue> read_kept(const fs::path& path) {
  const auto file = home::read_home_file(path, wire::kVenueTextLimit, home::Exposure::owner_only);
  if (!file) return std::unexpected(file.error());
  if (!file->has_value()) return fail(Errc::not_found, "the file is gone");
  auto venue = mix::read_venue(as_text(**file));
  if (!venue) return venue;
  if (path.filename() != name_of(*venue)) return fail(Errc::malformed, "the file has the name of another venue");
  if (auto good = check_usable(*venue); !good) return std::unexpected(good.error());
  return venue;
}

}  // namespace

Result<void> check_usable(const mix::Venue& venue) {
  std::string missing;
  for (std::size_t i = 0; i < venue.hops(); ++i) {
    if (!venue.signatures[i]) missing += (missing.empty() ? "" : " and ") + std::to_string(i + 1);
  }
  if (!missing.empty()) {
    return fail(Errc::refused, "the venue is not signed by relay " + missing +
                                   "; each of its operators signs it with: " + "stillwire relay join");
  }
  if (venue.suite == mix::Suite::x25519_mlkem768 && !crypto::kem_available()) {
    return fail(Errc::unsupported, "the venue has suite 2, and this machine's libcrypto has no ML-KEM (3.5 has it)");
  }
  return mix::check_lane(venue);
}

Result<Added> add_venue(const Home& home, const mix::Venue& venue) {
  if (auto good = check_usable(venue); !good) return std::unexpected(good.error());
  if (::mkdir(home.venues().c_str(), S_IRWXU) != 0 && errno != EEXIST) {
    return fail(Errc::io, "cannot make " + home.venues().string() + ": " + std::strerror(errno));
  }
  const auto lock = home::hold_home_file(home.folder / "venues.run", "another command is adding a venue; try again");
  if (!lock) return std::unexpected(lock.error());
  const auto kept = kept_venues(home);
  if (!kept) return std::unexpected(kept.error());
  const std::string name = name_of(venue);
  const auto here = std::ranges::find(*kept, name, &KeptVenue::file);
  // A kept file that is damaged is mended by the same venue; one of more signatures there is none.
  if (here != kept->end() && here->venue && *here->venue == venue) return Added::before;
  if (here == kept->end() && kept->size() >= wire::kVenueLimit) {
    return fail(Errc::full, "this home has 64 venues; remove one from " + home.venues().string());
  }
  const std::string text = mix::encode(venue);
  const auto written = home::replace_home_file(home.venues() / name, as_bytes(text), home::Exposure::owner_only);
  if (!written) return std::unexpected(written.error());
  return Added::now;
}

Result<std::vector<KeptVenue>> kept_venues(const Home& home) {
  std::vector<std::string> names;
  std::error_code error;
  for (fs::directory_iterator at(home.venues(), error), end; !error && at != end; at.increment(error)) {
    std::string name = at->path().filename();
    if (!name.ends_with(kUnfinished) && !name.ends_with(kTokenSuffix)) names.push_back(std::move(name));
  }
  if (error == std::errc::no_such_file_or_directory) return std::vector<KeptVenue>{};
  if (error) return fail(Errc::io, "cannot read " + home.venues().string() + ": " + error.message());
  std::ranges::sort(names);
  std::vector<KeptVenue> out;
  out.reserve(names.size());
  for (std::string& name : names) {
    auto venue = read_kept(home.venues() / name);
    out.push_back({std::move(name), std::move(venue)});
  }
  return out;
}

}  // namespace sw::station
