#pragma once
// What the faces see of a station: one function from request to response. docs/api.md lists the calls.
#include <functional>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "station/caller.hpp"

namespace sw::station {

/// By which door a request came, and what it shows.
struct Credentials {
  enum class Door : std::uint8_t { socket, desk } door = Door::socket;
  std::string cookie;  ///< of a seat
  std::string token;   ///< of the page at that seat
  std::string bearer;  ///< of a program
};

struct Request {
  std::string method;  ///< "GET" or "POST"
  std::string path;    ///< what follows /api/v1/, segments percent-decoded
  std::map<std::string, std::string> query;
  nlohmann::json body = nlohmann::json::object();
  Credentials credentials = {};
  Caller caller = {};  ///< whom the doors took for whoever shows these
};

struct Response {
  int status = 200;
  nlohmann::json body = nlohmann::json::object();
  std::string cookie = {};  ///< of a seat that has just been taken
};

/// May answer later, on the same event loop, exactly once.
using Reply = std::function<void(Response)>;
using Handler = std::function<void(Request, Reply)>;

/// A face that watches, and how far it is.
struct Watcher {
  std::uint64_t since = 0;  ///< the number of the last event that it was told
  bool status_due = true;   ///< it is told the status next
  Credentials credentials = {};
  bool over = false;           ///< it may no longer watch
  std::function<void()> wake;  ///< called when there may be something to tell
};

/// docs/api.md, events. All on the station's event loop.
class Feed {
 public:
  virtual void join(Watcher& watcher) = 0;
  virtual void leave(Watcher& watcher) = 0;
  /// What the watcher is told next; nothing when it knows everything.
  [[nodiscard]] virtual std::optional<nlohmann::json> next(Watcher& watcher) = 0;
  /// Is this the cookie of a seat, or a token? At the desk's door others get no events and little room.
  [[nodiscard]] virtual bool knows(const Credentials& credentials) = 0;

 protected:
  ~Feed() = default;
};

}  // namespace sw::station
