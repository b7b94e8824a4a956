#include "station/setup.hpp"

#include "crypto/rng.hpp"
#include "station/home.hpp"
#include "station/identity.hpp"
#include "store/file.hpp"
#include "wire/sizes.hpp"

namespace sw::station {
namespace {

bool printable(std::string_view text) {
  for (const char c : text) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) return false;
  }
  return !text.empty() && text.size() <= wire::kLineNameLimit;
}

}  // namespace

Result<void> create_station(const std::filesystem::path& folder, std::string_view party,
                            const crypto::SecretBytes& passphrase) {
  if (!printable(party)) return fail(Errc::usage, "a party's name is 1 to 64 bytes of printable text");
  const Home home{folder};
  const auto carrier = read_carrier_public(home);
  if (!carrier) return std::unexpected(carrier.error());
  crypto::SystemRng rng;
  const Identity identity{std::string(party), *carrier};
  return store::create_store(home.store(), passphrase, rng, {}, store::FirstRecord{Identity::key(), identity.encode()});
}

Result<void> restore_station(const std::filesystem::path& folder, const std::filesystem::path& backup) {
  const Home home{folder};
  const auto lock = RunLock::take(home);
  if (!lock) return std::unexpected(lock.error());
  return store::restore_store(backup, home.store());
}

Result<void> panic_station(const std::filesystem::path& folder) {
  crypto::SystemRng rng;
  return store::panic(Home{folder}.store(), rng);
}

}  // namespace sw::station
