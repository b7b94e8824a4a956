#include "faces/api/server.hpp"

#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <chrono>
#include <optional>
#include <set>

#include "crypto/secret.hpp"
#include "faces/api/assets.hpp"
#include "faces/api/desk.hpp"
#include "faces/api/events.hpp"
#include "faces/api/openapi.hpp"
#include "faces/api/request.hpp"
#include "station/routes.hpp"

namespace sw::faces {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using Any = asio::generic::stream_protocol;
using ErrorCode = boost::system::error_code;

/// What is read and thrown away after a refused request, so that the client lives to read why.
constexpr std::size_t kDrainLimit = 16 * 1024 * 1024;
/// A link's secret, or a name and a passphrase.
constexpr std::size_t kStrangerBodyLimit = 4096;

bool same_uid(int socket) {
  ucred peer{};
  socklen_t size = sizeof peer;
  return getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 && peer.uid == geteuid();
}

class Session;

/// What the listener and its sessions share.
struct Door {
  Door(asio::io_context& loop, station::Handler handle, station::Feed& feed, Duration wait)
      : acceptor(loop), retry(loop), handler(std::move(handle)), patience(wait.ns), events{feed, {}}, desk() {}
  asio::basic_socket_acceptor<Any> acceptor;
  asio::steady_timer retry;
  station::Handler handler;
  std::chrono::nanoseconds patience;
  EventsDoor events;
  std::optional<DeskDoor> desk;  ///< the desk's door; else the Unix socket's
  std::set<Session*> sessions;
  std::uint64_t turns = 0;
  bool accepting = false;
  bool stopped = false;
};

void accept_next(const std::shared_ptr<Door>& door);

class Session : public std::enable_shared_from_this<Session> {
 public:
  Session(std::shared_ptr<Door> door, Any::socket&& socket) : x_door(std::move(door)), x_stream(std::move(socket)) {
    x_door->sessions.insert(this);
  }
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;
  ~Session() {
    forget_input();
    x_door->sessions.erase(this);
  }

  void read() {
    x_turn = ++x_door->turns;
    x_parser.emplace();
    x_parser->header_limit(kApiHeaderLimit);
    x_parser->body_limit(kApiBodyLimit);
    x_stream.expires_after(x_door->patience);
    http::async_read_header(x_stream, x_buffer, *x_parser,
                            [self = shared_from_this()](ErrorCode error, std::size_t) { self->on_header(error); });
  }
  void close() {
    x_door->sessions.erase(this);
    x_stream.close();
  }
  /// Rises with each request and each answer that begins: the lowest has kept us waiting longest.
  [[nodiscard]] std::uint64_t turn() const { return x_turn; }

 private:
  void on_header(ErrorCode error) {
    x_stranger =
        !error && x_door->desk && !x_door->events.feed.knows(read_credentials(&*x_door->desk, x_parser->get()));
    if (x_stranger) {
      x_parser->body_limit(kStrangerBodyLimit);
      if (x_parser->content_length().value_or(0) > kStrangerBodyLimit) error = http::error::body_limit;
    }
    if (error) return on_read(error);
    http::async_read(x_stream, x_buffer, *x_parser,
                     [self = shared_from_this()](ErrorCode failed, std::size_t) { self->on_read(failed); });
  }

  void on_read(ErrorCode error) {
    if (error == http::error::body_limit) {
      return refuse({Errc::out_of_range, x_stranger ? "the body is larger than 4 KiB; more needs a seat or a token"
                                                    : "the body is larger than 1.5 MiB"});
    }
    if (error == http::error::header_limit) return refuse({Errc::out_of_range, "the header is larger than 16 KiB"});
    if (error == http::error::end_of_stream || error == http::error::partial_message) return close();
    if (error && error.category() == http::make_error_code(http::error::bad_method).category()) {
      return refuse({Errc::usage, "the request is not HTTP/1.1"});
    }
    if (error || x_door->stopped) return close();
    if (x_door->desk) {
      if (const auto own = check_origin(*x_door->desk, x_parser->get()); !own) return refuse(own.error());
    }
    if (is_upgrade(x_parser->get())) return watch();
    x_keep_alive = x_parser->get().keep_alive();
    const auto method = x_parser->get().method_string();
    const auto target = x_parser->get().target();
    if (x_door->desk && method == "GET" && !target.starts_with("/api/")) return show({target.data(), target.size()});
    auto request = read_request({method.data(), method.size()}, {target.data(), target.size()}, x_parser->get().body());
    auto credentials = read_credentials(x_door->desk ? &*x_door->desk : nullptr, x_parser->get());
    forget_input();
    if (!request) return write(station::problem(request.error()));
    request->credentials = std::move(credentials);
    if (request->method == "GET" && request->path == "openapi.json") {
      return write({200, nlohmann::json::parse(openapi())});
    }
    x_stream.expires_never();
    x_door->handler(std::move(*request),
                    [self = shared_from_this()](station::Response response) { self->write(std::move(response)); });
  }

