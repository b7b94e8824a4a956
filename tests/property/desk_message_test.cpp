// needs: desk
// The message codec (protocol 6.1): one encoding a message, every truncation and flip either refused or another
// message in its own right, never a crash.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "desk/message.hpp"
#include "desk/text.hpp"

namespace sw::desk {
namespace {

std::string some_initials(std::size_t least) {
  const auto letter = rc::gen::elementOf(std::string("ABCXYZabcxyz0189"));
  const auto n = *rc::gen::inRange<std::size_t>(least, 5);
  return *rc::gen::container<std::string>(n, letter);
}

std::string some_text(int least, int most) {
  static const std::vector<std::string> letters{"a", "Z",  " ",          "\n",   "é",     "я",
                                                "م", "中", "\U0001F54A", "\x1b", "\u202e"};
  std::string out;
  const int n = *rc::gen::inRange(least, most);
  for (int i = 0; i < n; ++i) out += *rc::gen::elementOf(letters);
  return out;
}

std::string some_post() {
  static const std::vector<std::string> posts{"", "Adviser", "Минобороны", "مستشار", std::string(64, 'p')};
  return *rc::gen::elementOf(posts);
}

MessageId some_ref() {
  MessageId out;
  for (auto& b : out.bytes) b = *rc::gen::arbitrary<std::uint8_t>();
  out.bytes[0] |= 1;
  return out;
}

/// Any message that the protocol allows.
Message some_message() {
  Message m;
  MessageHeader& h = m.header;
  h.kind = *rc::gen::element(Kind::text, Kind::stage, Kind::drill, Kind::drill_answer, Kind::watch, Kind::file,
                             Kind::read_back);
  h.precedence = *rc::gen::element(Precedence::flash, Precedence::immediate, Precedence::priority, Precedence::routine);
  h.created = UtcMs{*rc::gen::inRange<std::int64_t>(0, 253'402'300'799'999)};
  switch (h.kind) {
    case Kind::text:
      h.grade = *rc::gen::element(Grade::service, Grade::talk, Grade::note, Grade::notice);
      h.mark = *rc::gen::element(Mark::none, Mark::exercise, Mark::test);
      h.initials = some_initials(0);
      h.post = some_post();
      m.text = some_text(1, 60);
      break;
    case Kind::stage:
      h.ref = some_ref();
      h.stage = *rc::gen::element(Stage::read, Stage::translated, Stage::passed, Stage::seen, Stage::answered,
                                  Stage::declined, Stage::not_now);
      h.initials = some_initials(1);
      h.post = some_post();
      break;
    case Kind::drill: h.mark = Mark::test; break;
    case Kind::drill_answer:
      h.ref = some_ref();
      h.initials = some_initials(1);
      break;
    case Kind::watch: h.initials = some_initials(0); break;
    case Kind::file:
      h.grade = *rc::gen::element(Grade::service, Grade::talk, Grade::note, Grade::notice);
      h.precedence = Precedence::routine;
      m.file_name = *rc::gen::elementOf(std::vector<std::string>{"a", "план.pdf", "a b.tar.gz", std::string(128, 'n')});
      m.text = "\xff" + some_text(0, 60);
      break;
    case Kind::read_back:
      h.ref = some_ref();
      h.initials = some_initials(1);
      m.text = some_text(1, 60);
      break;
  }
  return m;
}

RC_GTEST_PROP(DeskMessage, ComesBackAsItWas, ()) {
  const Message message = some_message();
  const auto bytes = encode(message);
  RC_ASSERT(bytes.has_value());
  const auto back = decode(*bytes);
  RC_ASSERT(back.has_value());
  RC_ASSERT(*back == message);
}

RC_GTEST_PROP(DeskMessage, EveryTruncationIsRefusedOrAShorterText, ()) {
  const Message message = some_message();
  const Bytes bytes = encode(message).value();
  const std::size_t head = bytes.size() - message.text.size();
  for (std::size_t n = 0; n < bytes.size(); ++n) {
    const auto back = decode(ByteView(bytes).first(n));
    if (n <= head || message.text.empty()) RC_ASSERT(!back.has_value());
    if (back) RC_ASSERT(encode(*back).value() == to_bytes(ByteView(bytes).first(n)));
  }
}

RC_GTEST_PROP(DeskMessage, EveryFlipIsRefusedOrAnotherMessageOfTheSameBytes, ()) {
  const Bytes bytes = encode(some_message()).value();
  for (std::size_t bit = 0; bit < 8 * bytes.size(); ++bit) {
    Bytes flipped = bytes;
    flipped[bit / 8] ^= static_cast<std::uint8_t>(1U << (bit % 8));
    const auto back = decode(flipped);
    if (!back) continue;
    // Exactly one encoding each: what decodes encodes to the very same bytes.
    const auto again = encode(*back);
    RC_ASSERT(again.has_value());
    RC_ASSERT(*again == flipped);
  }
}

RC_GTEST_PROP(DeskMessage, AnyBytesAtAllAreHarmless, (const std::vector<std::uint8_t>& bytes)) {
  const auto back = decode(bytes);
  if (back) RC_ASSERT(encode(*back).value() == bytes);
}

RC_GTEST_PROP(DeskText, WhatIsVisibleActsOnNothing, (const std::vector<std::uint8_t>& bytes)) {
  const std::string text(as_text(bytes));
  for (const Lines lines : {Lines::keep, Lines::single}) {
    const std::string shown = visible(text, lines);
    RC_ASSERT(is_utf8(shown));
    std::string_view rest = shown;
    while (!rest.empty()) {
      const auto point = first_code_point(rest);
      const bool line_end = lines == Lines::keep && (point->value == U'\n' || point->value == U'\t');
      RC_ASSERT(line_end || !is_hidden(point->value));
      rest.remove_prefix(point->bytes);
    }
    RC_ASSERT(visible(shown, lines) == shown);
  }
}

TEST(DeskMessage, BoundsOfItsFields) {
  Message text;
  text.header.kind = Kind::text;
  text.text = std::string(kTextLimit, 'x');
  text.header.initials = "ABCD";
  text.header.post = std::string(64, 'p');
  ASSERT_TRUE(encode(text).has_value());
  EXPECT_LE(encode(text)->size(), wire::kMessageLimit);
  EXPECT_TRUE(decode(*encode(text)).has_value());
  text.text.push_back('x');
  EXPECT_EQ(encode(text).error().code, Errc::out_of_range);
  text.text = "x";
  for (const std::int64_t at : {std::int64_t{-1}, std::int64_t{253'402'300'800'000}, INT64_MIN, INT64_MAX}) {
    text.header.created = UtcMs{at};
    EXPECT_EQ(encode(text).error().code, Errc::usage) << at;
    EXPECT_TRUE([&] {
      text.header.created = wire_time(UtcMs{at});
      return encode(text).has_value();
    }());
  }
}

TEST(DeskMessage, FieldsThatDoNotFitTheirKind) {
  Message drill;
  drill.header.kind = Kind::drill;
  drill.header.mark = Mark::test;
  ASSERT_TRUE(encode(drill).has_value());
  drill.text = "a drill has no text";
  EXPECT_EQ(encode(drill).error().code, Errc::usage);
  Message text;
  text.header.kind = Kind::text;
  EXPECT_EQ(encode(text).error().code, Errc::usage);  // no text
  text.text = "x";
  text.header.stage = Stage::read;
  EXPECT_EQ(encode(text).error().code, Errc::usage);
  Message stage;
  stage.header.kind = Kind::stage;
  stage.header.stage = Stage::read;
  stage.header.initials = "AB";
  EXPECT_EQ(encode(stage).error().code, Errc::usage);  // of which message?
  stage.header.ref = {{1}};
  EXPECT_TRUE(encode(stage).has_value());
  stage.header.stage = Stage::stored;  // no person sets it
  EXPECT_EQ(encode(stage).error().code, Errc::usage);
}

}  // namespace
}  // namespace sw::desk
