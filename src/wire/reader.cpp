#include "wire/reader.hpp"

namespace sw::wire {

ByteView Reader::view(std::size_t n) {
  if (!ok_ || n > rest_.size()) {
    ok_ = false;
    return {};
  }
  const ByteView out = rest_.first(n);
  rest_ = rest_.subspan(n);
  return out;
}

std::uint64_t Reader::number(std::size_t n) {
  std::uint64_t v = 0;
  const ByteView bytes = view(n);
  for (std::size_t i = bytes.size(); i-- > 0;) v = (v << 8) | bytes[i];
  return v;
}

}  // namespace sw::wire
