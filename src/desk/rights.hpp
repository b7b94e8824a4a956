#pragma once
// Who may do what: the roles of people, the scopes of programs, and the rights behind them. One table each; the
// station asks here, and nowhere else. docs/api.md, doors.
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string_view>

#include "desk/words.hpp"

namespace sw::desk {

/// What a call of the API needs.
enum class Right : std::uint8_t {
  status,     ///< the station, its lines, the watch
  read,       ///< messages
  mark,       ///< say what became of a message
  draft,      ///< write what somebody may release
  send,       ///< talk and service, below FLASH
  release,    ///< the second person: FLASH, and what is formal
  translate,  ///< translations and their review
  watch,      ///< take the watch, drills, pause; lock, panic
  archive,    ///< export a line with its ledger
  admin,      ///< pairings, lines, operators, tokens, the store
};

class Rights {
 public:
  constexpr Rights() = default;
  constexpr Rights(std::initializer_list<Right> rights) {
    for (const Right right : rights) x_bits = static_cast<std::uint16_t>(x_bits | bit(right));
  }
  [[nodiscard]] static constexpr Rights all() {
    return {Right::status,  Right::read,      Right::mark,  Right::draft,   Right::send,
            Right::release, Right::translate, Right::watch, Right::archive, Right::admin};
  }
  [[nodiscard]] constexpr bool has(Right right) const { return (x_bits & bit(right)) != 0; }
  constexpr Rights& add(Right right) {
    x_bits = static_cast<std::uint16_t>(x_bits | bit(right));
    return *this;
  }
  bool operator==(const Rights&) const = default;

 private:
  static constexpr std::uint16_t bit(Right right) {
    return static_cast<std::uint16_t>(1U << static_cast<unsigned>(right));
  }
  std::uint16_t x_bits = 0;
};

enum class Role : std::uint8_t { officer = 1, releaser = 2, interpreter = 3, principal = 4, archivist = 5, admin = 6 };

[[nodiscard]] Rights rights_of(Role role);
[[nodiscard]] std::string_view word(Role role);
[[nodiscard]] std::optional<Role> role_from(std::string_view text);
/// The value behind a stored byte.
[[nodiscard]] std::optional<Role> role_of(std::uint8_t value);

/// The languages of the desk, by their codes of two letters.
[[nodiscard]] bool is_language(std::string_view code);

/// FLASH, notes and notices take two persons: one who writes and one with Right::release.
[[nodiscard]] constexpr bool needs_second_person(Grade grade, Precedence precedence) {
  return precedence == Precedence::flash || grade == Grade::note || grade == Grade::notice;
}

}  // namespace sw::desk
