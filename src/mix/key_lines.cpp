#include "mix/key_lines.hpp"

#include <algorithm>
#include <charconv>

#include "crypto/base64.hpp"
#include "wire/sizes.hpp"
#include "wire/text.hpp"

namespace sw::mix {

KeyLines::KeyLines(std::string_view what, std::string_view text) : x_what(what), x_text(text), x_rest(text) {
  if (text.size() <= wire::kVenueTextLimit) return;
  x_error = {Errc::out_of_range, std::string(what) + " is longer than 16 KiB"};
}

void KeyLines::wrong(const std::string& sentence) {
  if (!ok()) return;
  x_error = {Errc::malformed, "line " + std::to_string(x_line) + " of " + std::string(x_what) + " " + sentence};
}

bool KeyLines::next_is(std::string_view key) const {
  return ok() && x_rest.starts_with(key) && x_rest.substr(key.size()).starts_with(' ');
}

std::string_view KeyLines::value(std::string_view key) {
  ++x_line;
  const std::size_t end = x_rest.find('\n');
  if (!next_is(key) || end == std::string_view::npos) {
    wrong("must be \"" + std::string(key) + " ...\" and end with a line feed");
    return {};
  }
  const std::string_view out = x_rest.substr(key.size() + 1, end - key.size() - 1);
  x_rest.remove_prefix(end + 1);
  return out;
}

void KeyLines::exact(std::string_view key, std::string_view value_wanted) {
  if (value(key) != value_wanted) wrong("must be \"" + std::string(key) + " " + std::string(value_wanted) + "\"");
}

std::uint32_t KeyLines::number(std::string_view key) {
  const std::string_view text = value(key);
  std::uint32_t out = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (error != std::errc{} || end != text.data() + text.size() || std::to_string(out) != text) {
    wrong("must have a whole number for " + std::string(key));
    return 0;
  }
  return out;
}

std::string KeyLines::name(std::string_view key) {
  const std::string_view text = value(key);
  if (const auto good = wire::check_name(text); !good) wrong("has no good text for " + std::string(key));
  return std::string(text);
}

wire::Endpoint KeyLines::endpoint(std::string_view key) {
  const std::string_view text = value(key);
  const auto out = wire::parse_endpoint(text);
  if (!out || wire::to_text(*out) != text) {
    wrong("must have a numeric address and a port, as 192.0.2.1:7144, in its one form");
    return {};
  }
  return *out;
}

void KeyLines::base64(std::string_view text, std::string_view key, MutableBytes out) {
  const auto bytes = crypto::from_base64url(text);
  if (!bytes || bytes->size() != out.size()) {
    wrong("must have " + std::to_string(out.size()) + " bytes in base64url for " + std::string(key));
    return;
  }
  std::ranges::copy(bytes->view(), out.begin());
}

bool KeyLines::expect_end() {
  if (x_rest.empty()) return ok();
  ++x_line;
  wrong("does not belong there");
  return false;
}

void put_line(std::string& out, std::string_view key, std::string_view value) {
  out.append(key).append(" ").append(value).append("\n");
}

std::string base64_text(ByteView bytes) {
  return std::string(as_text(crypto::to_base64url(bytes).view()));
}

}  // namespace sw::mix
