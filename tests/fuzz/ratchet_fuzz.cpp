// needs: line
// An established session (protocol 4.2, 4.3) against a peer that holds its keys: offers, accepts and starts of the
// input's choice. Between honest ends the session never falls silent, whatever was lost.
#include "crypto/rng.hpp"
#include "fuzz/fuzz.hpp"
#include "line/pairing/offer.hpp"
#include "line/session/channel.hpp"

namespace sw::fuzz {
namespace {

constexpr UtcMs kNow{1'800'000LL * 1'000'000};
constexpr line::Starts kStarts{{Epoch{1'000'000}, Round{1}}, {Epoch{1'000'000}, Round{1}}};
using Role = crypto::Role;

crypto::SecretBytes any_keys() {
  crypto::SeededRng rng(1);
  line::OfferTerms terms;
  terms.at = {{rng.array<16>(), 7144}};
  terms.carrier = crypto::KeyPair::generate(rng).public_key;
  auto a = std::move(*line::Offer::make(terms, rng, kNow));
  terms.carrier = crypto::KeyPair::generate(rng).public_key;
  const auto b = std::move(*line::Offer::make(terms, rng, kNow));
  const auto card = line::to_text(b.card());
  SW_ASSERT(a.accept(as_text(card.view()), kNow, {}));
  return std::move(a).confirm(kNow)->save();
}

line::Durable durable() {
  static const crypto::SecretBytes saved = any_keys();
  return {std::move(*line::LineKeys::load(saved.view()))};
}

struct End {
  End(Role role, const line::RootKey& root) : channel(disk.keys.venue(), role, false, root, {}, kStarts) {}
  line::Durable disk = durable();
  line::Channel channel;
};

class World {
 public:
  World() : x_ends{End(Role::initiator, x_root), End(Role::responder, x_root)} {}

  /// A round of both ends: bits 0 to 3 lose a cell, bits 4 and 5 delay a commit.
  void round(std::uint8_t what) {
    step();
    for (std::size_t i = 0; i < 2; ++i) {
      x_ends[i].channel.count_round();
      for (const Path path : {Path::first, Path::second}) {
        wire::Writer frames;
        if (path == Path::first)
          x_ends[i].channel.fill_ratchet(x_now, x_ends[i].disk, wire::kCellFramesBytes, frames, x_rng);
        SW_ASSERT(frames.size() <= wire::kCellFramesBytes);
        wire::Cell cell;
        SW_ASSERT(x_ends[i].channel.seal(path, x_now, {}, frames.view(), x_ends[i].disk, cell));
        if ((what >> (2 * i + index(path)) & 1U) == 0) deliver(1 - i, path, x_now, cell);
      }
      if ((what >> (4 + i) & 1U) == 0) x_ends[i].disk.committed = x_ends[i].disk.version;
    }
  }
  /// What an end that has the keys may say: any frame body.
  void say(std::size_t to, Input& in) {
    const auto type = to == 0 ? line::FrameType::accept : line::FrameType::offer;
    const std::size_t total = to == 0 ? 44 : 44 + (in.u8() & 1U) * 1184U;
    wire::Writer body;
    body.u16(0).u16(static_cast<std::uint16_t>(total));
    Bytes object(total);
    const ByteView start = in.take(std::min<std::size_t>(in.u8(), 44));
    std::ranges::copy(start, object.begin());
    for (std::size_t at = 0; at < total; at += wire::kRatchetPieceBytes) {
      wire::Writer piece;
      piece.u16(static_cast<std::uint16_t>(at)).u16(static_cast<std::uint16_t>(total));
      piece.bytes(ByteView(object).subspan(at, std::min(wire::kRatchetPieceBytes, total - at)));
      x_ends[to].channel.take_ratchet(type, piece.view(), x_now, x_ends[to].disk, x_rng);
    }
    honest = false;
  }
  void say_anything(std::size_t to, Input& in) {
    const auto type = static_cast<line::FrameType>(6 + in.u8() % 2);
    x_ends[to].channel.take_ratchet(type, in.take(in.u16() % 480U), x_now, x_ends[to].disk, x_rng);
    honest = false;
  }
  void skip(std::uint32_t rounds) {
    for (; rounds > 0; --rounds) step();
  }
  [[nodiscard]] bool open() const {
    return x_ends[0].channel.since_opened() <= 1 && x_ends[1].channel.since_opened() <= 1;
  }
  [[nodiscard]] bool healing() const { return x_ends[0].channel.healed_ever() && x_ends[1].channel.healed_ever(); }

  bool honest = true;

 private:
  void step() {
    if (++x_now.round.value == 1800) x_now = {Epoch{x_now.epoch.value + 1}, Round{0}};
  }
  void deliver(std::size_t to, Path path, RoundId round, const wire::Cell& cell) {
    line::CellPlain plain;
    if (!x_ends[to].channel.open(path, round, cell, plain, x_ends[to].disk)) return;
    wire::Reader in(line::cell_frames(plain));
    while (in.remaining() >= wire::kFrameHeaderBytes) {
      const auto type = static_cast<line::FrameType>(in.u8());
      const ByteView body = in.view(in.u16());
      if (!in.ok() || type == line::FrameType::padding) break;
      x_ends[to].channel.take_ratchet(type, body, x_now, x_ends[to].disk, x_rng);
    }
  }

  crypto::SeededRng x_rng{2};
  line::RootKey x_root = line::RootKey::random(x_rng);
  std::array<End, 2> x_ends;
  RoundId x_now{Epoch{1'000'000}, Round{1}};
};

}  // namespace

void run(ByteView data) {
  Input in(data);
  World world;
  for (int steps = 0; !in.empty() && steps < 80; ++steps) {
    const std::uint8_t what = in.u8();
    if ((what & 0xC0U) == 0x00) world.round(what);
    if ((what & 0xC0U) == 0x40) world.say(what & 1U, in);
    if ((what & 0xC0U) == 0x80) world.say_anything(what & 1U, in);
    if ((what & 0xC0U) == 0xC0) world.skip(what & 0x3FU);
  }
  for (int n = 0; n < 90; ++n) world.round(0);
  if (world.honest) SW_ASSERT(world.open() && world.healing());
}

std::vector<Bytes> seeds() {
  Bytes lossy;
  for (std::uint8_t i = 0; i < 180; ++i) lossy.push_back(static_cast<std::uint8_t>(i * 37) & 0x3FU);
  // Starts far away and at the ends of the numbers, under a key that is a point.
  Bytes far{0, 0x41, 0, 44};
  far.insert(far.end(), {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 9});
  Bytes near{0, 0x40, 44, 0x40, 0x42, 0x0f, 0, 0, 0, 0, 0, 9, 0, 0, 0, 9};
  return {lossy, far, near, {0, 0, 0, 0x80, 0, 50, 0, 0, 0, 44, 0, 1, 2, 3}, {0xC0 | 50, 0, 0, 0xC0 | 60, 0, 0, 0}};
}

}  // namespace sw::fuzz
