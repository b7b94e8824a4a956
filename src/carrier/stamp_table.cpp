#include "carrier/stamp_table.hpp"

#include <algorithm>
#include <string_view>

#include "base/assert.hpp"
#include "crypto/hash.hpp"
#include "home/file.hpp"
#include "wire/reader.hpp"
#include "wire/sizes.hpp"
#include "wire/writer.hpp"

namespace sw::carrier {
namespace {

constexpr std::string_view kMagic = "SW1STAMP";
constexpr std::size_t kChecksumBytes = 32;
constexpr std::size_t kFileBytes = kMagic.size() + wire::kVenueLimit * (16 + 8) + kChecksumBytes;

ByteArray<kChecksumBytes> checksum(ByteView content) {
  return crypto::digest<kChecksumBytes>({as_bytes("sw1-stamps"), content});
}

std::filesystem::path path_in(const std::filesystem::path& home) {
  return home / "carrier.stamps";
}

}  // namespace

Bytes encode_stamps(const std::vector<Stamp>& stamps) {
  SW_ASSERT(stamps.size() <= wire::kVenueLimit);
  wire::Writer out(kFileBytes);
  out.bytes(as_bytes(kMagic));
  for (std::size_t i = 0; i < wire::kVenueLimit; ++i) {
    const Stamp stamp = i < stamps.size() ? stamps[i] : Stamp{};
    out.bytes(stamp.venue.bytes).u64(stamp.stamp);
  }
  out.bytes(checksum(out.view()));
  return out.take();
}

Result<std::vector<Stamp>> decode_stamps(ByteView file) {
  const auto broken = [] { return fail(Errc::malformed, "the table of stamps is broken"); };
  if (file.size() != kFileBytes) return broken();
  wire::Reader in(file.first(kFileBytes - kChecksumBytes));
  if (as_text(in.view(kMagic.size())) != kMagic) return broken();
  std::vector<Stamp> out;
  for (std::size_t i = 0; i < wire::kVenueLimit; ++i) {
    const auto venue = in.id<VenueId>();
    const Stamp stamp{venue, in.u64()};
    if (stamp == Stamp{}) continue;
    if (stamp.stamp == 0 || std::ranges::find(out, venue, &Stamp::venue) != out.end()) return broken();
    out.push_back(stamp);
  }
  // The check sum with it; and no holes.
  if (!std::ranges::equal(encode_stamps(out), file)) return broken();
  return out;
}

Result<std::vector<Stamp>> load_stamps(const std::filesystem::path& home) {
  const auto file = home::read_home_file(path_in(home), kFileBytes, home::Exposure::owner_only);
  if (!file && file.error().code != Errc::out_of_range) return std::unexpected(file.error());
  if (file && !file->has_value()) return std::vector<Stamp>{};
  auto stamps = file ? decode_stamps(**file) : fail(Errc::malformed, {});
  if (!stamps) {
    return fail(Errc::malformed, path_in(home).string() +
                                     " is broken; remove it and start the carrier again: with a clock that is right it "
                                     "is not missed");
  }
  return stamps;
}

Result<void> save_stamps(const std::filesystem::path& home, const std::vector<Stamp>& stamps) {
  return home::replace_home_file(path_in(home), encode_stamps(stamps), home::Exposure::owner_only);
}

}  // namespace sw::carrier
