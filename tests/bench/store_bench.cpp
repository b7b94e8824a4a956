// CPU of a store's commit: a store of full size on the disk under TMPDIR, idle and with messages to write.
#include <sys/statfs.h>

#include <cstdlib>

#include "bench/figure.hpp"
#include "crypto/rng.hpp"
#include "support/store_home.hpp"

namespace sw::bench {
namespace {

constexpr int kBatches = 21;
constexpr int kCommits = 128;  // a batch: two checkpoints
constexpr double kCommitsADay = 2 * 86'400;

void need(bool good, const std::string& what) {
  if (good) return;
  std::fprintf(stderr, "bench: %s\n", what.c_str());
  std::exit(2);
}

bool in_memory(const std::filesystem::path& folder) {
  constexpr auto kTmpfs = 0x01021994;
  struct statfs info{};
  return ::statfs(folder.c_str(), &info) == 0 && info.f_type == kTmpfs;
}

/// The floor: two rows written to a file that has its size already, and flushed.
double measure_raw(const std::filesystem::path& path) {
  const auto made = store::RawFile::create(path);
  need(made.has_value(), "no file");
  auto file = store::RawFile::open(path, store::RawFile::Access::write);
  need(file.has_value(), "no file");
  const Bytes rows(2 * store::kPageBytes, 'x');
  for (int i = 0; i < kCommits; ++i)
    need(file->write(static_cast<std::uint64_t>(i) * rows.size(), rows).has_value(), "write");
  need(file->sync().has_value(), "sync");
  std::uint64_t at = 0;
  return ns_each(CLOCK_PROCESS_CPUTIME_ID, kBatches, kCommits, [&] {
    need(file->write(at++ % kCommits * rows.size(), rows).has_value() && file->sync().has_value(), "write");
  });
}

double written_bytes() {
  std::ifstream io("/proc/self/io");
  std::string word;
  double value = 0;
  while (io >> word >> value) {
    if (word == "write_bytes:") return value;
  }
  return 0;
}

int run() {
  need(crypto::start(), "no randomness");
  crypto::SystemRng rng;
  const test::StoreHome home;
  const auto passphrase = test::secret("bench");
  const auto made = store::create_store(home.file, passphrase, rng, {store::kRows, {1, 8}});
  need(made.has_value(), made ? "" : made.error().what);
  auto opened = store::SealedStore::open(home.file, passphrase, rng);
  need(opened.has_value(), opened ? "" : opened.error().what);
  auto& store = **opened;
  Figures figures;
  const std::string disk = in_memory(home.folder) ? "; TMPDIR is in memory, so the flush costs nothing" : "";
  const Bytes body(2'000, 'x');
  std::uint64_t number = 0;
  const double raw = measure_raw(home.folder / "raw");
  for (const bool busy : {false, true}) {
    const double before = written_bytes();
    const double ns = ns_each(CLOCK_PROCESS_CPUTIME_ID, kBatches, kCommits, [&] {
      if (busy)
        need(store.put(test::record(number++ % 64), test::secret("head"), {}, desk::Urgency::state).has_value(), "put");
      const auto tick = store.tick();
      need(tick.has_value(), tick ? "" : tick.error().what);
    });
    const double bytes = (written_bytes() - before) / (kBatches * kCommits);
    figures.add(busy ? "store commit, a head to write, CPU" : "store commit, idle, CPU", ns / 1e6, Bound::most, 0.1,
                "ms",
                fmt::format("{:.2f} x raw write and flush {:.3f}; {:.1f} GB a day at two a second{}; quiet", ns / raw,
                            raw / 1e6, bytes * kCommitsADay / 1e9, disk));
    if (!busy) {
      for (std::uint64_t n = 0; n < 64; ++n) {
        need(store.put(test::record(n), test::secret("head"), body, desk::Urgency::routine).has_value(), "put");
      }
      need(store.settle().has_value(), "settle");
    }
  }
  return figures.status();
}

}  // namespace
}  // namespace sw::bench

int main() {
  return sw::bench::run();
}
