// needs: faces
// The API's door on a real Unix socket, with a handler of the test's own behind it.
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <filesystem>
#include <fstream>
#include <functional>
#include <thread>

#include "faces/api/request.hpp"
#include "faces/api/server.hpp"
#include "support/quiet_feed.hpp"

namespace {

using namespace sw;
using nlohmann::json;

struct Folder {
  Folder() {
    std::string name = std::filesystem::temp_directory_path() / "sw-api-XXXXXX";
    path = mkdtemp(name.data());
  }
  ~Folder() { std::filesystem::remove_all(path); }
  std::filesystem::path path;
};

/// A server on its own thread; `calls` counts what reached the handler.
class Served {
 public:
  explicit Served(station::Handler handler, Duration patience = faces::kApiPatience) {
    auto opened = faces::open_api(
        x_loop, socket(),
        [this, handler](station::Request request, station::Reply reply) {
          ++calls;
          handler(std::move(request), std::move(reply));
        },
        x_feed, patience);
    if (!opened) throw std::runtime_error(opened.error().what);
    x_listener = std::move(*opened);
    x_thread = std::thread([this] { x_loop.run(); });
  }
  ~Served() {
    x_loop.stop();
    x_thread.join();
    x_listener.reset();
  }
  [[nodiscard]] std::filesystem::path socket() const { return x_folder.path / "station.sock"; }
  boost::asio::io_context& loop() { return x_loop; }
  std::atomic<int> calls = 0;

 private:
  Folder x_folder;
  test::QuietFeed x_feed;
  boost::asio::io_context x_loop;
  std::unique_ptr<station::ApiListener> x_listener;
  std::thread x_thread;
};

void echo(station::Request request, const station::Reply& reply) {
  reply({200,
         json{{"method", request.method}, {"path", request.path}, {"query", request.query}, {"body", request.body}}});
}

int connected(const std::filesystem::path& path) {
  const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_un to{};
  to.sun_family = AF_UNIX;
  path.native().copy(to.sun_path, sizeof to.sun_path - 1);
  timeval patience{20, 0};
  setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  if (connect(fd, reinterpret_cast<sockaddr*>(&to), sizeof to) != 0) {
    close(fd);
    return -1;
  }
  return fd;
}

bool say(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t n = ::send(fd, text.data(), text.size(), MSG_NOSIGNAL);
    if (n <= 0) return false;
    text.remove_prefix(static_cast<std::size_t>(n));
  }
  return true;
}

struct Reply {
  int status = 0;  ///< 0: closed without an answer
  std::string head;
  json body;
};

/// One response: the head, then as many bytes as it says.
Reply heard(int fd) {
  Reply out;
  char c = 0;
  while (!out.head.ends_with("\r\n\r\n")) {
    if (::read(fd, &c, 1) != 1) return out;
    out.head.push_back(c);
  }
  out.status = std::stoi(out.head.substr(9, 3));
  const auto at = out.head.find("Content-Length: ");
  std::string body(at == std::string::npos ? 0 : std::stoul(out.head.substr(at + 16)), '\0');
  for (std::size_t got = 0; got < body.size();) {
    const ssize_t n = ::read(fd, body.data() + got, body.size() - got);
    if (n <= 0) return {};
    got += static_cast<std::size_t>(n);
  }
  out.body = json::parse(body, nullptr, false);
  return out;
}

Reply asked(const Served& served, std::string_view text) {
  const int fd = connected(served.socket());
  say(fd, text);
  Reply out = heard(fd);
  close(fd);
  return out;
}

std::string posted(std::string_view body, std::string_view target = "/api/v1/messages") {
  return "POST " + std::string(target) + " HTTP/1.1\r\nHost: x\r\nContent-Length: " + std::to_string(body.size()) +
         "\r\n\r\n" + std::string(body);
}

