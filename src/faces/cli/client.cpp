#include "faces/cli/client.hpp"

#include <sys/un.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/beast/core/basic_stream.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <chrono>

#include "faces/codes.hpp"

namespace sw::faces {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using Local = asio::local::stream_protocol;
using ErrorCode = boost::system::error_code;

/// An export carries every text of a line.
constexpr std::uint64_t kAnswerLimit = std::uint64_t{1} << 30U;

void append_quoted(crypto::SecretBytes& out, ByteView text) {
  out.append(as_bytes("\""));
  for (const std::uint8_t& byte : text) {
    if (byte == '"' || byte == '\\') out.append(as_bytes("\\"));
    if (byte < 0x20) {
      const std::string escape = "\\u00" + to_hex(ByteView(&byte, 1));
      out.append(as_bytes(escape));
    } else {
      out.append(ByteView(&byte, 1));
    }
  }
  out.append(as_bytes("\""));
}

Outcome<std::string> dumped(const nlohmann::json& body) {
  try {
    return body.dump();
  } catch (const nlohmann::json::type_error&) {
    return std::unexpected<Failure>(Error{Errc::malformed, "a word on the command line is not valid UTF-8"});
  }
}

std::unexpected<Failure> unreachable(const std::filesystem::path& socket, const ErrorCode& error) {
  if (error == asio::error::access_denied) {
    return give_up(77, "the station on this home belongs to another user (" + socket.native() + ")");
  }
  if (error == asio::error::connection_refused || error.value() == ENOENT || error.value() == ENOTDIR) {
    return give_up(kExitNoStation, "no station is running on this home; start it with: stillwire station");
  }
  return give_up(74, "the station cannot be reached at " + socket.native() + ": " + error.message());
}

}  // namespace

Failure::Failure(const Error& error) : exit(code_of(error.code).exit), what(error.what) {}

struct Client::Connection {
  asio::io_context loop;
  beast::basic_stream<Local> stream{loop};
  beast::flat_buffer buffer;
};

Client::Client(const std::filesystem::path& home, std::chrono::seconds patience)
    : x_socket(home / "station.sock"), x_patience(patience) {}
Client::~Client() = default;

Outcome<nlohmann::json> Client::get(std::string_view path) {
  return call("GET", path, {});
}

Outcome<nlohmann::json> Client::post(std::string_view path, const nlohmann::json& body) {
  const auto text = dumped(body);
  if (!text) return std::unexpected(text.error());
  return call("POST", path, as_bytes(*text));
}

Outcome<nlohmann::json> Client::post_secrets(std::string_view path, std::initializer_list<SecretField> fields,
                                             const nlohmann::json& others) {
  const auto text = dumped(others);
  if (!text) return std::unexpected(text.error());
  crypto::SecretBytes body;
  body.append(as_bytes(*text).first(text->size() - 1));  // but its '}'
  std::string_view before = others.empty() ? "" : ",";
  for (const SecretField& field : fields) {
    body.append(as_bytes(before));
    append_quoted(body, as_bytes(field.name));
    body.append(as_bytes(":"));
    append_quoted(body, field.value->view());
    before = ",";
  }
  body.append(as_bytes("}"));
  return call("POST", path, body.view());
}

Outcome<nlohmann::json> Client::call(std::string_view method, std::string_view path, ByteView body) {
  if (x_socket.native().size() >= sizeof(sockaddr_un{}.sun_path)) {
    return std::unexpected<Failure>(
        Error{Errc::out_of_range, "the path of the home is too long for its socket: choose a shorter one with --home"});
  }
  // A fresh connection each call: the station closes quiet ones, and a race with that would look like a failure.
  x_connection = std::make_unique<Connection>();
  Connection& to = *x_connection;
  ErrorCode error;
  to.stream.socket().connect(Local::endpoint(x_socket.native()), error);
  if (error) return unreachable(x_socket, error);

  http::request<http::span_body<const std::uint8_t>> request;
  request.version(11);
  request.method_string({method.data(), method.size()});
  request.target("/api/v1/" + std::string(path));
  request.set(http::field::host, "stillwire");
  request.set(http::field::connection, "close");
  if (!body.empty()) request.set(http::field::content_type, "application/json");
  request.body() = {body.data(), body.size()};
  request.prepare_payload();

  // A station that refuses a body stops reading it; what matters then is its answer, so a failed write is no end.
  to.stream.expires_after(x_patience);
  http::async_write(to.stream, request, [](ErrorCode, std::size_t) {});
  to.loop.run();
  to.loop.restart();

  http::response_parser<http::string_body> parser;
  parser.body_limit(kAnswerLimit);
  to.stream.expires_after(x_patience);
  http::async_read(to.stream, to.buffer, parser, [&](ErrorCode result, std::size_t) { error = result; });
  to.loop.run();
  if (error == beast::error::timeout) return give_up(74, "the station does not answer");
  if (error) return give_up(74, "the station closed the connection without an answer");

  const auto& response = parser.get();
  nlohmann::json answer = nlohmann::json::parse(response.body(), nullptr, false);
  if (!answer.is_object()) return give_up(kExitSoftware, "the station's answer does not parse");
  if (response.result_int() < 400) return answer;
  const auto text = [&](const char* key) {
    const auto found = answer.find(key);
    return found != answer.end() && found->is_string() ? found->get<std::string>() : std::string();
  };
  Failure failure(code_named(text("code")).exit, text("detail"));
  failure.problem = std::move(answer);
  return std::unexpected<Failure>(std::move(failure));
}

}  // namespace sw::faces
