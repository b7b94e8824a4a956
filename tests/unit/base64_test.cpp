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

TEST(Base64, WithPaddingIsOneEncodingOfEachBytes) {
  for (const auto& [bytes, text] :
       {std::pair(std::string(), ""), std::pair(std::string("\xfb"), "+w=="),
        std::pair(std::string("\xff\xf0"), "//A="), std::pair(std::string("abc"), "YWJj")}) {
    EXPECT_EQ(as_text(crypto::to_base64(as_bytes(bytes)).view()), text);
    const auto back = crypto::from_base64(text);
    ASSERT_TRUE(back) << text;
    EXPECT_EQ(as_text(back->view()), bytes);
  }
  for (const char* text : {"+w", "+w=", "+w===", "-w==", "//B=", "YWJj\n", " YWJj", "Y=Jj", "\x80WJj"}) {
    EXPECT_FALSE(crypto::from_base64(text)) << text;
  }
}

}  // namespace
}  // namespace sw
