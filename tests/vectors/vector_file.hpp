#pragma once
// Reading of the vector files, for the tests beside it.
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

#include "base/bytes.hpp"
#include "crypto/access.hpp"

namespace sw::vectors {

inline nlohmann::json load(const std::string& name) {
  std::ifstream in(std::string(SW_TESTS_DIR) + "/vectors/" + name);
  return nlohmann::json::parse(in);
}

inline Bytes bytes(const nlohmann::json& value) {
  return from_hex(value.get<std::string>());
}

template <std::size_t N>
ByteArray<N> array(const nlohmann::json& value) {
  const Bytes from = bytes(value);
  ByteArray<N> out{};
  if (from.size() != N) throw std::runtime_error("a vector of another length");
  std::copy(from.begin(), from.end(), out.begin());
  return out;
}

template <class SecretType>
SecretType secret(const nlohmann::json& value) {
  auto from = array<SecretType::kSize>(value);
  return crypto::Access::take<SecretType>(from);
}

/// As JSON strings, to compare with what the file says.
inline nlohmann::json hex(ByteView bytes) {
  return to_hex(bytes);
}
template <class Tag, std::size_t N>
nlohmann::json hex(const crypto::Secret<Tag, N>& secret) {
  return hex(ByteView(crypto::Access::read(secret)));
}

}  // namespace sw::vectors
