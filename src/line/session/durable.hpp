#pragma once
// What a session changes durably, and how it waits for the disk: it raises the version, the station stores the head and
// reports which version is committed. Protocol 4.3: a psk is committed before anything that depends on it leaves.
#include "line/keys.hpp"

namespace sw::line {

struct Durable {
  LineKeys keys;
  std::uint64_t version = 1;
  std::uint64_t committed = 1;
  std::uint64_t psk_version = 1;

  /// After a change of keys; the version to wait for.
  std::uint64_t touch() { return ++version; }
  /// After a change of the psk.
  std::uint64_t touch_psk() { return psk_version = ++version; }
  [[nodiscard]] bool reached(std::uint64_t wanted) const { return committed >= wanted; }
};

}  // namespace sw::line
