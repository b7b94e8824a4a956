#pragma once
// One call of docs/api.md under way, and what its functions read it with. Unknown fields are an error everywhere.
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "station/core.hpp"
#include "station/service.hpp"

namespace sw::station {

using Answer = Result<nlohmann::json>;

struct Call {
  Core& core;
  const Request& request;
  std::vector<std::string> names;  ///< what the `*` of the path matched
  UtcMs now;
};

/// The body's fields: each is read once by its name and type; what nobody read is an error.
class Fields {
 public:
  explicit Fields(const nlohmann::json& body) : x_body(body) {}

  template <class T>
  T get(const char* name, const std::optional<T>& otherwise = std::nullopt) {
    x_known.emplace_back(name);
    const auto found = x_body.find(name);
    if (found == x_body.end()) {
      if (!otherwise) complain(name, "is missing");
      return otherwise.value_or(T{});
    }
    if (!fits<T>(*found)) {
      complain(name, "has the wrong type");
      return T{};
    }
    return found->template get<T>();
  }

  /// A text that is copied nowhere but into memory that is wiped.
  crypto::SecretBytes secret(const char* name);

  /// After the last get(): nothing missing, nothing of another type, nothing unknown.
  [[nodiscard]] Result<void> done() const;

 private:
  template <class T>
  static bool fits(const nlohmann::json& value) {
    if constexpr (std::is_same_v<T, bool>) {
      return value.is_boolean();
    } else if constexpr (std::is_same_v<T, std::uint32_t>) {
      return value.is_number_unsigned() && value.get<std::uint64_t>() <= UINT32_MAX;
    } else if constexpr (std::is_same_v<T, std::vector<std::string>>) {
      return is_list_of_texts(value);
    } else {
      static_assert(std::is_same_v<T, std::string>);
      return value.is_string();
    }
  }
  static bool is_list_of_texts(const nlohmann::json& value);
  void complain(const char* name, std::string_view what);

  const nlohmann::json& x_body;
  std::vector<std::string> x_known;
  std::string x_problem;  ///< the first one
};

/// The call takes no body, or an empty one.
[[nodiscard]] Result<void> no_fields(const Request& request);
/// The query has no other key than these.
[[nodiscard]] Result<void> only_query(const Request& request, std::initializer_list<std::string_view> keys);
/// {} of something that succeeds without an answer.
[[nodiscard]] Answer empty(const Result<void>& done);
[[nodiscard]] Result<std::vector<wire::Endpoint>> endpoints(const std::vector<std::string>& texts);
[[nodiscard]] Result<MessageId> message_id(const std::string& hex);
/// MESSAGE with its text.
[[nodiscard]] Answer with_text(const Core& core, const desk::MessageRecord& message);

}  // namespace sw::station
