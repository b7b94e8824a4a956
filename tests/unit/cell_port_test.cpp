// needs: wire
// Protocol 2.4: lengths, order, ranges, and the text form of addresses.
#include "wire/cell_port.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "wire/endpoint.hpp"

namespace sw::wire {
namespace {

Endpoint endpoint(const char* text) {
  return parse_endpoint(text).value();
}

PeerRecord some_peer() {
  PeerRecord peer;
  peer.venue.bytes.fill(7);
  peer.round_ms = 1000;
  peer.peer.fill(9);
  peer.at = {endpoint("127.0.0.1:7144"), endpoint("[2001:db8::1]:80")};
  return peer;
}

CellRecord some_cell() {
  CellRecord cell;
  cell.path = Path::second;
  cell.round = {Epoch{5}, Round{6}};
  cell.cell.fill(3);
  return cell;
}

KeepRecord some_keep() {
  KeepRecord keep{some_peer().venue, Slot{15}, Epoch{9}, {}};
  keep.keys.fill(0x5a);
  return keep;
}

template <class Record>
Result<std::vector<Record>> decode(ByteView bytes, std::size_t step) {
  PortDecoder<Record> decoder;
  std::vector<Record> out;
  while (!bytes.empty()) {
    const auto part = bytes.first(std::min(step, bytes.size()));
    bytes = bytes.subspan(part.size());
    decoder.feed(part);
    for (;;) {
      const auto record = decoder.next();
      if (!record) return std::unexpected(record.error());
      if (!record->has_value()) break;
      out.push_back(**record);
    }
  }
  return out;
}

template <class Record>
Bytes stream(const std::vector<Record>& records) {
  Bytes out;
  for (const auto& record : records) {
    const Bytes bytes = encode(record);
    out.insert(out.end(), bytes.begin(), bytes.end());
  }
  return out;
}

const std::vector<DownRecord> kDown = {StationHello{},
                                       some_peer(),
                                       PeerRecord::forget(some_peer().venue),
                                       FloorRecord{some_peer().venue, {Epoch{1}, Round{2}}},
                                       some_cell(),
                                       DropsRecord{some_peer().venue, Slot{3}, Epoch{4}, {}},
                                       some_keep()};
const std::vector<UpRecord> kUp = {
    CarrierHello{kPortVersion, some_peer().peer},
    TickRecord{some_peer().venue, {Epoch{1}, Round{2}}},
    some_cell(),
    StatusRecord{
        some_peer().venue, {Epoch{1}, Round{2}}, BearerState::failing, LinkState::up, 77, Epoch{4}, Fault::relay_2},
    EpochRecord{some_peer().venue, Epoch{5}, 20'833},
    some_keep()};

TEST(CellPort, LengthsAreThoseOfTheProtocol) {
  const std::size_t down[] = {3, 130, 130, 29, 543, 90, 410};
  for (std::size_t i = 0; i < kDown.size(); ++i) EXPECT_EQ(encode(kDown[i]).size(), down[i]) << i;
  const std::size_t up[] = {35, 29, 543, 44, 29, 410};
  for (std::size_t i = 0; i < kUp.size(); ++i) EXPECT_EQ(encode(kUp[i]).size(), up[i]) << i;
  EXPECT_EQ(encode(kDown[4])[0], 4);
  EXPECT_EQ(encode(kUp[2])[0], 19);
}

TEST(CellPort, RoundTripInPiecesOfAnySize) {
  for (const std::size_t step : {1U, 7U, 130U, 543U, 4096U}) {
    EXPECT_EQ(decode<DownRecord>(stream(kDown), step).value(), kDown) << step;
    EXPECT_EQ(decode<UpRecord>(stream(kUp), step).value(), kUp) << step;
  }
}

TEST(CellPort, TheHelloComesFirstAndOnce) {
  EXPECT_FALSE(decode<DownRecord>(encode(kDown[4]), 1));
  EXPECT_FALSE(decode<DownRecord>(stream<DownRecord>({StationHello{}, StationHello{}}), 1));
  EXPECT_FALSE(decode<UpRecord>(encode(kUp[1]), 1));
}

TEST(CellPort, UnknownTypesAndTheOtherDirectionAreFatal) {
  const Bytes hello = encode(DownRecord(StationHello{}));
  for (const unsigned type : {0U, 7U, 17U, 18U, 19U, 20U, 21U, 22U, 255U}) {
    Bytes bytes = hello;
    bytes.push_back(static_cast<std::uint8_t>(type));
    EXPECT_FALSE(decode<DownRecord>(bytes, 1)) << type;
  }
}

TEST(CellPort, ABrokenStreamStaysBroken) {
  PortDecoder<DownRecord> decoder;
  decoder.feed(Bytes{99});
  EXPECT_FALSE(decoder.next());
  decoder.feed(encode(DownRecord(StationHello{})));
  EXPECT_FALSE(decoder.next());
}

struct Mutation {
  std::size_t at;
  std::uint8_t value;
};

TEST(CellPort, FieldsOutOfRangeAreFatal) {
  const Bytes peer = encode(kDown[1]);
  // slot; round_ms 1001; round_ms huge; address kind; port 0 of address 0 (both bytes); a gap before address 1.
  const std::vector<std::vector<Mutation>> wrong = {{{17, 1}},          {{18, 0xe9}}, {{21, 0x7f}},          {{54, 2}},
                                                    {{71, 0}, {72, 0}}, {{54, 0}},    {{54 + 2 * 19 + 3, 1}}};
  for (std::size_t i = 0; i < wrong.size(); ++i) {
    Bytes bytes = peer;
    for (const Mutation m : wrong[i]) bytes[m.at] = m.value;
    Bytes all = encode(DownRecord(StationHello{}));
    all.insert(all.end(), bytes.begin(), bytes.end());
    EXPECT_FALSE(decode<DownRecord>(all, 4096)) << i;
  }
  Bytes status = stream<UpRecord>({CarrierHello{}, StatusRecord{}});
  status.back() = static_cast<std::uint8_t>(Fault::clock) + 1;
  EXPECT_FALSE(decode<UpRecord>(status, 4096));
  Bytes all = stream<DownRecord>({StationHello{}, some_cell()});
  all[3 + 18] = 2;  // path
  EXPECT_FALSE(decode<DownRecord>(all, 4096));
  all = stream<DownRecord>({StationHello{}, some_cell()});
  all[3 + 19 + 8 + 3] = 1;  // round >= 3,456,000
  EXPECT_FALSE(decode<DownRecord>(all, 4096));
}

TEST(CellPort, AForgettingPeerIsAllZeroButItsVenue) {
  PeerRecord peer = some_peer();
  peer.peer = {};
  EXPECT_EQ(encode(DownRecord(peer)), encode(DownRecord(PeerRecord::forget(peer.venue))));
}

TEST(CellPort, RoundLengths) {
  for (const std::uint32_t good : {50U, 100U, 250U, 1000U, 600'000U}) EXPECT_TRUE(valid_round_ms(good)) << good;
  for (const std::uint32_t bad : {0U, 1U, 49U, 51U, 70U, 1001U, 599'999U, 900'000U}) EXPECT_FALSE(valid_round_ms(bad));
}

TEST(Endpoint, TextBothWays) {
  EXPECT_EQ(to_text(endpoint("192.0.2.1:7144")), "192.0.2.1:7144");
  EXPECT_TRUE(endpoint("192.0.2.1:7144").is_v4());
  EXPECT_EQ(to_text(endpoint("[2001:db8::1]:80")), "[2001:db8:0:0:0:0:0:1]:80");
  EXPECT_EQ(endpoint("[2001:db8:0:0:0:0:0:1]:80"), endpoint("[2001:db8::1]:80"));
  EXPECT_EQ(endpoint("[::ffff:1.2.3.4]:5"), endpoint("1.2.3.4:5"));
  EXPECT_TRUE(endpoint("[::]:5").is_unspecified());
  EXPECT_TRUE(endpoint("0.0.0.0:5").is_unspecified());
  EXPECT_FALSE(endpoint("[::1]:5").is_unspecified());
}

TEST(Endpoint, WhatIsNoAddressIsRefused) {
  for (const char* bad : {"",
                          ":",
                          "1.2.3.4",
                          "1.2.3.4:",
                          "1.2.3.4:0",
                          "1.2.3.4:65536",
                          "1.2.3:5",
                          "1.2.3.4.5:6",
                          "01.2.3.4:5",
                          "256.2.3.4:5",
                          "localhost:7144",
                          "::1:5",
                          "[::1]",
                          "[::1:5",
                          "[1:2]:5",
                          "[1::2::3]:5",
                          "[12345::]:5",
                          "[1:2:3:4:5:6:7:8:9]:5",
                          "[1:2:3:4:5:6:7::8]:5",
                          "[::g]:5",
                          "1.2.3.4:+5",
                          " 1.2.3.4:5",
                          "[1.2.3.4::]:5"}) {
    const auto parsed = parse_endpoint(bad);
    EXPECT_FALSE(parsed) << bad;
    if (!parsed) {
      EXPECT_EQ(parsed.error().code, Errc::usage);
    }
  }
}

// Keys pass through here on their way to a memory that wipes itself; nothing of them may stay behind.
TEST(CellPort, AKeepRecordWipesItsKeys) {
  alignas(KeepRecord) std::array<std::uint8_t, sizeof(KeepRecord)> memory{};
  auto* const keep = new (memory.data()) KeepRecord(some_keep());
  std::memset(keep->keys.data(), 0xa5, keep->keys.size());
  keep->~KeepRecord();
  EXPECT_EQ(std::ranges::count(memory, 0xa5), 0);
}

}  // namespace
}  // namespace sw::wire
