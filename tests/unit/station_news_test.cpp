// needs: station
// The numbers of what changes: whoever was away is told everything after the last number it saw, and nothing else.
#include <gtest/gtest.h>

#include "station/news.hpp"

namespace sw::station {
namespace {

MessageId message(std::uint8_t n) {
  return {{n}};
}
desk::RecordKey key(std::uint8_t n) {
  return {desk::RecordKind::message, message(n).bytes};
}

/// All that a watcher is told from that number on; a reset shows as message 0.
std::vector<std::uint8_t> told(const News& news, std::uint64_t since) {
  std::vector<std::uint8_t> out;
  while (const auto item = news.after(since)) {
    since = item->number;
    out.push_back(item->message ? item->message->bytes[0] : 0);
    if (out.size() > 100) break;
  }
  EXPECT_EQ(since, news.last());
  return out;
}
using Told = std::vector<std::uint8_t>;

TEST(News, TellsWhatChangedInItsOrderAndEachMessageOnce) {
  News news(1000);
  EXPECT_EQ(told(news, 0), (Told{0}));
  news.changed(message(1));
  news.changed(message(2));
  const std::uint64_t seen = news.last();
  news.changed(message(3));
  news.changed(message(1));
  news.changed(message(1));
  EXPECT_EQ(told(news, 0), (Told{0, 2, 3, 1}));
  EXPECT_EQ(told(news, seen), (Told{3, 1}));
  EXPECT_EQ(told(news, news.last()), Told{});
}

TEST(News, ANumberOfAnotherProcessStartsOver) {
  News news(1000);
  news.changed(message(1));
  EXPECT_EQ(told(news, 999), (Told{0, 1}));
  EXPECT_EQ(told(news, 5000), (Told{0, 1}));
  EXPECT_EQ(told(news, UINT64_MAX), (Told{0, 1}));
}

TEST(News, WhatIsGoneMakesEverybodyStartOver) {
  News news(1000);
  for (std::uint8_t n = 1; n <= 4; ++n) news.changed(message(n));
  const std::uint64_t seen = news.last();
  const std::vector<desk::RecordKey> others{{desk::RecordKind::ledger, {1}}, key(9)};
  news.erased(others);
  EXPECT_EQ(told(news, seen), Told{}) << "nothing that a watcher knows was erased";
  const std::vector<desk::RecordKey> gone{key(2), {desk::RecordKind::ledger, {3}}, key(4)};
  news.erased(gone);
  EXPECT_EQ(told(news, seen), (Told{0, 1, 3}));
  const std::uint64_t before = news.last();
  news.changed(message(5));
  EXPECT_EQ(told(news, before), (Told{5}));
  // In the middle of starting over it starts over again.
  const std::uint64_t middle = news.after(0)->number;
  news.erased(std::vector{key(1)});
  EXPECT_EQ(told(news, middle), (Told{0, 3, 5}));
}

}  // namespace
}  // namespace sw::station
