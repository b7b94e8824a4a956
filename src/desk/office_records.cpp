// The office's records: a version, what the rest is, then its fields.
#include "crypto/hash.hpp"
#include "desk/office.hpp"
#include "desk/text.hpp"
#include "wire/sizes.hpp"

namespace sw::desk {
namespace {

constexpr std::uint8_t kVersion = 1;
constexpr std::uint8_t kOperator = 1;
constexpr std::uint8_t kToken = 2;
constexpr std::uint8_t kNoSend = 255;

std::unexpected<Error> damaged() {
  return fail(Errc::malformed, "A record of the office is of another version or damaged.");
}

void write_text(crypto::SecretWriter& out, std::string_view text) {
  out.u8(static_cast<std::uint8_t>(text.size())).bytes(as_bytes(text));
}

std::string read_text(crypto::SecretReader& in, std::size_t limit, bool& good) {
  std::string out(as_text(in.view(in.u8())));
  good = good && !out.empty() && out.size() <= limit && is_utf8(out);
  return out;
}

}  // namespace

ByteArray<32> passphrase_check(const crypto::PassphraseKey& key) {
  return crypto::kdf_public<32>(key, "operator");
}

crypto::SecretBytes encode(const Operator& person) {
  crypto::SecretWriter out;
  out.u8(kVersion).u8(kOperator).u8(static_cast<std::uint8_t>(person.role));
  write_text(out, person.name);
  write_text(out, person.initials);
  write_text(out, person.language);
  const Verifier& verifier = person.verifier;
  out.bytes(verifier.salt).u32(verifier.cost.passes).u32(verifier.cost.memory_kib).bytes(verifier.check);
  out.u8(person.lines ? 1 : 0);
  if (person.lines) {
    out.u8(static_cast<std::uint8_t>(person.lines->size()));
    for (const LineId& line : *person.lines) out.bytes(line.bytes);
  }
  return out.take();
}

Result<Operator> decode_operator(const RecordKey& key, ByteView head) {
  crypto::SecretReader in(head);
  Operator out;
  out.key = key;
  bool good = in.u8() == kVersion && in.u8() == kOperator;
  const auto role = role_of(in.u8());
  out.name = read_text(in, kOfficeNameBytes, good);
  out.initials = read_text(in, wire::kInitialsLimit, good);
  out.language = read_text(in, 2, good);
  good = good && check_initials(out.initials) && is_language(out.language);
  out.verifier.salt = in.array<crypto::kSaltBytes>();
  out.verifier.cost.passes = in.u32();
  out.verifier.cost.memory_kib = in.u32();
  out.verifier.check = in.array<32>();
  const std::uint8_t compartments = in.u8();
  if (compartments == 1) {
    const std::size_t count = in.u8();
    good = good && count <= kCompartments;
    out.lines.emplace();
    for (std::size_t i = 0; good && i < count; ++i) out.lines->push_back(LineId{in.array<16>()});
  }
  if (!good || !role || compartments > 1 || !in.expect_end()) return damaged();
  out.role = *role;
  return out;
}

crypto::SecretBytes encode(const Token& token) {
  crypto::SecretWriter out;
  out.u8(kVersion).u8(kToken);
  write_text(out, token.name);
  out.bytes(token.digest);
  std::uint8_t flags = 0;
  if (token.rights.has(Right::status)) flags |= 1U;
  if (token.rights.has(Right::release)) flags |= 2U;
  if (token.rights.has(Right::admin)) flags |= 4U;
  out.u8(flags).u8(static_cast<std::uint8_t>(token.lines.size()));
  for (const LineScope& scope : token.lines) {
    out.bytes(scope.line.bytes).u8(scope.read ? 1 : 0);
    out.u8(scope.send ? static_cast<std::uint8_t>(*scope.send) : kNoSend);
  }
  return out.take();
}

Result<Token> decode_token(const RecordKey& key, ByteView head) {
  crypto::SecretReader in(head);
  Token out;
  out.key = key;
  bool good = in.u8() == kVersion && in.u8() == kToken;
  out.name = read_text(in, kOfficeNameBytes, good);
  out.digest = in.array<32>();
  const std::uint8_t flags = in.u8();
  if ((flags & 1U) != 0) out.rights.add(Right::status);
  if ((flags & 2U) != 0) out.rights.add(Right::release);
  if ((flags & 4U) != 0) out.rights.add(Right::admin);
  const std::size_t count = in.u8();
  good = good && flags < 8 && count <= kScopes;
  for (std::size_t i = 0; good && i < count; ++i) {
    LineScope scope{LineId{in.array<16>()}, false, std::nullopt};
    const std::uint8_t read = in.u8();
    const std::uint8_t send = in.u8();
    scope.read = read == 1;
    if (send != kNoSend) scope.send = precedence_of(send);
    good = read <= 1 && (send == kNoSend || scope.send);
    out.lines.push_back(scope);
  }
  if (!good || !in.expect_end()) return damaged();
  return out;
}

}  // namespace sw::desk
