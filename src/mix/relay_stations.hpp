#pragma once
// R1's side of its stations: who is registered, the set-up batch of an epoch, the forward batch of a round, and whose
// cells a batch that came back holds. Protocol 8.8.
// Always: an epoch's stations are fixed when its body is made, each with 2S circuits whether it is there or not; a
// station's set-up counts whole, the last one wins, nothing after the close; a cell once a round; who is absent gets
// idle onions and random cells. Of an epoch nothing stays once it ended.
#include <array>
#include <cstring>
#include <functional>
#include <map>
#include <optional>
#include <unordered_map>
#include <vector>

#include "mix/objects.hpp"
#include "mix/passage.hpp"
#include "wire/stream.hpp"

namespace sw::mix {

/// The X25519 key of a station's carrier, as its link proved it.
using StationKey = PublicKey;
/// A key is as good as random: its maker cannot choose eight bytes of many.
struct StationKeyHash {
  [[nodiscard]] std::size_t operator()(const StationKey& key) const {
    std::size_t out = 0;
    std::memcpy(&out, key.data(), sizeof out);
    return out;
  }
};

class RelayStations {
 public:
  struct Terms {
    std::uint32_t limit{};  ///< stations of the venue
    std::uint8_t slots{};   ///< S
    Suite suite{};
    std::size_t hops{};
  };
  /// The serial of a token that was made for this venue, or nothing.
  using TokenCheck = std::function<std::optional<std::uint32_t>(const Token&)>;
  RelayStations(const Terms& terms, TokenCheck check) : x_terms(terms), x_check(std::move(check)) {}

  struct Enrolment {
    Notice notice;                        ///< to the station that asked
    std::optional<StationKey> displaced;  ///< had that serial until now: tell it `refused`
  };
  /// Object of the stream register: one key a serial, the newest one; it counts for epochs that are frozen from now on.
  [[nodiscard]] Enrolment enrol(const StationKey& station, ByteView object);
  [[nodiscard]] std::size_t registered() const { return x_serials.size(); }

  // An epoch, in this order: freeze, publish, take_setup.., close, [take.., collect, returned].., end.

  /// The body of `epoch` is about to be made: its `circuits`. Above every one frozen before, or that one again while it
  /// is not published: its making was given up.
  [[nodiscard]] std::uint32_t freeze(Epoch epoch);
  /// Every relay signed it. Errc::refused when it is not for the stations that were frozen.
  [[nodiscard]] Result<void> publish(AcceptedDescriptor accepted);
  /// Object of the stream set-up. Errors: malformed, refused (not registered for that epoch, or it is closed).
  [[nodiscard]] Result<Epoch> take_setup(const StationKey& station, ByteView object);
  /// The batch for the first set-up: exactly `circuits` onions. Errc::refused when it is not published or closed
  /// already; else those of make_onion, and then it is not closed.
  [[nodiscard]] Result<std::vector<Bytes>> close(Epoch epoch, Rng& rng);
  /// What a station is told once the set-up ran through the whole chain.
  [[nodiscard]] Notice carried(Epoch epoch, const StationKey& station) const;

  /// A station's place among those of a published epoch, for good; nothing when it has none.
  [[nodiscard]] std::optional<std::uint32_t> place(Epoch epoch, const StationKey& station) const;
  /// Cells of the frame of the station at a place. False, and nothing happens, when they are out of turn: not of a
  /// closed epoch or of the next two rounds to be collected, a repeat, or nobody's.
  bool take(std::uint32_t place, RoundId round, Slot slot, const SlotCells& cells);
  /// A hint: that station's frame is about to be opened.
  void expect(Epoch epoch, std::uint32_t place) const;
  /// The whole batch of a round, above those collected before; Errc::refused otherwise.
  [[nodiscard]] Result<Bytes> collect(RoundId round, Rng& rng);
  /// A batch that came back: of a collected round, above those that came back before, of the exact size; else
  /// Errc::refused or malformed.
  [[nodiscard]] Result<void> returned(RoundId round, ByteView batch);
  /// The cells in such a batch of the station at a place; nothing when it has none in that epoch.
  [[nodiscard]] std::optional<SlotCells> part(Epoch epoch, std::uint32_t place, Slot slot, ByteView batch) const;
  /// Begins to fetch them, for whoever takes part after part.
  void fetch(std::uint32_t place, ByteView batch) const;
  /// A batch of an epoch that nobody needs any more: the next one takes its memory, and costs no page faults.
  void give(Epoch epoch, Bytes batch) {
    if (find(epoch) != nullptr) x_room = std::move(batch);
  }

