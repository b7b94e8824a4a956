// What a relay's pass and set-up cost, beside the bare scatter copy of the same batch and the raw key agreement, all in
// one run. Protocol 8.3, 8.4.
#include <sodium.h>

#include <cstdlib>
#include <cstring>
#include <thread>

#include "bench/figure.hpp"
#include "bench/pass_times.hpp"
#include "crypto/rng.hpp"
#include "mix/rounds.hpp"
#include "mix/setup.hpp"

namespace sw::bench {
namespace {

constexpr int kRepeats = 9;

struct PassTimes {
  double copy = 0;
  double best = 0;
  double aesni = 0;
  double portable = 0;
  double two = 0;
};

PassTimes pass_times(std::size_t circuits) {
  const PassBatch batch(circuits);
  const auto a_row = [&](const auto& work) {
    return ns_each(CLOCK_MONOTONIC, kRepeats, 1, work) / static_cast<double>(circuits);
  };
  const crypto::Kernel best = crypto::best_kernel();
  PassTimes t;
  t.copy = a_row([&] { scatter(batch.in.bytes(), batch.order, batch.out.bytes()); });
  t.best = a_row([&] { batch.pass(best, {0, circuits}); });
  if (crypto::has_kernel(crypto::Kernel::aesni)) {
    t.aesni = a_row([&] { batch.pass(crypto::Kernel::aesni, {0, circuits}); });
  }
  t.portable = a_row([&] { batch.pass(crypto::Kernel::portable, {0, circuits}); });
  t.two = a_row([&] {
    std::jthread other([&] { batch.pass(best, {0, circuits / 2}); });
    batch.pass(best, {circuits / 2, circuits});
  });
  return t;
}

struct SetupTimes {
  double onion = 0;  ///< one onion at R1: a layer off, and its share of the order
  double raw = 0;    ///< one X25519
};

SetupTimes setup_times() {
  constexpr std::uint32_t kOnions = 400;
  crypto::SeededRng rng(400);
  mix::AcceptedDescriptor epoch;
  mix::Descriptor& d = epoch.descriptor;
  d = {VenueId{}, Epoch{1}, UtcMs{1}, 1'000, 1'800, 60, kCell, 1, mix::Suite::x25519, kOnions, {0, 0}, {}};
  std::vector<mix::EpochKeys> keys;
  for (std::size_t i = 0; i < 3; ++i) {
    auto made = mix::EpochKeys::generate(d.suite, rng);
    need(made.has_value(), "no keys");
    d.relays.push_back({rng.array<32>(), made->kx.public_key, {}});
    keys.push_back(std::move(*made));
  }
  std::vector<Bytes> onions;
  for (std::uint32_t i = 0; i < kOnions; ++i) {
    auto onion = mix::make_onion(epoch, 0, rng.array<32>(), rng);
    need(onion.has_value(), "no onion");
    onions.push_back(std::move(onion->bytes));
  }
  SetupTimes t;
  t.onion = ns_each(CLOCK_PROCESS_CPUTIME_ID, kRepeats, 1,
                    [&] {
                      mix::Setup setup(epoch, 0, {keys[0].kx.clone(), {}});
                      for (const Bytes& onion : onions) setup.add(onion);
                      const auto done = std::move(setup).close(rng);
                      need(done && done->replaced == 0, "the set-up failed");
                    }) /
            kOnions;
  PublicKey point = keys[0].kx.public_key;
  const ByteArray<32> scalar = rng.array<32>();
  t.raw = ns_each(CLOCK_PROCESS_CPUTIME_ID, kRepeats, static_cast<int>(kOnions), [&] {
    PublicKey shared{};
    need(crypto_scalarmult(shared.data(), scalar.data(), point.data()) == 0, "X25519");
    point[0] = static_cast<std::uint8_t>(shared[0] | 8);
  });
  return t;
}

int run() {
  need(crypto::start(), "no randomness");
  Figures figures;
  const PassTimes small = pass_times(10'000);
  const PassTimes large = pass_times(1'000'000);
  const auto note = [&](double ns) { return fmt::format("{:.1f} ns a cell, the copy {:.1f}; quiet", ns, large.copy); };
  if (crypto::best_kernel() == crypto::Kernel::vaes) {
    figures.add("a relay's pass over 1,000,000 circuits, VAES, of a scatter copy", large.best / large.copy, Bound::most,
                1.8, "x", note(large.best));
  }
  if (crypto::has_kernel(crypto::Kernel::aesni)) {
    figures.add("the same, AES-NI only", large.aesni / large.copy, Bound::most, 4, "x", note(large.aesni));
  }
  figures.add("the same, libcrypto cell by cell", large.portable / large.copy, Bound::most, 8, "x",
              note(large.portable));
  figures.add("the same, two threads, of one", large.best / large.two, Bound::least, 1.6, "x", note(large.two));
  figures.add("a cell among 1,000,000, of one among 10,000", large.best / small.best, Bound::most, 2, "x",
              note(small.best));
  const SetupTimes setup = setup_times();
  figures.add("an onion's set-up at one relay, of one X25519", setup.onion / setup.raw, Bound::most, 1.3, "x",
              fmt::format("{:.1f} us, raw {:.1f}", setup.onion / 1e3, setup.raw / 1e3));
  constexpr double kShareRounds = 600;
  const double hop = 2 * large.best + setup.onion / kShareRounds;
  figures.add("an X25519 for each message, of a hop there and back", setup.raw / hop, Bound::least, 100, "x",
              fmt::format("{:.0f} ns with its share of a set-up of 600 rounds", hop));
  fmt::print("        published: Tor 114 us a hop and direction; Vuvuzela's mixer 58 to 70 us a message and hop\n");
  return figures.status();
}

}  // namespace
}  // namespace sw::bench

int main() {
  return sw::bench::run();
}
