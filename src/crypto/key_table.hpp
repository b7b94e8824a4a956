#pragma once
// The keys of every circuit of one direction, 32 bytes each, side by side in one locked arena that is kept out of core
// dumps and wiped at its end. Protocol 8.4.
#include <cstddef>
#include <memory>

#include "crypto/stream.hpp"

namespace sw::crypto {

class KeyTable {
 public:
  /// Errc::io when the machine gives no memory for `circuits` keys. All of them start as zero.
  [[nodiscard]] static Result<KeyTable> make(std::size_t circuits);

  [[nodiscard]] std::size_t size() const { return x_size; }
  void set(std::size_t circuit, const CircuitKey& key);

 private:
  friend class BatchCipher;
  struct Free {
    void operator()(std::uint8_t* arena) const;
  };
  KeyTable(std::unique_ptr<std::uint8_t[], Free> arena, std::size_t size) : x_arena(std::move(arena)), x_size(size) {}

  std::unique_ptr<std::uint8_t[], Free> x_arena;
  std::size_t x_size;
};

}  // namespace sw::crypto
