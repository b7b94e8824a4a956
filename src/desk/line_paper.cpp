#include "desk/line_paper.hpp"

#include <algorithm>

#include "crypto/hash.hpp"
#include "desk/message.hpp"
#include "desk/text.hpp"
#include "wire/reader.hpp"
#include "wire/writer.hpp"

namespace sw::desk {
namespace {

constexpr std::uint8_t kVersion = 1;

bool good_text(const std::string& text, std::size_t most) {
  return !text.empty() && text.size() <= most && is_utf8(text) && text.find('\n') == std::string::npos;
}

bool good_entry(const SheetEntry& entry) {
  const bool coded = entry.part == SheetPart::phrase;
  return good_text(entry.ours, kSheetTextLimit) && good_text(entry.theirs, kSheetTextLimit) &&
         (coded ? good_text(entry.code, kSheetCodeLimit) : entry.code.empty());
}

void write_text(wire::Writer& out, const std::string& text) {
  out.u16(static_cast<std::uint16_t>(text.size())).bytes(as_bytes(text));
}

std::string read_text(wire::Reader& in) {
  return std::string(as_text(in.view(in.u16())));
}

}  // namespace

Result<void> check_sheet(const std::vector<SheetEntry>& sheet) {
  if (sheet.size() > kSheetEntries) {
    return fail(Errc::usage, "A protocol sheet has at most " + std::to_string(kSheetEntries) + " entries.");
  }
  if (!std::ranges::all_of(sheet, good_entry)) {
    return fail(Errc::usage,
                "Each entry of a sheet has one line of at most 500 bytes in both languages, and a phrase a "
                "code of at most 32.");
  }
  return {};
}

Bytes encode_sheet(const std::vector<SheetEntry>& sheet) {
  wire::Writer out;
  out.u8(kVersion).u16(static_cast<std::uint16_t>(sheet.size()));
  for (const SheetEntry& entry : sheet) {
    out.u8(static_cast<std::uint8_t>(entry.part));
    write_text(out, entry.code);
    write_text(out, entry.ours);
    write_text(out, entry.theirs);
  }
  return out.take();
}

Result<std::vector<SheetEntry>> decode_sheet(ByteView body) {
  wire::Reader in(body);
  const std::uint8_t version = in.u8();
  const std::size_t count = in.u16();
  if (version != kVersion || count > kSheetEntries) in.reject();
  std::vector<SheetEntry> out;
  for (std::size_t i = 0; i < count && in.ok(); ++i) {
    SheetEntry entry;
    const std::uint8_t part = in.u8();
    if (part < 1 || part > 3) in.reject();
    entry.part = static_cast<SheetPart>(part);
    entry.code = read_text(in);
    entry.ours = read_text(in);
    entry.theirs = read_text(in);
    out.push_back(std::move(entry));
  }
  if (!in.expect_end() || !check_sheet(out)) {
    return fail(Errc::malformed, "A protocol sheet is of another version or damaged.");
  }
  return out;
}

RecordKey LinePaper::key() const {
  const ByteArray<1> kind_byte{static_cast<std::uint8_t>(kind)};
  return {RecordKind::paper, crypto::digest<16>({as_bytes("sw1-paper"), line.bytes, kind_byte, crypto::le(number)})};
}

crypto::SecretBytes encode_head(const LinePaper& paper) {
  crypto::SecretWriter out;
  out.u8(kVersion).bytes(paper.line.bytes).u8(static_cast<std::uint8_t>(paper.kind)).u32(paper.number);
  out.u8(static_cast<std::uint8_t>(paper.initials.size())).bytes(as_bytes(paper.initials));
  out.u64(static_cast<std::uint64_t>(paper.at.value)).u32(paper.body_bytes);
  return out.take();
}

Result<LinePaper> decode_paper(const RecordKey& key, ByteView head) {
  wire::Reader in(head);
  LinePaper out;
  const std::uint8_t version = in.u8();
  out.line = in.id<LineId>();
  const std::uint8_t kind = in.u8();
  out.kind = static_cast<PaperKind>(kind);
  out.number = in.u32();
  out.initials = as_text(in.view(in.u8()));
  out.at = read_time(in);
  out.body_bytes = in.u32();
  const bool whole = in.expect_end() && version == kVersion && (kind == 1 || kind == 2) && check_initials(out.initials);
  // One encoding, so that what is loaded is what was stored.
  if (whole && out.key() == key && std::ranges::equal(encode_head(out).view(), head)) return out;
  return fail(Errc::malformed, "A paper's record is of another version or damaged.");
}

}  // namespace sw::desk
