#pragma once
// Ids as people type them: the beginning is enough where no other message begins so.
#include <string>

#include "faces/cli/client.hpp"

namespace sw::faces {

/// The full id of the one message that begins with `typed` (4 to 32 hexadecimal digits).
[[nodiscard]] Outcome<std::string> full_id(Client& client, const std::string& typed);

}  // namespace sw::faces
