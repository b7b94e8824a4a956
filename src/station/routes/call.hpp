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
/// Some, or null for all.
using Names = std::optional<std::vector<std::string>>;

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
    if constexpr (std::is_same_v<T, Names>) {
      return found->is_null() ? T{} : T{found->template get<std::vector<std::string>>()};
    } else {
      return found->template get<T>();
    }
  }
  [[nodiscard]] bool has(const char* name) const { return x_body.contains(name); }

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
    } else if constexpr (std::is_same_v<T, std::vector<nlohmann::json>>) {
      return is_list_of_objects(value);
    } else if constexpr (std::is_same_v<T, nlohmann::json>) {
      return value.is_object();
    } else if constexpr (std::is_same_v<T, std::vector<std::string>>) {
      return is_list_of_texts(value);
    } else if constexpr (std::is_same_v<T, Names>) {
      return value.is_null() || is_list_of_texts(value);
    } else {
      static_assert(std::is_same_v<T, std::string>);
      return value.is_string();
    }
  }
  static bool is_list_of_texts(const nlohmann::json& value);
  static bool is_list_of_objects(const nlohmann::json& value);
  void complain(const char* name, std::string_view what);

  const nlohmann::json& x_body;
  std::vector<std::string> x_known;
  std::string x_problem;  ///< the first one
};

/// Reads how a message goes, as POST messages and POST drafts say it: precedence, grade, id, ref; nothing may be left.
[[nodiscard]] Result<void> finish(Fields& in, desk::Draft& draft);

/// A call about one message or draft, by somebody, of the version that they read.
struct SignedCall {
  MessageId id;
  std::string initials;
  std::optional<std::uint32_t> version;
};
enum class Versions : std::uint8_t { none, named };
[[nodiscard]] Result<SignedCall> signed_call(const Call& call, Versions versions = Versions::none);
/// The line of the query `line`, where there is one.
[[nodiscard]] Result<std::optional<LineId>> line_of_query(const Call& call);

/// The call takes no body, or an empty one.
[[nodiscard]] Result<void> no_fields(const Request& request);
/// The query has no other key than these.
[[nodiscard]] Result<void> only_query(const Request& request, std::initializer_list<std::string_view> keys);
/// {} of something that succeeds without an answer.
[[nodiscard]] Answer empty(const Result<void>& done);
[[nodiscard]] Result<std::vector<wire::Endpoint>> endpoints(const std::vector<std::string>& texts);
[[nodiscard]] Result<MessageId> message_id(const std::string& hex);
/// Nothing for an empty text.
[[nodiscard]] Result<std::optional<MessageId>> optional_id(const std::string& hex);
/// MESSAGE with its text.
[[nodiscard]] Answer with_text(const Core& core, const desk::MessageRecord& message);

}  // namespace sw::station
