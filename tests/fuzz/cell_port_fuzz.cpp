// needs: wire crypto
// The cell port's records as a stream, both directions: however the bytes are cut, the same records come out, they
// encode to the bytes that were read, and a broken stream stays broken.
#include "fuzz/fuzz.hpp"
#include "wire/cell_port.hpp"

namespace sw::fuzz {
namespace {

struct Read {
  Bytes encoded;
  std::size_t records = 0;
  bool broken = false;
  bool operator==(const Read&) const = default;
};

template <class Record>
Read read(ByteView stream, std::size_t piece) {
  wire::PortDecoder<Record> decoder;
  Read out;
  while (!stream.empty()) {
    const ByteView part = stream.first(std::min(piece, stream.size()));
    stream = stream.subspan(part.size());
    decoder.feed(part);
    for (;;) {
      const auto record = decoder.next();
      if (!record) {
        out.broken = true;
        decoder.feed(stream);
        SW_ASSERT(!decoder.next() && record.error().code == Errc::malformed);
        return out;
      }
      if (!record->has_value()) break;
      ++out.records;
      const Bytes bytes = wire::encode(**record);
      out.encoded.insert(out.encoded.end(), bytes.begin(), bytes.end());
    }
  }
  return out;
}

template <class Record>
void check(ByteView stream, std::size_t piece) {
  const Read whole = read<Record>(stream, stream.size() + 1);
  SW_ASSERT(whole == read<Record>(stream, piece));
  SW_ASSERT(whole.encoded.size() <= stream.size() && same(whole.encoded, stream.first(whole.encoded.size())));
}

}  // namespace

void run(ByteView data) {
  Input in(data);
  const std::size_t piece = std::size_t{in.u8()} + 1;
  const ByteView stream = in.rest();
  check<wire::DownRecord>(stream, piece);
  check<wire::UpRecord>(stream, piece);
}

std::vector<Bytes> seeds() {
  const ByteArray<1> piece{60};
  const VenueId venue{{1, 2, 3}};
  const RoundId round{Epoch{994'000}, Round{35'999}};
  wire::PeerRecord peer{venue, {}, 1000, PublicKey{9}, {{{5}, 7144}, {{6}, 1}}};
  const auto down = [](const wire::DownRecord& r) { return wire::encode(r); };
  const auto up = [](const wire::UpRecord& r) { return wire::encode(r); };
  const wire::CellRecord cell{venue, {}, Path::second, round, {}};
  return {joined({piece, down(wire::StationHello{}), down(peer), down(wire::FloorRecord{venue, round}), down(cell),
                  down(wire::PeerRecord::forget(venue))}),
          joined({piece, up(wire::CarrierHello{1, {7}}), up(wire::TickRecord{venue, round}), up(cell),
                  up(wire::StatusRecord{venue, round, wire::BearerState::failing, wire::LinkState::up, 5, Epoch{6},
                                        wire::Fault::relay_3})})};
}

}  // namespace sw::fuzz
