#pragma once
// What DATA carries: protocol 6.1. Decoding is strict, so that each message has exactly one encoding.
#include <string>

#include "base/ids.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "desk/words.hpp"
#include "wire/reader.hpp"
#include "wire/sizes.hpp"

namespace sw::desk {

/// Everything of a message but its text.
struct MessageHeader {
  Kind kind = Kind::text;
  Grade grade = Grade::service;
  Precedence precedence = Precedence::routine;
  Mark mark = Mark::none;
  UtcMs created{};             ///< the sender's clock
  MessageId ref;               ///< stage, drill_answer, read_back: the message meant; text, file: the one it answers
  std::optional<Stage> stage;  ///< kind stage only: one of the stages that people set
  std::string initials;        ///< 1 to 4 letters or digits, or empty
  std::string post;            ///< at most 64 bytes of printable UTF-8
  bool operator==(const MessageHeader&) const = default;
};

struct Message {
  MessageHeader header;
  std::string text;       ///< of a file: its bytes
  std::string file_name;  ///< of a file only
  bool operator==(const Message&) const = default;
};

/// ver, kind, grade, precedence, mark, created, ref, stage, two lengths.
inline constexpr std::size_t kMessageFixedBytes = 1 + 1 + 1 + 1 + 1 + 8 + 16 + 1 + 1 + 1;
/// The longest text of a message with a full header; also the limit of a text that is sent from here.
inline constexpr std::size_t kTextLimit =
    wire::kMessageLimit - kMessageFixedBytes - wire::kInitialsLimit - wire::kPostLimit;
static_assert(wire::kFileLimit + 1 + wire::kFileNameLimit <= kTextLimit);

/// Errc::usage when the fields do not fit their kind, Errc::out_of_range when the text is too long,
/// Errc::malformed when it is not UTF-8.
[[nodiscard]] Result<Bytes> encode(const Message& message);
/// Errc::malformed for every byte string that encode() would not make.
[[nodiscard]] Result<Message> decode(ByteView bytes);

/// The time as a message may carry it: between 1970 and 9999, whatever this machine's clock says.
[[nodiscard]] UtcMs wire_time(UtcMs at);

/// A time in a stored record; the reader rejects one so far away that no clock says it.
[[nodiscard]] UtcMs read_time(wire::Reader& in);

/// 1 to 4 ASCII letters or digits.
[[nodiscard]] Result<void> check_initials(std::string_view initials);
/// At most 64 bytes of printable UTF-8; may be empty.
[[nodiscard]] Result<void> check_post(std::string_view post);

/// A name for a file, that can harm neither a screen nor a folder: 1 to 128 bytes of printable UTF-8, no slash of
/// either kind, no dot and no space at its beginning, none at its end.
[[nodiscard]] Result<void> check_file_name(std::string_view name);

/// The id of a stage report, or with Stage::answered of a drill answer: the same mark is the same message.
[[nodiscard]] MessageId stage_report_id(MessageId ref, Stage stage, std::string_view initials, std::string_view post);
/// The id of a watch message: one for each line and state of the watch.
[[nodiscard]] MessageId watch_id(LineId line, UtcMs created, std::string_view initials);

}  // namespace sw::desk
