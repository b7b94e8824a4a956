#pragma once
// A station's way through one relay venue, on the carrier's side: the epochs that it knows, its set-ups of those ahead,
// the keys of its circuits, which round it is, and the N keystreams on and off its cells. Protocol 8.8.
// Always: it uploads fresh onions for every epoch ahead in every epoch, whatever the station says or whether there is
// one; no round is wrapped twice; what it cannot wrap is random.
#include <array>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <vector>

#include "mix/objects.hpp"
#include "wire/cell.hpp"

namespace sw::mix {

/// Ask the station for the drop ids of an epoch. Without an answer each slot loops to itself.
struct DropsWanted {
  Epoch epoch{};
  std::uint32_t day{};  ///< UTC day of t0, whose Kid it takes
};

/// The circuit keys of one slot and epoch, for the station's memory: a carrier that restarts gets them back.
struct Kept {
  Slot slot{};
  Epoch epoch{};
  crypto::SecretBytes keys;  ///< 384 bytes: path, relay, forward | backward; zeros where the chain is shorter
};

/// A set-up to send to R1 (stream set-up), and what to call it when it is there.
struct SetUp {
  Epoch epoch{};
  Bytes object;
  std::uint64_t number{};
};

using SlotCells = std::array<wire::Cell, kPaths>;

class Passage {
 public:
  /// `venue`: of the venue file; its `newest` is not read.
  explicit Passage(DescriptorRules venue);
  /// What the last process left: no cell up to `floor` + 1 is wrapped, of a round that begin_round named just now
  /// neither; they are random. Names do not follow it: R1 reads them, and only a line has a floor. Whenever a station
  /// came; keys that are here already are passed over. Errc::malformed for keys that are not 384 bytes, of an unknown
  /// slot, or of too many epochs; then nothing of them is used.
  [[nodiscard]] Result<void> restore(RoundId floor, std::span<const Kept> kept);

  /// Objects of R1, by stream. Errors: those of accept_descriptor, Receipt::read and read_notice; each leaves
  /// everything as it was.
  [[nodiscard]] Result<Epoch> take_descriptor(ByteView object);
  [[nodiscard]] Result<void> take_receipt(ByteView object);
  [[nodiscard]] Result<void> take_notice(ByteView object);
  /// The station's answer to DropsWanted, or a change of mind: for the next set-up of that epoch.
  void drops(Slot slot, Epoch epoch, const DropId& first, const DropId& second);

  struct Turn {
    std::optional<RoundId> round;     ///< nothing: the frame says (0, 0) and its cells are random
    std::vector<DropsWanted> wanted;  ///< to the station
    bool all_void = false;            ///< set-ups from before are of no use: withdraw what did not get to R1 yet
    std::vector<SetUp> uploads;       ///< to R1, in this order
    std::vector<Kept> kept;           ///< to the station: keys that are new or chosen anew
  };
  /// One round begins; `start`: when, in R1's time as far as it is known, to the nearest T/2.
  [[nodiscard]] Turn begin_round(UtcMs start, Rng& rng);
  /// The control lane started anew: R1 takes nothing of us until it says on this one that we are registered. Then the
  /// newest set-up of every open epoch goes out again.
  void lane_renewed() { x_here = false; }
  /// The control lane had every piece of that set-up acknowledged: R1 has it.
  void delivered(std::uint64_t number);

  /// The cells of one slot for the round that begin_round named, once.
  void wrap(Slot slot, SlotCells& cells, Rng& rng);
  /// Cells of a frame of R1's. False when there were no circuits of ours; they are noise then.
  [[nodiscard]] bool unwrap(RoundId round, Slot slot, SlotCells& cells);

  /// Keys of an epoch as restore() takes them, a slot each; nothing when there are none.
  [[nodiscard]] std::vector<Kept> keep(Epoch epoch) const;
  [[nodiscard]] std::optional<Epoch> running() const { return x_running; }
  /// No round up to this one is named any more.
  [[nodiscard]] std::optional<RoundId> last() const { return x_last; }
  /// When an epoch begins; nothing when its descriptor did not come.
  [[nodiscard]] std::optional<UtcMs> begins(Epoch epoch) const;
  [[nodiscard]] bool registered() const { return x_from.has_value(); }
  [[nodiscard]] bool refused() const { return x_refused; }
  /// Epochs in which a relay's receipt did not name our onions.
  [[nodiscard]] std::uint64_t disturbed() const { return x_disturbed; }
  /// Epochs that ended before every relay's receipt was here.
  [[nodiscard]] std::uint64_t unproved() const { return x_unproved; }

