#include "crypto/version.hpp"

#include <openssl/crypto.h>
#include <sodium.h>

namespace sw::crypto {

std::string sodium_version() {
  return sodium_version_string();
}

std::string libcrypto_version() {
  return OpenSSL_version(OPENSSL_VERSION);
}

}  // namespace sw::crypto
