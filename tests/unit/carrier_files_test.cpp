// needs: carrier
// What a carrier reads and keeps on its home for venues of relays: the venue files with their invitations, and stamps.
#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <fstream>

#include "carrier/stamp_table.hpp"
#include "carrier/venue_files.hpp"
#include "crypto/rng.hpp"
#include "support/venue_text.hpp"

namespace sw::carrier {
namespace {

namespace fs = std::filesystem;

constexpr Instant kStart{5'000'000'000};

/// A venue that all its relays have signed.
struct VenueOfTest {
  explicit VenueOfTest(std::uint64_t seed)
      : rng(seed), relays(test::make_relays(3, rng)), venue(test::make_venue(relays)) {
    test::sign_all(venue, relays);
  }
  crypto::SeededRng rng;
  std::vector<test::RelayOfTest> relays;
  mix::Venue venue;
};

struct Home {
  Home() {
    std::string name = "/tmp/sw-venues-XXXXXX";
    path = ::mkdtemp(name.data());
    fs::create_directory(path / "venues");
  }
  Home(const Home&) = delete;
  Home& operator=(const Home&) = delete;
  ~Home() { fs::remove_all(path); }
  void write(const std::string& name, const std::string& text) const {
    const fs::path file = path / "venues" / name;
    std::ofstream(file, std::ios::binary) << text;
    fs::permissions(file, fs::perms::owner_read | fs::perms::owner_write);
  }
  fs::path path;
};

TEST(VenueFiles, AreReadAtStartAndWhenTheirFolderChanged) {
  const Home home;
  VenueOfTest one(1);
  const std::string name = mix::id_of(one.venue).hex();
  const auto secret = mix::InviteSecret::random(one.rng);
  const auto token = mix::make_invitation(secret, mix::id_of(one.venue), 3);
  VenueFiles files(home.path);
  EXPECT_TRUE(files.look().relays.empty());
  EXPECT_FALSE(files.changed(kStart));
  home.write(name + ".venue", mix::encode(one.venue));
  EXPECT_FALSE(files.changed(kStart + milliseconds(1'000))) << "not yet";
  EXPECT_TRUE(files.changed(kStart + milliseconds(3'000)));
  auto found = files.look();
  ASSERT_EQ(found.relays.size(), 1U);
  EXPECT_TRUE(found.told.empty());
  EXPECT_EQ(found.relays[0].rules.venue, mix::id_of(one.venue));
  EXPECT_EQ(found.relays[0].relay, one.venue.relays[0].link);
  EXPECT_FALSE(found.relays[0].token);
  home.write(name + ".token", mix::to_text(token) + "\n");
  EXPECT_TRUE(files.changed(kStart + milliseconds(9'000)));
  EXPECT_EQ(files.look().relays.at(0).token, token);
  EXPECT_FALSE(files.changed(kStart + milliseconds(15'000)));
  // In its place, which the folder does not show.
  const fs::path folder = home.path / "venues";
  const auto before = fs::last_write_time(folder);
  const auto other = mix::make_invitation(secret, mix::id_of(one.venue), 4);
  home.write(name + ".token", mix::to_text(other) + "\n");
  fs::last_write_time(folder / (name + ".token"), before + std::chrono::seconds(1));
  ASSERT_EQ(fs::last_write_time(folder), before);
  EXPECT_TRUE(files.changed(kStart + milliseconds(21'000)));
  EXPECT_EQ(files.look().relays.at(0).token, other);
}

TEST(VenueFiles, ABrokenOneIsToldOnceAndTheOthersAreUsed) {
  const Home home;
  VenueOfTest one(1);
  VenueOfTest other(50);
  const std::string name = mix::id_of(one.venue).hex();
  home.write(name + ".venue", mix::encode(one.venue));
  home.write(std::string(32, '0') + ".venue", mix::encode(other.venue));
  VenueFiles files(home.path);
  auto found = files.look();
  EXPECT_EQ(found.relays.size(), 1U);
  ASSERT_EQ(found.told.size(), 1U);
  EXPECT_NE(found.told[0].find("the name of another venue"), std::string::npos);
  EXPECT_TRUE(files.look().told.empty());
  other.venue.signatures[1].reset();
  home.write(mix::id_of(other.venue).hex() + ".venue", mix::encode(other.venue));
  EXPECT_EQ(files.look().told.size(), 1U) << "the new one only";
  home.write(name + ".token", "SW1-INVITE:no");
  found = files.look();
  ASSERT_EQ(found.relays.size(), 1U) << "a bad invitation takes no venue off the wire";
  EXPECT_FALSE(found.relays[0].token);
  EXPECT_EQ(found.told.size(), 1U);
  fs::permissions(home.path / "venues" / (name + ".venue"), fs::perms::others_read, fs::perm_options::add);
  EXPECT_EQ(files.look().told.size(), 1U);
}

TEST(StampTable, ConstantSizeAndEveryChangedByteRefused) {
  const std::vector<Stamp> stamps{{VenueId{{1}}, 5}, {VenueId{{2}}, 0x0123'4567'89ab'cdef}};
  const Bytes file = encode_stamps(stamps);
  EXPECT_EQ(file.size(), encode_stamps({}).size());
  EXPECT_EQ(decode_stamps(file).value(), stamps);
  EXPECT_TRUE(decode_stamps(encode_stamps({})).value().empty());
  for (std::size_t at = 0; at < file.size(); ++at) {
    Bytes changed = file;
    changed[at] = static_cast<std::uint8_t>(changed[at] ^ 1U);
    EXPECT_FALSE(decode_stamps(changed)) << at;
  }
  for (const auto& wrong : {std::vector<Stamp>{stamps[0], stamps[0]}, std::vector<Stamp>{{VenueId{{1}}, 0}},
                            std::vector<Stamp>{Stamp{}, stamps[0]}}) {
    EXPECT_FALSE(decode_stamps(encode_stamps(wrong)));
  }
  EXPECT_FALSE(decode_stamps(ByteView(file).first(file.size() - 1)));
}

}  // namespace
}  // namespace sw::carrier
