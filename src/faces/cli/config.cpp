#include "faces/cli/config.hpp"

#define TOML_HEADER_ONLY 1
#define TOML_EXCEPTIONS 0
#include <toml++/toml.h>

#include <algorithm>
#include <array>
#include <optional>
#include <vector>

#include "faces/cli/layout.hpp"
#include "faces/cli/nearest.hpp"
#include "faces/cli/terminal.hpp"
#include "wire/endpoint.hpp"

namespace sw::faces {
namespace {

constexpr std::size_t kConfigLimit = 64 * 1024;

/// One known key and how its value is taken; a sentence when it is wrong.
struct Key {
  std::string_view section;
  std::string_view name;
  std::optional<std::string> (*take)(Config&, const toml::node&);
};

std::optional<std::string> take_listen(Config& config, const toml::node& node) {
  const auto text = node.value_exact<std::string>();
  if (!text || !wire::parse_endpoint(*text)) return "must be \"HOST:PORT\" with a numeric address, as \"0.0.0.0:7144\"";
  config.listen = *text;
  return std::nullopt;
}

constexpr std::array<Key, 1> kKeys{{{"carrier", "listen", take_listen}}};

std::string where(const toml::source_region& source) {
  return "stillwire.toml, line " + std::to_string(source.begin.line) + ": ";
}

std::unexpected<Error> unknown(std::string_view what, std::string_view word, const toml::node& node,
                               const std::vector<std::string_view>& known) {
  return fail(Errc::usage, where(node.source()) + "unknown " + std::string(what) + " \"" + shown(word) + "\"" +
                               did_you_mean(word, known));
}

Result<void> read_section(Config& config, std::string_view section, const toml::table& table) {
  std::vector<std::string_view> known;
  for (const Key& key : kKeys) {
    if (key.section == section) known.push_back(key.name);
  }
  for (const auto& [name, node] : table) {
    const auto* key =
        std::ranges::find_if(kKeys, [&](const Key& k) { return k.section == section && k.name == name.str(); });
    if (key == kKeys.end()) return unknown("key", name.str(), node, known);
    if (const auto wrong = key->take(config, node)) {
      return fail(Errc::usage, where(node.source()) + std::string(name.str()) + " " + *wrong);
    }
  }
  return {};
}

}  // namespace

Result<Config> parse_config(std::string_view text) {
  const toml::parse_result parsed = toml::parse(text);
  if (!parsed) {
    return fail(Errc::usage, where(parsed.error().source()) + shown(parsed.error().description()));
  }
  std::vector<std::string_view> sections;
  for (const Key& key : kKeys) sections.push_back(key.section);
  Config out;
  for (const auto& [name, node] : parsed.table()) {
    const bool known = std::ranges::find(sections, name.str()) != sections.end();
    if (!known) return unknown(node.is_table() ? "section" : "key", name.str(), node, sections);
    const toml::table* table = node.as_table();
    if (table == nullptr) return fail(Errc::usage, where(node.source()) + std::string(name.str()) + " is a section");
    if (auto read = read_section(out, name.str(), *table); !read) return std::unexpected(read.error());
  }
  return out;
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
