#pragma once
// From the parts of an HTTP request to the station's Request, strictly: what is not understood is refused with a
// sentence, never guessed.
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "station/service.hpp"

namespace sw::faces {

/// Nesting of a JSON body; the deepest body of docs/api.md has 2.
inline constexpr int kJsonDepthLimit = 8;
inline constexpr std::size_t kApiBodyLimit = 1536 * 1024;
inline constexpr std::size_t kApiHeaderLimit = 16 * 1024;

/// One JSON object, UTF-8, no repeated key, at most kJsonDepthLimit deep. Errc::malformed.
[[nodiscard]] Result<nlohmann::json> parse_json_object(std::string_view text);

/// `method` GET or POST, `target` "/api/v1/..." with an optional query; an empty `body` is {}.
/// Errc::usage, Errc::not_found (outside /api/v1/), Errc::malformed.
[[nodiscard]] Result<station::Request> read_request(std::string_view method, std::string_view target,
                                                    std::string_view body);

/// `text` as one segment of a path or one value of a query.
[[nodiscard]] std::string percent_encoded(std::string_view text);

}  // namespace sw::faces
