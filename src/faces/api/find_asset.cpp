#include <algorithm>
#include <array>
#include <utility>

#include "faces/api/assets.hpp"

namespace sw::faces {

const Asset* find_asset(std::string_view target) {
  if (!target.starts_with('/')) return nullptr;
  const std::string_view path = target == "/" ? "index.html" : target.substr(1);
  const auto all = assets();
  const auto found = std::ranges::find(all, path, &Asset::path);
  return found == all.end() ? nullptr : &*found;
}

std::string_view type_of(const Asset& asset) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 10> kTypes{{
      {".html", "text/html; charset=utf-8"},
      {".js", "text/javascript; charset=utf-8"},
      {".css", "text/css; charset=utf-8"},
      {".json", "application/json"},
      {".ftl", "text/plain; charset=utf-8"},
      {".svg", "image/svg+xml"},
      {".png", "image/png"},
      {".woff2", "font/woff2"},
      {".wav", "audio/wav"},
      {".ogg", "audio/ogg"},
  }};
  for (const auto& [end, type] : kTypes) {
    if (asset.path.ends_with(end)) return type;
  }
  return "application/octet-stream";
}

}  // namespace sw::faces
