// needs: relay carrier
// Small files that decide what is never used twice: a relay's newest signed epoch (protocol 8.7) and a carrier's stamps
// (3.2). What loads is what was written, byte for byte.
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "carrier/stamp_table.hpp"
#include "crypto/hash.hpp"
#include "fuzz/fuzz.hpp"
#include "relay/epoch_record.hpp"
#include "wire/writer.hpp"

namespace sw::fuzz {
namespace {

namespace fs = std::filesystem;

/// Of this process alone; the kernel's memory, not a disk.
const fs::path& folder() {
  static const fs::path made = [] {
    const fs::path root = fs::exists("/dev/shm") ? fs::path("/dev/shm") : fs::temp_directory_path();
    fs::path out = root / ("sw-fuzz-" + std::to_string(::getpid()));
    fs::create_directories(out);
    std::atexit([] { fs::remove_all(folder()); });
    return out;
  }();
  return made;
}

void epoch(ByteView bytes) {
  const fs::path file = folder() / "relay.epoch";
  std::ofstream(file, std::ios::binary | std::ios::trunc)
      .write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  fs::permissions(file, fs::perms::owner_read | fs::perms::owner_write);
  const auto read = relay::read_signed_epoch(folder());
  SW_ASSERT(read.has_value() == (bytes.size() == sizeof(Epoch)));
  if (!read) return;
  SW_ASSERT(same(wire::Writer().u64(read->value).take(), bytes));
  const Epoch next{read->value + 1};
  SW_ASSERT(relay::record_signed_epoch(folder(), next).has_value());
  SW_ASSERT(relay::read_signed_epoch(folder()) == next);
}

void stamps(ByteView file) {
  const auto read = carrier::decode_stamps(file);
  if (read) SW_ASSERT(same(carrier::encode_stamps(*read), file));
}

}  // namespace

void run(ByteView data) {
  Input in(data);
  if ((in.u8() & 1U) == 0) return epoch(in.rest());
  stamps(data);
  // Changes to a table that parses, under the check sum that fits.
  Bytes file = carrier::encode_stamps({{VenueId{{1}}, 5}, {VenueId{{2}}, 6}, {VenueId{{3}}, ~std::uint64_t{0}}});
  const std::size_t covered = file.size() - 32;
  while (!in.empty()) {
    const std::size_t at = in.u16() % covered;
    const ByteView change = in.take(std::min<std::size_t>(in.u8() % 16 + 1U, covered - at));
    std::ranges::copy(change, file.begin() + static_cast<std::ptrdiff_t>(at));
  }
  const auto sum = crypto::digest<32>({as_bytes("sw1-stamps"), ByteView(file).first(covered)});
  std::ranges::copy(sum, file.begin() + static_cast<std::ptrdiff_t>(covered));
  stamps(file);
}

std::vector<Bytes> seeds() {
  return {{0, 1, 0, 0, 0, 0, 0, 0, 0},
          {0, 1},
          {0, 255, 255, 255, 255, 255, 255, 255, 255, 1},
          {1},
          {1, 10, 0, 0, 2},
          {1, 34, 0, 15, 0, 0, 0, 0, 0, 0, 0, 0}};
}

}  // namespace sw::fuzz
