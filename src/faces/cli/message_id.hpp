#pragma once
// Ids as people type them: the beginning is enough where nothing else begins so.
#include <string>

#include "faces/cli/client.hpp"

namespace sw::faces {

/// The full id of the one of the list (messages or drafts) that begins with `typed` (4 to 32 hexadecimal digits).
[[nodiscard]] Outcome<std::string> full_id(Client& client, const std::string& typed,
                                           const std::string& list = "messages");

}  // namespace sw::faces
