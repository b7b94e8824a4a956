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

bool Fields::is_list_of_objects(const json& value) {
  return value.is_array() && std::ranges::all_of(value, [](const json& each) { return each.is_object(); });
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

Result<std::optional<MessageId>> optional_id(const std::string& hex) {
  if (hex.empty()) return std::optional<MessageId>();
  const auto id = message_id(hex);
  if (!id) return std::unexpected(id.error());
  return std::optional(*id);
}

Result<void> finish(Fields& in, desk::Draft& draft) {
  const auto precedence = desk::precedence_from(in.get<std::string>("precedence", "routine"));
  const auto grade = desk::grade_from(in.get<std::string>("grade", "talk"));
  const auto own_id = in.get<std::string>("id", "");
  const auto ref = in.get<std::string>("ref", "");
  if (auto good = in.done(); !good) return good;
  const auto id = optional_id(own_id);
  if (!id) return std::unexpected(id.error());
  const auto answers = optional_id(ref);
  if (!answers) return std::unexpected(answers.error());
  if (!precedence || !grade) return fail(Errc::usage, "no such precedence or grade");
  draft.precedence = *precedence;
  draft.grade = *grade;
  draft.id = *id;
  draft.answers = *answers;
  return {};
}

Result<SignedCall> signed_call(const Call& call, Versions versions) {
  Fields in(call.request.body);
  SignedCall out;
  out.initials = in.get<std::string>("initials");
  const bool named = versions == Versions::named && call.request.body.contains("version");
  if (named) out.version = in.get<std::uint32_t>("version");
  if (const auto good = in.done(); !good) return std::unexpected(good.error());
  const auto id = message_id(call.names[0]);
  if (!id) return std::unexpected(id.error());
  out.id = *id;
  return out;
}

Result<std::optional<LineId>> line_of_query(const Call& call) {
  const auto name = call.request.query.find("line");
  if (name == call.request.query.end()) return std::optional<LineId>();
  const auto view = call.core.line(name->second, call.now);
  if (!view) return std::unexpected(view.error());
  return std::optional(view->entry.id);
}

Answer with_text(const Core& core, const desk::MessageRecord& message) {
  json out = shown(message, core);
  out["text"] = "";
  if (message.header.kind == desk::Kind::text || message.header.kind == desk::Kind::read_back) {
    const auto text = core.content(message);
    if (!text) return std::unexpected(text.error());
    out["text"] = *text;
  }
  out["translation"] = nullptr;
  if (const auto* translation = core.desk().translation(message.handle)) {
    const auto text = core.translation_text(*translation);
    if (!text) return std::unexpected(text.error());
    out["translation"] = shown(*translation);
    out["translation"]["text"] = *text;
  }
  return out;
}

}  // namespace sw::station
