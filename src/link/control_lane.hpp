#pragma once
// Objects in pieces at the constant rate of the frames: protocol 3.5.
//
//   stream u8 | obj u32 | offset u24 | flags u8 | len u8 | data 110 | ack u32 | sack u64 | phase i32
#include <array>
#include <deque>
#include <optional>
#include <utility>
#include <vector>

#include "base/bytes.hpp"
#include "link/frame.hpp"
#include "wire/stream.hpp"

namespace sw::link {

using wire::Stream;

/// Which frame carried a piece: the keys and the counter.
struct FrameNumber {
  std::uint32_t keys{};
  std::uint64_t counter{};
};

/// What R1 says to a station beside its objects, in every frame (protocol 8.8); of another peer it means nothing.
struct RelayWord {
  std::int32_t phase = 0;
  std::uint8_t fault = 0;  ///< 1 to 3: the relay for whose sake no round comes back; 0: none
};

class ControlLane {
 public:
  explicit ControlLane(const wire::StreamLimits& takes) : x_takes(takes) {}

  /// From now on takes these; what is under way of a stream that is no longer taken is forgotten.
  void take_streams(const wire::StreamLimits& takes);

  /// Queues an object of 1 byte to 128 KiB. A rekey takes the place of an unfinished one; of another stream, objects go
  /// one after the other, and with more than 8 waiting the one that waits longest is dropped.
  /// Returns its place among those sent on this stream, from 1.
  std::uint32_t send(Stream stream, Bytes object);
  /// Objects of a stream that are not acknowledged: the one on its way and those that wait.
  [[nodiscard]] std::size_t queued(Stream stream) const;
  /// Forgets what is not delivered of a stream: it has no use any more, and what comes next need not wait for it.
  void withdraw(Stream stream);
  /// Place of the newest object of a stream of which every piece was acknowledged; 0 when there is none.
  [[nodiscard]] std::uint32_t delivered(Stream stream) const { return x_out[index(stream)].delivered; }

  /// Writes the control field of one frame: a piece that is due, or none; what was received under its keys; and `word`.
  void write(Control& control, const ReplayWindow& received, const RelayWord& word);
  /// The field that write() filled left in this frame. Call it after every write().
  void sent(FrameNumber frame);

  struct Object {
    Stream stream{};
    Bytes bytes;
  };
  /// Takes a field from an authentic new frame under keys `keys`; the object that its piece completed, if it did.
  [[nodiscard]] std::optional<Object> read(const Control& control, std::uint32_t keys);
  [[nodiscard]] static RelayWord word(const Control& control);

  /// One round passed.
  void count_round();
  [[nodiscard]] bool idle() const { return x_sending == 0; }

 private:
  struct Piece {
    FrameNumber first{};       ///< the first of the frames with it that are remembered
    std::uint64_t left = 0;    ///< bit k: so did the frame k after that one
    std::uint32_t waited = 0;  ///< rounds since the last of them left
    enum class State : std::uint8_t { due, flying, done } state = State::due;
  };
  struct Outbound {
    std::uint32_t number = 0;
    Bytes bytes;
    std::vector<Piece> pieces;
    std::uint32_t place = 0;  ///< of the one on its way
    std::uint32_t newest = 0;
    std::uint32_t delivered = 0;
    std::deque<std::pair<std::uint32_t, Bytes>> waiting;
  };
  struct Inbound {
    std::uint32_t number = 0;  ///< 0: none yet
    Bytes bytes{};
    std::vector<bool> came{};
    std::optional<std::size_t> size{};
    bool complete = false;
  };
  struct Place {
    std::size_t stream = 0;
    std::size_t piece = 0;
  };

  [[nodiscard]] std::optional<Place> due() const;
  void acknowledge(std::uint32_t ack, std::uint64_t sack, std::uint32_t keys);
  [[nodiscard]] static bool place(Inbound& in, std::size_t limit, std::size_t offset, bool last, ByteView data);

  void begin(Outbound& out, std::uint32_t at, Bytes object);
  void finish(Outbound& out);

  std::size_t x_sending = 0;  ///< streams with an object on its way: mostly none, and then a frame looks at none
  std::optional<Place> x_written;
  wire::StreamLimits x_takes;
  std::array<Outbound, wire::kControlStreams> x_out;
  std::array<Inbound, wire::kControlStreams> x_in;
};

}  // namespace sw::link
