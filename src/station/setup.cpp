#include "station/setup.hpp"

#include "crypto/rng.hpp"
#include "station/home.hpp"
#include "station/identity.hpp"
#include "store/file.hpp"
#include "store/sealed_store.hpp"
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
  if (const auto made = store::create_store(home.store(), passphrase, rng); !made) return made;
  const auto store = store::SealedStore::open(home.store(), passphrase, rng);
  if (!store) return std::unexpected(store.error());
  const Identity identity{std::string(party), *carrier};
  if (const auto put = (*store)->put(Identity::key(), identity.encode(), {}, desk::Urgency::state); !put) {
    return std::unexpected(put.error());
  }
  return (*store)->settle();
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