void expect_problem(const Reply& reply, int status, std::string_view code) {
  EXPECT_EQ(reply.status, status);
  EXPECT_NE(reply.head.find("application/problem+json"), std::string::npos) << reply.head;
  ASSERT_TRUE(reply.body.is_object());
  EXPECT_EQ(reply.body["code"], code);
  EXPECT_EQ(reply.body["status"], status);
  EXPECT_FALSE(reply.body["detail"].get<std::string>().empty());
  EXPECT_FALSE(reply.body["title"].get<std::string>().empty());
}

TEST(ApiServer, HandsARequestOverDecoded) {
  Served served(echo);
  const Reply reply = asked(served, "GET /api/v1/lines/B%C3%A9rn%20x?line=a%26b&n=1 HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.body["path"], "lines/Bérn x");
  EXPECT_EQ(reply.body["query"]["line"], "a&b");
  EXPECT_EQ(reply.body["query"]["n"], "1");
  EXPECT_EQ(reply.body["body"], json::object());
}

TEST(ApiServer, KeepsTheConnection) {
  Served served(echo);
  const int fd = connected(served.socket());
  for (int i = 0; i < 3; ++i) {
    const std::string body = json{{"n", i}}.dump();
    ASSERT_TRUE(say(fd, posted(body)));
    EXPECT_EQ(heard(fd).body["body"]["n"], i);
  }
  // Two requests in one write are answered in their order.
  ASSERT_TRUE(say(fd, posted(R"({"n":8})") + posted(R"({"n":9})")));
  EXPECT_EQ(heard(fd).body["body"]["n"], 8);
  EXPECT_EQ(heard(fd).body["body"]["n"], 9);
  close(fd);
}

TEST(ApiServer, AnswersLater) {
  std::unique_ptr<boost::asio::steady_timer> timer;
  Served* self = nullptr;
  Served served([&](const station::Request&, station::Reply reply) {
    timer = std::make_unique<boost::asio::steady_timer>(self->loop(), std::chrono::milliseconds(30));
    timer->async_wait([reply](boost::system::error_code) { reply({404, json{{"code", "not_found"}}}); });
  });
  self = &served;
  const Reply reply = asked(served, "GET /api/v1/status HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(reply.status, 404);
  EXPECT_NE(reply.head.find("application/problem+json"), std::string::npos);
  timer.reset();
}

TEST(ApiServer, ClientGoneBeforeTheAnswerHarmsNobody) {
  std::vector<station::Reply> waiting;
  std::atomic<bool> there = false;
  Served served([&](station::Request request, station::Reply reply) {
    if (request.path != "slow") return echo(std::move(request), reply);
    waiting.push_back(std::move(reply));
    there = true;
  });
  const int fd = connected(served.socket());
  ASSERT_TRUE(say(fd, "GET /api/v1/slow HTTP/1.1\r\nHost: x\r\n\r\n"));
  while (!there) std::this_thread::yield();
  close(fd);
  boost::asio::post(served.loop(), [&] {
    waiting.front()({200, json::object()});
    waiting.clear();  // a reply holds its connection, which must not outlive the loop
  });
  EXPECT_EQ(asked(served, "GET /api/v1/status HTTP/1.1\r\nHost: x\r\n\r\n").status, 200);
}

TEST(ApiServer, RefusesWhatIsNotHttp) {
  Served served(echo);
  expect_problem(asked(served, "\x16\x03\x01 hello\r\n\r\n"), 400, "usage");
  expect_problem(asked(served, "GET /api/v1/status HTTP/9.9\r\n\r\n"), 400, "usage");
  expect_problem(asked(served, "POST /api/v1/x HTTP/1.1\r\nContent-Length: -1\r\n\r\n"), 400, "usage");
  expect_problem(asked(served, "PUT /api/v1/status HTTP/1.1\r\nHost: x\r\n\r\n"), 400, "usage");
  expect_problem(asked(served, "GET /other HTTP/1.1\r\nHost: x\r\n\r\n"), 404, "not_found");
  expect_problem(asked(served, "GET /api/v1/a%2Fb HTTP/1.1\r\nHost: x\r\n\r\n"), 422, "malformed");
  expect_problem(asked(served, "GET /api/v1/a%0 HTTP/1.1\r\nHost: x\r\n\r\n"), 422, "malformed");
  expect_problem(asked(served, "GET /api/v1/a?x=1&x=2 HTTP/1.1\r\nHost: x\r\n\r\n"), 422, "malformed");
  EXPECT_EQ(served.calls, 0);
}

TEST(ApiServer, RefusesBadJson) {
  Served served(echo);
  const std::string deep = R"({"a":)" + std::string(100'000, '[') + std::string(100'000, ']') + "}";
  for (const std::string& body :
       {std::string("{"), std::string("[]"), std::string("1"), std::string("null"), std::string(R"({"a":1}})"),
        std::string("{\"a\":\"\xff\"}"), std::string(R"({"a":"\ud800"})"), std::string(R"({"a":1,"a":2})"),
        std::string(R"({"a":{"b":1,"b":2}})"), std::string(R"({"a":NaN})"), deep}) {
    SCOPED_TRACE(body.substr(0, 40));
    expect_problem(asked(served, posted(body)), 422, "malformed");
  }
  EXPECT_EQ(served.calls, 0);
  // The same key in two objects is no repetition.
  EXPECT_EQ(asked(served, posted(R"({"a":{"b":1},"c":[{"b":2}]})")).status, 200);
}

TEST(ApiServer, RefusesWhatIsTooLarge) {
  Served served(echo);
  const std::string text(10'000'000, 'x');
  expect_problem(asked(served, posted("{\"text\":\"" + text + "\"}")), 422, "out_of_range");
  expect_problem(asked(served, "GET /api/v1/status HTTP/1.1\r\nX: " + std::string(20'000, 'x') + "\r\n\r\n"), 422,
                 "out_of_range");
  std::string chunked = "POST /api/v1/x HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n";
  for (int i = 0; i < 40; ++i) chunked += "10000\r\n" + std::string(0x10000, 'x') + "\r\n";
  expect_problem(asked(served, chunked), 422, "out_of_range");
  EXPECT_EQ(served.calls, 0);
  const std::string fits = "{\"text\":\"" + std::string(1024 * 1024, 'x') + "\"}";
  EXPECT_EQ(asked(served, posted(fits)).status, 200);
}

TEST(ApiServer, ASlowClientIsLetGoAndHoldsNobodyUp) {
  Served served(echo, milliseconds(800));
  const int slow = connected(served.socket());
  ASSERT_TRUE(say(slow, "GET /api/v1/sta"));
  const auto start = std::chrono::steady_clock::now();
  EXPECT_EQ(asked(served, "GET /api/v1/status HTTP/1.1\r\nHost: x\r\n\r\n").status, 200);
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::milliseconds(500));
  char c = 0;
  EXPECT_EQ(::read(slow, &c, 1), 0);  // closed by the server
  const auto waited = std::chrono::steady_clock::now() - start;
  EXPECT_GT(waited, std::chrono::milliseconds(700));
  EXPECT_LT(waited, std::chrono::seconds(5));
  close(slow);
}

TEST(ApiServer, AFullHouseMakesRoomByClosingTheOneThatIsIdleOrSlowTheLongest) {
  Served served(echo);
  std::vector<int> guests;
  for (std::size_t i = 0; i < faces::kApiConnections; ++i) {
    guests.push_back(connected(served.socket()));
    ASSERT_TRUE(say(guests.back(), "GET /api/v1/status HTTP/1.1\r\nHost: x\r\n\r\n"));
    ASSERT_EQ(heard(guests.back()).status, 200);
  }
  // The first one asks again, so that the second has been idle the longest.
  ASSERT_TRUE(say(guests[0], "GET /api/v1/again HTTP/1.1\r\nHost: x\r\n\r\n"));
  EXPECT_EQ(heard(guests[0]).body["path"], "again");
  const int late = connected(served.socket());
  ASSERT_TRUE(say(late, "GET /api/v1/late HTTP/1.1\r\nHost: x\r\n\r\n"));
  EXPECT_EQ(heard(late).body["path"], "late");
  char byte = 0;
  EXPECT_EQ(recv(guests[1], &byte, 1, 0), 0);
  for (const std::size_t stays : {std::size_t{0}, std::size_t{2}, guests.size() - 1}) {
    ASSERT_TRUE(say(guests[stays], "GET /api/v1/stays HTTP/1.1\r\nHost: x\r\n\r\n"));
    EXPECT_EQ(heard(guests[stays]).body["path"], "stays") << stays;
  }
  close(late);
  for (const int fd : guests) close(fd);
}

TEST(ApiServer, RequestsThatNeverEndKeepNobodyOut) {
  Served served(echo);
  std::vector<int> guests;
  for (std::size_t i = 0; i < 4 * faces::kApiConnections; ++i) {
    guests.push_back(connected(served.socket()));
    ASSERT_TRUE(say(guests.back(), "POST /api/v1/x HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{"));
  }
  const int late = connected(served.socket());
  ASSERT_TRUE(say(late, "GET /api/v1/late HTTP/1.1\r\nHost: x\r\n\r\n"));
  EXPECT_EQ(heard(late).body["path"], "late");
  close(late);
  for (const int fd : guests) close(fd);
}

TEST(ApiServer, TheSocketIsForThisUserAndGoesWithTheListener) {
  Folder folder;
  test::QuietFeed feed;
  const auto path = folder.path / "station.sock";
  boost::asio::io_context loop;
  {
    const auto first = faces::open_api(loop, path, echo, feed);
    ASSERT_TRUE(first);
    struct stat found{};
    ASSERT_EQ(lstat(path.c_str(), &found), 0);
    EXPECT_TRUE(S_ISSOCK(found.st_mode));
    EXPECT_EQ(found.st_mode & 0777U, 0600U);
  }
  EXPECT_FALSE(std::filesystem::exists(path));
}

TEST(ApiServer, ASocketLeftByADeadStationIsReplaced) {
  Folder folder;
  test::QuietFeed feed;
  const auto path = folder.path / "station.sock";
  const int fd = ::socket(AF_UNIX, SOCK_STREAM, 0);
  sockaddr_un at{};
  at.sun_family = AF_UNIX;
  path.native().copy(at.sun_path, sizeof at.sun_path - 1);
  ASSERT_EQ(bind(fd, reinterpret_cast<sockaddr*>(&at), sizeof at), 0);
  close(fd);
  boost::asio::io_context loop;
  EXPECT_TRUE(faces::open_api(loop, path, echo, feed));
}

TEST(ApiServer, SaysWhyItCannotListen) {
  Folder folder;
  test::QuietFeed feed;
  boost::asio::io_context loop;
  const auto long_path = faces::open_api(loop, folder.path / std::string(120, 'x') / "station.sock", echo, feed);
  ASSERT_FALSE(long_path);
  EXPECT_EQ(long_path.error().code, Errc::out_of_range);
  std::ofstream(folder.path / "station.sock") << "mine";
  const auto taken = faces::open_api(loop, folder.path / "station.sock", echo, feed);
  ASSERT_FALSE(taken);
  EXPECT_EQ(taken.error().code, Errc::conflict);
  EXPECT_TRUE(std::filesystem::exists(folder.path / "station.sock"));
  const auto nowhere = faces::open_api(loop, folder.path / "none" / "station.sock", echo, feed);
  ASSERT_FALSE(nowhere);
  EXPECT_EQ(nowhere.error().code, Errc::io);
}

TEST(ApiRequest, PercentFormGoesThereAndBack) {
  std::string every;
  for (int c = 1; c < 256; ++c) {
    if (c != '/') every.push_back(static_cast<char>(c));
  }
  const auto request = faces::read_request("GET", "/api/v1/lines?line=" + faces::percent_encoded(every), "");
  ASSERT_TRUE(request);
  EXPECT_EQ(request->query.at("line"), every);
}

}  // namespace
