#include "faces/api/events.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/verb.hpp>
#include <boost/beast/websocket.hpp>
#include <charconv>
#include <chrono>
#include <memory>
#include <string_view>

#include "crypto/secret.hpp"
#include "faces/api/request.hpp"

namespace sw::faces {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace websocket = beast::websocket;
using ErrorCode = boost::system::error_code;

namespace {
/// A watcher has nothing to say but close and pong.
constexpr std::size_t kSaidLimit = 125;
/// Whoever does not answer a ping within twice that is gone.
constexpr std::chrono::seconds kIdle{20};
/// A page that does not say its token by then is none.
constexpr std::chrono::seconds kTokenPatience{5};
}  // namespace

class EventsSession : public std::enable_shared_from_this<EventsSession> {
 public:
  EventsSession(EventsDoor& door, ApiStream&& stream, std::uint64_t since, station::Credentials credentials)
      : x_door(&door), x_ws(std::move(stream)), x_patience(x_ws.get_executor()) {
    x_watcher.credentials = std::move(credentials);
    x_door->sessions.insert(this);
    x_watcher.since = since;
    x_watcher.wake = [this] { tell(); };
  }
  EventsSession(const EventsSession&) = delete;
  EventsSession& operator=(const EventsSession&) = delete;
  ~EventsSession() { leave(); }

  void open(const HttpRequest& request) {
    beast::get_lowest_layer(x_ws).expires_never();
    websocket::stream_base::timeout timeout{kIdle / 2, kIdle, true};
    x_ws.set_option(timeout);
    x_ws.read_message_max(kSaidLimit);
    x_ws.text(true);
    x_ws.async_accept(request, [self = shared_from_this()](ErrorCode error) {
      if (error || self->x_door == nullptr) return self->close();
      if (!self->needs_token()) self->join();
      if (!self->x_open) self->wait_for_token();
      self->listen();
    });
  }
  void close() {
    leave();
    x_patience.cancel();
    beast::get_lowest_layer(x_ws).close();
  }

 private:
  void leave() {
    if (x_door == nullptr) return;
    if (x_open) x_door->feed.leave(x_watcher);
    x_door->sessions.erase(this);
    x_door = nullptr;
  }

  [[nodiscard]] bool needs_token() const {
    const station::Credentials& shown = x_watcher.credentials;
    return shown.door == station::Credentials::Door::desk && shown.bearer.empty();
  }
  void join() {
    x_open = true;
    x_door->feed.join(x_watcher);
    tell();
  }
  void wait_for_token() {
    x_patience.expires_after(kTokenPatience);
    x_patience.async_wait([self = shared_from_this()](ErrorCode error) {
      if (!error && !self->x_open) self->close();
    });
  }
  void take_token() {
    const auto said = parse_json_object(beast::buffers_to_string(x_said.data()));
    x_said.consume(x_said.size());
    const auto token = said ? said->find("token") : nlohmann::json::const_iterator();
    if (!said || said->size() != 1 || token == said->end() || !token->is_string()) return dismiss();
    x_patience.cancel();
    x_watcher.credentials.token = token->get<std::string>();
    join();
    if (x_door != nullptr) listen();
  }
  /// Who may not watch, or says what nobody asked for, goes.
  void dismiss() {
    leave();
    x_ws.async_close(websocket::close_code::policy_error, [self = shared_from_this()](ErrorCode) { self->close(); });
  }

  /// Reading answers pings and closes; what is said besides ends the connection.
  void listen() {
    x_ws.async_read(x_said, [self = shared_from_this()](ErrorCode error, std::size_t) {
      if (error || self->x_door == nullptr) return self->close();
      if (!self->x_open) return self->take_token();
      self->dismiss();
    });
  }

  void tell() {
    if (x_telling || x_door == nullptr) return;
    const auto event = x_door->feed.next(x_watcher);
    if (x_watcher.over) return dismiss();
    if (!event) return;
    x_telling = true;
    x_text = event->dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    x_ws.async_write(asio::buffer(x_text), [self = shared_from_this()](ErrorCode error, std::size_t) {
      crypto::wipe({reinterpret_cast<std::uint8_t*>(self->x_text.data()), self->x_text.size()});
      self->x_telling = false;
      if (error) return self->close();
      self->tell();
    });
  }

  EventsDoor* x_door;  ///< until the session ends or the door goes
  websocket::stream<ApiStream> x_ws;
  asio::steady_timer x_patience;
  beast::flat_buffer x_said{kSaidLimit};
  station::Watcher x_watcher;
  std::string x_text;
  bool x_open = false;
  bool x_telling = false;
};

bool is_upgrade(const HttpRequest& request) {
  return websocket::is_upgrade(request);
}

Result<std::uint64_t> events_since(const HttpRequest& request) {
  const auto method = request.method_string();
  const auto target = request.target();
  const auto read = read_request({method.data(), method.size()}, {target.data(), target.size()}, {});
  if (!read) return std::unexpected(read.error());
  if (read->path != "events") return fail(Errc::not_found, "only the events are a WebSocket");
  std::uint64_t since = 0;
  for (const auto& [key, value] : read->query) {
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), since);
    if (key != "since" || error != std::errc{} || end != value.data() + value.size()) {
      return fail(Errc::usage, "the events take since=NUMBER, the last seq that was seen, and nothing else");
    }
  }
  return since;
}

void watch_events(EventsDoor& door, ApiStream&& stream, const HttpRequest& request, std::uint64_t since,
                  station::Credentials credentials) {
  std::make_shared<EventsSession>(door, std::move(stream), since, std::move(credentials))->open(request);
}

void close_events(EventsDoor& door) {
  while (!door.sessions.empty()) (*door.sessions.begin())->close();
}

}  // namespace sw::faces