 private:
  /// The keys of one set-up, circuits in the order slot, path.
  struct Upload {
    std::vector<std::vector<CircuitKeys>> circuits;  ///< an empty one: not known
    std::vector<std::vector<Tag>> tags;              ///< none: kept by the station from another process
    std::uint64_t number = 0;
    bool delivered = false;
    std::uint8_t named = 0;  ///< bit h: the receipt of relay h names them all
  };
  struct Known {
    std::optional<AcceptedDescriptor> accepted;  ///< nothing: only keys that were kept
    std::vector<std::optional<std::array<DropId, kPaths>>> drops;
    std::deque<Upload> uploads;  ///< the newest last
    Bytes newest;                ///< its object
    std::optional<std::uint64_t> upload_at;
    std::optional<Tag> taken;  ///< R1's word which set-up it took
    std::uint8_t receipts = 0;
    bool carried = false;  ///< R1 says so, or names it in its frames
    bool ran = false;
    bool disturbed = false;
  };

  [[nodiscard]] const Upload* chosen(const Known& known) const;
  [[nodiscard]] static bool holds(const Upload& upload, const Upload& kept);
  void add_kept(Epoch epoch, Upload&& kept);
  [[nodiscard]] std::size_t circuits() const { return kPaths * x_venue.slots; }
  [[nodiscard]] std::optional<Epoch> due_epoch(UtcMs start) const;
  [[nodiscard]] std::optional<RoundId> name_round(UtcMs start) const;
  void switch_to(Epoch epoch);
  void want_drops();
  void forget_past(const std::optional<RoundId>& now);
  void settle(Known& known);
  void obey(const Notice& notice, Known& known);
  void judge(Known& known);
  void send_again(Turn& out);
  void upload_due(Turn& out, Rng& rng);
  [[nodiscard]] bool open(const Known& known) const;
  [[nodiscard]] bool make_upload(Known& known, Rng& rng);
  [[nodiscard]] bool apply(Epoch epoch, Slot slot, Round round, crypto::CircuitKey CircuitKeys::* direction,
                           SlotCells& cells) const;

  DescriptorRules x_venue;
  std::map<Epoch, Known> x_known;
  std::optional<Epoch> x_running;
  std::optional<Epoch> x_from;    ///< registered from this epoch on
  std::optional<RoundId> x_last;  ///< the last round named
  RoundId x_barred{};             ///< no cell up to this round is wrapped: the process before may have done it
  std::uint32_t x_wrapped = 0;    ///< slots of x_last that were wrapped
  std::uint64_t x_turns = 0;
  std::uint64_t x_uploads = 0;
  UtcMs x_start{};                    ///< of the last round begun
  std::map<Epoch, Notice> x_waiting;  ///< of epochs whose descriptor did not come yet
  std::set<Epoch> x_changed;          ///< keys to keep anew
  std::vector<DropsWanted> x_wanted;
  bool x_here = false;   ///< registered on this control lane
  bool x_again = false;  ///< and the set-ups of before did not go out on it yet
  bool x_void = false;   ///< an emergency epoch came: they are of epochs that never begin
  bool x_refused = false;
  std::uint64_t x_disturbed = 0;
  std::uint64_t x_unproved = 0;
};

/// How far a carrier moves its grid (later is positive) after R1 said this phase: nothing while frames arrive within
/// [0, 0.15 T] of their round, else to 0.05 T. A phase of 0 says nothing.
[[nodiscard]] Duration correction(std::int32_t phase, std::uint32_t round_ms);
/// R1's word for a frame that came so long after its round began: saturating, and never 0.
[[nodiscard]] std::int32_t phase_of(Duration late);

}  // namespace sw::mix
