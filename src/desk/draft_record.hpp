#pragma once
// A draft as the store has it: a sealed record of this office, private to its drafter until it is offered. A record's
// text is written once, so a changed draft is a new record of a higher version, and the old one is erased when the new
// one is durable. The id is the one that the message will have: released twice, it is one message.
#include <optional>
#include <string>

#include "base/ids.hpp"
#include "base/time.hpp"
#include "desk/rights.hpp"
#include "desk/store.hpp"
#include "desk/words.hpp"

namespace sw::desk {

inline constexpr std::size_t kDraftLimit = 256;  ///< of one station

struct DraftRecord {
  MessageId id;
  LineId line;
  std::uint32_t version = 1;  ///< rises with each change
  Grade grade{};
  Precedence precedence{};
  Mark mark{};
  MessageId answers;    ///< handle of the received message that it answers; zeros: none
  std::string drafter;  ///< initials
  UtcMs created{};
  UtcMs changed{};
  std::optional<UtcMs> offered;  ///< since then others see it
  std::uint32_t text_bytes = 0;
  bool operator==(const DraftRecord&) const = default;

  /// Of this version.
  [[nodiscard]] RecordKey key() const;
};

/// Initials of one person: "ab" and "AB" are the same.
[[nodiscard]] bool same_person(std::string_view a, std::string_view b);

/// At most kHeadBytes.
[[nodiscard]] crypto::SecretBytes encode_head(const DraftRecord& draft);
/// Errc::malformed for anything that encode_head() did not write, and under another key than its own.
[[nodiscard]] Result<DraftRecord> decode_draft(const RecordKey& key, ByteView head);

}  // namespace sw::desk
