#pragma once
// A folder of its own for a test's store, removed at the end, and what the tests of the store ask of its files.
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "crypto/hash.hpp"
#include "store/file.hpp"
#include "store/sealed_store.hpp"

namespace sw::test {

inline constexpr store::StoreSize kSmallStore{128, {1, 8}};

inline crypto::SecretBytes secret(std::string_view text) {
  return crypto::SecretBytes(to_bytes(as_bytes(text)));
}

inline desk::RecordKey record(std::uint64_t n, desk::RecordKind kind = desk::RecordKind::message) {
  desk::RecordKey key{kind, {}};
  const auto number = crypto::le(n);
  std::copy(number.begin(), number.end(), key.id.begin());
  return key;
}

struct StoreHome {
  std::filesystem::path folder;
  std::filesystem::path file;

  explicit StoreHome(const std::filesystem::path& in = std::filesystem::temp_directory_path()) {
    std::string name = (in / "sw-store-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) std::abort();
    folder = name;
    file = folder / "station.db";
  }
  StoreHome(const StoreHome&) = delete;
  StoreHome& operator=(const StoreHome&) = delete;
  ~StoreHome() {
    std::error_code ignored;
    std::filesystem::remove_all(folder, ignored);
  }
};

inline Bytes contents(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

/// Every file of the folder with its content's digest: two equal ones mean that nothing was touched.
inline std::string fingerprint(const std::filesystem::path& folder) {
  std::string out;
  std::map<std::string, std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    files[entry.path().filename().string()] = to_hex(crypto::digest<32>({contents(entry.path())}));
  }
  for (const auto& [name, hash] : files) out += name + " " + hash + "\n";
  return out;
}

}  // namespace sw::test
