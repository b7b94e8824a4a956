#include "faces/api/desk.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "crypto/hash.hpp"
#include "faces/api/server.hpp"

namespace sw::faces {
namespace {

namespace http = boost::beast::http;

constexpr std::string_view kTokenHeader = "X-Stillwire-Seat";
constexpr std::string_view kBearer = "Bearer ";

std::string_view text(boost::beast::string_view view) {
  return {view.data(), view.size()};
}

/// One value, or nothing: two headers of one name are somebody's trick.
std::string_view only(const HttpRequest& request, std::string_view name) {
  const auto [begin, end] = request.equal_range({name.data(), name.size()});
  if (begin == end || std::next(begin) != end) return {};
  return text(begin->value());
}

/// The value of one cookie in "a=1; b=2".
std::string_view cookie_value(std::string_view cookies, std::string_view name) {
  while (!cookies.empty()) {
    const std::size_t end = std::min(cookies.find(';'), cookies.size());
    std::string_view pair = cookies.substr(0, end);
    cookies.remove_prefix(std::min(end + 1, cookies.size()));
    while (pair.starts_with(' ')) pair.remove_prefix(1);
    if (pair.size() > name.size() && pair.starts_with(name) && pair[name.size()] == '=') {
      return pair.substr(name.size() + 1);
    }
  }
  return {};
}

}  // namespace

Result<void> check_origin(const DeskDoor& door, const HttpRequest& request) {
  if (only(request, "Host") != door.address) {
    return fail(Errc::refused, "this is not where the desk is; take the address that stillwire desk prints");
  }
  const bool has_origin = request.count(http::field::origin) != 0;
  const bool changes = text(request.method_string()) != "GET" || request.count(http::field::upgrade) != 0;
  const bool program = request.count(http::field::authorization) != 0;
  if ((has_origin || (changes && !program)) && only(request, "Origin") != "http://" + door.address) {
    return fail(Errc::refused, "this came from another page than the desk's");
  }
  return {};
}

station::Credentials read_credentials(const DeskDoor* door, const HttpRequest& request) {
  station::Credentials out;
  const std::string_view authorization = only(request, "Authorization");
  if (request.count(http::field::authorization) != 0) {
    // Whatever else it says: whoever means to show a token is nobody without it.
    out.bearer = authorization.starts_with(kBearer) ? authorization.substr(kBearer.size()) : std::string_view("none");
    if (out.bearer.empty()) out.bearer = "none";
  }
  if (door == nullptr) return out;
  out.door = station::Credentials::Door::desk;
  out.cookie = cookie_value(only(request, "Cookie"), door->cookie);
  out.token = only(request, kTokenHeader);
  return out;
}

void add_desk_headers(const DeskDoor& door, http::fields& headers) {
  headers.set("Content-Security-Policy",
              "default-src 'self'; connect-src 'self' ws://" + door.address +
                  "; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
  headers.set(http::field::cache_control, "no-store");
  headers.set("X-Content-Type-Options", "nosniff");
  headers.set("X-Frame-Options", "DENY");
  headers.set("Referrer-Policy", "no-referrer");
  headers.set("Cross-Origin-Opener-Policy", "same-origin");
  headers.set("Cross-Origin-Resource-Policy", "same-origin");
  headers.set("Permissions-Policy",
              "camera=(self), microphone=(), geolocation=(), display-capture=(), usb=(), serial=()");
}

std::string cookie_header(const DeskDoor& door, std::string_view secret) {
  return door.cookie + "=" + std::string(secret) + "; Path=/; HttpOnly; SameSite=Strict";
}

Result<wire::Endpoint> parse_desk_address(std::string_view text) {
  const bool any_port = text.ends_with(":0");
  auto parsed = wire::parse_endpoint(any_port ? std::string(text.substr(0, text.size() - 1)) + "1" : std::string(text));
  constexpr std::uint8_t kLoopback = 127;
  if (!parsed || !parsed->is_v4() || parsed->ip[12] != kLoopback) {
    return fail(Errc::usage, "the desk is on this machine's loopback only, as \"127.0.0.1:0\"");
  }
  if (any_port) parsed->port = 0;
  return parsed;
}

Result<DeskListener> listen_desk(const wire::Endpoint& at, const std::filesystem::path& home) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(at.port);
  std::copy(at.ip.begin() + 12, at.ip.end(), reinterpret_cast<std::uint8_t*>(&address.sin_addr));
  socklen_t size = sizeof address;
  auto* const as_any = reinterpret_cast<sockaddr*>(&address);
  home::Descriptor socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  const int yes = 1;
  if (!socket || ::setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) != 0 ||
      ::bind(socket.get(), as_any, size) != 0 || ::listen(socket.get(), static_cast<int>(kApiConnections)) != 0 ||
      ::getsockname(socket.get(), as_any, &size) != 0) {
    return fail(Errc::io, "the desk cannot listen on " + wire::to_text(at) + ": " + std::strerror(errno));
  }
  wire::Endpoint bound = at;
  bound.port = ntohs(address.sin_port);
  const auto name = crypto::digest<4>({as_bytes("sw1-home"), as_bytes(home.native())});
  return DeskListener{std::move(socket), {wire::to_text(bound), "stillwire-" + to_hex(name)}};
}

}  // namespace sw::faces
