// needs: faces
// A request of the API: METHOD, target and body, each on its own line. What is taken can be said again in one way.
#include "desk/text.hpp"
#include "faces/api/request.hpp"
#include "fuzz/fuzz.hpp"

namespace sw::fuzz {
namespace {

std::string_view line(std::string_view& rest) {
  const std::size_t end = std::min(rest.find('\n'), rest.size());
  const std::string_view out = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return out;
}

int depth(const nlohmann::json& value) {
  int most = 0;
  if (value.is_structured()) {
    for (const auto& each : value) most = std::max(most, depth(each));
    ++most;
  }
  return most;
}

void check_body(std::string_view text) {
  const auto body = faces::parse_json_object(text);
  if (!body) return;
  SW_ASSERT(body->is_object() && depth(*body) <= faces::kJsonDepthLimit + 1);
  const auto again = faces::parse_json_object(body->dump());
  SW_ASSERT(again && *again == *body);
}

}  // namespace

void run(ByteView data) {
  std::string_view rest = as_text(data);
  const std::string_view method = line(rest);
  const std::string_view target = line(rest);
  check_body(rest);
  const auto request = faces::read_request(method, target, rest);
  if (!request) {
    SW_ASSERT(!request.error().what.empty() && desk::is_utf8(request.error().what));
    return;
  }
  SW_ASSERT((method == "GET" || method == "POST") && request->body.is_object());
  std::string canonical = "/api/v1/";
  for (const char c : request->path) canonical += c == '/' ? "/" : faces::percent_encoded({&c, 1});
  char separator = '?';
  for (const auto& [key, value] : request->query) {
    canonical += separator + faces::percent_encoded(key) + "=" + faces::percent_encoded(value);
    separator = '&';
  }
  if (canonical.find("%00") != std::string::npos || canonical.find("%2F") != std::string::npos) return;
  const auto again = faces::read_request(method, canonical, rest);
  SW_ASSERT(again && again->path == request->path && again->query == request->query && again->body == request->body);
}

std::vector<Bytes> seeds() {
  std::vector<Bytes> out;
  for (const char* text :
       {"GET\n/api/v1/status\n", "GET\n/api/v1/lines/B%C3%A9rn%20x?line=a%26b&n=1\n",
        "POST\n/api/v1/messages\n{\"line\":\"x\",\"text\":\"\\u00e9\\ud83d\\ude00\",\"n\":[1,-2.5e3,true,null]}",
        "POST\n/api/v1/x\n{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{}}}}}}}}"}) {
    out.push_back(to_bytes(as_bytes(text)));
  }
  return out;
}

}  // namespace sw::fuzz
