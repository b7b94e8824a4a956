// needs: relay
// The gate's table of addresses against a map of the standard library.
#include "relay/address_table.hpp"

#include <gtest/gtest.h>

#include <map>

#include "crypto/rng.hpp"

namespace sw::relay {
namespace {

wire::Endpoint endpoint(std::uint64_t number) {
  wire::Endpoint out = *wire::parse_endpoint("[2001:db8::]:1");
  out.ip[15] = static_cast<std::uint8_t>(number);
  out.ip[3] = static_cast<std::uint8_t>(number >> 8);
  out.port = static_cast<std::uint16_t>(1 + (number >> 4) % 3);
  return out;
}

TEST(AddressTable, IsAMap) {
  ASSERT_TRUE(crypto::start());
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    crypto::SeededRng rng(seed);
    AddressTable<std::uint32_t> table(rng);
    std::map<wire::Endpoint, std::uint32_t> reference;
    const std::uint64_t span = 20 + 40 * seed;
    for (std::uint32_t step = 0; step < 3'000; ++step) {
      const auto at = endpoint(rng.below(span));
      // It fills, and then it drains.
      if (rng.below(10) < (step < 1'500 ? 7U : 3U)) {
        table.set(at, step);
        reference[at] = step;
      } else {
        table.erase(at);
        reference.erase(at);
      }
      ASSERT_EQ(table.size(), reference.size()) << seed;
      if (step % 100 != 0) continue;
      for (std::uint64_t i = 0; i < span; ++i) {
        const auto* const found = table.find(endpoint(i));
        const auto known = reference.find(endpoint(i));
        ASSERT_EQ(found != nullptr, known != reference.end()) << seed << ' ' << step << ' ' << i;
        if (found == nullptr) continue;
        ASSERT_EQ(*found, known->second) << seed << ' ' << step << ' ' << i;
      }
    }
  }
}

TEST(AddressTable, AddressesOfOneNetworkSpread) {
  // A look-up that went through many neighbours would show here as time: 200,000 in well under a second.
  crypto::SeededRng rng(7);
  AddressTable<std::uint32_t> table(rng);
  wire::Endpoint at = *wire::parse_endpoint("127.1.0.0:20000");
  for (std::uint32_t i = 0; i < 200'000; ++i) {
    at.ip[13] = static_cast<std::uint8_t>(i >> 16);
    at.ip[14] = static_cast<std::uint8_t>(i >> 8);
    at.ip[15] = static_cast<std::uint8_t>(i);
    table.fetch(at);
    table.set(at, i);
    ASSERT_EQ(*table.find(at), i);
  }
  EXPECT_EQ(table.size(), 200'000U);
}

}  // namespace
}  // namespace sw::relay
