// needs: store
// Who looks at the disk again and again sees the same thing, idle or busy.
#include <gtest/gtest.h>

#include <cstring>
#include <set>

#include "crypto/rng.hpp"
#include "support/store_home.hpp"

namespace sw::store {
namespace {

using desk::Urgency;
using test::contents;
using test::kSmallStore;
using test::record;
using test::secret;

constexpr std::string_view kPass = "correct horse";

std::vector<std::uint64_t> sizes(const std::filesystem::path& file) {
  return {std::filesystem::file_size(file), std::filesystem::file_size(beside(file, "-wal")),
          std::filesystem::file_size(beside(file, "-shm"))};
}

/// The slots that differ between two images of the file.
std::set<std::size_t> changed_pages(const Bytes& a, const Bytes& b) {
  std::set<std::size_t> out;
  for (std::size_t page = 0; page * kPageBytes < a.size(); ++page) {
    if (std::memcmp(&a[page * kPageBytes], &b[page * kPageBytes], kPageBytes) != 0) out.insert(page);
  }
  return out;
}

/// The pages that the log holds, frame by frame, in the order of their writing.
std::vector<Bytes> logged_pages(const std::filesystem::path& file) {
  const Bytes log = contents(beside(file, "-wal"));
  std::vector<Bytes> out;
  for (std::size_t at = 32; at + 24 + kPageBytes <= log.size(); at += 24 + kPageBytes) {
    out.push_back(to_bytes(ByteView(log).subspan(at, 8)));  // page number, and the size after a commit
  }
  return out;
}

TEST(StoreSilence, one_size_and_one_pattern_idle_or_busy) {
  ASSERT_TRUE(crypto::start());
  crypto::SystemRng system;
  crypto::SeededRng rng(21);
  test::StoreHome home;
  const auto random_head = [&](int n) { return secret(std::to_string(n) + std::string(rng.below(900), 'h')); };
  // Two copies of one store: one idles, one works. The same pages change in every period between checkpoints.
  ASSERT_TRUE(create_store(home.file, secret(kPass), system, kSmallStore).has_value());
  std::filesystem::create_directory(home.folder / "busy");
  const auto busy_file = home.folder / "busy" / "station.db";
  std::filesystem::copy_file(home.file, busy_file);
  auto idle = SealedStore::open(home.file, secret(kPass), system).value();
  auto busy = SealedStore::open(busy_file, secret(kPass), system).value();
  const auto size = sizes(home.file);
  EXPECT_EQ(size[1], kLogBytes);
  Bytes idle_image = contents(home.file);
  Bytes busy_image = contents(busy_file);
  for (int t = 1; t <= 10'000; ++t) {
    const auto n = rng.below(30);
    if (rng.below(8) == 0) (void)busy->erase(record(n));
    (void)busy->put(record(n), random_head(t), {}, Urgency::state);
    (void)busy->put(record(n + 100), random_head(t), Bytes(rng.below(9000)), Urgency::flash);
    ASSERT_TRUE(idle->tick().has_value());
    ASSERT_TRUE(busy->tick().has_value());
    if (t % 50 == 0) {
      ASSERT_EQ(sizes(home.file), size);
      ASSERT_EQ(sizes(busy_file), size);
    }
    if (t % 50 == 0 && t < 2000) {
      ASSERT_EQ(logged_pages(home.file), logged_pages(busy_file));
      const Bytes idle_now = contents(home.file);
      const Bytes busy_now = contents(busy_file);
      ASSERT_EQ(changed_pages(idle_image, idle_now), changed_pages(busy_image, busy_now)) << t;
      idle_image = idle_now;
      busy_image = busy_now;
    }
  }
  idle.reset();
  busy.reset();
  EXPECT_EQ(sizes(home.file), size);
  EXPECT_EQ(sizes(busy_file), size);
}

}  // namespace
}  // namespace sw::store
