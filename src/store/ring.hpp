#pragma once
// What each tick writes: pure planning, no disk and no keys. Every tick takes the next two slots of the ring, whether
// there is something to say or not. Invariant (README.md, "Why the gap never closes"): counting live rows from the
// oldest, i = 0, 1, ..., row i is at least 2(i + 1) slots ahead of the head, so no live row is ever overwritten.
#include <array>
#include <map>
#include <optional>

#include "store/index.hpp"

namespace sw::store {

inline constexpr std::uint32_t kRowsLeast = 64;
inline constexpr std::uint32_t kRowsMost = 1U << 20;
inline constexpr std::size_t kRowsPerTick = 2;

/// One slot's new content. Each write reads the row in `source`, so that every tick does the same work.
struct Write {
  enum class Kind : std::uint8_t {
    filler,     ///< nothing
    move,       ///< the row in `source`, unchanged
    part,       ///< a new row: meta and payload
    head,       ///< the row 0 in `source` with a new head
    tombstone,  ///< everything before this position under this key is gone
  };
  Kind kind{};
  std::uint32_t source{};
  RowMeta meta{};               ///< position always; for move and head also what `source` must hold
  crypto::SecretBytes payload;  ///< part: at most kRowPayloadBytes; head: the head
  Handle handle = kNone;
  std::uint64_t revision{};
  std::size_t tickets{};
};

struct Plan {
  std::array<Write, kRowsPerTick> writes;
};

/// Where a body lies, to be read row by row.
struct Located {
  std::uint64_t generation{};
  std::uint32_t body_bytes{};
  std::vector<std::uint32_t> slots;
};

class Ring {
 public:
  /// `rows` is even, kRowsLeast to kRowsMost.
  explicit Ring(Scan&& scanned);

  /// As desk::Store says; Errc::conflict for a second body, Errc::out_of_range for a head or body above its limit.
  [[nodiscard]] Result<desk::Ticket> put(const desk::RecordKey& key, crypto::SecretBytes head, ByteView body,
                                         desk::Urgency urgency);
  [[nodiscard]] desk::Ticket erase(const desk::RecordKey& key);
  [[nodiscard]] bool has_room(std::size_t body_bytes) const;

  /// The next two slots. One plan is out at a time: it ends with committed() or failed().
  [[nodiscard]] Plan plan();
  /// The plan is durable; the tickets that became durable with it.
  [[nodiscard]] std::vector<desk::Ticket> committed(const Plan& plan);
  /// Nothing of the plan counts; the next plan writes the same slots.
  void failed();

  /// The body that waits for its tick, if it does.
  [[nodiscard]] std::optional<ByteView> waiting_body(const desk::RecordKey& key) const;
  /// The head that waits for its tick, if one does.
  [[nodiscard]] std::optional<ByteView> waiting_head(const desk::RecordKey& key) const;
  /// The committed record, unless it is being erased.
  [[nodiscard]] std::optional<Located> locate(const desk::RecordKey& key) const;
  /// Keys of every record, committed or waiting, that is not being erased.
  [[nodiscard]] std::vector<desk::RecordKey> keys() const;

  [[nodiscard]] bool idle() const { return x_queue.empty(); }
  [[nodiscard]] std::uint32_t rows() const { return x_index.slots(); }
  [[nodiscard]] std::uint32_t used() const { return x_index.used(); }
  /// Rows that records may take: a third of the ring.
  [[nodiscard]] std::uint32_t capacity() const { return rows() / 3; }
  /// Slots between the head and the oldest live row; rows() when nothing lives.
  [[nodiscard]] std::uint64_t gap();
  /// The position that the next tick writes first.
  [[nodiscard]] std::uint64_t next_position() const { return x_next; }

 private:
  enum class Intent : std::uint8_t { create, update, erase };
  struct Waiting {
    desk::RecordKey key{};
    Intent intent{};
    Handle handle = kNone;          ///< create: the extent being filled
    std::uint32_t written = 0;      ///< create: rows 1.. that are committed
    std::vector<Handle> abandoned;  ///< extents of creations that an erase overtook
    crypto::SecretBytes head;
    crypto::SecretBytes body;
    std::vector<desk::Ticket> tickets;
    std::uint64_t revision = 0;  ///< rises when the content changes, also while a plan is out
  };
  using Rank = std::pair<desk::Urgency, std::uint64_t>;
  using Queue = std::map<Rank, Waiting>;

  [[nodiscard]] std::uint32_t slot_of(std::uint64_t position) const {
    return static_cast<std::uint32_t>(position % rows());
  }
  [[nodiscard]] Waiting* waiting(const desk::RecordKey& key);
  [[nodiscard]] const Waiting* waiting(const desk::RecordKey& key) const;
  [[nodiscard]] Waiting& enqueue(const desk::RecordKey& key, desk::Urgency urgency);
  void hurry(const desk::RecordKey& key, desk::Urgency urgency);
  void dequeue(const desk::RecordKey& key);
  [[nodiscard]] desk::Ticket promise(Waiting& op);
  void start_creation(Waiting& op, ByteView body);
  void close_abandoned(Waiting& op);

  void advance_tail();
  [[nodiscard]] std::size_t rows_left(const Waiting& op) const;
  [[nodiscard]] Write fresh(const Waiting& op, std::size_t step) const;
  [[nodiscard]] std::vector<Write> fresh_rows(std::size_t most) const;
  [[nodiscard]] Write relocation(std::uint64_t& from) const;

  void apply(const Write& write, std::vector<desk::Ticket>& durable);
  void settle(const Write& write, std::vector<desk::Ticket>& durable);

  Index x_index;
  Queue x_queue;
  std::map<desk::RecordKey, Rank> x_ranks;
  std::uint64_t x_next;  ///< position of the head
  std::uint64_t x_tail;  ///< every position before it is dead
  std::uint64_t x_generation;
  std::uint64_t x_order = 0;
  std::uint64_t x_ticket = 0;
  bool x_out = false;
};

}  // namespace sw::store
