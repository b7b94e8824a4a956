#include "desk/message.hpp"

#include <algorithm>

#include "base/assert.hpp"
#include "crypto/hash.hpp"
#include "desk/text.hpp"
#include "wire/writer.hpp"

namespace sw::desk {
namespace {

constexpr std::uint8_t kVersion = 1;
constexpr std::int64_t kLatestMs = 253'402'300'799'999;  // the end of the year 9999

ByteArray<1> byte(std::size_t value) {
  SW_ASSERT(value <= 0xff);
  return {static_cast<std::uint8_t>(value)};
}

bool is_initial(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

bool valid_initials(std::string_view initials) {
  return initials.size() <= wire::kInitialsLimit && std::ranges::all_of(initials, is_initial);
}

bool valid_post(std::string_view post) {
  return post.empty() || (post.size() <= wire::kPostLimit && is_utf8(post) && visible(post, Lines::single) == post);
}

bool valid_file_name(std::string_view name) {
  if (name.empty() || name.size() > wire::kFileNameLimit || !is_utf8(name)) return false;
  if (name.find_first_of("/\\") != std::string_view::npos || name.front() == '.' || name.front() == ' ') return false;
  return name.back() != '.' && name.back() != ' ' && visible(name, Lines::single) == name;
}

// What each kind may carry: protocol 6.1.
bool fits_kind(const Message& message) {
  const MessageHeader& h = message.header;
  const bool has_ref = h.ref != MessageId{};
  const bool service = h.grade == Grade::service && h.mark == Mark::none && message.text.empty();
  if (h.kind == Kind::file) {
    return !h.stage && h.precedence == Precedence::routine && !message.text.empty() &&
           message.text.size() <= wire::kFileLimit && valid_file_name(message.file_name);
  }
  if (!message.file_name.empty()) return false;
  switch (h.kind) {
    case Kind::text: return !h.stage && !message.text.empty();
    case Kind::stage: return service && has_ref && h.stage && !h.initials.empty();
    case Kind::drill:
      return h.grade == Grade::service && h.mark == Mark::test && message.text.empty() && !has_ref && !h.stage;
    case Kind::drill_answer: return service && has_ref && !h.stage && !h.initials.empty();
    case Kind::watch: return service && !has_ref && !h.stage;
    case Kind::read_back:
      return h.grade == Grade::service && h.mark != Mark::test && !message.text.empty() && has_ref && !h.stage &&
             !h.initials.empty();
    case Kind::file: break;
  }
  return false;
}

}  // namespace

UtcMs wire_time(UtcMs at) {
  return {std::clamp<std::int64_t>(at.value, 0, kLatestMs)};
}

UtcMs read_time(wire::Reader& in) {
  const UtcMs at{static_cast<std::int64_t>(in.u64())};
  if (at.value > kLatestMs || at.value < -kLatestMs) in.reject();
  return at;
}

Result<void> check_initials(std::string_view initials) {
  if (initials.empty() || !valid_initials(initials))
    return fail(Errc::usage, "Initials are 1 to 4 letters or digits, such as AB.");
  return {};
}

Result<void> check_post(std::string_view post) {
  if (!valid_post(post)) return fail(Errc::usage, "A post is at most 64 bytes of printable text, such as Adviser.");
  return {};
}

Result<void> check_file_name(std::string_view name) {
  if (!valid_file_name(name)) {
    return fail(
        Errc::usage,
        "A file's name is 1 to 128 bytes of printable text, without a slash, and with no dot or space at its ends.");
  }
  return {};
}

Result<Bytes> encode(const Message& message) {
  const MessageHeader& h = message.header;
  if (h.created.value < 0 || h.created.value > kLatestMs || !valid_initials(h.initials) || !valid_post(h.post) ||
      (h.stage && !reported_stage_of(static_cast<std::uint8_t>(*h.stage))) || !fits_kind(message)) {
    return fail(Errc::usage, "These fields do not make a message.");
  }
  if (!message.text.empty() && h.kind != Kind::file) {
    if (auto checked = check_text(message.text); !checked) return std::unexpected(std::move(checked.error()));
  }
  wire::Writer out(kMessageFixedBytes + h.initials.size() + h.post.size() + 1 + message.file_name.size() +
                   message.text.size());
  out.u8(kVersion).u8(static_cast<std::uint8_t>(h.kind)).u8(static_cast<std::uint8_t>(h.grade));
  out.u8(static_cast<std::uint8_t>(h.precedence)).u8(static_cast<std::uint8_t>(h.mark));
  out.u64(static_cast<std::uint64_t>(h.created.value)).bytes(h.ref.bytes);
  out.u8(h.stage ? static_cast<std::uint8_t>(*h.stage) : std::uint8_t{0});
  out.u8(static_cast<std::uint8_t>(h.initials.size())).bytes(as_bytes(h.initials));
  out.u8(static_cast<std::uint8_t>(h.post.size())).bytes(as_bytes(h.post));
  if (h.kind == Kind::file)
    out.u8(static_cast<std::uint8_t>(message.file_name.size())).bytes(as_bytes(message.file_name));
  out.bytes(as_bytes(message.text));
  return out.take();
}

Result<Message> decode(ByteView bytes) {
  const auto malformed = [] { return fail(Errc::malformed, "A message does not parse."); };
  if (bytes.size() > wire::kMessageLimit) return malformed();
  wire::Reader in(bytes);
  const std::uint8_t version = in.u8();
  const auto kind = kind_of(in.u8());
  const auto grade = grade_of(in.u8());
  const auto precedence = precedence_of(in.u8());
  const auto mark = mark_of(in.u8());
  const std::uint64_t created = in.u64();
  const auto ref = in.id<MessageId>();
  const std::uint8_t stage_value = in.u8();
  const auto stage = reported_stage_of(stage_value);
  const std::string initials(as_text(in.view(in.u8())));
  const std::string post(as_text(in.view(in.u8())));
  const bool file = kind == Kind::file;
  const std::string name(file ? as_text(in.view(in.u8())) : std::string_view());
  const std::string_view text = as_text(in.view(in.remaining()));
  if (!in.expect_end() || version != kVersion || !kind || !grade || !precedence || !mark) return malformed();
  if (created > static_cast<std::uint64_t>(kLatestMs) || (stage_value != 0 && !stage)) return malformed();
  if (!valid_initials(initials) || !valid_post(post) || text.size() > kTextLimit) return malformed();
  if (!file && !is_utf8(text)) return malformed();
  Message out{
      {*kind, *grade, *precedence, *mark, UtcMs{static_cast<std::int64_t>(created)}, ref, stage, initials, post},
      std::string(text),
      name};
  if (!fits_kind(out)) return malformed();
  return out;
}

MessageId stage_report_id(MessageId ref, Stage stage, std::string_view initials, std::string_view post) {
  const ByteArray<1> stage_byte{static_cast<std::uint8_t>(stage)};
  return {crypto::digest<16>({as_bytes("sw1-stage"), ref.bytes, stage_byte, byte(initials.size()), as_bytes(initials),
                              byte(post.size()), as_bytes(post)})};
}

MessageId watch_id(LineId line, UtcMs created, std::string_view initials) {
  return {crypto::digest<16>({as_bytes("sw1-watch"), line.bytes, crypto::le(created.value), as_bytes(initials)})};
}

}  // namespace sw::desk
