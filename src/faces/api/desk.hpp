#pragma once
// The desk's door: a TCP listener on this machine's loopback, and what keeps other pages and other machines out of it.
// docs/api.md, doors; ADR 16.
#include <boost/beast/http/fields.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>
#include <filesystem>
#include <string>

#include "base/result.hpp"
#include "home/file.hpp"
#include "station/service.hpp"
#include "wire/endpoint.hpp"

namespace sw::faces {

using HttpRequest = boost::beast::http::request<boost::beast::http::string_body>;

/// What the door knows of itself.
struct DeskDoor {
  std::string address;  ///< HOST:PORT, as the browser says it
  std::string cookie;   ///< its name: browsers keep cookies apart by host, not by port, so the home is in it
};

struct DeskListener {
  home::Descriptor socket;
  DeskDoor door;
};

/// "127.0.0.1:0": an address of this machine's loopback, and a port, 0 for one that is free. Errc::usage.
[[nodiscard]] Result<wire::Endpoint> parse_desk_address(std::string_view text);
/// Listens there, for the station of this home; before the station confines itself. Errc::io.
[[nodiscard]] Result<DeskListener> listen_desk(const wire::Endpoint& at, const std::filesystem::path& home);

/// Is the request for this door (Host), and from its own page (Origin) where it changes something? A program with a
/// token needs no Origin. Errc::refused.
[[nodiscard]] Result<void> check_origin(const DeskDoor& door, const HttpRequest& request);
/// What the request shows; `door` is null on the Unix socket, where there are no seats.
[[nodiscard]] station::Credentials read_credentials(const DeskDoor* door, const HttpRequest& request);
/// On every answer of this door.
void add_desk_headers(const DeskDoor& door, boost::beast::http::fields& headers);
/// Set-Cookie for the seat with this secret.
[[nodiscard]] std::string cookie_header(const DeskDoor& door, std::string_view secret);

}  // namespace sw::faces
