// needs: faces
// The desk's door on a real loopback listener, with a handler of the test's own behind it: who gets as far as that, and
// with what.
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <thread>

#include "faces/api/assets.hpp"
#include "faces/api/server.hpp"
#include "support/quiet_feed.hpp"

namespace {

using namespace sw;
using nlohmann::json;

class Desk {
 public:
  Desk() {
    auto listener = faces::listen_desk(faces::parse_desk_address("127.0.0.1:0").value(), "/home/of/a/test").value();
    address = listener.door.address;
    cookie = listener.door.cookie;
    x_door = faces::open_desk(
                 x_loop, std::move(listener),
                 [](const station::Request& request, const station::Reply& reply) {
                   const station::Credentials& shown = request.credentials;
                   reply({200,
                          {{"path", request.path},
                           {"desk", shown.door == station::Credentials::Door::desk},
                           {"cookie", shown.cookie},
                           {"token", shown.token},
                           {"bearer", shown.bearer}},
                          request.path == "seat" ? "SECRET" : ""});
                 },
                 x_feed)
                 .value();
    x_thread = std::thread([this] { x_loop.run(); });
  }
  ~Desk() {
    x_loop.stop();
    x_thread.join();
    x_door.reset();
  }
  Desk(const Desk&) = delete;
  Desk& operator=(const Desk&) = delete;

  /// The whole answer to these lines and this body; the connection is closed after it.
  [[nodiscard]] std::string ask(const std::string& first, const std::vector<std::string>& headers,
                                const std::string& body = "") const {
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    to.sin_port = htons(static_cast<std::uint16_t>(std::stoi(address.substr(address.find(':') + 1))));
    timeval patience{20, 0};
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    EXPECT_EQ(::connect(fd, reinterpret_cast<sockaddr*>(&to), sizeof to), 0);
    std::string text = first + " HTTP/1.1\r\nConnection: close\r\n";
    for (const std::string& header : headers) text += header + "\r\n";
    text += "\r\n" + body;
    EXPECT_EQ(::send(fd, text.data(), text.size(), MSG_NOSIGNAL), static_cast<ssize_t>(text.size()));
    ::shutdown(fd, SHUT_WR);
    std::string out;
    char piece[4096];
    for (ssize_t n = 0; (n = ::read(fd, piece, sizeof piece)) > 0;) out.append(piece, static_cast<std::size_t>(n));
    ::close(fd);
    return out;
  }
  [[nodiscard]] std::string host() const { return "Host: " + address; }
  [[nodiscard]] std::string origin() const { return "Origin: http://" + address; }

  std::string address;
  std::string cookie;

