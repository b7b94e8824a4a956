#include "station/routes/call.hpp"

#include <algorithm>

#include "station/shown.hpp"

namespace sw::station {

using nlohmann::json;

Result<void> Fields::done() const {
  if (!x_problem.empty()) return fail(Errc::usage, x_problem);
  for (const auto& [name, value] : x_body.items()) {
    if (std::ranges::find(x_known, name) == x_known.end()) return fail(Errc::usage, "unknown field in the body");
  }
  return {};
}

crypto::SecretBytes Fields::secret(const char* name) {
  x_known.emplace_back(name);
  const auto found = x_body.find(name);
  if (found == x_body.end() || !found->is_string()) {
    complain(name, found == x_body.end() ? "is missing" : "has the wrong type");
    return {};
  }
  return crypto::SecretBytes(to_bytes(as_bytes(found->get_ref<const std::string&>())));
}

bool Fields::is_list_of_texts(const json& value) {
  return value.is_array() && std::ranges::all_of(value, [](const json& each) { return each.is_string(); });
}

void Fields::complain(const char* name, std::string_view what) {
  if (x_problem.empty()) x_problem = "the field '" + std::string(name) + "' " + std::string(what);
}

Result<void> no_fields(const Request& request) {
  return Fields(request.body).done();
}

Result<void> only_query(const Request& request, std::initializer_list<std::string_view> keys) {
  for (const auto& [key, value] : request.query) {
    if (std::ranges::find(keys, key) == keys.end()) return fail(Errc::usage, "unknown key in the query");
  }
  return {};
}

Answer empty(const Result<void>& done) {
  if (!done) return std::unexpected(done.error());
  return json::object();
}

Result<std::vector<wire::Endpoint>> endpoints(const std::vector<std::string>& texts) {
  std::vector<wire::Endpoint> out;
  for (const auto& text : texts) {
    const auto parsed = wire::parse_endpoint(text);
    if (!parsed) return std::unexpected(parsed.error());
    out.push_back(*parsed);
  }
  return out;
}

Result<MessageId> message_id(const std::string& hex) {
  const Bytes bytes = from_hex(hex);
  MessageId id;
  if (bytes.size() != id.bytes.size()) return fail(Errc::not_found, "an id is 32 hexadecimal digits");
  std::copy(bytes.begin(), bytes.end(), id.bytes.begin());
  return id;
}

Answer with_text(const Core& core, const desk::MessageRecord& message) {
  const auto text = core.text(message);
  if (!text) return std::unexpected(text.error());
  json out = shown(message, core);
  out["text"] = *text;
  return out;
}

}  // namespace sw::station
