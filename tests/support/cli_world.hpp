#pragma once
// The command line with a station of the test's own, which answers from a table and remembers what it was asked.
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <sstream>
#include <thread>

#include "faces/api/server.hpp"
#include "faces/codes.hpp"
#include "faces/run.hpp"
#include "support/quiet_feed.hpp"

namespace sw::test {

using nlohmann::json;

struct Folder {
  Folder() {
    std::string name = std::filesystem::temp_directory_path() / "sw-cli-XXXXXX";
    path = mkdtemp(name.data());
  }
  ~Folder() { std::filesystem::remove_all(path); }
  [[nodiscard]] std::string file(const std::string& name, std::string_view content) const {
    std::ofstream(path / name, std::ios::binary) << content;
    std::filesystem::permissions(path / name, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
    return path / name;
  }
  std::filesystem::path path;
};

struct Ended {
  int exit;
  std::string out;
  std::string err;
};

inline Ended ran(const std::filesystem::path& home, std::vector<std::string> arguments) {
  std::ostringstream out;
  std::ostringstream err;
  const int exit = faces::run(std::move(arguments), faces::Context{home, false, false, false, out, err});
  return {exit, out.str(), err.str()};
}

class Fake {
 public:
  explicit Fake(std::map<std::string, station::Response> answers) : x_answers(std::move(answers)) {
    auto opened = faces::open_api(
        x_loop, folder.path / "station.sock",
        [this](station::Request request, const auto& reply) {
          const std::string call = request.method + " " + request.path;
          const std::lock_guard lock(x_mutex);
          x_asked.push_back(request);
          if (silent) return x_unanswered.push_back(reply);
          const auto found = x_answers.find(call);
          reply(found == x_answers.end() ? station::Response{} : found->second);
        },
        x_feed);
    if (!opened) throw std::runtime_error(opened.error().what);
    x_listener = std::move(*opened);
    x_thread = std::thread([this] { x_loop.run(); });
  }
  ~Fake() {
    x_loop.stop();
    x_thread.join();
    x_listener.reset();
    x_unanswered.clear();  // a reply holds its connection, which must not outlive the loop
  }
  Ended run(std::vector<std::string> arguments) { return ran(folder.path, std::move(arguments)); }
  /// The newest request.
  station::Request asked() {
    const std::lock_guard lock(x_mutex);
    return x_asked.empty() ? station::Request{} : x_asked.back();
  }
  Folder folder;
  std::atomic<bool> silent = false;  ///< it takes calls and never answers

 private:
  std::map<std::string, station::Response> x_answers;
  std::mutex x_mutex;
  std::vector<station::Request> x_asked;
  std::vector<station::Reply> x_unanswered;
  QuietFeed x_feed;
  boost::asio::io_context x_loop;
  std::unique_ptr<station::ApiListener> x_listener;
  std::thread x_thread;
};

inline std::vector<std::string> words(const std::string& line) {
  std::istringstream in(line);
  std::vector<std::string> out;
  for (std::string word; in >> word;) out.push_back(word);
  return out;
}

/// A LINE of docs/api.md on which nothing is wrong.
inline json open_line() {
  return {{"name", "berlin"},
          {"state", "OPEN"},
          {"age_ms", 2100},
          {"blame", ""},
          {"detail", ""},
          {"machine_age_ms", 1000},
          {"watch", {{"initials", "AB"}, {"answered_age_ms", 720'000}}},
          {"healed_rounds", 14},
          {"heard", 16},
          {"strip", "||||||||.||||"},
          {"round_ms", 1000},
          {"rounds_opened", 99},
          {"paused_here", false},
          {"paused_there", false},
          {"their_store_full", false},
          {"venue", "direct"},
          {"pairing", "confirmed"},
          {"continuity", "whole"},
          {"continuity_check", nullptr},
          {"waiting", 0},
          {"unread", 0},
          {"acknowledge_by_ms", nullptr}};
}

}  // namespace sw::test
