#pragma once
// Objects in pieces at the constant rate of the frames: protocol 3.5.
//
//   stream u8 | obj u32 | offset u24 | flags u8 | len u8 | data 110 | ack u32 | sack u64 | 0000
#include <array>
#include <optional>
#include <vector>

#include "base/bytes.hpp"
#include "link/frame.hpp"

namespace sw::link {

enum class Stream : std::uint8_t { rekey = 1 };

/// Which frame carried a piece: the keys and the counter.
struct FrameNumber {
  std::uint32_t keys{};
  std::uint64_t counter{};
};

class ControlLane {
 public:
  /// Queues an object of 1 byte to 64 KiB, in place of an unfinished one of the same stream.
  void send(Stream stream, Bytes object);

  /// Writes the control field of one frame: a piece that is due, or none; and what was received under its keys.
  void write(Control& control, const ReplayWindow& received);
  /// The field that write() filled left in this frame. Call it after every write().
  void sent(FrameNumber frame);

  struct Object {
    Stream stream{};
    Bytes bytes;
  };
  /// Takes a field from an authentic new frame under keys `keys`; the object that its piece completed, if it did.
  [[nodiscard]] std::optional<Object> read(const Control& control, std::uint32_t keys);

  /// One round passed.
  void count_round();
  [[nodiscard]] bool idle() const;

 private:
  struct Piece {
    FrameNumber frame{};
    std::uint32_t waited = 0;  ///< rounds since it left
    enum class State : std::uint8_t { due, flying, done } state = State::due;
  };
  struct Outbound {
    std::uint32_t number = 0;
    Bytes bytes;
    std::vector<Piece> pieces;
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
  [[nodiscard]] static bool place(Inbound& in, std::size_t offset, bool last, ByteView data);

  std::array<Outbound, wire::kControlStreams> x_out;
  std::array<Inbound, wire::kControlStreams> x_in;
  std::optional<Place> x_written;
};

}  // namespace sw::link
