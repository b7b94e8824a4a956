#pragma once
// base64url without padding, and base64 with it (RFC 4648), in time that does not depend on the bytes: cards hold
// secrets.
#include <string_view>

#include "base/result.hpp"
#include "crypto/secret.hpp"

namespace sw::crypto {

[[nodiscard]] SecretBytes to_base64url(ByteView bytes);
/// Errc::malformed for any other character, padding, or bits left over.
[[nodiscard]] Result<SecretBytes> from_base64url(std::string_view text);
/// The alphabet with + and /, padded: files in the API.
[[nodiscard]] SecretBytes to_base64(ByteView bytes);
[[nodiscard]] Result<SecretBytes> from_base64(std::string_view text);

}  // namespace sw::crypto
