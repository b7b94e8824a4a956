// What one cell and one frame cost, beside the raw primitives of the same run; and how much of a cell is message.
// Protocol 4.2, 3.1, 5.
#include <sodium.h>

#include <array>
#include <cstdlib>
#include <cstring>
#include <set>

#include "bench/figure.hpp"
#include "crypto/rng.hpp"
#include "line/line.hpp"
#include "line/pairing/offer.hpp"
#include "link/link.hpp"
#include "support/link_world.hpp"

namespace sw::bench {
namespace {

constexpr UtcMs kNow{1'800'000LL * 1'000'000};
constexpr int kBatches = 301;
constexpr int kRounds = 20;  // a batch

/// Ends the program when a bench did not do what it measures.
void need(bool good, const char* what) {
  if (good) return;
  std::fprintf(stderr, "bench: %s\n", what);
  std::exit(2);
}

/// Two lines that talk over nothing, in virtual time; their heads are always committed at once.
class TwoLines {
 public:
  using Cells = std::array<wire::Cell, kPaths>;

  TwoLines() {
    line::Offer a = offer(7001);
    line::Offer b = offer(7002);
    const auto card_a = to_text(a.card());
    const auto card_b = to_text(b.card());
    need(a.accept(as_text(card_b.view()), kNow, {}) && b.accept(as_text(card_a.view()), kNow, {}), "cards refused");
    x_lines.push_back(start(std::move(*std::move(a).confirm(kNow))));
    x_lines.push_back(start(std::move(*std::move(b).confirm(kNow))));
    for (int i = 0; i < 80; ++i) round();
    need(line(0).status().live && line(1).status().live, "no session");
  }

  line::Line& line(std::size_t i) { return x_lines[i]; }
  [[nodiscard]] RoundId now() const { return x_now; }
  void step() {
    if (++x_now.round.value == 1800) x_now = {Epoch{x_now.epoch.value + 1}, Round{0}};
  }
  Cells seal(std::size_t i) { return line(i).seal(line(i).keys().venue().id, x_now, x_rng); }
  void open(std::size_t i, RoundId round, const Cells& cells) {
    for (const Path path : {Path::first, Path::second})
      line(i).open(line(i).keys().venue().id, path, round, cells[index(path)], x_rng);
  }
  void commit(std::size_t i) { line(i).durable_committed(line(i).durable_version()); }
  void round() {
    step();
    const std::array<Cells, 2> cells{seal(0), seal(1)};
    for (std::size_t i = 0; i < 2; ++i) {
      open(i, x_now, cells[1 - i]);
      commit(i);
    }
  }
  Rng& rng() { return x_rng; }

 private:
  line::Offer offer(std::uint16_t port) {
    line::OfferTerms terms;
    terms.carrier = crypto::KeyPair::generate(x_rng).public_key;
    terms.at = {*wire::parse_endpoint("127.0.0.1:" + std::to_string(port))};
    return std::move(*line::Offer::make(terms, x_rng, kNow));
  }
  line::Line start(line::LineKeys keys) {
    auto out = line::Line::make(std::move(keys), x_rng.bits() | 1);
    need(out.has_value(), "no line");
    return std::move(*out);
  }

