#pragma once
// A station's carrier in the small, for the relays' own tests and benches: one UDP socket, one link, one passage, and a
// station above that says known cells. Alone its two circuits meet each other; with a peer it must get what the member
// of that number said.
#include <cstdint>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <map>
#include <sstream>

#include "bearer/udp.hpp"
#include "crypto/rng.hpp"
#include "link/link.hpp"
#include "mix/invitation.hpp"
#include "mix/passage.hpp"
#include "mix/venue.hpp"
#include "wire/sizes.hpp"

namespace sw::test {

[[noreturn]] inline void die(const std::string& why) {
  (void)std::fprintf(stderr, "relay member: %s\n", why.c_str());
  std::exit(1);
}

inline std::int64_t clock_ns(clockid_t id) {
  timespec t{};
  (void)::clock_gettime(id, &t);
  return t.tv_sec * 1'000'000'000 + t.tv_nsec;
}

inline wire::Cell said(std::uint64_t number, std::size_t path, RoundId round) {
  crypto::SeededRng rng((number * 2 + path) * 1'000'003 + round.epoch.value * 100'019 + round.round.value);
  return rng.array<wire::kCellBytes>();
}

class Member {
 public:
  Member(const mix::Venue& venue, const mix::InviteToken& token, std::uint64_t number,
         std::optional<std::uint64_t> peer, const bearer::UdpSocket& socket)
      : x_venue(venue),
        x_token(token),
        x_number(number),
        x_peer(peer),
        x_socket(socket),
        x_keys(crypto::KeyPair::generate(x_rng)),
        x_passage(mix::rules_of(venue)) {
    x_link.emplace(x_keys, link::LinkTerms{mix::id_of(venue),
                                           venue.relays[0].link,
                                           crypto::Role::initiator,
                                           mix::frame_rounds(venue.epoch_rounds, 1),
                                           {venue.relays[0].at},
                                           0,
                                           wire::kStationStreams,
                                           1,
                                           std::nullopt,
                                           wire::kCallRounds});
  }

  void depart() {
    if (x_link->lane_life() != x_life) {
      x_life = x_link->lane_life();
      x_under_way.clear();
      x_passage.lane_renewed();
      x_link->send(link::Stream::enrol, to_bytes(x_token));
    }
    const UtcMs clock{clock_ns(CLOCK_REALTIME) / 1'000'000};
    auto turn = x_passage.begin_round({clock.value - x_shift_ns / 1'000'000}, x_rng);
    for (auto& upload : turn.uploads) {
      x_under_way[x_link->send(link::Stream::setup, std::move(upload.object))] = upload.number;
    }
    const std::uint32_t there = x_link->delivered(link::Stream::setup);
    for (; !x_under_way.empty() && x_under_way.begin()->first <= there; x_under_way.erase(x_under_way.begin())) {
      x_passage.delivered(x_under_way.begin()->second);
    }
    for (const auto& wanted : turn.wanted) answer(wanted.epoch);
    mix::SlotCells cells{x_rng.array<wire::kCellBytes>(), x_rng.array<wire::kCellBytes>()};
    RoundId name{};
    if (turn.round) {
      for (std::size_t path = 0; path < kPaths; ++path) cells[path] = said(x_number, path, *turn.round);
      x_passage.wrap({0}, cells, x_rng);
      name = *turn.round;
    }
    const auto out = x_link->prepare(name, clock, cells[0], cells[1], x_rng);
    if (out.to) (void)x_socket.send(*out.to, out.frame);
  }

  void receive() {
    link::Frame frame;
    while (const auto received = x_socket.receive(frame)) {
      if (received->size == wire::kCookieReplyBytes) x_link->take_cookie(ByteView(frame).first(received->size));
      if (received->size != frame.size()) continue;
      ++x_frames;
      auto in = x_link->receive(frame, received->from, {Epoch{x_passage.running().value_or(Epoch{})}, {}}, x_rng);
      if (!in) continue;
      if (in->phase != 0) move(in->phase);
      if (x_passage.unwrap(in->round, {0}, in->cells)) check(in->round, in->cells);
      if (!in->object) continue;
      const Bytes& object = in->object->bytes;
      if (in->object->stream == link::Stream::descriptor) (void)x_passage.take_descriptor(object);
      if (in->object->stream == link::Stream::receipt) (void)x_passage.take_receipt(object);
      if (in->object->stream == link::Stream::notice) (void)x_passage.take_notice(object);
    }
  }

  /// How much later than a round after the last one the next frame leaves.
  [[nodiscard]] std::int64_t take_move() { return std::exchange(x_move_ns, 0); }

  struct Count {
    bool registered = false;
    std::uint64_t epoch = 0;
    std::uint64_t right = 0;
    std::uint64_t wrong = 0;
    std::uint64_t disturbed = 0;
    std::uint64_t frames = 0;
  };
  [[nodiscard]] Count count() const {
    return {x_passage.registered(), x_epoch, x_right, x_wrong, x_passage.disturbed(), x_frames};
  }
  void report() const {
    (void)std::printf("registered %d epoch %llu right %llu wrong %llu disturbed %llu frames %llu\n",
                      x_passage.registered() ? 1 : 0, static_cast<unsigned long long>(x_epoch),
                      static_cast<unsigned long long>(x_right), static_cast<unsigned long long>(x_wrong),
                      static_cast<unsigned long long>(x_passage.disturbed()),
                      static_cast<unsigned long long>(x_frames));
    (void)std::fflush(stdout);
  }

 private:
  void answer(Epoch epoch) {
    if (!x_peer) return;
    crypto::SeededRng drops(std::min(x_number, *x_peer) * 77 + epoch.value * 1'000);
    const auto first = drops.array<32>();
    const auto second = drops.array<32>();
    x_passage.drops({0}, epoch, first, second);
  }

  void move(std::int32_t phase) {
    if (x_unheard > 0) {
      --x_unheard;
      return;
    }
    const std::int64_t round = std::int64_t{x_venue.round_ms} * 1'000'000;
    const std::int64_t by = mix::correction(phase, x_venue.round_ms).ns;
    if (by == 0) return;
    x_shift_ns += by;
    x_move_ns = ((by % round) + round + round / 2) % round - round / 2;
    x_unheard = 3;
  }

  void check(RoundId round, const mix::SlotCells& cells) {
    const std::uint64_t other = x_peer.value_or(x_number);
    const std::size_t first = x_peer ? 0 : 1;
    const bool right = cells[0] == said(other, first, round) && cells[1] == said(other, 1 - first, round);
    right ? ++x_right : ++x_wrong;
    if (right) x_epoch = round.epoch.value;
  }

  const mix::Venue& x_venue;
  mix::InviteToken x_token;
  std::uint64_t x_number;
  std::optional<std::uint64_t> x_peer;
  const bearer::UdpSocket& x_socket;
  crypto::SystemRng x_rng;
  crypto::KeyPair x_keys;
  std::optional<link::Link> x_link;
  mix::Passage x_passage;
  std::map<std::uint32_t, std::uint64_t> x_under_way;
  std::uint32_t x_life = 0;
  std::int64_t x_shift_ns = 0;
  std::int64_t x_move_ns = 0;
  int x_unheard = 0;
  std::uint64_t x_right = 0;
  std::uint64_t x_wrong = 0;
  std::uint64_t x_epoch = 0;
  std::uint64_t x_frames = 0;
};

/// Of a file that every relay signed; ends the program when it is none.
inline mix::Venue venue_of(const std::string& path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  auto venue = mix::read_venue(text.str());
  if (!venue) die(venue.error().what);
  if (venue->slots != 1) die("only for venues with one slot");
  return std::move(*venue);
}

inline mix::InviteToken token_of(const std::string& text) {
  auto token = mix::invitation_from_text(text);
  if (!token) die(token.error().what);
  return *token;
}

/// On any port of the loopback.
inline bearer::UdpSocket open_socket() {
  auto listen = wire::parse_endpoint("127.0.0.1:1");
  listen->port = 0;
  auto socket = bearer::UdpSocket::open(*listen);
  if (!socket) die(socket.error().what);
  return std::move(*socket);
}

}  // namespace sw::test
