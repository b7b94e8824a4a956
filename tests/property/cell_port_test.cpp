// needs: wire crypto
// Any bytes in any pieces: the decoder yields the same records or the same end, and what it yields encodes back.
#include "wire/cell_port.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace sw::wire {
namespace {

/// The bytes of all records decoded, and whether the stream broke.
template <class Record>
std::pair<Bytes, bool> reencode(ByteView bytes, std::size_t step) {
  PortDecoder<Record> decoder;
  Bytes out;
  while (!bytes.empty()) {
    const auto part = bytes.first(std::min(step, bytes.size()));
    bytes = bytes.subspan(part.size());
    decoder.feed(part);
    for (;;) {
      const auto record = decoder.next();
      if (!record) return {out, true};
      if (!record->has_value()) break;
      const Bytes encoded = encode(**record);
      out.insert(out.end(), encoded.begin(), encoded.end());
    }
  }
  return {out, false};
}

/// A hello and a few records of the direction with up to four bytes changed.
Bytes almost_valid(bool down) {
  Bytes out = down ? encode(DownRecord(StationHello{})) : encode(UpRecord(CarrierHello{}));
  const auto count = *rc::gen::inRange(0, 4);
  for (int i = 0; i < count; ++i) {
    PeerRecord peer;
    peer.round_ms = 1000;
    peer.peer.fill(1);
    peer.at.resize(*rc::gen::inRange<std::size_t>(1, 5));
    for (auto& at : peer.at) at = {*rc::gen::arbitrary<ByteArray<16>>(), 7144};
    CellRecord cell;
    cell.cell = *rc::gen::arbitrary<Cell>();
    const auto kind = *rc::gen::inRange(0, 5);
    const Bytes record = kind == 3   ? (down ? encode(DownRecord(DropsRecord{})) : encode(UpRecord(EpochRecord{})))
                         : kind == 4 ? (down ? encode(DownRecord(KeepRecord{})) : encode(UpRecord(KeepRecord{})))
                         : !down     ? (kind == 0 ? encode(UpRecord(cell)) : encode(UpRecord(StatusRecord{})))
                         : kind == 0 ? encode(DownRecord(cell))
                         : kind == 1 ? encode(DownRecord(peer))
                                     : encode(DownRecord(FloorRecord{}));
    out.insert(out.end(), record.begin(), record.end());
  }
  const auto changes = *rc::gen::inRange(0, 5);
  for (int i = 0; i < changes; ++i) {
    out[*rc::gen::inRange<std::size_t>(0, out.size())] = *rc::gen::arbitrary<std::uint8_t>();
  }
  return out;
}

template <class Record>
void check(const Bytes& bytes) {
  const auto whole = reencode<Record>(bytes, bytes.size() + 1);
  const auto pieces = reencode<Record>(bytes, *rc::gen::inRange<std::size_t>(1, 700));
  RC_ASSERT(whole == pieces);
  RC_ASSERT(whole.first.size() <= bytes.size());
  RC_ASSERT(std::equal(whole.first.begin(), whole.first.end(), bytes.begin()));
}

RC_GTEST_PROP(CellPort, RandomBytes, (const Bytes& bytes)) {
  check<DownRecord>(bytes);
  check<UpRecord>(bytes);
}

RC_GTEST_PROP(CellPort, AlmostValidBytes, ()) {
  check<DownRecord>(almost_valid(true));
  check<UpRecord>(almost_valid(false));
}

}  // namespace
}  // namespace sw::wire
