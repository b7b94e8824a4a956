#include "store/version.hpp"

#include <sqlite3.h>

namespace sw::store {

std::string sqlite_version() {
  return sqlite3_libversion();
}

}  // namespace sw::store
