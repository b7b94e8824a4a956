#pragma once
// Current, next and previous keys of a link: protocol 3.2, 3.5. New keys are usable before the old ones go.
#include <memory>
#include <optional>

#include "link/frame.hpp"

namespace sw::link {

/// How the keys came: a handshake in frames starts the control lane anew, a rekey in the lane carries it on.
enum class KeyOrigin : std::uint8_t { handshake, rekey };

class KeyRing {
 public:
  struct Generation {
    FrameKeys keys;
    std::uint32_t number{};  ///< names the keys inside this process
    std::uint32_t lane{};    ///< which life of the control lane they belong to
  };

  /// Initiator: current for sending at once.
  void install(FrameKeys&& keys, KeyOrigin origin);
  /// Responder: current once a frame under them opens.
  void propose(FrameKeys&& keys, KeyOrigin origin);

  enum class Standing : std::uint8_t { newest, outdated };
  struct Opened {
    FrameKeys::Opened frame;
    std::uint32_t number{};
    std::uint32_t lane{};
    Standing standing{};    ///< outdated: newer keys have opened frames already
    bool promoted = false;  ///< the next keys became current with this frame
  };
  [[nodiscard]] std::optional<Opened> open(const Frame& frame, FrameBody& body);

  [[nodiscard]] Generation* current() { return x_current ? &*x_current : nullptr; }
  [[nodiscard]] const Generation* current() const { return x_current ? &*x_current : nullptr; }
  [[nodiscard]] bool has_previous() const { return x_previous != nullptr; }
  /// Rounds since the current keys were made.
  [[nodiscard]] std::uint32_t age() const { return x_age; }
  void count_round();

 private:
  [[nodiscard]] Generation generation(FrameKeys&& keys, KeyOrigin origin);
  void replace_current(Generation&& by);

  std::optional<Generation> x_current;
  std::unique_ptr<Generation> x_next;  // rarely there, and not among what every frame needs
  std::unique_ptr<Generation> x_previous;
  std::uint32_t x_number = 0;
  std::uint32_t x_lane = 0;
  std::uint32_t x_age = 0;
  std::uint32_t x_confirmed_rounds = 0;  ///< rounds since the current keys opened their first frame
};

}  // namespace sw::link
