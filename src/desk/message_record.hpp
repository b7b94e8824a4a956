#pragma once
// The durable head of a message: everything but its text. It always fits kHeadBytes, whatever the far side sends.
#include <string>
#include <vector>

#include "base/ids.hpp"
#include "base/time.hpp"
#include "desk/message.hpp"
#include "desk/store.hpp"

namespace sw::desk {

/// Stages that people may set on one message, here and there together; ten of the longest fit the head.
inline constexpr std::size_t kStageMarks = 10;

/// One stage that a person set, with the time of the side where it happened.
struct StageMark {
  Stage stage{};
  UtcMs at{};
  Side by{};
  std::string initials;
  std::string post;
  bool reported = false;  ///< set here: the far disk has the report (protocol 6.1)
};

/// Who made a message that was drafted and released here; stays on this machine.
struct Provenance {
  UtcMs drafted{};
  std::string drafted_by;
  std::string released_by;
  bool operator==(const Provenance&) const = default;
};

struct MessageRecord {
  MessageId handle;  ///< names the record here and in the API: the id, unless another message already had it
  MessageId id;      ///< the id on the wire
  LineId line;
  Direction direction{};
  MessageHeader header;
  std::uint32_t text_bytes = 0;
  std::uint64_t order = 0;            ///< rises with each record of this station; survives a clock that is set back
  UtcMs kept{};                       ///< when this disk had it: released (out), stored (in)
  std::optional<UtcMs> sent;          ///< out: the first cell left
  std::optional<UtcMs> stored_there;  ///< out: the far disk has it
  bool done = false;                  ///< in: DONE came, delivery may forget the id (protocol 5.3)
  Provenance from;                    ///< out: who drafted and released it, where it was drafted here
  std::string file_name;              ///< of a file
  std::vector<StageMark> marks;       ///< from there (out) or set here (in), oldest first
  bool durable = false;               ///< not stored: a record that was loaded is durable

  [[nodiscard]] RecordKey key() const { return {RecordKind::message, handle.bytes}; }
  [[nodiscard]] bool has(Stage stage) const;
};

/// At most kHeadBytes.
[[nodiscard]] crypto::SecretBytes encode_head(const MessageRecord& record);
/// `handle` is the id of the record's key. Errc::malformed for anything that encode_head() did not write.
[[nodiscard]] Result<MessageRecord> decode_head(MessageId handle, ByteView head);

/// Every stage reached, in order of docs/api.md: draft, released, sent, stored there; or stored here; then the marks.
[[nodiscard]] std::vector<StageMark> stages_of(const MessageRecord& record);
/// Until when a person should acknowledge it: here (in) or there (out); nothing when it was, or the clock has not
/// begun.
[[nodiscard]] std::optional<UtcMs> acknowledge_by(const MessageRecord& record);
/// The report of one mark as it travels; the same mark gives the same id and bytes for ever.
[[nodiscard]] MessageId report_id(const MessageRecord& record, const StageMark& mark);
[[nodiscard]] Bytes report_bytes(const MessageRecord& record, const StageMark& mark);

}  // namespace sw::desk
