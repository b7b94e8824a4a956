#pragma once
// Text of one `key value` a line, LF, in a fixed order: relay cards and venue files, protocol 8.6. One text has one
// form: no line may be missing, turned or added, no number has a leading zero.
#include <string>
#include <string_view>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "wire/endpoint.hpp"

namespace sw::mix {

/// Reads line after line; the first failure sticks and what follows reads as nothing, as with wire::Reader.
class KeyLines {
 public:
  /// `what` is for the sentences: "the venue file". Texts above kVenueTextLimit fail at once.
  KeyLines(std::string_view what, std::string_view text);

  /// Does the next line have this key?
  [[nodiscard]] bool next_is(std::string_view key) const;
  std::string_view value(std::string_view key);
  /// A line whose value is this one.
  void exact(std::string_view key, std::string_view value);
  /// A whole number of 32 bits.
  std::uint32_t number(std::string_view key);
  std::string name(std::string_view key);
  wire::Endpoint endpoint(std::string_view key);
  template <std::size_t N>
  ByteArray<N> bytes(std::string_view key) {
    ByteArray<N> out{};
    base64(value(key), key, out);
    return out;
  }
  /// The same from a value that value() gave.
  template <std::size_t N>
  ByteArray<N> bytes_of(std::string_view text, std::string_view key) {
    ByteArray<N> out{};
    base64(text, key, out);
    return out;
  }
  void wrong(const std::string& sentence);

  /// Bytes read so far: the text before the next line.
  [[nodiscard]] std::size_t at() const { return x_text.size() - x_rest.size(); }
  [[nodiscard]] bool ok() const { return x_error.what.empty(); }
  /// Nothing is left over, and nothing failed.
  [[nodiscard]] bool expect_end();
  [[nodiscard]] Error error() const { return x_error; }

 private:
  void base64(std::string_view text, std::string_view key, MutableBytes out);
  std::string_view x_what;
  std::string_view x_text;
  std::string_view x_rest;
  std::size_t x_line = 0;  ///< of the newest value
  Error x_error;
};

void put_line(std::string& out, std::string_view key, std::string_view value);
/// base64url without padding, for public bytes.
[[nodiscard]] std::string base64_text(ByteView bytes);

}  // namespace sw::mix
