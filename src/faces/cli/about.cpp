// version, completion.
#include <ostream>

#include "base/version.hpp"
#include "crypto/kem.hpp"
#include "crypto/version.hpp"
#include "faces/cli/command.hpp"
#include "faces/cli/completion.hpp"
#include "faces/codes.hpp"
#include "store/version.hpp"

namespace sw::faces {
namespace {

Outcome<int> version(const Context& context, const Args&) {
  const bool kem = crypto::kem_available();
  if (context.json) {
    context.print({{"version", kVersion},
                   {"ml_kem", kem},
                   {"libsodium", crypto::sodium_version()},
                   {"libcrypto", crypto::libcrypto_version()},
                   {"sqlite", store::sqlite_version()}});
    return kExitOk;
  }
  context.out << "stillwire " << kVersion << "\nML-KEM-768  "
              << (kem ? "available" : "not in this libcrypto (3.5 or later has it)") << "\nlibsodium   "
              << crypto::sodium_version() << "\nlibcrypto   " << crypto::libcrypto_version() << "\nSQLite      "
              << store::sqlite_version() << "\n";
  return kExitOk;
}

Outcome<int> completion(const Context& context, const Args& args) {
  const std::string script = completion_script(commands(), args.text("SHELL"));
  if (context.json) {
    context.print({{"script", script}});
  } else {
    context.out << script;
  }
  return kExitOk;
}

}  // namespace

void add_about_commands(std::vector<Command>& table) {
  table.push_back({"version", "Print the version and what this machine offers", {}, version});
  table.push_back({"completion",
                   "Print a completion script",
                   {positional("SHELL", "The shell").needed().one_of({"bash", "zsh", "fish"})},
                   completion});
}

}  // namespace sw::faces
