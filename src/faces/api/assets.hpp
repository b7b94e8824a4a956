#pragma once
// The desk's page, as it was built (web/): files inside the program, by their paths.
#include <span>
#include <string_view>

#include "base/bytes.hpp"

namespace sw::faces {

struct Asset {
  std::string_view path;  ///< "index.html", "assets/desk.js"
  ByteView bytes;
};

/// All of them; none where the page was not built.
[[nodiscard]] std::span<const Asset> assets();
/// Of the target "/", "/index.html", "/assets/desk.js"; null when there is none.
[[nodiscard]] const Asset* find_asset(std::string_view target);
[[nodiscard]] std::string_view type_of(const Asset& asset);

}  // namespace sw::faces
