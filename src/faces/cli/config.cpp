#include "faces/cli/config.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <vector>

#include "faces/api/desk.hpp"
#include "faces/cli/layout.hpp"
#include "faces/cli/nearest.hpp"
#include "faces/cli/terminal.hpp"
#include "wire/endpoint.hpp"

namespace sw::faces {
namespace {

constexpr std::size_t kConfigLimit = 64 * 1024;

/// A value as the file has it; `text` only for one in quotes.
struct Value {
  std::optional<std::string_view> text;
};

/// One known key and how its value is taken; a sentence when it is wrong.
struct Key {
  std::string_view section;
  std::string_view name;
  std::optional<std::string> (*take)(Config&, const Value&);
};

std::optional<std::string> take_listen(Config& config, const Value& value) {
  if (!value.text || !wire::parse_endpoint(*value.text)) {
    return "must be \"HOST:PORT\" with a numeric address, as \"0.0.0.0:7144\"";
  }
  config.listen = *value.text;
  return std::nullopt;
}

std::optional<std::string> take_desk(Config& config, const Value& value) {
  if (!value.text || !parse_desk_address(*value.text)) {
    return "must be \"HOST:PORT\" on this machine's loopback, as \"127.0.0.1:0\" (0: a free port)";
  }
  config.desk = *value.text;
  config.desk_named = true;
  return std::nullopt;
}

constexpr std::array<Key, 2> kKeys{{{"carrier", "listen", take_listen}, {"station", "desk", take_desk}}};

/// What a line of the file says, from left to right.
class Scanner {
 public:
  explicit Scanner(std::string_view line) : x_rest(line) { space(); }

  /// Nothing more but a comment.
  [[nodiscard]] bool done() const { return x_rest.empty() || x_rest.front() == '#'; }
  [[nodiscard]] bool next_is(char c) const { return x_rest.starts_with(c); }
  bool eat(char c) {
    if (!next_is(c)) return false;
    x_rest.remove_prefix(1);
    space();
    return true;
  }
  /// Letters, digits, '-', '_' and what else is in `more`; empty where there are none.
  std::string_view word(std::string_view more = {}) {
    const auto fits = [&](char c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
             more.find(c) != std::string_view::npos;
    };
    return take(static_cast<std::size_t>(std::ranges::find_if_not(x_rest, fits) - x_rest.begin()));
  }
  std::optional<Value> value() {
    if (!next_is('"')) {
      const std::string_view number = word("+.:");
      return number.empty() ? std::nullopt : std::optional(Value{});
    }
    const std::size_t end = x_rest.find_first_of("\"\\", 1);
    if (end == std::string_view::npos || x_rest[end] == '\\') return std::nullopt;
    return Value{take(end + 1).substr(1, end - 1)};
  }

 private:
  void space() { x_rest.remove_prefix(std::min(x_rest.find_first_not_of(" \t"), x_rest.size())); }
  std::string_view take(std::size_t n) {
    const std::string_view out = x_rest.substr(0, n);
    x_rest.remove_prefix(n);
    space();
    return out;
  }
  std::string_view x_rest;
};

class Parser {
 public:
  /// Nothing, or what is wrong with the line.
  [[nodiscard]] std::optional<std::string> read(std::string_view line) {
    if (!is_utf8(line)) return "is not UTF-8";
    Scanner in(line);
    if (in.done()) return std::nullopt;
    if (in.eat('[')) return read_section(in);
    const std::string_view name = in.word();
    if (name.empty() || !in.eat('=')) return "a line is [section], key = value, or a comment that begins with #";
    const auto value = in.value();
    if (!value || !in.done()) return "a value is a number, true, false, or \"text\" without a backslash";
    return read_key(name, *value);
  }
  [[nodiscard]] const Config& config() const { return x_config; }

 private:
  static std::string unknown(std::string_view what, std::string_view word, const std::vector<std::string_view>& known) {
    return "unknown " + std::string(what) + " \"" + std::string(word) + "\"" + did_you_mean(word, known);
  }
  static std::vector<std::string_view> sections() {
    std::vector<std::string_view> out;
    out.reserve(kKeys.size());
    for (const Key& key : kKeys) out.push_back(key.section);
    return out;
  }
  std::optional<std::string> read_section(Scanner& in) {
    const std::string_view name = in.word();
    if (name.empty() || !in.eat(']') || !in.done()) return "a section is one name in brackets, as [carrier]";
    const auto known = sections();
    if (std::ranges::find(known, name) == known.end()) return unknown("section", name, known);
    if (!x_sections.insert(std::string(name)).second) return "section [" + std::string(name) + "] stands twice";
    x_section = name;
    return std::nullopt;
  }
  std::optional<std::string> read_key(std::string_view name, const Value& value) {
    if (x_section.empty()) {
      const auto known = sections();
      const bool section = std::ranges::find(known, name) != known.end();
      return section ? std::string(name) + " is a section" : unknown("key", name, known);
    }
    std::vector<std::string_view> known;
    for (const Key& key : kKeys) {
      if (key.section != x_section) continue;
      known.push_back(key.name);
      if (key.name != name) continue;
      if (!x_keys.insert(x_section + "." + std::string(name)).second) return std::string(name) + " stands twice";
      const auto wrong = key.take(x_config, value);
      return wrong ? std::optional(std::string(name) + " " + *wrong) : std::nullopt;
    }
    return unknown("key", name, known);
  }

  Config x_config;
  std::string x_section;
  std::set<std::string> x_sections;
  std::set<std::string> x_keys;
};

}  // namespace

Result<Config> parse_config(std::string_view text) {
  Parser parser;
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (const auto wrong = parser.read(line)) {
      return fail(Errc::usage, "stillwire.toml, line " + std::to_string(number) + ": " + *wrong);
    }
  }
  return parser.config();
}

Result<Config> read_config(const std::filesystem::path& home) {
  const std::filesystem::path file = home / "stillwire.toml";
  std::error_code error;
  if (!std::filesystem::exists(file, error)) return Config{};
  const auto text = read_text(file.native(), kConfigLimit);
  if (!text) return fail(Errc::usage, "stillwire.toml cannot be read, or is larger than 64 KiB");
  return parse_config(*text);
}

}  // namespace sw::faces
