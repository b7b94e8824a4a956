#include "crypto/base64.hpp"

#include <sodium.h>

namespace sw::crypto {
namespace {

SecretBytes encode(ByteView bytes, int variant) {
  Bytes out(sodium_base64_encoded_len(bytes.size(), variant));
  sodium_bin2base64(reinterpret_cast<char*>(out.data()), out.size(), bytes.data(), bytes.size(), variant);
  out.pop_back();  // the C string's end
  return SecretBytes(std::move(out));
}

Result<SecretBytes> decode(std::string_view text, int variant, const char* complaint) {
  // libsodium takes characters above 127 for digits; the loop looks at each, so that its time tells nothing.
  std::uint8_t all = 0;
  for (const char c : text) all |= static_cast<std::uint8_t>(c);
  if (all > 127) return fail(Errc::malformed, complaint);
  Bytes out(text.size() / 4 * 3 + 3);
  std::size_t length = 0;
  const char* end = nullptr;
  const int failed =
      sodium_base642bin(out.data(), out.size(), text.data(), text.size(), nullptr, &length, &end, variant);
  if (failed != 0 || end != text.data() + text.size()) {
    wipe(out);
    return fail(Errc::malformed, complaint);
  }
  out.resize(length);
  return SecretBytes(std::move(out));
}

}  // namespace

SecretBytes to_base64url(ByteView bytes) {
  return encode(bytes, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

Result<SecretBytes> from_base64url(std::string_view text) {
  return decode(text, sodium_base64_VARIANT_URLSAFE_NO_PADDING, "not base64url text");
}

SecretBytes to_base64(ByteView bytes) {
  return encode(bytes, sodium_base64_VARIANT_ORIGINAL);
}

Result<SecretBytes> from_base64(std::string_view text) {
  return decode(text, sodium_base64_VARIANT_ORIGINAL, "not base64 text");
}

}  // namespace sw::crypto
