#include "desk/translation.hpp"

#include <algorithm>
#include <array>

#include "crypto/hash.hpp"
#include "desk/message.hpp"
#include "wire/reader.hpp"

namespace sw::desk {
namespace {

constexpr std::uint8_t kVersion = 1;

bool is_letter(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

bool is_of_language(char c) {
  return is_letter(c) || (c >= '0' && c <= '9') || c == '-';
}

void write_text(crypto::SecretWriter& out, std::string_view text) {
  out.u8(static_cast<std::uint8_t>(text.size())).bytes(as_bytes(text));
}

Signed read_signed(wire::Reader& in) {
  Signed out;
  out.initials = as_text(in.view(in.u8()));
  out.at = read_time(in);
  if (!out.initials.empty() && !check_initials(out.initials)) in.reject();
  return out;
}

}  // namespace

RecordKey Translation::key() const {
  return {RecordKind::translation,
          crypto::digest<16>({as_bytes("sw1-translation"), message.bytes, crypto::le(version)})};
}

Result<void> check_language(std::string_view language) {
  const bool good = language.size() >= 2 && language.size() <= kLanguageLimit && is_letter(language.front()) &&
                    std::ranges::all_of(language, is_of_language);
  if (!good) return fail(Errc::usage, "A language is a tag such as fr, ru or zh-Hans.");
  return {};
}

crypto::SecretBytes encode_head(const Translation& translation) {
  crypto::SecretWriter out;
  out.u8(kVersion).bytes(translation.message.bytes).bytes(translation.line.bytes).u32(translation.version);
  write_text(out, translation.language);
  out.u32(translation.text_bytes);
  for (const Signed* each : {&translation.translator, &translation.reviewer, &translation.certifier}) {
    write_text(out, each->initials);
    out.u64(static_cast<std::uint64_t>(each->at.value));
  }
  return out.take();
}

Result<Translation> decode_translation(const RecordKey& key, ByteView head) {
  wire::Reader in(head);
  Translation out;
  const std::uint8_t version = in.u8();
  out.message = in.id<MessageId>();
  out.line = in.id<LineId>();
  out.version = in.u32();
  out.language = as_text(in.view(in.u8()));
  out.text_bytes = in.u32();
  for (Signed* each : {&out.translator, &out.reviewer, &out.certifier}) *each = read_signed(in);
  const bool ordered =
      !out.translator.initials.empty() && (out.certifier.initials.empty() || !out.reviewer.initials.empty());
  const bool whole =
      in.expect_end() && version == kVersion && out.version != 0 && ordered && check_language(out.language);
  // One encoding, so that what is loaded is what was stored.
  if (whole && out.key() == key && std::ranges::equal(encode_head(out).view(), head)) return out;
  return fail(Errc::malformed, "A translation's record is of another version or damaged.");
}

}  // namespace sw::desk
