#pragma once
// Which relay further on carries nothing, as one relay sees it: by the connection with its next, by what that answers
// to a batch, and by whether the batch comes back. Protocol 8.7.
#include <optional>

#include "base/ids.hpp"
#include "base/time.hpp"

namespace sw::mix::relay {

/// Relays by their number, 1 for R1; 0 is none.
class ChainWatch {
 public:
  ChainWatch(std::uint8_t own, std::uint8_t relays, std::uint32_t round_ms)
      : x_own(own), x_last(own == relays), x_round_ms(round_ms), x_blamed(own == 1 ? 1 : 0) {}

  /// The first of all times.
  void begin(UtcMs now) {
    if (!x_begun) x_begun = now;
  }
  void connected();
  void lost(UtcMs now);
  /// The next relay's CHAIN: that `fault` is at fault further on, 0 none; it answers the batch `at`, epoch 0 none.
  void said(UtcMs now, RoundId at, std::uint8_t fault);
  /// The next batch is here: those before should have been answered, and be back.
  void judge(UtcMs now);
  /// The batch of a round went on.
  void sent(UtcMs now, RoundId at);
  void returned(RoundId at);
  /// That relay says that it has not the epoch that runs.
  void halted(std::uint8_t relay);

  /// Of the relays behind this one.
  [[nodiscard]] std::uint8_t fault(UtcMs now) const;
  /// For R1's stations: the same, or, until a round is back, the last one that was at fault; R1 itself at its start.
  [[nodiscard]] std::uint8_t blamed(UtcMs now) const;

 private:
  struct Sent {
    RoundId at;
    UtcMs when{};
    bool excused = false;  ///< somebody further on was at fault meanwhile
  };
  [[nodiscard]] std::uint8_t next() const { return static_cast<std::uint8_t>(x_own + 1); }
  [[nodiscard]] bool due(const std::optional<Sent>& batch, std::int64_t rounds, UtcMs now) const;
  void note(UtcMs now);

  std::uint8_t x_own;
  bool x_last;
  std::uint32_t x_round_ms;
  std::uint8_t x_blamed;
  std::optional<UtcMs> x_begun;
  bool x_up = false;
  bool x_met = false;
  std::uint8_t x_said = 0;
  bool x_silent = false;  ///< it did not answer
  bool x_keeps = false;   ///< it did, and says that all is whole behind it, and gives nothing back
  std::optional<Sent> x_newest;
  std::optional<Sent> x_before;
  std::optional<RoundId> x_answered;
  std::optional<RoundId> x_returned;
};

}  // namespace sw::mix::relay
