#include "wire/cell_port.hpp"

#include <algorithm>
#include <type_traits>
#include <utility>

#include "base/assert.hpp"
#include "wire/reader.hpp"
#include "wire/writer.hpp"

namespace sw::wire {
namespace {

// Protocol 2.4, the tables of types.
enum class DownType : std::uint8_t { hello = 1, peer = 2, floor = 3, cell = 4, drops = 5, keep = 6 };
enum class UpType : std::uint8_t { hello = 17, tick = 18, cell = 19, status = 20, epoch = 21, keep = 22 };

constexpr std::size_t kIdBytes = 16;
constexpr std::size_t kRoundIdBytes = 12;
constexpr std::size_t kCellRecordBytes = 1 + kIdBytes + 1 + 1 + kRoundIdBytes + kCellBytes;
constexpr std::size_t kEpochRecordBytes = 1 + kIdBytes + 8 + 4;
constexpr std::size_t kDropsRecordBytes = 1 + kIdBytes + 1 + 8 + kPaths * 32;
constexpr std::size_t kKeepRecordBytes = 1 + kIdBytes + 1 + 8 + kKeptBytes;
constexpr std::uint8_t kAddressNone = 0;
constexpr std::uint8_t kAddressUdp = 1;

/// Whole length of a record with this type byte; 0 for an unknown type.
std::size_t down_length(std::uint8_t type) {
  switch (static_cast<DownType>(type)) {
    case DownType::hello: return 1 + 2;
    case DownType::peer: return kPeerRecordBytes;
    case DownType::floor: return 1 + kIdBytes + kRoundIdBytes;
    case DownType::cell: return kCellRecordBytes;
    case DownType::drops: return kDropsRecordBytes;
    case DownType::keep: return kKeepRecordBytes;
  }
  return 0;
}
std::size_t up_length(std::uint8_t type) {
  switch (static_cast<UpType>(type)) {
    case UpType::hello: return 1 + 2 + 32;
    case UpType::tick: return 1 + kIdBytes + kRoundIdBytes;
    case UpType::cell: return kCellRecordBytes;
    case UpType::status: return 1 + kIdBytes + kRoundIdBytes + 1 + 1 + 4 + 8 + 1;
    case UpType::epoch: return kEpochRecordBytes;
    case UpType::keep: return kKeepRecordBytes;
  }
  return 0;
}

std::uint8_t code(DownType type) {
  return static_cast<std::uint8_t>(type);
}
std::uint8_t code(UpType type) {
  return static_cast<std::uint8_t>(type);
}

RoundId read_round(Reader& in) {
  const RoundId round = in.round_id();
  if (round.round.value >= kRoundLimit) in.reject();
  return round;
}

Slot read_slot(Reader& in) {
  const Slot slot{in.u8()};
  if (slot.value >= kSlotLimit) in.reject();
  return slot;
}

std::uint8_t read_at_most(Reader& in, std::uint8_t limit) {
  const std::uint8_t v = in.u8();
  if (v > limit) in.reject();
  return v;
}

PeerRecord read_peer(Reader& in) {
  PeerRecord out;
  out.venue = in.id<VenueId>();
  out.slot = read_slot(in);
  out.round_ms = in.u32();
  out.peer = in.array<32>();
  bool ended = false;
  for (std::size_t i = 0; i < kCardAddresses; ++i) {
    const std::uint8_t kind = read_at_most(in, kAddressUdp);
    const Endpoint at{in.array<16>(), in.u16()};
    if (kind == kAddressUdp) {
      if (ended || !at.is_usable()) in.reject();
      out.at.push_back(at);
    } else {
      if (at != Endpoint{}) in.reject();
      ended = true;
    }
  }
  if (out.slot.value != 0) in.reject();  // the direct venue has one
  const bool empty = out.round_ms == 0 && out.at.empty();
  if (out.forgets() ? !empty : !valid_round_ms(out.round_ms) || out.at.empty()) in.reject();
  return out;
}

CellRecord read_cell(Reader& in) {
  CellRecord out;
  out.venue = in.id<VenueId>();
  out.slot = read_slot(in);
  out.path = static_cast<Path>(read_at_most(in, 1));
  out.round = read_round(in);
  out.cell = in.array<kCellBytes>();
  return out;
}

StatusRecord read_status(Reader& in) {
  StatusRecord out;
  out.venue = in.id<VenueId>();
  out.round = read_round(in);
  out.bearer = static_cast<BearerState>(read_at_most(in, 1));
  out.link = static_cast<LinkState>(read_at_most(in, 1));
  out.quiet_rounds = in.u32();
  out.peer_epoch = Epoch{in.u64()};
  out.fault = static_cast<Fault>(read_at_most(in, static_cast<std::uint8_t>(Fault::clock)));
  return out;
}

DropsRecord read_drops(Reader& in) {
  DropsRecord out;
  out.venue = in.id<VenueId>();
  out.slot = read_slot(in);
  out.epoch = Epoch{in.u64()};
  for (auto& drop : out.drops) drop = in.array<32>();
  return out;
}

KeepRecord read_keep(Reader& in) {
  KeepRecord out;
  out.venue = in.id<VenueId>();
  out.slot = read_slot(in);
  out.epoch = Epoch{in.u64()};
  const ByteView keys = in.view(kKeptBytes);
  std::ranges::copy(keys, out.keys.begin());
  return out;
}

EpochRecord read_epoch(Reader& in) {
  EpochRecord out;
  out.venue = in.id<VenueId>();
  out.epoch = Epoch{in.u64()};
  out.day = in.u32();
  return out;
}

DownRecord read_body(DownType type, Reader& in) {
  switch (type) {
    case DownType::hello: return StationHello{in.u16()};
    case DownType::peer: return read_peer(in);
    case DownType::floor: {
      const auto venue = in.id<VenueId>();
      return FloorRecord{venue, read_round(in)};
    }
    case DownType::cell: return read_cell(in);
    case DownType::drops: return read_drops(in);
    case DownType::keep: return read_keep(in);
  }
  std::unreachable();
}

UpRecord read_body(UpType type, Reader& in) {
  switch (type) {
    case UpType::hello: {
      const std::uint16_t version = in.u16();
      return CarrierHello{version, in.array<32>()};
    }
    case UpType::tick: {
      const auto venue = in.id<VenueId>();
      return TickRecord{venue, read_round(in)};
    }
    case UpType::cell: return read_cell(in);
    case UpType::status: return read_status(in);
    case UpType::epoch: return read_epoch(in);
    case UpType::keep: return read_keep(in);
  }
  std::unreachable();
}

void write(Writer& out, const StationHello& r) {
  out.u8(code(DownType::hello)).u16(r.version);
}

void write(Writer& out, const PeerRecord& r) {
  SW_ASSERT(r.forgets() || (valid_round_ms(r.round_ms) && !r.at.empty() && r.at.size() <= kCardAddresses));
  const bool forgets = r.forgets();
  out.u8(code(DownType::peer)).bytes(r.venue.bytes).u8(r.slot.value).u32(forgets ? 0 : r.round_ms).bytes(r.peer);
  for (std::size_t i = 0; i < kCardAddresses; ++i) {
    const bool used = !forgets && i < r.at.size();
    const Endpoint at = used ? r.at[i] : Endpoint{};
    out.u8(used ? kAddressUdp : kAddressNone).bytes(at.ip).u16(at.port);
  }
}

void write(Writer& out, const FloorRecord& r) {
  out.u8(code(DownType::floor)).bytes(r.venue.bytes).round_id(r.floor);
}

void write(Writer& out, const DropsRecord& r) {
  out.u8(code(DownType::drops)).bytes(r.venue.bytes).u8(r.slot.value).u64(r.epoch.value);
  for (const auto& drop : r.drops) out.bytes(drop);
}

void write(Writer& out, const EpochRecord& r) {
  out.u8(code(UpType::epoch)).bytes(r.venue.bytes).u64(r.epoch.value).u32(r.day);
}

void write_keep(Writer& out, const KeepRecord& r, std::uint8_t type) {
  out.u8(type).bytes(r.venue.bytes).u8(r.slot.value).u64(r.epoch.value).bytes(r.keys);
}

void write_cell(Writer& out, const CellRecord& r, std::uint8_t type) {
  out.u8(type).bytes(r.venue.bytes).u8(r.slot.value).u8(static_cast<std::uint8_t>(r.path));
  out.round_id(r.round).bytes(r.cell);
}

void write(Writer& out, const CarrierHello& r) {
  out.u8(code(UpType::hello)).u16(r.version).bytes(r.carrier);
}

void write(Writer& out, const TickRecord& r) {
  out.u8(code(UpType::tick)).bytes(r.venue.bytes).round_id(r.round);
}

void write(Writer& out, const StatusRecord& r) {
  out.u8(code(UpType::status)).bytes(r.venue.bytes).round_id(r.round);
  out.u8(static_cast<std::uint8_t>(r.bearer)).u8(static_cast<std::uint8_t>(r.link));
  out.u32(r.quiet_rounds).u64(r.peer_epoch.value).u8(static_cast<std::uint8_t>(r.fault));
}

/// `cell`, `keep`: the types of the records that both directions have.
template <class Record>
Bytes encode_as(const Record& record, std::uint8_t cell, std::uint8_t keep) {
  Writer out(kCellRecordBytes);
  std::visit(
      [&](const auto& r) {
        using Kind = std::decay_t<decltype(r)>;
        if constexpr (std::is_same_v<Kind, CellRecord>) {
          write_cell(out, r, cell);
        } else if constexpr (std::is_same_v<Kind, KeepRecord>) {
          write_keep(out, r, keep);
        } else {
          write(out, r);
        }
      },
      record);
  return out.take();
}

}  // namespace

bool valid_round_ms(std::uint32_t round_ms) {
  return round_ms >= kRoundMsLeast && round_ms <= kRoundMsMost && kEpochMs % round_ms == 0;
}

Bytes encode(const DownRecord& record) {
  return encode_as(record, code(DownType::cell), code(DownType::keep));
}
Bytes encode(const UpRecord& record) {
  return encode_as(record, code(UpType::cell), code(UpType::keep));
}

template <class Record>
void PortDecoder<Record>::feed(ByteView bytes) {
  if (!x_broken) x_pending.append(bytes);
}

template <class Record>
Result<std::optional<Record>> PortDecoder<Record>::next() {
  constexpr bool down = std::is_same_v<Record, DownRecord>;
  using Type = std::conditional_t<down, DownType, UpType>;
  const auto broken = [this](const char* why) {
    x_broken = true;
    x_pending.clear();
    return fail(Errc::malformed, why);
  };
  if (x_broken) return broken("the cell port is broken");
  if (x_pending.empty()) return std::nullopt;
  const std::uint8_t first = x_pending.view()[0];
  const std::size_t length = down ? down_length(first) : up_length(first);
  if (length == 0) return broken("unknown record on the cell port");
  // "The first record is the hello": before the length, so that nobody can make the other side wait for a cell.
  const auto type = static_cast<Type>(first);
  if ((type == Type::hello) == x_greeted) return broken("record out of order on the cell port");
  if (x_pending.size() < length) return std::nullopt;
  Reader in(x_pending.view().first(length));
  (void)in.u8();
  Record record = read_body(type, in);
  if (!in.expect_end()) return broken("field out of range on the cell port");
  x_greeted = true;
  x_pending.drop_front(length);
  return record;
}

template class PortDecoder<DownRecord>;
template class PortDecoder<UpRecord>;

}  // namespace sw::wire
