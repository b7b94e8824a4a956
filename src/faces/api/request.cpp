#include "faces/api/request.hpp"

#include <optional>
#include <set>
#include <vector>

namespace sw::faces {
namespace {

constexpr std::string_view kPrefix = "/api/v1/";
constexpr std::string_view kHexDigits = "0123456789ABCDEF";

using Json = nlohmann::json;

/// Thrown through the JSON parser, which has no other way to stop early; never leaves this file.
struct Refused {
  const char* why;
};

/// Watches the parser's events for what JSON allows and we do not.
class Strictness {
 public:
  bool see(int depth, Json::parse_event_t event, const Json& value) {
    if (depth >= kJsonDepthLimit) throw Refused{"the JSON body is nested too deeply"};
    if (event == Json::parse_event_t::object_start) x_keys.emplace_back();
    if (event == Json::parse_event_t::object_end) x_keys.pop_back();
    if (event == Json::parse_event_t::key && !x_keys.back().insert(value.get_ref<const std::string&>()).second) {
      throw Refused{"a key stands twice in the JSON body"};
    }
    return true;
  }

 private:
  std::vector<std::set<std::string>> x_keys;
};

std::optional<unsigned> hex_digit(char c) {
  if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<unsigned>(c - 'a' + 10);
  if (c >= 'A' && c <= 'F') return static_cast<unsigned>(c - 'A' + 10);
  return std::nullopt;
}

/// A decoded '/' or NUL could pass for a boundary further on, so neither may be written in percent form.
std::optional<std::string> percent_decoded(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out.push_back(text[i]);
      continue;
    }
    if (i + 2 >= text.size()) return std::nullopt;
    const auto high = hex_digit(text[i + 1]);
    const auto low = hex_digit(text[i + 2]);
    if (!high || !low) return std::nullopt;
    const char c = static_cast<char>((*high << 4U) | *low);
    if (c == '/' || c == '\0') return std::nullopt;
    out.push_back(c);
    i += 2;
  }
  return out;
}

struct Cut {
  std::string_view before;
  std::string_view after;  // empty where `mark` does not occur
};

Cut cut(std::string_view text, char mark) {
  const std::size_t at = text.find(mark);
  if (at == std::string_view::npos) return {text, {}};
  return {text.substr(0, at), text.substr(at + 1)};
}

Result<std::map<std::string, std::string>> read_query(std::string_view query) {
  std::map<std::string, std::string> out;
  while (!query.empty()) {
    const auto [pair, rest] = cut(query, '&');
    query = rest;
    const auto [name, text] = cut(pair, '=');
    auto key = percent_decoded(name);
    auto value = percent_decoded(text);
    if (!key || !value || key->empty()) return fail(Errc::malformed, "the query of the request does not parse");
    if (!out.emplace(std::move(*key), std::move(*value)).second) {
      return fail(Errc::malformed, "a key stands twice in the query of the request");
    }
  }
  return out;
}

}  // namespace

Result<nlohmann::json> parse_json_object(std::string_view text) {
  Strictness strictness;
  try {
    Json out = Json::parse(text.begin(), text.end(), [&](int depth, Json::parse_event_t event, Json& value) {
      return strictness.see(depth, event, value);
    });
    if (!out.is_object()) return fail(Errc::malformed, "the body must be one JSON object");
    return out;
  } catch (const Refused& refused) {
    return fail(Errc::malformed, refused.why);
  } catch (const Json::exception&) {
    return fail(Errc::malformed, "the body is not valid JSON in UTF-8");
  }
}

Result<station::Request> read_request(std::string_view method, std::string_view target, std::string_view body) {
  if (method != "GET" && method != "POST") return fail(Errc::usage, "the API knows GET and POST only");
  if (!target.starts_with(kPrefix)) return fail(Errc::not_found, "the API lives under /api/v1/");
  const auto [resource, asked] = cut(target.substr(kPrefix.size()), '?');
  auto path = percent_decoded(resource);
  if (!path) return fail(Errc::malformed, "the path of the request does not parse");
  auto query = read_query(asked);
  if (!query) return std::unexpected(query.error());
  station::Request out;
  out.method = std::string(method);
  out.path = std::move(*path);
  out.query = std::move(*query);
  if (!body.empty()) {
    if (method == "GET") return fail(Errc::usage, "a GET has no body");
    auto json = parse_json_object(body);
    if (!json) return std::unexpected(json.error());
    out.body = std::move(*json);
  }
  return out;
}

std::string percent_encoded(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                       c == '.' || c == '_' || c == '~';
    if (plain) {
      out.push_back(c);
    } else {
      const auto byte = static_cast<unsigned char>(c);
      out.append({'%', kHexDigits[byte >> 4U], kHexDigits[byte & 15U]});
    }
  }
  return out;
}

}  // namespace sw::faces
