#include "faces/cli/home.hpp"

#include <sys/stat.h>

#include <cerrno>
#include <cstring>

#include "faces/cli/layout.hpp"

namespace sw::faces {

namespace fs = std::filesystem;

Result<void> check_home(const fs::path& home) {
  const std::string name = shown(home.native());
  struct stat found{};
  if (stat(home.c_str(), &found) != 0) {
    if (errno == ENOENT) return fail(Errc::not_found, "there is no home at " + name + "; make it with: stillwire init");
    return fail(Errc::io, "the home " + name + " cannot be used: " + std::strerror(errno));
  }
  if (!S_ISDIR(found.st_mode)) return fail(Errc::conflict, "the home " + name + " is no folder");
  if ((found.st_mode & (S_IRWXG | S_IRWXO)) == 0) return {};
  return fail(Errc::refused, "the home " + name + " is open to other users: chmod 700 it, or choose another");
}

Result<void> make_home(const fs::path& home) {
  std::error_code error;
  if (home.has_parent_path()) fs::create_directories(home.parent_path(), error);
  if (mkdir(home.c_str(), S_IRWXU) == 0) return {};
  if (const int why = errno; why != EEXIST) {
    return fail(Errc::io, "the home " + shown(home.native()) + " cannot be made: " + std::strerror(why));
  }
  auto good = check_home(home);
  if (!good && good.error().code == Errc::refused && fs::is_empty(home, error) && chmod(home.c_str(), S_IRWXU) == 0) {
    return {};
  }
  return good;
}

}  // namespace sw::faces
