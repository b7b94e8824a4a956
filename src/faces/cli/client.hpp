#pragma once
// The CLI's way to the station: one request at a time over HOME/station.sock.
#include <chrono>
#include <expected>
#include <filesystem>
#include <initializer_list>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "crypto/secret.hpp"

namespace sw::faces {

/// Why a command ended: its exit code, one sentence, and the API's own words where the station refused.
struct Failure {
  int exit{};
  std::string what;
  nlohmann::json problem;  ///< null unless it came from the API

  Failure(int exit_code, std::string sentence) : exit(exit_code), what(std::move(sentence)) {}
  Failure(const Error& error);  // NOLINT(google-explicit-constructor): every Error is a Failure
};
template <class T>
using Outcome = std::expected<T, Failure>;

[[nodiscard]] inline std::unexpected<Failure> give_up(int exit, std::string what) {
  return std::unexpected<Failure>(Failure(exit, std::move(what)));
}

class Client {
 public:
  /// `patience`: how long the station may take for an answer.
  explicit Client(const std::filesystem::path& home, std::chrono::seconds patience = std::chrono::seconds(60));
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;
  ~Client();

  /// `path` after /api/v1/, already percent-encoded. kExitNoStation when nobody listens there.
  [[nodiscard]] Outcome<nlohmann::json> get(std::string_view path);
  [[nodiscard]] Outcome<nlohmann::json> post(std::string_view path, const nlohmann::json& body);

  struct SecretField {
    std::string_view name;
    const crypto::SecretBytes* value;  ///< UTF-8
  };
  /// The same for a body with secrets, and what is none besides: it is written by hand into memory that is wiped.
  [[nodiscard]] Outcome<nlohmann::json> post_secrets(std::string_view path, std::initializer_list<SecretField> fields,
                                                     const nlohmann::json& others = nlohmann::json::object());

 private:
  struct Connection;
  [[nodiscard]] Outcome<nlohmann::json> call(std::string_view method, std::string_view path, ByteView body);

  std::filesystem::path x_socket;
  std::chrono::seconds x_patience;
  std::unique_ptr<Connection> x_connection;  ///< of the last call
};

}  // namespace sw::faces