  /// The connection becomes one of the events'.
  void watch() {
    x_keep_alive = false;
    const auto since = events_since(x_parser->get());
    if (!since) return write(station::problem(since.error()));
    auto credentials = read_credentials(x_door->desk ? &*x_door->desk : nullptr, x_parser->get());
    if (x_door->desk && credentials.bearer.empty() && !x_door->events.feed.knows(credentials)) {
      return write(station::problem({Errc::refused, "this seat has ended; make a link with: stillwire desk"}));
    }
    if (x_door->events.sessions.size() >= kApiWatchers) {
      return write(station::problem({Errc::conflict, "as many are watching as can; close one of them first"}));
    }
    x_door->sessions.erase(this);
    watch_events(x_door->events, std::move(x_stream), x_parser->release(), *since, std::move(credentials));
  }

  /// After this the stream cannot be trusted to stand at a request's start.
  void refuse(const Error& error) {
    x_keep_alive = false;
    write(station::problem(error));
  }

  void write(station::Response&& response) {
    begin(response.status, response.status >= 400 ? "application/problem+json" : "application/json");
    if (x_door->desk && !response.cookie.empty()) {
      x_response.set(http::field::set_cookie, cookie_header(*x_door->desk, response.cookie));
    }
    x_response.body() = response.body.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    x_response.body().push_back('\n');
    send();
  }

  /// A file of the desk's page.
  void show(std::string_view target) {
    const Asset* const asset = find_asset(target);
    if (asset != nullptr) {
      begin(200, type_of(*asset));
      x_response.body() = as_text(asset->bytes);
    } else {
      begin(404, "text/plain; charset=utf-8");
      x_response.body() = assets().empty()
                              ? "The desk's page was not built into this program; build it with: script/bootstrap\n"
                              : "There is no such page.\n";
    }
    forget_input();
    send();
  }

  void begin(int status, std::string_view type) {
    x_turn = ++x_door->turns;
    x_response = {};
    x_response.version(11);
    x_response.result(static_cast<unsigned>(status));
    x_response.set(http::field::content_type, {type.data(), type.size()});
    x_response.set(http::field::cache_control, "no-store");
    if (x_door->desk) add_desk_headers(*x_door->desk, x_response);
  }

  void send() {
    x_response.keep_alive(x_keep_alive);
    x_response.prepare_payload();
    x_stream.expires_after(x_door->patience);
    http::async_write(x_stream, x_response, [self = shared_from_this()](ErrorCode error, std::size_t) {
      wipe_text(self->x_response.body());
      if (error || self->x_door->stopped) return self->close();
      if (self->x_keep_alive) return self->read();
      ErrorCode ignored;
      self->x_stream.socket().shutdown(Any::socket::shutdown_send, ignored);
      self->drain(0);
    });
  }

  // Closing a socket with unread input resets it, and the client would lose the answer.
  void drain(std::size_t so_far) {
    if (so_far > kDrainLimit) return close();
    x_stream.async_read_some(asio::buffer(x_scratch),
                             [self = shared_from_this(), so_far](ErrorCode error, std::size_t n) {
                               if (error) return self->close();
                               self->drain(so_far + n);
                             });
  }

  static void wipe_text(std::string& text) {
    crypto::wipe({reinterpret_cast<std::uint8_t*>(text.data()), text.size()});
    text.clear();
  }

  /// Bodies hold message text and passphrases: nothing of them stays behind.
  void forget_input() {
    if (x_parser) wipe_text(x_parser->get().body());
    if (x_buffer.size() != 0) return;  // the next request is already there; it is wiped with that one
    x_buffer.clear();
    const auto all = x_buffer.prepare(x_buffer.capacity());
    crypto::wipe({static_cast<std::uint8_t*>(all.data()), all.size()});
    x_buffer.clear();
  }

