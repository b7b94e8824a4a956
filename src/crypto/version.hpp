#pragma once
// Which libraries do the work on this machine, as they say at run time.
#include <string>

namespace sw::crypto {

[[nodiscard]] std::string sodium_version();     ///< "1.0.18"
[[nodiscard]] std::string libcrypto_version();  ///< "OpenSSL 3.0.15 3 Sep 2024"

}  // namespace sw::crypto
