// needs: desk
// Hostile text: what may enter, how it is shown, and which names a person could confuse.
#include <gtest/gtest.h>

#include "desk/message.hpp"
#include "desk/text.hpp"

namespace sw::desk {
namespace {

TEST(Text, StrictUtf8) {
  for (const char* good : {"", "abc", "мир", "السلام", "和平", "\U0001F54A", "\xef\xbf\xbf", "\xf4\x8f\xbf\xbf"}) {
    EXPECT_TRUE(is_utf8(good)) << good;
  }
  for (const char* bad : {"\x80", "\xbf", "\xc0\xaf", "\xc1\xbf", "\xe0\x80\xaf", "\xe0\x9f\xbf", "\xf0\x80\x80\xaf",
                          "\xf0\x8f\xbf\xbf", "\xed\xa0\x80", "\xed\xbf\xbf", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80",
                          "\xff", "\xfe", "\xc3", "\xe2\x82", "\xf0\x9f\x95", "\xc3(", "a\xe2(\xa1"}) {
    EXPECT_FALSE(is_utf8(bad)) << bad;
  }
  EXPECT_TRUE(is_utf8(std::string_view("a\0b", 3)));
}

TEST(Text, ChecksSayWhatIsWrong) {
  EXPECT_EQ(check_text("").error().code, Errc::usage);
  EXPECT_EQ(check_text(std::string(kTextLimit + 1, 'x')).error().code, Errc::out_of_range);
  EXPECT_TRUE(check_text(std::string(kTextLimit, 'x')).has_value());
  const auto bad = check_text("мир\xff");
  EXPECT_EQ(bad.error().code, Errc::malformed);
  EXPECT_NE(bad.error().what.find("byte 7"), std::string::npos) << bad.error().what;
  EXPECT_TRUE(check_text("\x1b[2J \u202e stays as it is").has_value());  // kept as sent, shown as visible()
}

TEST(Text, NothingActsOnTheScreen) {
  const std::vector<std::pair<std::string, std::string>> table{
      {"plain text", "plain text"},
      {"two\nlines\tand a tab", "two\nlines\tand a tab"},
      {"dos\r\nline", "dos\nline"},
      {"over\rwritten", "over<U+000D>written"},
      {"\x1b[31mred\x1b[0m", "<U+001B>[31mred<U+001B>[0m"},
      {"\x1b]0;title\a", "<U+001B>]0;title<U+0007>"},
      {"\b\b\b\x7f", "<U+0008><U+0008><U+0008><U+007F>"},
      {"\u009b31m\u0085", "<U+009B>31m<U+0085>"},  // C1: an escape of one character
      {"abc\u202egnp.exe\u202c", "abc<U+202E>gnp.exe<U+202C>"},
      {"\u2066\u2067\u2068\u2069", "<U+2066><U+2067><U+2068><U+2069>"},
      {"\u200e\u200f\u061c", "<U+200E><U+200F><U+061C>"},
      {"zero\u200bwidth\u2060\ufeff\u00ad", "zero<U+200B>width<U+2060><U+FEFF><U+00AD>"},
      {"\u2028\u2029", "<U+2028><U+2029>"},
      {"\u3164\u115f\u2800", "<U+3164><U+115F><U+2800>"},
      {"\ue000\ufdd0\uffff\U0010ffff\U000e0041", "<U+E000><U+FDD0><U+FFFF><U+10FFFF><U+E0041>"},
      {"bad\xff\xc3(", "bad<FF><C3>("},
      {"\xed\xa0\x80", "<ED><A0><80>"},
      {"مرحبا بكم، 你好, мир", "مرحبا بكم، 你好, мир"},
  };
  for (const auto& [text, shown] : table) EXPECT_EQ(visible(text), shown);
  EXPECT_EQ(visible("a\n\tb\r\nc", Lines::single), "a<U+000A><U+0009>b<U+000D><U+000A>c");
  EXPECT_EQ(visible(std::string_view("a\0b", 3)), "a<U+0000>b");
  EXPECT_EQ(visible(""), "");
}

TEST(Text, WhatIsHiddenIsHiddenEverywhere) {
  for (char32_t c = 0; c <= 0x10FFFF; ++c) {
    const bool control = c < 0x20 || (c >= 0x7F && c < 0xA0);
    const bool bidi =
        c == 0x061C || (c >= 0x200E && c <= 0x200F) || (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
    const bool none = (c & 0xFFFE) == 0xFFFE || (c >= 0xFDD0 && c <= 0xFDEF);
    if (!control && !bidi && !none) continue;
    ASSERT_TRUE(is_hidden(c)) << static_cast<std::uint32_t>(c);
  }
  for (const char32_t c : {U' ', U'a', U'é', U'م', U'中', U'\u00A0', U'\u0301'}) EXPECT_FALSE(is_hidden(c));
}

TEST(Names, WhatALineMayBeCalled) {
  for (const char* good : {"a", "Foreign Ministry, North", "Женева 2", "القاهرة", "北京", "a-b_c.d", "status"}) {
    EXPECT_TRUE(check_line_name(good).has_value()) << good;
  }
  EXPECT_TRUE(check_line_name(std::string(64, 'x')).has_value());
  for (const std::string& bad : {std::string(), std::string(65, 'x'), std::string(" a"), std::string("a "),
                                 std::string("a  b"), std::string("a/b"), std::string("a\nb"), std::string("a\x1b[0m"),
                                 std::string("\u202ea"), std::string("a\u200bb"), std::string("\xff"),
                                 std::string("a\u00a0b"), std::string("a\u3000b"), std::string("a\0b", 3)}) {
    EXPECT_EQ(check_line_name(bad).error().code, Errc::usage) << visible(bad);
  }
}

TEST(Names, WhichAPersonCouldConfuse) {
  const std::vector<std::pair<const char*, const char*>> alike{
      {"paris", "PARIS"}, {"paris", "p\u0430ris"}, {"paris", "\u0440\u0430ris"},
      {"a b", "ab"},      {"line1", "linel"},      {"line1", "line|"},
      {"l0", "lo"},       {"мир", "МИР"},          {"kiev", "\u03bai\u0435\u03bd"}};
  for (const auto& [a, b] : alike) {
    EXPECT_TRUE(look_alike(a, b)) << a << " " << b;
    EXPECT_TRUE(look_alike(b, a));
  }
  for (const auto& [a, b] : std::vector<std::pair<const char*, const char*>>{
           {"paris", "rome"}, {"north", "south"}, {"a", ""}, {"line 1", "line 2"}, {"القاهرة", "القاهره"}}) {
    EXPECT_FALSE(look_alike(a, b)) << a << " " << b;
  }
}

TEST(Initials, AreOneToFourLettersOrDigits) {
  for (const char* good : {"A", "AB", "ab1", "0000"}) EXPECT_TRUE(check_initials(good).has_value());
  for (const char* bad : {"", "ABCDE", "A B", "А", "A-", "\n", "\xff"}) EXPECT_FALSE(check_initials(bad).has_value());
  EXPECT_TRUE(check_post("").has_value());
  EXPECT_TRUE(check_post(std::string(64, 'x')).has_value());
  for (const char* bad : {"a\nb", "\x1b", "\u202e", "\xff"}) EXPECT_FALSE(check_post(bad).has_value());
}

}  // namespace
}  // namespace sw::desk
