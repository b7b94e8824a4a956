#pragma once
// A feed of which nothing ever comes, for doors whose events nobody watches.
#include "station/service.hpp"

namespace sw::test {

struct QuietFeed final : station::Feed {
  void join(station::Watcher&) override {}
  void leave(station::Watcher&) override {}
  std::optional<nlohmann::json> next(station::Watcher&) override { return std::nullopt; }
  bool knows(const station::Credentials& credentials) override { return credentials.cookie != "of a stranger"; }
};

}  // namespace sw::test