 private:
  boost::asio::io_context x_loop;
  test::QuietFeed x_feed;
  std::unique_ptr<station::ApiListener> x_door;
  std::thread x_thread;
};

int status(const std::string& answer) {
  return answer.size() > 12 ? std::stoi(answer.substr(9, 3)) : 0;
}
json body(const std::string& answer) {
  return json::parse(answer.substr(answer.find("\r\n\r\n") + 4), nullptr, false);
}

TEST(DeskAddress, IsOnLoopbackOnly) {
  EXPECT_EQ(faces::parse_desk_address("127.0.0.1:0").value().port, 0);
  EXPECT_EQ(faces::parse_desk_address("127.9.8.7:80").value().port, 80);
  for (const char* text : {"", "127.0.0.1", "0.0.0.0:0", "192.0.2.1:80", "[::1]:80", "[::]:0", "localhost:80",
                           "127.0.0.1:00", "127.0.0.1:65536", "128.0.0.1:0"}) {
    EXPECT_FALSE(faces::parse_desk_address(text)) << text;
  }
}

TEST(DeskDoor, HandsOverWhatARequestShows) {
  const Desk desk;
  const json got = body(desk.ask("GET /api/v1/status", {desk.host(), "Cookie: other=1; " + desk.cookie + "=ABC; more=2",
                                                        "X-Stillwire-Seat: DEF"}));
  EXPECT_EQ(got, (json{{"path", "status"}, {"desk", true}, {"cookie", "ABC"}, {"token", "DEF"}, {"bearer", ""}}));
  const auto bearer = [&](const std::string& header) {
    return body(desk.ask("GET /api/v1/status", {desk.host(), header}))["bearer"];
  };
  EXPECT_EQ(bearer("Authorization: Bearer SW1-TOKEN:x"), "SW1-TOKEN:x");
  EXPECT_EQ(bearer("Authorization: Basic x"), "none") << "whoever shows something is nobody without it";
  EXPECT_EQ(bearer("Authorization:"), "none");
  EXPECT_EQ(body(desk.ask("GET /api/v1/status", {desk.host(), "X-Stillwire-Seat: A", "X-Stillwire-Seat: B"}))["token"],
            "");
  EXPECT_EQ(body(desk.ask("GET /api/v1/status", {desk.host(), "Cookie: x" + desk.cookie + "=ABC"}))["cookie"], "");
}

TEST(DeskDoor, TheCookieIsOfThisHomeAndOutOfReach) {
  const Desk desk;
  EXPECT_EQ(desk.cookie.size(), std::string("stillwire-").size() + 8);
  const std::string answer = desk.ask("GET /api/v1/seat", {desk.host()});
  EXPECT_NE(answer.find("Set-Cookie: " + desk.cookie + "=SECRET; Path=/; HttpOnly; SameSite=Strict\r\n"),
            std::string::npos)
      << answer;
  EXPECT_EQ(desk.ask("GET /api/v1/status", {desk.host()}).find("Set-Cookie"), std::string::npos);
  const auto other = faces::listen_desk(faces::parse_desk_address("127.0.0.1:0").value(), "/another/home").value();
  EXPECT_NE(other.door.cookie, desk.cookie);
}

TEST(DeskDoor, GivesStrangersLittleRoom) {
  const Desk desk;
  const auto post = [&](const std::string& cookie, const std::string& how, const std::string& body) {
    return desk.ask("POST /api/v1/sign-in", {desk.host(), desk.origin(), "Cookie: " + desk.cookie + "=" + cookie, how},
                    body);
  };
  const auto of = [](std::size_t bytes) { return R"({"x":")" + std::string(bytes - 8, 'x') + R"("})"; };
  const auto length = [](std::size_t bytes) { return "Content-Length: " + std::to_string(bytes); };
  EXPECT_EQ(status(post("of a stranger", length(4096), of(4096))), 200);
  const std::string refused = post("of a stranger", length(4097), of(4097));
  EXPECT_EQ(status(refused), 422) << refused;
  EXPECT_EQ(body(refused)["detail"], "the body is larger than 4 KiB; more needs a seat or a token");
  EXPECT_EQ(status(post("of a stranger", "Transfer-Encoding: chunked", "1001\r\n" + of(4097) + "\r\n0\r\n\r\n")), 422);
  EXPECT_EQ(status(post("of a seat", length(1'000'000), of(1'000'000))), 200);
}

TEST(DeskDoor, KeepsOtherPagesAndNamesOut) {
  const Desk desk;
  const std::string port = desk.address.substr(desk.address.find(':'));
  for (const char* first : {"GET /", "GET /api/v1/status", "GET /api/v1/openapi.json", "POST /api/v1/lock"}) {
    EXPECT_EQ(status(desk.ask(first, {})), 403) << first;
    for (const char* name : {"evil.example", "localhost", "127.0.0.2", "[::1]"}) {
      EXPECT_EQ(status(desk.ask(first, {std::string("Host: ") + name + port, desk.origin()})), 403) << first << name;
    }
    EXPECT_EQ(status(desk.ask(first, {"Host: 127.0.0.1", desk.origin()})), 403) << first;
    EXPECT_EQ(status(desk.ask(first, {desk.host(), "Host: evil.example", desk.origin()})), 403) << first;
    for (const std::string& page :
         std::vector<std::string>{"http://evil.example", "null", "http://127.0.0.1:1", "https://" + desk.address}) {
      EXPECT_EQ(status(desk.ask(first, {desk.host(), "Origin: " + page})), 403) << first << page;
      EXPECT_EQ(status(desk.ask(first, {desk.host(), "Origin: " + page, "Authorization: Bearer x"})), 403) << page;
    }
  }
  EXPECT_EQ(status(desk.ask("GET /api/v1/status", {desk.host()})), 200);
  EXPECT_EQ(status(desk.ask("GET /api/v1/status", {desk.host(), desk.origin()})), 200);
  EXPECT_EQ(status(desk.ask("POST /api/v1/lock", {desk.host(), desk.origin()})), 200);
  EXPECT_EQ(status(desk.ask("POST /api/v1/lock", {desk.host()})), 403) << "a form of another page, long ago";
  EXPECT_EQ(status(desk.ask("POST /api/v1/lock", {desk.host(), "Authorization: Bearer x"})), 200) << "a program";
  EXPECT_EQ(status(desk.ask("OPTIONS /api/v1/lock", {desk.host(), desk.origin()})), 400);
  const std::vector<std::string> upgrade{"Upgrade: websocket", "Connection: Upgrade",
                                         "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==", "Sec-WebSocket-Version: 13"};
  auto headers = upgrade;
  headers.push_back(desk.host());
  EXPECT_EQ(status(desk.ask("GET /api/v1/events", headers)), 403) << "an upgrade without Origin";
  headers.push_back("Origin: http://evil.example");
  EXPECT_EQ(status(desk.ask("GET /api/v1/events", headers)), 403);
}

TEST(DeskDoor, EveryAnswerHasItsHeaders) {
  const Desk desk;
  for (const auto& [first, host] : {std::pair{"GET /", desk.host()},
                                    {"GET /nothing", desk.host()},
                                    {"GET /api/v1/status", desk.host()},
                                    {"GET /", std::string("Host: x")}}) {
    const std::string answer = desk.ask(first, {host});
    for (const char* header :
         {"Content-Security-Policy: default-src 'self'; ", "frame-ancestors 'none'", "Cache-Control: no-store",
          "X-Content-Type-Options: nosniff", "Referrer-Policy: no-referrer", "X-Frame-Options: DENY"}) {
      EXPECT_NE(answer.find(header), std::string::npos) << first << header;
    }
    EXPECT_EQ(answer.find("Access-Control"), std::string::npos);
  }
}

TEST(DeskDoor, ShowsThePageOrSaysThatItWasNotBuilt) {
  const Desk desk;
  const std::string page = desk.ask("GET /", {desk.host()});
  if (faces::assets().empty()) {
    EXPECT_EQ(status(page), 404);
    EXPECT_NE(page.find("was not built"), std::string::npos);
  } else {
    EXPECT_EQ(status(page), 200);
    EXPECT_NE(page.find("Content-Type: text/html; charset=utf-8"), std::string::npos);
    for (const faces::Asset& asset : faces::assets()) {
      EXPECT_EQ(status(desk.ask("GET /" + std::string(asset.path), {desk.host()})), 200) << asset.path;
    }
  }
  for (const char* target : {"/nothing", "/../station.db", "/%2e%2e/station.db", "//etc/passwd", "/index.html?x=1"}) {
    EXPECT_EQ(status(desk.ask(std::string("GET ") + target, {desk.host()})), 404) << target;
  }
  EXPECT_EQ(status(desk.ask("POST /", {desk.host(), desk.origin()})), 404) << "nothing is posted to a page";
}

}  // namespace
