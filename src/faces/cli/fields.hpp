#pragma once
// Reading the API's JSON without trusting its shape: what is missing, null or of another type is absent.
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace sw::faces {

[[nodiscard]] inline const nlohmann::json& field(const nlohmann::json& object, std::string_view key) {
  static const nlohmann::json none;
  if (!object.is_object()) return none;
  const auto found = object.find(key);
  return found == object.end() ? none : *found;
}
[[nodiscard]] inline std::string text_of(const nlohmann::json& object, std::string_view key) {
  const nlohmann::json& value = field(object, key);
  return value.is_string() ? value.get<std::string>() : std::string();
}
[[nodiscard]] inline std::optional<std::int64_t> number_of(const nlohmann::json& object, std::string_view key) {
  const nlohmann::json& value = field(object, key);
  return value.is_number_integer() ? std::optional(value.get<std::int64_t>()) : std::nullopt;
}
[[nodiscard]] inline bool flag_of(const nlohmann::json& object, std::string_view key) {
  const nlohmann::json& value = field(object, key);
  return value.is_boolean() && value.get<bool>();
}

}  // namespace sw::faces
