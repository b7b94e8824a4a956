#pragma once
// A station's store as a simulated world needs it: ticks when the world says so, and dies with its process.
#include "desk/store.hpp"

namespace sw::test {

class Disk : public desk::Store {
 public:
  /// One commit; the tickets that are durable with it.
  [[nodiscard]] virtual std::vector<desk::Ticket> tick() = 0;
  [[nodiscard]] virtual bool idle() const = 0;
  /// The process is gone: what no tick has made durable never was.
  virtual void crash() = 0;
  [[nodiscard]] virtual bool is_durable(const desk::RecordKey& key) const = 0;
  /// Is this a backup that was put back?
  [[nodiscard]] virtual bool restored() const = 0;
  virtual void clear_restored() = 0;

  bool full = false;  ///< no room for anything new
};

}  // namespace sw::test
