#pragma once
// Bounds-checked little-endian parsing. The first failure sticks: later reads return zeros, and finish() reports it.
#include <cstdint>

#include "base/bytes.hpp"
#include "base/ids.hpp"
#include "base/result.hpp"

namespace sw::wire {

class Reader {
 public:
  explicit Reader(ByteView input) : rest_(input) {}

  [[nodiscard]] std::uint8_t u8() { return static_cast<std::uint8_t>(number(1)); }
  [[nodiscard]] std::uint16_t u16() { return static_cast<std::uint16_t>(number(2)); }
  [[nodiscard]] std::uint32_t u24() { return static_cast<std::uint32_t>(number(3)); }
  [[nodiscard]] std::uint32_t u32() { return static_cast<std::uint32_t>(number(4)); }
  [[nodiscard]] std::uint64_t u64() { return number(8); }

  /// A view of the next n bytes; empty after a failure.
  [[nodiscard]] ByteView view(std::size_t n);
  template <std::size_t N>
  [[nodiscard]] ByteArray<N> array() {
    ByteArray<N> out{};
    const ByteView v = view(N);
    if (v.size() == N) std::copy(v.begin(), v.end(), out.begin());
    return out;
  }
  template <class IdType>
  [[nodiscard]] IdType id() {
    return IdType{array<16>()};
  }
  [[nodiscard]] RoundId round_id() {
    const Epoch epoch{u64()};
    return {epoch, Round{u32()}};
  }

  [[nodiscard]] std::size_t remaining() const { return rest_.size(); }
  [[nodiscard]] bool ok() const { return ok_; }
  void reject() { ok_ = false; }
  /// True when every read was inside the input and nothing is left.
  [[nodiscard]] bool expect_end() const { return ok_ && rest_.empty(); }

 private:
  std::uint64_t number(std::size_t n);
  ByteView rest_;
  bool ok_ = true;
};

}  // namespace sw::wire
