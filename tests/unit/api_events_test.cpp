// needs: faces
// The events' WebSocket on a real Unix socket, with a feed of the test's own behind it.
#include <gtest/gtest.h>
#include <unistd.h>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/post.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket.hpp>
#include <deque>
#include <filesystem>
#include <future>
#include <set>
#include <thread>

#include "faces/api/server.hpp"

namespace {

using namespace sw;
using nlohmann::json;
namespace beast = boost::beast;
using Local = boost::asio::local::stream_protocol;
using ErrorCode = boost::system::error_code;

/// Tells every watcher the numbers above the one it has seen, up to `last`.
struct Numbers final : station::Feed {
  void join(station::Watcher& watcher) override { watchers.insert(&watcher); }
  void leave(station::Watcher& watcher) override { watchers.erase(&watcher); }
  std::optional<json> next(station::Watcher& watcher) override {
    if (watcher.since >= last) return std::nullopt;
    ++watcher.since;
    return json{{"seq", watcher.since}, {"pad", std::string(pad, 'x')}};
  }
  bool knows(const station::Credentials&) override { return true; }
  std::set<station::Watcher*> watchers;
  std::uint64_t last = 0;
  std::size_t pad = 0;
};

struct Events : ::testing::Test {
  Events() {
    std::string name = std::filesystem::temp_directory_path() / "sw-events-XXXXXX";
    folder = mkdtemp(name.data());
    auto opened =
        faces::open_api(loop, folder / "s", [](const auto&, const auto& reply) { reply({200, json::object()}); }, feed);
    listener = std::move(*opened);
    thread = std::thread([this] { loop.run(); });
  }
  ~Events() override {
    loop.stop();
    thread.join();
    listener.reset();
    std::filesystem::remove_all(folder);
  }
  /// Runs there, where the feed is.
  template <class What>
  auto there(What what) {
    std::packaged_task<decltype(what())()> task(std::move(what));
    auto done = task.get_future();
    boost::asio::post(loop, [&] { task(); });
    return done.get();
  }
  void grow(std::uint64_t by) {
    there([&] {
      feed.last += by;
      for (auto* watcher : std::set(feed.watchers)) watcher->wake();
    });
  }
  [[nodiscard]] std::size_t watching() {
    return there([&] { return feed.watchers.size(); });
  }
  /// Until the server has seen it.
  bool becomes(std::size_t count) {
    for (int i = 0; i < 500 && watching() != count; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(10));
    return watching() == count;
  }

  std::filesystem::path folder;
  Numbers feed;
  boost::asio::io_context loop;
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> open{loop.get_executor()};
  std::unique_ptr<station::ApiListener> listener;
  std::thread thread;
};

class Face {
 public:
  Face(const std::filesystem::path& socket, const std::string& target) : x_ws(x_loop) {
    x_ws.next_layer().connect(Local::endpoint(socket.native()));
    x_ws.handshake(x_response, "localhost", target, error);
  }
  json read() {
    x_buffer.clear();
    x_ws.read(x_buffer, error);
    return error ? json(nullptr) : json::parse(beast::buffers_to_string(x_buffer.data()));
  }
  void say(const std::string& text) { x_ws.write(boost::asio::buffer(text), error); }
  [[nodiscard]] unsigned status() const { return x_response.result_int(); }
  [[nodiscard]] auto reason() const { return x_ws.reason().code; }
  ErrorCode error;

 private:
  boost::asio::io_context x_loop;
  beast::websocket::stream<Local::socket> x_ws;
  beast::websocket::response_type x_response;
  beast::flat_buffer x_buffer;
};

TEST_F(Events, ComeFromTheNumberThatWasSeen) {
  feed.last = 5;
  Face face(folder / "s", "/api/v1/events?since=3");
  ASSERT_FALSE(face.error) << face.error.message();
  EXPECT_EQ(face.read()["seq"], 4);
  EXPECT_EQ(face.read()["seq"], 5);
  grow(2);
  EXPECT_EQ(face.read()["seq"], 6);
  EXPECT_EQ(face.read()["seq"], 7);
  Face all(folder / "s", "/api/v1/events");
  for (std::uint64_t n = 1; n <= 7; ++n) EXPECT_EQ(all.read()["seq"], n);
}

TEST_F(Events, AFaceThatGoesIsForgotten) {
  {
    Face face(folder / "s", "/api/v1/events");
    ASSERT_TRUE(becomes(1));
  }
  EXPECT_TRUE(becomes(0));
  grow(3);
}

TEST_F(Events, ASlowFaceHoldsNothingUp) {
  feed.pad = 100'000;
  Face slow(folder / "s", "/api/v1/events");
  ASSERT_TRUE(becomes(1));
  grow(200);  // 20 MB, of which the socket takes a little
  Face quick(folder / "s", "/api/v1/events?since=199");
  EXPECT_EQ(quick.read()["seq"], 200);
  for (std::uint64_t n = 1; n <= 200; ++n) ASSERT_EQ(slow.read()["seq"], n);
}

TEST_F(Events, WhoeverTalksIsPutOut) {
  for (const std::string& text : {std::string("hello"), std::string(1000, 'x')}) {
    Face face(folder / "s", "/api/v1/events");
    ASSERT_TRUE(becomes(1));
    face.say(text);
    EXPECT_TRUE(face.read().is_null());
    EXPECT_TRUE(becomes(0));
  }
}

TEST_F(Events, OtherTargetsAndNumbersAreRefused) {
  for (const auto& [target, status] :
       std::vector<std::pair<std::string, unsigned>>{{"/api/v1/status", 404},
                                                     {"/api/v1/events/", 404},
                                                     {"/other", 404},
                                                     {"/api/v1/events?since=", 400},
                                                     {"/api/v1/events?since=-1", 400},
                                                     {"/api/v1/events?since=1x", 400},
                                                     {"/api/v1/events?since=99999999999999999999", 400},
                                                     {"/api/v1/events?line=a", 400},
                                                     {"/api/v1/events?since=1&since=2", 422}}) {
    const Face face(folder / "s", target);
    EXPECT_TRUE(face.error) << target;
    EXPECT_EQ(face.status(), status) << target;
  }
  EXPECT_EQ(watching(), 0U);
}

TEST_F(Events, OneMoreThanThereMayBeIsRefused) {
  std::deque<Face> faces;
  for (std::size_t n = 0; n < faces::kApiWatchers; ++n) {
    faces.emplace_back(folder / "s", "/api/v1/events");
    ASSERT_FALSE(faces.back().error);
  }
  ASSERT_TRUE(becomes(faces::kApiWatchers));
  const Face late(folder / "s", "/api/v1/events");
  EXPECT_EQ(late.status(), 409U);
  faces.pop_back();
  ASSERT_TRUE(becomes(faces::kApiWatchers - 1));
  const Face again(folder / "s", "/api/v1/events");
  EXPECT_FALSE(again.error);
}

TEST_F(Events, TheDoorMayGoFirst) {
  Face face(folder / "s", "/api/v1/events");
  ASSERT_TRUE(becomes(1));
  there([&] { listener.reset(); });
  EXPECT_TRUE(face.read().is_null());
  EXPECT_EQ(watching(), 0U);
}

}  // namespace
