#include "carrier/venue_files.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <system_error>

#include "crypto/kem.hpp"
#include "home/file.hpp"
#include "mix/venue_lane.hpp"
#include "wire/sizes.hpp"

namespace sw::carrier {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kSuffix = ".venue";
constexpr std::string_view kTokenSuffix = ".token";
constexpr std::size_t kTokenTextLimit = 128;
constexpr Duration kLookAgain = milliseconds(3'000);

}  // namespace

std::vector<VenueFiles::Seen> VenueFiles::seen() const {
  std::vector<Seen> out;
  std::error_code error;
  for (fs::directory_iterator at(x_folder, error), end; !error && at != end; at.increment(error)) {
    std::string name = at->path().filename();
    struct stat about{};
    if (!name.ends_with(kSuffix) && !name.ends_with(kTokenSuffix)) continue;
    if (::lstat(at->path().c_str(), &about) != 0) continue;
    out.push_back({std::move(name), std::int64_t{about.st_mtim.tv_sec} * 1'000'000'000 + about.st_mtim.tv_nsec,
                   about.st_size, about.st_ino});
  }
  std::ranges::sort(out);
  return out;
}

bool VenueFiles::changed(Instant now) {
  if (now < x_next_look) return false;
  x_next_look = now + kLookAgain;
  return seen() != x_seen;
}

Result<std::optional<mix::InviteToken>> VenueFiles::read_token(const std::string& name) const {
  const auto path = x_folder / (name + std::string(kTokenSuffix));
  auto file = home::read_home_file(path, kTokenTextLimit, home::Exposure::owner_only);
  if (!file) return std::unexpected(file.error());
  if (!file->has_value()) return std::optional<mix::InviteToken>{};
  const crypto::SecretBytes content(std::move(**file));
  std::string_view text = as_text(content.view());
  if (text.ends_with('\n')) text.remove_suffix(1);
  const auto token = mix::invitation_from_text(text);
  if (!token) return std::unexpected(token.error());
  return std::optional(*token);
}

Result<RelayTerms> VenueFiles::read(const std::string& name) const {
  const auto path = x_folder / (name + std::string(kSuffix));
  const auto file = home::read_home_file(path, wire::kVenueTextLimit, home::Exposure::owner_only);
  if (!file) return std::unexpected(file.error());
  if (!file->has_value()) return fail(Errc::not_found, "the file is gone");
  const auto venue = mix::read_venue(as_text(**file));
  if (!venue) return std::unexpected(venue.error());
  if (name != mix::id_of(*venue).hex()) return fail(Errc::malformed, "the file has the name of another venue");
  if (!mix::complete(*venue)) return fail(Errc::refused, "not every relay has signed the venue");
  if (venue->suite == mix::Suite::x25519_mlkem768 && !crypto::kem_available()) {
    return fail(Errc::unsupported, "suite 2 needs ML-KEM, which this machine's libcrypto has not");
  }
  if (auto good = mix::check_lane(*venue); !good) return std::unexpected(good.error());
  return terms_of(*venue, std::nullopt);
}

VenueFiles::Found VenueFiles::look() {
  // Before it is read: what changes meanwhile is seen the next time.
  x_seen = seen();
  std::vector<std::string> names;
  for (const auto& [name, time, size, inode] : *x_seen) {
    if (name.ends_with(kSuffix)) names.push_back(name.substr(0, name.size() - kSuffix.size()));
  }
  Found out;
  std::vector<std::string> wrong;
  for (const std::string& name : names) {
    auto terms = read(name);
    if (terms) {
      // A bad invitation takes no venue off the wire: its circuits go on.
      const auto token = read_token(name);
      if (token) terms->token = *token;
      if (!token) wrong.push_back((x_folder / name).string() + std::string(kTokenSuffix) + ": " + token.error().what);
      out.relays.push_back(std::move(*terms));
    } else {
      wrong.push_back((x_folder / name).string() + ": " + terms.error().what);
    }
  }
  for (const std::string& sentence : wrong) {
    if (std::ranges::find(x_told, sentence) == x_told.end()) out.told.push_back(sentence);
  }
  x_told = std::move(wrong);
  return out;
}

}  // namespace sw::carrier
