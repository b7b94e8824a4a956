#include "desk/message_record.hpp"

#include <algorithm>

#include "base/assert.hpp"
#include "wire/reader.hpp"

namespace sw::desk {
namespace {

constexpr std::uint8_t kVersion = 1;
constexpr std::uint8_t kVersionWithMore = 2;  // of a message that was drafted, or of a file
constexpr std::uint8_t kDoneBit = 1;
constexpr std::uint8_t kSentBit = 2;
constexpr std::uint8_t kStoredThereBit = 4;

constexpr std::size_t kHeaderMost = 1 + 4 + 8 + 16 + 1 + 1 + wire::kInitialsLimit + 1 + wire::kPostLimit;
constexpr std::size_t kMarkMost = 1 + 8 + 1 + 1 + 1 + wire::kInitialsLimit + 1 + wire::kPostLimit;
constexpr std::size_t kRecordFixed = 1 + 16 + 16 + 1 + 4 + 8 + 8 + 1 + 8 + 8 + 1;
constexpr std::size_t kMoreMost = 8 + 2 * (1 + wire::kInitialsLimit) + 1 + wire::kFileNameLimit;
static_assert(kRecordFixed + kHeaderMost + kStageMarks * kMarkMost + kMoreMost <= kHeadBytes);

bool has_more(const MessageRecord& record) {
  return record.from != Provenance{} || !record.file_name.empty();
}

void write_text(crypto::SecretWriter& out, const std::string& text) {
  out.u8(static_cast<std::uint8_t>(text.size())).bytes(as_bytes(text));
}

void write_time(crypto::SecretWriter& out, UtcMs at) {
  out.u64(static_cast<std::uint64_t>(at.value));
}

std::string read_text(wire::Reader& in, std::size_t most) {
  const std::string text(as_text(in.view(in.u8())));
  if (text.size() > most) in.reject();
  return text;
}

void write_header(crypto::SecretWriter& out, const MessageHeader& h) {
  out.u8(static_cast<std::uint8_t>(h.kind)).u8(static_cast<std::uint8_t>(h.grade));
  out.u8(static_cast<std::uint8_t>(h.precedence)).u8(static_cast<std::uint8_t>(h.mark));
  write_time(out, h.created);
  out.bytes(h.ref.bytes);
  write_text(out, h.initials);
  write_text(out, h.post);
}

MessageHeader read_header(wire::Reader& in) {
  MessageHeader h;
  const auto kind = kind_of(in.u8());
  const auto grade = grade_of(in.u8());
  const auto precedence = precedence_of(in.u8());
  const auto mark = mark_of(in.u8());
  h.created = read_time(in);
  h.ref = in.id<MessageId>();
  h.initials = read_text(in, wire::kInitialsLimit);
  h.post = read_text(in, wire::kPostLimit);
  if (!kind || !grade || !precedence || !mark) {
    in.reject();
    return h;
  }
  h.kind = *kind;
  h.grade = *grade;
  h.precedence = *precedence;
  h.mark = *mark;
  return h;
}

StageMark read_mark(wire::Reader& in) {
  StageMark mark;
  const auto stage = reported_stage_of(in.u8());
  if (!stage) in.reject();
  mark.stage = stage.value_or(Stage::read);
  mark.at = read_time(in);
  const std::uint8_t by = in.u8();
  const std::uint8_t reported = in.u8();
  if (by > 1 || reported > 1) in.reject();
  mark.by = by == 0 ? Side::here : Side::there;
  mark.reported = reported == 1;
  mark.initials = read_text(in, wire::kInitialsLimit);
  mark.post = read_text(in, wire::kPostLimit);
  if (!check_initials(mark.initials) || !check_post(mark.post)) in.reject();
  return mark;
}

}  // namespace

bool MessageRecord::has(Stage stage) const {
  return std::ranges::any_of(marks, [&](const StageMark& mark) { return mark.stage == stage; });
}

crypto::SecretBytes encode_head(const MessageRecord& record) {
  SW_ASSERT(record.marks.size() <= kStageMarks);
  crypto::SecretWriter out;
  out.u8(has_more(record) ? kVersionWithMore : kVersion)
      .bytes(record.line.bytes)
      .bytes(record.id.bytes)
      .u8(static_cast<std::uint8_t>(record.direction));
  write_header(out, record.header);
  out.u32(record.text_bytes).u64(record.order);
  write_time(out, record.kept);
  std::uint8_t bits = record.done ? kDoneBit : std::uint8_t{0};
  if (record.sent) bits |= kSentBit;
  if (record.stored_there) bits |= kStoredThereBit;
  out.u8(bits);
  write_time(out, record.sent.value_or(UtcMs{}));
  write_time(out, record.stored_there.value_or(UtcMs{}));
  out.u8(static_cast<std::uint8_t>(record.marks.size()));
  for (const StageMark& mark : record.marks) {
    out.u8(static_cast<std::uint8_t>(mark.stage));
    write_time(out, mark.at);
    out.u8(static_cast<std::uint8_t>(mark.by)).u8(mark.reported ? 1 : 0);
    write_text(out, mark.initials);
    write_text(out, mark.post);
  }
  if (has_more(record)) {
    write_time(out, record.from.drafted);
    write_text(out, record.from.drafted_by);
    write_text(out, record.from.released_by);
    write_text(out, record.file_name);
  }
  crypto::SecretBytes head = out.take();
  SW_ASSERT(head.size() <= kHeadBytes);
  return head;
}

Result<MessageRecord> decode_head(MessageId handle, ByteView head) {
  wire::Reader in(head);
  MessageRecord r;
  r.handle = handle;
  const std::uint8_t version = in.u8();
  r.line = in.id<LineId>();
  r.id = in.id<MessageId>();
  const std::uint8_t direction = in.u8();
  r.direction = direction == 0 ? Direction::in : Direction::out;
  r.header = read_header(in);
  r.text_bytes = in.u32();
  r.order = in.u64();
  r.kept = read_time(in);
  const std::uint8_t bits = in.u8();
  r.done = (bits & kDoneBit) != 0;
  const UtcMs sent = read_time(in);
  const UtcMs stored_there = read_time(in);
  if ((bits & kSentBit) != 0) r.sent = sent;
  if ((bits & kStoredThereBit) != 0) r.stored_there = stored_there;
  const std::size_t marks = in.u8();
  if ((version != kVersion && version != kVersionWithMore) || direction > 1 || bits > 7 || marks > kStageMarks)
    in.reject();
  for (std::size_t i = 0; i < marks && in.ok(); ++i) r.marks.push_back(read_mark(in));
  if (version == kVersionWithMore) {
    r.from.drafted = read_time(in);
    r.from.drafted_by = read_text(in, wire::kInitialsLimit);
    r.from.released_by = read_text(in, wire::kInitialsLimit);
    r.file_name = read_text(in, wire::kFileNameLimit);
  }
  const bool named = r.header.kind == Kind::file ? check_file_name(r.file_name).has_value() : r.file_name.empty();
  if (!named) in.reject();
  // One encoding, so that what is loaded is what was stored; and an id, for the reports of its stages.
  if (!in.expect_end() || r.id == MessageId{} || !std::ranges::equal(encode_head(r).view(), head)) {
    return fail(Errc::malformed, "A message's record is of another version or damaged.");
  }
  r.durable = true;
  return r;
}

std::vector<StageMark> stages_of(const MessageRecord& record) {
  std::vector<StageMark> out;
  const auto add = [&](Stage stage, UtcMs at, Side by, std::string initials = {}) {
    out.push_back({stage, at, by, std::move(initials), {}, false});
  };
  if (record.direction == Direction::out) {
    const bool drafted = !record.from.drafted_by.empty();
    add(Stage::draft, drafted ? record.from.drafted : record.header.created, Side::here, record.from.drafted_by);
    if (record.durable) add(Stage::released, record.kept, Side::here, record.from.released_by);
    if (record.sent) add(Stage::sent, *record.sent, Side::here);
    if (record.stored_there) add(Stage::stored, *record.stored_there, Side::there);
  } else if (record.durable) {
    add(Stage::stored, record.kept, Side::here);
  }
  out.insert(out.end(), record.marks.begin(), record.marks.end());
  return out;
}

std::optional<UtcMs> acknowledge_by(const MessageRecord& record) {
  if (!record.marks.empty()) return std::nullopt;
  const bool out = record.direction == Direction::out;
  if (out ? !record.stored_there : !record.durable) return std::nullopt;
  const UtcMs begun = out ? *record.stored_there : record.kept;
  return UtcMs{begun.value + acknowledge_within_ms(record.header.precedence)};
}

MessageId report_id(const MessageRecord& record, const StageMark& mark) {
  return stage_report_id(record.id, mark.stage, mark.initials, mark.post);
}

Bytes report_bytes(const MessageRecord& record, const StageMark& mark) {
  Message report;
  report.header.kind = Kind::stage;
  if (record.header.kind == Kind::drill && mark.stage == Stage::answered) {
    report.header.kind = Kind::drill_answer;
  } else {
    report.header.stage = mark.stage;
  }
  report.header.precedence = record.header.precedence;
  report.header.created = wire_time(mark.at);
  report.header.ref = record.id;
  report.header.initials = mark.initials;
  report.header.post = mark.post;
  auto bytes = encode(report);
  SW_ASSERT(bytes.has_value());
  return std::move(*bytes);
}

}  // namespace sw::desk
