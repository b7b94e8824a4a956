#pragma once
// Which SQLite does the work on this machine, as it says at run time.
#include <string>

namespace sw::store {

[[nodiscard]] std::string sqlite_version();  ///< "3.40.1"

}  // namespace sw::store