  crypto::SeededRng x_rng{1};
  std::vector<line::Line> x_lines;
  RoundId x_now{Epoch{1'000'000}, Round{10}};
};

/// The floor: ChaCha20-Poly1305 over a cell's plain text and the two keyed BLAKE2b of a round.
struct Raw {
  double aead;
  double kdf;
  [[nodiscard]] double sum() const { return aead + 2 * kdf; }
};

Raw measure_raw() {
  std::array<unsigned char, 32> key{};
  std::array<unsigned char, 12> nonce{};
  ByteArray<wire::kCellPlainBytes> plain{};
  wire::Cell cell{};
  const auto aead = [&] {
    crypto_aead_chacha20poly1305_ietf_encrypt(cell.data(), nullptr, plain.data(), plain.size(), nullptr, 0, nullptr,
                                              nonce.data(), key.data());
    key[0] = cell[0];
  };
  const std::string_view label{"sw1/next\0", 9};
  const auto kdf = [&] {
    std::array<unsigned char, 32> out{};
    crypto_generichash(out.data(), out.size(), reinterpret_cast<const unsigned char*>(label.data()), label.size(),
                       key.data(), key.size());
    key = out;
  };
  return {ns_each(CLOCK_MONOTONIC, kBatches, 100, aead), ns_each(CLOCK_MONOTONIC, kBatches, 100, kdf)};
}

struct CellTimes {
  double seal;
  double open;
};

/// The whole of Line::seal and Line::open for one cell, frames and acknowledgements included. `busy`: a long text.
CellTimes measure_cells(bool busy) {
  TwoLines two;
  std::vector<double> sealing;
  std::vector<double> opening;
  for (int batch = 0; batch < kBatches; ++batch) {
    if (busy && batch % 10 == 0) {
      const MessageId id{two.rng().array<16>()};
      if (two.line(0).delivery().has_room(Precedence::routine)) {
        two.line(0).delivery().submit(id, Precedence::routine, Bytes(200'000, 'x'));
      }
    }
    for (const auto& event : two.line(1).take_events()) {
      if (const auto* arrived = std::get_if<line::MessageArrived>(&event)) {
        two.line(1).delivery().stored_here(arrived->id);
      }
    }
    for (const auto& event : two.line(0).take_events()) {
      if (const auto* stored = std::get_if<line::StoredThere>(&event)) {
        two.line(0).delivery().stored_there_committed(stored->id);
      }
    }
    double seal = 0;
    double open = 0;
    for (int i = 0; i < kRounds; ++i) {
      two.step();
      const double start = ns_of(CLOCK_MONOTONIC);
      const auto there = two.seal(0);
      const double sealed = ns_of(CLOCK_MONOTONIC);
      const auto back = two.seal(1);
      const double middle = ns_of(CLOCK_MONOTONIC);
      two.open(1, two.now(), there);
      open += ns_of(CLOCK_MONOTONIC) - middle;
      seal += sealed - start;
      two.open(0, two.now(), back);
      two.commit(0);
      two.commit(1);
    }
    sealing.push_back(seal / (kPaths * kRounds));
    opening.push_back(open / (kPaths * kRounds));
  }
  return {median(std::move(sealing)), median(std::move(opening))};
}

/// Of C - 16 bytes in each cell from the first with a piece of a 100 kB text to the last: how much is text.
double measure_goodput() {
  constexpr std::size_t kText = 100'000;
  TwoLines two;
  two.line(0).delivery().submit(MessageId{two.rng().array<16>()}, Precedence::routine, Bytes(kText, 'x'));
  std::size_t cells = 0;
  for (int i = 0; i < 2'000; ++i) {
    two.step();
    const auto there = two.seal(0);
    const auto back = two.seal(1);
    for (const Path path : {Path::first, Path::second}) {
      two.line(1).open(two.line(1).keys().venue().id, path, two.now(), there[index(path)], two.rng());
      ++cells;
      for (const auto& event : two.line(1).take_events()) {
        if (!std::holds_alternative<line::MessageArrived>(event)) continue;
        return 100.0 * kText / (static_cast<double>(cells) * wire::kCellPlainBytes);
      }
    }
    two.open(0, two.now(), back);
    two.commit(0);
    two.commit(1);
  }
  need(false, "the text did not arrive");
  return 0;
}

/// Of a line on which nobody talks: rounds after which the psks that either end had at some moment open nothing any
/// more, for the worst moment. Protocol 4.3.
std::uint32_t measure_healing() {
  constexpr std::size_t kMoments = 400;
  TwoLines two;
  std::vector<std::set<line::PskId>> known(2 * kMoments);
  for (auto& psks : known) {
    two.round();
    for (std::size_t i = 0; i < 2; ++i) {
      const line::PskState& psk = two.line(i).keys().venues.front().psk;
      psks.insert(line::psk_id(psk.newest));
      if (psk.previous) psks.insert(line::psk_id(*psk.previous));
    }
  }
  std::size_t worst = 0;
  for (std::size_t copied = 0; copied < kMoments; ++copied) {
    std::size_t rounds = 1;
    const auto is_known = [&](const line::PskId& id) { return known[copied + rounds].contains(id); };
    while (copied + rounds + 1 < known.size() && std::ranges::any_of(known[copied], is_known)) ++rounds;
    worst = std::max(worst, rounds);
  }
  return static_cast<std::uint32_t>(worst);
}

/// Link::prepare of one frame beside one ChaCha20-Poly1305 over its plain text.
std::pair<double, double> measure_frames() {
  test::LinkWorld world(1, 1800);
  while (!world.at(0).up()) need(world.step({}), "a wrong cell");
  const wire::Cell a{};
  const wire::Cell b{};
  RoundId now = world.now(0);
  const double prepare = ns_each(CLOCK_MONOTONIC, kBatches, 1, [&] {
    for (int i = 0; i < 4; ++i) {
      ++now.round.value;
      (void)world.at(0).prepare(now, UtcMs{1'790'000'000'000}, a, b, world.rng());
    }
  });
  std::array<unsigned char, 32> key{};
  std::array<unsigned char, 12> nonce{};
  constexpr std::size_t kPlain = wire::kFrameBytes - 8 - wire::kTagBytes;
  ByteArray<kPlain> plain{};
  ByteArray<kPlain + wire::kTagBytes> sealed{};
  const double raw = ns_each(CLOCK_MONOTONIC, kBatches, 100, [&] {
    crypto_aead_chacha20poly1305_ietf_encrypt(sealed.data(), nullptr, plain.data(), plain.size(), nullptr, 0, nullptr,
                                              nonce.data(), key.data());
    key[0] = sealed[0];
  });
  return {prepare / 4, raw};
}

int run() {
  need(crypto::start(), "no randomness");
  Figures figures;
  const Raw raw = measure_raw();
  for (const bool busy : {false, true}) {
    const CellTimes cell = measure_cells(busy);
    const char* what = busy ? "long text" : "idle";
    const auto note = [&](double ns) {
      return fmt::format("{:.2f} x raw {:.3f} us = AEAD {:.3f} + 2 x BLAKE2b {:.3f}; quiet", ns / raw.sum(),
                         raw.sum() / 1e3, raw.aead / 1e3, raw.kdf / 1e3);
    };
    figures.add(fmt::format("sealing a cell with its round keys, {}", what), cell.seal / 1e3, Bound::most, 2.5, "us",
                note(cell.seal));
    figures.add(fmt::format("opening a cell with its round keys, {}", what), cell.open / 1e3, Bound::most, 2.5, "us",
                note(cell.open));
  }
  figures.add("goodput of a 100 kB text, of C - 16", measure_goodput(), Bound::least, 90, "%", "ceiling 92 %");
  figures.add("healing with nobody talking, slowest of 400", measure_healing(), Bound::most, 80, "rds", "");
  const auto [prepare, frame] = measure_frames();
  fmt::print("        preparing a link frame {:.2f} us, {:.2f} x raw AEAD of its plain text\n", prepare / 1e3,
             prepare / frame);
  return figures.status();
}

}  // namespace
}  // namespace sw::bench

int main() {
  return sw::bench::run();
}
