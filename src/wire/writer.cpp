#include "wire/writer.hpp"

#include "base/assert.hpp"

namespace sw::wire {

Writer& Writer::number(std::uint64_t v, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) {
    out_.push_back(static_cast<std::uint8_t>(v & 0xff));
    v >>= 8;
  }
  return *this;
}

Writer& Writer::pad_to(std::size_t size) {
  SW_ASSERT(out_.size() <= size);
  out_.resize(size, 0);
  return *this;
}

}  // namespace sw::wire
