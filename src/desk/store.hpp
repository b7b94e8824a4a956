#pragma once
// What the desk asks of a store: records that survive power cuts, written at a cadence that shows nothing.
// put() and erase() return at once; the ticket becomes durable with a later tick of the store, and only then may
// anybody say `released` or `stored`. Protocol 2.3, 5.3.
#include <cstdint>
#include <functional>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "crypto/secret.hpp"

namespace sw::desk {

enum class RecordKind : std::uint8_t {
  station = 1,
  line = 2,
  message = 3,
  ledger = 4,
  draft = 5,
  translation = 6,
  paper = 7,
  office = 8
};

struct RecordKey {
  RecordKind kind{};
  ByteArray<16> id{};
  auto operator<=>(const RecordKey&) const = default;
};

/// Orders waiting writes: a FLASH is not kept behind a megabyte of ROUTINE. Equal ranks keep their order.
enum class Urgency : std::uint8_t { state = 0, flash = 1, immediate = 2, priority = 3, routine = 4 };

/// A promise of durability; rises with each call.
struct Ticket {
  std::uint64_t value{};
  auto operator<=>(const Ticket&) const = default;
};

/// Heads may change and hold at most this much; bodies are written once.
inline constexpr std::size_t kHeadBytes = 1408;

struct LoadedRecord {
  RecordKey key;
  crypto::SecretBytes head;
  std::size_t body_bytes{};
};

class Store {
 public:
  Store() = default;
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;
  virtual ~Store() = default;

  /// Creates or replaces the record; `body` is given at creation and never again (an empty one keeps what is there).
  /// Errc::full when there is no room: nothing was changed. Head updates of existing records always have room.
  [[nodiscard]] virtual Result<Ticket> put(RecordKey key, crypto::SecretBytes head, ByteView body, Urgency urgency) = 0;
  [[nodiscard]] virtual Ticket erase(RecordKey key) = 0;
  /// The body as it was put, also while it is still waiting for its tick.
  [[nodiscard]] virtual Result<Bytes> body(RecordKey key) = 0;
  /// Would a new record with a body of this size find room?
  [[nodiscard]] virtual bool has_room(std::size_t body_bytes) const = 0;
  /// Every record, heads only; for the start.
  [[nodiscard]] virtual Result<std::vector<LoadedRecord>> load() = 0;
};

}  // namespace sw::desk
