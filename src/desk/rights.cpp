#include "desk/rights.hpp"

#include <algorithm>
#include <array>

namespace sw::desk {
namespace {

struct RoleRow {
  Role role;
  std::string_view word;
  Rights rights;
};

// A principal sees what is passed to them, and says that they have (station/caller.hpp).
constexpr std::array kRoles{
    RoleRow{Role::officer,
            "officer",
            {Right::status, Right::read, Right::mark, Right::draft, Right::send, Right::translate, Right::watch}},
    RoleRow{Role::releaser,
            "releaser",
            {Right::status, Right::read, Right::mark, Right::draft, Right::send, Right::release, Right::translate,
             Right::watch}},
    RoleRow{Role::interpreter, "interpreter", {Right::status, Right::read, Right::translate}},
    RoleRow{Role::principal, "principal", {Right::status, Right::read, Right::mark}},
    RoleRow{Role::archivist, "archivist", {Right::status, Right::read, Right::archive}},
    RoleRow{Role::admin,
            "admin",
            {Right::status, Right::read, Right::mark, Right::draft, Right::send, Right::translate, Right::watch,
             Right::archive, Right::admin}},
};

const RoleRow& row(Role role) {
  return *std::ranges::find(kRoles, role, &RoleRow::role);
}

constexpr std::array<std::string_view, 6> kLanguages{"en", "ar", "ru", "fr", "es", "zh"};

}  // namespace

Rights rights_of(Role role) {
  return row(role).rights;
}

std::string_view word(Role role) {
  return row(role).word;
}

std::optional<Role> role_from(std::string_view text) {
  const auto found = std::ranges::find(kRoles, text, &RoleRow::word);
  return found == kRoles.end() ? std::nullopt : std::optional(found->role);
}

std::optional<Role> role_of(std::uint8_t value) {
  const auto found = std::ranges::find(kRoles, static_cast<Role>(value), &RoleRow::role);
  return found == kRoles.end() ? std::nullopt : std::optional(found->role);
}

bool is_language(std::string_view code) {
  return std::ranges::find(kLanguages, code) != kLanguages.end();
}

}  // namespace sw::desk
