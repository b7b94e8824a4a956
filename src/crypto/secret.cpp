#include "crypto/secret.hpp"

#include <sodium.h>

#include <algorithm>

namespace sw::crypto {

void wipe(MutableBytes bytes) noexcept {
  sodium_memzero(bytes.data(), bytes.size());
}

void SecretBytes::append(ByteView more) {
  // Growing by hand: a reallocation inside the vector would leave an unwiped copy behind.
  if (x_bytes.capacity() < x_bytes.size() + more.size()) {
    Bytes larger;
    larger.reserve(2 * (x_bytes.size() + more.size()));
    larger.assign(x_bytes.begin(), x_bytes.end());
    wipe(x_bytes);
    x_bytes = std::move(larger);
  }
  x_bytes.insert(x_bytes.end(), more.begin(), more.end());
}

void SecretBytes::drop_front(std::size_t count) {
  std::copy(x_bytes.begin() + static_cast<std::ptrdiff_t>(count), x_bytes.end(), x_bytes.begin());
  const std::size_t left = x_bytes.size() - count;
  wipe(MutableBytes(x_bytes).subspan(left));
  x_bytes.resize(left);
}

SecretWriter& SecretWriter::number(std::uint64_t v, std::size_t n) {
  ByteArray<8> out{};
  for (std::size_t i = 0; i < n; ++i) out[i] = static_cast<std::uint8_t>(v >> (8 * i));
  return bytes(ByteView(out).first(n));
}

ByteView SecretReader::view(std::size_t n) {
  if (!x_ok || n > x_rest.size()) {
    x_ok = false;
    return {};
  }
  const ByteView out = x_rest.first(n);
  x_rest = x_rest.subspan(n);
  return out;
}

std::uint64_t SecretReader::number(std::size_t n) {
  std::uint64_t v = 0;
  const ByteView from = view(n);
  for (std::size_t i = from.size(); i-- > 0;) v = (v << 8) | from[i];
  return v;
}

}  // namespace sw::crypto
