#include "desk/draft_record.hpp"

#include <algorithm>

#include "crypto/hash.hpp"
#include "desk/message.hpp"
#include "wire/reader.hpp"

namespace sw::desk {
namespace {

constexpr std::uint8_t kVersion = 1;

char small(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}

void write_time(crypto::SecretWriter& out, UtcMs at) {
  out.u64(static_cast<std::uint64_t>(at.value));
}

}  // namespace

RecordKey DraftRecord::key() const {
  return {RecordKind::draft, crypto::digest<16>({as_bytes("sw1-draft"), id.bytes, crypto::le(version)})};
}

bool same_person(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, {}, small, small);
}

crypto::SecretBytes encode_head(const DraftRecord& draft) {
  crypto::SecretWriter out;
  out.u8(kVersion).bytes(draft.id.bytes).bytes(draft.line.bytes).u32(draft.version);
  out.u8(static_cast<std::uint8_t>(draft.grade)).u8(static_cast<std::uint8_t>(draft.precedence));
  out.u8(static_cast<std::uint8_t>(draft.mark)).bytes(draft.answers.bytes);
  out.u8(static_cast<std::uint8_t>(draft.drafter.size())).bytes(as_bytes(draft.drafter));
  write_time(out, draft.created);
  write_time(out, draft.changed);
  out.u8(draft.offered ? 1 : 0);
  write_time(out, draft.offered.value_or(UtcMs{}));
  out.u32(draft.text_bytes);
  return out.take();
}

Result<DraftRecord> decode_draft(const RecordKey& key, ByteView head) {
  wire::Reader in(head);
  DraftRecord out;
  const std::uint8_t version = in.u8();
  out.id = in.id<MessageId>();
  out.line = in.id<LineId>();
  out.version = in.u32();
  const auto grade = grade_of(in.u8());
  const auto precedence = precedence_of(in.u8());
  const auto mark = mark_of(in.u8());
  out.answers = in.id<MessageId>();
  out.drafter = as_text(in.view(in.u8()));
  out.created = read_time(in);
  out.changed = read_time(in);
  const std::uint8_t offered = in.u8();
  const UtcMs since = read_time(in);
  if (offered == 1) out.offered = since;
  out.text_bytes = in.u32();
  const bool whole = in.expect_end() && version == kVersion && out.version != 0 && grade && precedence && mark &&
                     check_initials(out.drafter) && out.id != MessageId{};
  if (whole) {
    out.grade = *grade;
    out.precedence = *precedence;
    out.mark = *mark;
    // One encoding, so that what is loaded is what was stored.
    if (out.key() == key && std::ranges::equal(encode_head(out).view(), head)) return out;
  }
  return fail(Errc::malformed, "A draft's record is of another version or damaged.");
}

}  // namespace sw::desk
