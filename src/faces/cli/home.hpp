#pragma once
// The folder that a station lives in is this user's alone: whoever may write there can put sockets of their own in.
#include <filesystem>

#include "base/result.hpp"

namespace sw::faces {

/// A folder for this user alone. A full folder that others can read is somebody's for something else: it is left as it
/// is, Errc::refused. Errc::conflict where something else lies, Errc::io.
[[nodiscard]] Result<void> make_home(const std::filesystem::path& home);
/// The same for a home that must be there.
[[nodiscard]] Result<void> check_home(const std::filesystem::path& home);

}  // namespace sw::faces