  std::shared_ptr<Door> x_door;
  ApiStream x_stream;
  beast::flat_buffer x_buffer{kApiHeaderLimit + kApiBodyLimit};
  std::optional<http::request_parser<http::string_body>> x_parser;
  http::response<http::string_body> x_response;
  std::array<char, 4096> x_scratch{};
  std::uint64_t x_turn = 0;
  bool x_keep_alive = false;
  bool x_stranger = false;  ///< at the desk's door, without a seat and without a token
};

/// Whoever has been idle or slow the longest goes, so that requests that never end keep nobody out.
void make_room(const Door& door) {
  while (door.sessions.size() > kApiConnections) {
    const auto by_turn = [](const Session* a, const Session* b) { return a->turn() < b->turn(); };
    (*std::min_element(door.sessions.begin(), door.sessions.end(), by_turn))->close();
  }
}

void accept_next(const std::shared_ptr<Door>& door) {
  if (door->stopped || door->accepting) return;
  door->accepting = true;
  door->acceptor.async_accept([door](ErrorCode error, Any::socket socket) {
    door->accepting = false;
    if (door->stopped) return;
    if (error) {
      door->accepting = true;
      door->retry.expires_after(std::chrono::milliseconds(100));
      door->retry.async_wait([door](ErrorCode) {
        door->accepting = false;
        accept_next(door);
      });
      return;
    }
    if (door->desk || same_uid(socket.native_handle())) {
      // An event is one small segment, and must not wait for the browser's word on the one before.
      if (door->desk) socket.set_option(asio::ip::tcp::no_delay(true), error);
      std::make_shared<Session>(door, std::move(socket))->read();
      make_room(*door);
    }
    accept_next(door);
  });
}

class Listener final : public station::ApiListener {
 public:
  Listener(std::shared_ptr<Door> door, std::filesystem::path socket)
      : x_door(std::move(door)), x_socket(std::move(socket)) {
    accept_next(x_door);
  }
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;
  ~Listener() override {
    x_door->stopped = true;
    x_door->retry.cancel();
    ErrorCode ignored;
    x_door->acceptor.close(ignored);
    while (!x_door->sessions.empty()) (*x_door->sessions.begin())->close();
    close_events(x_door->events);
    if (!x_socket.empty()) unlink(x_socket.c_str());
  }

 private:
  std::shared_ptr<Door> x_door;
  std::filesystem::path x_socket;  ///< to remove; empty for the desk's
};

Result<void> clear_the_way(const std::filesystem::path& socket) {
  if (socket.native().size() >= sizeof(sockaddr_un{}.sun_path)) {
    return fail(Errc::out_of_range, "the path " + socket.native() + " is too long for a socket (107 bytes at most): " +
                                        "choose a shorter home with --home");
  }
  struct stat found{};
  if (lstat(socket.c_str(), &found) != 0) return {};
  if (!S_ISSOCK(found.st_mode)) {
    return fail(Errc::conflict, socket.native() + " is there and is not a socket: move it away");
  }
  if (unlink(socket.c_str()) != 0) return fail(Errc::io, "the old " + socket.native() + " cannot be removed");
  return {};
}

}  // namespace

Result<std::unique_ptr<station::ApiListener>> open_api(asio::io_context& loop, const std::filesystem::path& socket,
                                                       station::Handler handler, station::Feed& feed,
                                                       Duration patience) {
  if (auto clear = clear_the_way(socket); !clear) return std::unexpected(clear.error());
  auto door = std::make_shared<Door>(loop, std::move(handler), feed, patience);
  ErrorCode error;
  asio::local::stream_protocol::acceptor acceptor(loop);
  acceptor.open(asio::local::stream_protocol(), error);
  if (!error) acceptor.bind(asio::local::stream_protocol::endpoint(socket.native()), error);
  // Nobody can connect between bind and listen, so the mode is right before the first client.
  if (!error && chmod(socket.c_str(), S_IRUSR | S_IWUSR) != 0) error.assign(errno, boost::system::system_category());
  if (!error) acceptor.listen(static_cast<int>(kApiConnections), error);
  if (!error) door->acceptor.assign(Any(AF_UNIX, 0), acceptor.release(), error);
  if (error) return fail(Errc::io, "the API cannot listen on " + socket.native() + ": " + error.message());
  return std::make_unique<Listener>(std::move(door), socket);
}

Result<std::unique_ptr<station::ApiListener>> open_desk(asio::io_context& loop, DeskListener listener,
                                                        station::Handler handler, station::Feed& feed,
                                                        Duration patience) {
  auto door = std::make_shared<Door>(loop, std::move(handler), feed, patience);
  door->desk = std::move(listener.door);
  ErrorCode error;
  door->acceptor.assign(Any(AF_INET, IPPROTO_TCP), listener.socket.get(), error);
  if (error) return fail(Errc::io, "the desk cannot listen: " + error.message());
  (void)listener.socket.release();
  return std::make_unique<Listener>(std::move(door), std::filesystem::path());
}

}  // namespace sw::faces
