#include "crypto/key_table.hpp"

#include <sodium.h>

#include <algorithm>

#include "base/assert.hpp"
#include "crypto/access.hpp"

namespace sw::crypto {

void KeyTable::Free::operator()(std::uint8_t* arena) const {
  sodium_free(arena);
}

Result<KeyTable> KeyTable::make(std::size_t circuits) {
  std::unique_ptr<std::uint8_t[], Free> arena(
      static_cast<std::uint8_t*>(sodium_allocarray(std::max<std::size_t>(circuits, 1), CircuitKey::kSize)));
  if (!arena) return fail(Errc::io, "this machine has no memory for the keys of the circuits");
  std::fill_n(arena.get(), circuits * CircuitKey::kSize, std::uint8_t{0});
  return KeyTable(std::move(arena), circuits);
}

void KeyTable::set(std::size_t circuit, const CircuitKey& key) {
  SW_ASSERT(circuit < x_size);
  const auto from = Access::read(key);
  std::ranges::copy(from, x_arena.get() + circuit * CircuitKey::kSize);
}

}  // namespace sw::crypto
