#pragma once
// What every fuzz target shares. A target defines run() and seeds(); entry.cpp gives them to libFuzzer.
// A broken promise is an SW_ASSERT. Every generator is seeded: the same input does the same thing for ever.
#include <algorithm>
#include <vector>

#include "base/assert.hpp"
#include "base/bytes.hpp"

namespace sw::fuzz {

/// One input.
void run(ByteView data);
/// What the first corpus holds, so that no time goes into finding the format.
std::vector<Bytes> seeds();

/// The input as a stream of choices; zeros after its end.
class Input {
 public:
  explicit Input(ByteView data) : x_rest(data) {}

  [[nodiscard]] bool empty() const { return x_rest.empty(); }
  std::uint8_t u8() {
    const ByteView byte = take(1);
    return byte.empty() ? std::uint8_t{0} : byte[0];
  }
  std::uint16_t u16() {
    const unsigned low = u8();
    return static_cast<std::uint16_t>(low | (unsigned{u8()} << 8));
  }
  /// At most n bytes.
  ByteView take(std::size_t n) {
    const ByteView out = x_rest.first(std::min(n, x_rest.size()));
    x_rest = x_rest.subspan(out.size());
    return out;
  }
  /// Exactly N bytes, the missing ones zero.
  template <std::size_t N>
  ByteArray<N> array() {
    ByteArray<N> out{};
    const ByteView from = take(N);
    std::copy(from.begin(), from.end(), out.begin());
    return out;
  }
  ByteView rest() { return take(x_rest.size()); }

 private:
  ByteView x_rest;
};

inline Bytes joined(std::initializer_list<ByteView> parts) {
  Bytes out;
  for (const ByteView part : parts) out.insert(out.end(), part.begin(), part.end());
  return out;
}

inline bool same(ByteView a, ByteView b) {
  return std::ranges::equal(a, b);
}

}  // namespace sw::fuzz
