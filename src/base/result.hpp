#pragma once
// Errors that come from input, from a peer or from the environment. Our own bugs are SW_ASSERT.
#include <cstdint>
#include <expected>
#include <string>
#include <utility>

namespace sw {

/// What kind of failure; the faces map it to exit codes and HTTP statuses.
enum class Errc : std::uint8_t {
  malformed,     ///< bytes that do not parse
  forged,        ///< authentication failed; toward the wire all of these look alike
  out_of_range,  ///< well-formed, but beyond a bound of sizes.hpp
  not_found,     ///< no such line, message, file
  conflict,      ///< the state does not allow it (already there, wrong order, used card)
  locked,        ///< the store is locked
  full,          ///< the store has no room
  refused,       ///< a rule of the product forbids it
  unsupported,   ///< this machine lacks what it needs
  io,            ///< the environment failed (disk, socket)
  usage,         ///< the command or the configuration is wrong
};

/// A failure with a sentence for the user. `what` never holds message text or secrets.
struct Error {
  Errc code{};
  std::string what;
};

template <class T>
using Result = std::expected<T, Error>;

[[nodiscard]] inline std::unexpected<Error> fail(Errc code, std::string what) {
  return std::unexpected<Error>(Error{code, std::move(what)});
}

}  // namespace sw
