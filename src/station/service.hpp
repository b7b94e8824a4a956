#pragma once
// What the faces see of a station: one function from request to response. docs/api.md lists the calls.
#include <functional>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

namespace sw::station {

struct Request {
  std::string method;  ///< "GET" or "POST"
  std::string path;    ///< what follows /api/v1/, segments percent-decoded
  std::map<std::string, std::string> query;
  nlohmann::json body = nlohmann::json::object();
};

struct Response {
  int status = 200;
  nlohmann::json body = nlohmann::json::object();
};

/// May answer later, on the same event loop, exactly once.
using Reply = std::function<void(Response)>;
using Handler = std::function<void(Request, Reply)>;

}  // namespace sw::station
