// needs: desk
// The bytes that DATA carries (protocol 6.1): strict, so that each message has exactly one encoding.
#include "desk/message.hpp"
#include "desk/text.hpp"
#include "fuzz/fuzz.hpp"

namespace sw::fuzz {

void run(ByteView data) {
  const auto message = desk::decode(data);
  if (!message) return;
  const auto bytes = desk::encode(*message);
  SW_ASSERT(bytes && same(*bytes, data));
  const bool file = message->header.kind == desk::Kind::file;
  SW_ASSERT(file || desk::is_utf8(message->text));
  SW_ASSERT(desk::visible(message->header.post, desk::Lines::single) == message->header.post);
  // The name of a file acts on no screen and reaches no other folder.
  SW_ASSERT(file == !message->file_name.empty() && message->file_name.find('/') == std::string::npos);
  SW_ASSERT(desk::visible(message->file_name, desk::Lines::single) == message->file_name && message->file_name != "..");
  SW_ASSERT(desk::wire_time(message->header.created) == message->header.created);
}

std::vector<Bytes> seeds() {
  std::vector<Bytes> out;
  const auto add = [&](desk::Kind kind, std::string text, bool ref, std::string initials) {
    desk::Message message;
    message.header.kind = kind;
    if (kind == desk::Kind::drill) message.header.mark = desk::Mark::test;
    if (kind == desk::Kind::stage) message.header.stage = desk::Stage::passed;
    if (ref) message.header.ref.bytes[0] = 1;
    message.header.created = UtcMs{1'790'000'000'000};
    message.header.initials = std::move(initials);
    message.header.post = "Conseiller é";
    message.text = std::move(text);
    if (kind == desk::Kind::file) message.file_name = "план.pdf";
    if (kind == desk::Kind::read_back) message.header.grade = desk::Grade::service;
    const auto bytes = desk::encode(message);
    SW_ASSERT(bytes.has_value());
    out.push_back(*bytes);
  };
  add(desk::Kind::text, "THE QUICK BROWN FOX \xd9\x85", false, "AB");
  add(desk::Kind::stage, "", true, "AB");
  add(desk::Kind::drill, "", false, "");
  add(desk::Kind::drill_answer, "", true, "C3");
  add(desk::Kind::watch, "", false, "D");
  add(desk::Kind::file, std::string("\0\xff bytes", 8), true, "");
  add(desk::Kind::read_back, "the quick brown fox", true, "AB");
  return out;
}

}  // namespace sw::fuzz
