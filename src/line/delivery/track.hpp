#pragma once
// One session's seqs: what came from the peer, what left and was not acknowledged, and how long a round trip takes.
// Every transmission has a seq of its own, so an acknowledgement always tells the true round trip: protocol 5.2.
#include <cstdint>
#include <deque>
#include <vector>

#include "base/ids.hpp"
#include "line/delivery/frames.hpp"
#include "line/delivery/ranges.hpp"

namespace sw::line {

/// Of the cell's header: the newest seq that came (0 = none), and bit k: seq ack - 1 - k came. Protocol 4.2, 5.2.
struct CellHeader {
  std::uint32_t ack{};
  std::uint64_t sack{};
};

/// What one seq carried.
struct Sent {
  FrameType type{};
  MessageId id;
  Range range;  // DATA only
  std::uint64_t round{};
  std::uint32_t telling{};  // receipts only
};

class Track {
 public:
  // What came.
  [[nodiscard]] CellHeader header() const;
  /// False when this seq is acknowledged already, or can never be one.
  [[nodiscard]] bool is_new(std::uint32_t seq) const;
  void received(std::uint32_t seq);

  // What leaves.
  /// May another seq be outstanding? FLASH and receipts may use all 65, the rest 48.
  [[nodiscard]] bool has_seq(bool urgent) const;
  [[nodiscard]] std::uint32_t next_seq() const;
  void sent(const Sent& sent);

  /// What this header newly acknowledges, also when it had expired. Headers that claim what was never sent say nothing.
  [[nodiscard]] std::vector<Sent> acknowledged(CellHeader header, std::uint64_t round);
  /// What was outstanding for longer than resend_rounds(); each once.
  [[nodiscard]] std::vector<Sent> expired(std::uint64_t round);
  /// Everything outstanding; nothing is outstanding afterwards.
  [[nodiscard]] std::vector<Sent> abandon();
  /// The peer is heard again.
  void end_back_off() { x_doublings = 0; }
  /// Rounds after which a seq counts as lost, back-off included.
  [[nodiscard]] std::uint64_t resend_rounds() const;

 private:
  enum class State : std::uint8_t { outstanding, expired, closed };
  struct Entry {
    Sent sent;
    State state = State::outstanding;
  };

  [[nodiscard]] std::uint64_t measured_rounds() const;
  void measure(std::uint64_t rounds);
  void close(std::uint64_t seq, std::vector<Sent>& out);

  std::uint64_t x_newest = 0;    // received
  std::uint64_t x_received = 0;  // bit k: x_newest - 1 - k
  std::deque<Entry> x_sent;      // x_first .. x_first + size - 1, at most 65
  std::uint64_t x_first = 1;
  bool x_measured = false;
  std::int64_t x_trip = 0;    // 1/16 rounds
  std::int64_t x_spread = 0;  // 1/16 rounds
  std::uint32_t x_doublings = 0;
  std::uint64_t x_progress_round = 0;
  std::uint64_t x_doubled_round = 0;
};

}  // namespace sw::line
