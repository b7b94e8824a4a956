#pragma once
// Little-endian writing into a growing buffer; pad_to() makes it the fixed length the wire wants.
#include <cstdint>

#include "base/bytes.hpp"
#include "base/ids.hpp"

namespace sw::wire {

class Writer {
 public:
  Writer() = default;
  explicit Writer(std::size_t capacity) { out_.reserve(capacity); }

  Writer& u8(std::uint8_t v) { return number(v, 1); }
  Writer& u16(std::uint16_t v) { return number(v, 2); }
  Writer& u24(std::uint32_t v) { return number(v, 3); }
  Writer& u32(std::uint32_t v) { return number(v, 4); }
  Writer& u64(std::uint64_t v) { return number(v, 8); }
  Writer& bytes(ByteView v) {
    out_.insert(out_.end(), v.begin(), v.end());
    return *this;
  }
  Writer& round_id(RoundId v) { return u64(v.epoch.value).u32(v.round.value); }
  /// Appends zeros up to `size`; it is a bug to be past it already.
  Writer& pad_to(std::size_t size);

  [[nodiscard]] std::size_t size() const { return out_.size(); }
  [[nodiscard]] ByteView view() const { return out_; }
  [[nodiscard]] Bytes take() { return std::move(out_); }

 private:
  Writer& number(std::uint64_t v, std::size_t n);
  Bytes out_;
};

}  // namespace sw::wire
