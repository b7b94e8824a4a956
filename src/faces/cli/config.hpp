#pragma once
// HOME/stillwire.toml. Every key has a good default, so most homes have none; a key that is not known is an error.
// Of TOML it takes sections, keys and plain values, one to a line: the parsers at hand trip over text that is none.
#include <filesystem>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace sw::faces {

struct Config {
  std::string listen = "0.0.0.0:7144";  ///< [carrier] listen: where the carrier takes frames, HOST:PORT
  std::string desk = "127.0.0.1:0";     ///< [station] desk: where the desk's page is, on loopback; port 0: a free one
  bool desk_named = false;              ///< the file says where
};

/// A missing file is all defaults. Errc::usage with the line and, for an unknown key, the nearest known one.
[[nodiscard]] Result<Config> parse_config(std::string_view text);
[[nodiscard]] Result<Config> read_config(const std::filesystem::path& home);

}  // namespace sw::faces