  /// The epoch is over, halted or void.
  void end(Epoch epoch) {
    x_epochs.erase(epoch);
    x_room = {};
  }

 private:
  /// A batch that is being collected; what did not come holds anything.
  struct Collected {
    Bytes cells;
    std::vector<bool> came;  ///< by station and slot
  };
  struct Held {
    std::vector<StationKey> stations;                                      ///< sorted; the order of the circuits
    std::unordered_map<StationKey, std::uint32_t, StationKeyHash> places;  ///< of them
    std::optional<AcceptedDescriptor> accepted;
    std::vector<Bytes> setups;  ///< by station, without the epoch; empty: none
    std::vector<Tag> taken;     ///< by station, once closed
    bool closed = false;
    std::map<Round, Collected> open;
    std::optional<Round> collected;
    std::optional<Round> returned;
    [[nodiscard]] std::optional<std::size_t> place(const StationKey& station) const;
  };
  [[nodiscard]] Held* find(Epoch epoch);
  [[nodiscard]] const Held* find(Epoch epoch) const;
  [[nodiscard]] Epoch first_epoch_of(const StationKey& station) const;
  [[nodiscard]] std::size_t circuits_each() const { return kPaths * x_terms.slots; }
  [[nodiscard]] std::size_t batch_bytes(const Held& held) const;
  [[nodiscard]] Bytes room(const Held& held);
  [[nodiscard]] Result<void> add_onions(const Held& held, std::size_t station, std::vector<Bytes>& out, Rng& rng) const;

  Terms x_terms;
  TokenCheck x_check;
  std::map<std::uint32_t, StationKey> x_serials;
  std::map<StationKey, std::uint32_t> x_keys;
  std::map<Epoch, Held> x_epochs;
  std::optional<Epoch> x_frozen;  ///< the newest one
  Bytes x_room;                   ///< was a batch
};

/// What every registered station hears of the epochs that are not over, in this order a stream. A lane takes it as it
/// drains, from the beginning when it is new: it holds little, and nothing is lost.
class Bulletin {
 public:
  struct Object {
    Epoch epoch{};
    wire::Stream stream{};
    Bytes bytes;  ///< none: RelayStations::carried(), to each station its own
  };
  /// How far a lane is, a stream; all zero: at the beginning.
  using Place = std::array<std::uint64_t, wire::kControlStreams>;

  void descriptor(Epoch epoch, Bytes object) { add({epoch, wire::Stream::descriptor, std::move(object)}); }
  void receipt(Epoch epoch, Bytes object) { add({epoch, wire::Stream::receipt, std::move(object)}); }
  void carried(Epoch epoch) { add({epoch, wire::Stream::notice, {}}); }
  void halted(Epoch epoch, Bytes object) { add({epoch, wire::Stream::notice, std::move(object)}); }
  void end(Epoch epoch) {
    std::erase_if(x_objects, [epoch](const auto& each) { return each.second.epoch == epoch; });
  }
  /// The next one of a stream, behind which `place` then is; valid until the next change. Null: that was all.
  [[nodiscard]] const Object* next(wire::Stream stream, Place& place) const;
  /// True: next() has nothing more.
  [[nodiscard]] bool over(wire::Stream stream, const Place& place) const { return place[index(stream)] >= x_last; }

 private:
  void add(Object object) { x_objects.emplace(++x_last, std::move(object)); }

  std::map<std::uint64_t, Object> x_objects;
  std::uint64_t x_last = 0;
};

}  // namespace sw::mix
