#include "line/session/cell.hpp"

#include <algorithm>

#include "base/assert.hpp"
#include "wire/reader.hpp"

namespace sw::line {
namespace {
template <class Int>
std::uint8_t* put(std::uint8_t* to, Int value) {
  for (std::size_t i = 0; i < sizeof value; ++i) *to++ = static_cast<std::uint8_t>(std::uint64_t{value} >> (8 * i));
  return to;
}
}  // namespace

void write_cell(const CellHead& head, ByteView frames, CellPlain& out) {
  SW_ASSERT(frames.size() <= wire::kCellFramesBytes);
  std::uint8_t* to = out.data();
  to = put(to, head.flags);
  to = put(to, head.heard_base);
  to = put(to, head.heard);
  to = put(to, head.ack);
  to = put(to, head.sack);
  to = std::copy(frames.begin(), frames.end(), to);
  std::fill(to, out.data() + out.size(), std::uint8_t{0});
}

CellHead read_cell_head(const CellPlain& plain) {
  wire::Reader in(plain);
  CellHead head;
  head.flags = in.u8();
  head.heard_base = in.u8();
  head.heard = in.u16();
  head.ack = in.u32();
  head.sack = in.u64();
  return head;
}

}  // namespace sw::line
