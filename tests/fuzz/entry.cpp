// libFuzzer's side of a target. `TARGET --seeds DIR` writes its first corpus and ends.
#include <sodium.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "crypto/rng.hpp"
#include "fuzz/fuzz.hpp"

namespace {

// Entropy would make a finding that nobody can repeat.
const char* name() {
  return "none";
}
std::uint32_t no_word() {
  std::abort();
}
void no_bytes(void* const, const std::size_t) {
  std::abort();
}
randombytes_implementation no_entropy{name, no_word, nullptr, nullptr, no_bytes, nullptr};

void write_seeds(const std::filesystem::path& folder) {
  std::filesystem::create_directories(folder);
  int number = 0;
  for (const sw::Bytes& seed : sw::fuzz::seeds()) {
    std::ofstream out(folder / ("seed-" + std::to_string(number++)), std::ios::binary);
    out.write(reinterpret_cast<const char*>(seed.data()), static_cast<std::streamsize>(seed.size()));
  }
}

}  // namespace

extern "C" int LLVMFuzzerInitialize(int* count, char*** arguments) {
  if (!sw::crypto::start()) std::abort();
  randombytes_set_implementation(&no_entropy);
  if (*count == 3 && std::string((*arguments)[1]) == "--seeds") {
    write_seeds((*arguments)[2]);
    std::exit(0);
  }
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  sw::fuzz::run({data, size});
  return 0;
}
