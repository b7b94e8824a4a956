#include "relay/epoch_record.hpp"

#include "home/file.hpp"
#include "wire/reader.hpp"
#include "wire/writer.hpp"

namespace sw::relay {
namespace {

std::filesystem::path record_path(const std::filesystem::path& folder) {
  return folder / "relay.epoch";
}

}  // namespace

Result<Epoch> read_signed_epoch(const std::filesystem::path& folder) {
  const auto path = record_path(folder);
  const auto file = home::read_home_file(path, sizeof(Epoch), home::Exposure::owner_only);
  if (!file) return std::unexpected(file.error());
  if (!file->has_value()) return Epoch{};
  wire::Reader in(**file);
  const Epoch epoch{in.u64()};
  if (!in.expect_end()) return fail(Errc::malformed, path.string() + " is damaged; put it back from a copy");
  return epoch;
}

Result<void> record_signed_epoch(const std::filesystem::path& folder, Epoch epoch) {
  return home::replace_home_file(record_path(folder), wire::Writer().u64(epoch.value).take(),
                                 home::Exposure::owner_only);
}

}  // namespace sw::relay
