// needs: faces
// Configurations that are none, and what a good one may look like.
#include "faces/cli/config.hpp"

#include <gtest/gtest.h>

namespace sw {
namespace {

TEST(Config, WhatIsNoneIsAUsageErrorWithItsLine) {
  for (const char* text :
       {"[[\x02Oa]+", "[[=]]", "[=]", "[[\xc3\xa9]]", "[ \x7f]", "[[", "[carrier", "[carrier]x", "[]", "=",
        "[carrier]\n[carrier]", "x = \xcb\x96", "[carrier]\nlisten \"0.0.0.0:1\"", "[carrier]\nlisten = \"0.0.0.0:1",
        "[carrier]\nlisten = \"\\u0031\"", "[carrier]\nlisten = \"0.0.0.0:1\" 2",
        "[carrier]\nlisten = \"0.0.0.0:1\"\nlisten = \"0.0.0.0:2\"", "[carrier]\nlisten = '0.0.0.0:1'", "# \xff"}) {
    const auto config = faces::parse_config(text);
    ASSERT_FALSE(config) << text;
    EXPECT_EQ(config.error().code, Errc::usage);
    EXPECT_TRUE(config.error().what.starts_with("stillwire.toml, line ")) << config.error().what;
  }
}

TEST(Config, MayHaveCommentsAndAnyLineEnds) {
  const auto config =
      faces::parse_config("# \xd8\xae\xd8\xb7 [x\r\n\r\n  [ carrier ]  # one\r\n\tlisten=\"[::]:5\"# \"two\"\n#");
  ASSERT_TRUE(config) << config.error().what;
  EXPECT_EQ(config->listen, "[::]:5");
}

}  // namespace
}  // namespace sw
