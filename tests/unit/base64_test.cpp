// needs: crypto
#include "crypto/base64.hpp"

#include <gtest/gtest.h>

#include <string>

namespace sw {
namespace {

TEST(Base64, TakesNoCharacterAbove127) {
  ASSERT_TRUE(crypto::from_base64url("QUJDD-_A"));
  for (int c = 128; c < 256; ++c) {
    for (std::size_t at = 0; at < 8; ++at) {
      std::string text = "QUJDD-_A";
      text[at] = static_cast<char>(c);
      EXPECT_FALSE(crypto::from_base64url(text)) << c << " at " << at;
    }
  }
}

}  // namespace
}  // namespace sw
