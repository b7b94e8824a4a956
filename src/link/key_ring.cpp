#include "link/key_ring.hpp"

#include <limits>

#include "wire/sizes.hpp"

namespace sw::link {

KeyRing::Generation KeyRing::generation(FrameKeys&& keys, KeyOrigin origin) {
  const bool carries_on = origin == KeyOrigin::rekey && x_current;
  return {std::move(keys), ++x_number, carries_on ? x_current->lane : ++x_lane};
}

void KeyRing::replace_current(Generation&& by) {
  // Keys that never opened a frame are not worth keeping: the peer may still send under the ones before them.
  if (x_current && x_current->keys.confirmed()) x_previous = std::make_unique<Generation>(std::move(*x_current));
  x_current = std::move(by);
  x_age = 0;
  x_confirmed_rounds = 0;
}

void KeyRing::install(FrameKeys&& keys, KeyOrigin origin) {
  replace_current(generation(std::move(keys), origin));
}

void KeyRing::propose(FrameKeys&& keys, KeyOrigin origin) {
  x_next = std::make_unique<Generation>(generation(std::move(keys), origin));
}

std::optional<KeyRing::Opened> KeyRing::open(const Frame& frame, FrameBody& body) {
  const auto attempt = [&](Generation* with) -> std::optional<Opened> {
    if (with == nullptr) return std::nullopt;
    const auto opened = with->keys.open(frame, body);
    if (!opened) return std::nullopt;
    return Opened{*opened, with->number, with->lane, Standing::newest};
  };
  if (auto out = attempt(current())) return out;
  if (auto out = attempt(x_next.get())) {
    Generation promoted = std::move(*x_next);
    x_next.reset();
    replace_current(std::move(promoted));
    out->promoted = true;
    return out;
  }
  auto out = attempt(x_previous.get());
  if (out && x_current->keys.confirmed()) out->standing = Standing::outdated;
  return out;
}

void KeyRing::count_round() {
  constexpr std::uint32_t kMost = std::numeric_limits<std::uint32_t>::max();
  if (x_age < kMost) ++x_age;
  if (!x_current || !x_current->keys.confirmed()) return;
  if (x_confirmed_rounds < kMost) ++x_confirmed_rounds;
  // "Previous keys are erased 16 rounds after the new ones opened a frame"
  if (x_confirmed_rounds >= wire::kLinkPreviousRounds) x_previous.reset();
}

}  // namespace sw::link
