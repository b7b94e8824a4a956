#pragma once
// Who makes a call, and what they may. Without a name: the station's own user on its Unix socket, who may everything.
// Compartments: a line that a caller may not see does not exist for them. docs/api.md, doors.
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "desk/office.hpp"

namespace sw::station {

struct Caller {
  std::string who;       ///< the operator's or the token's name; empty: the user of the station
  std::string initials;  ///< an operator's; what they do is signed with these
  desk::Rights rights = desk::Rights::all();
  std::optional<std::vector<LineId>> lines;             ///< an operator's compartments; nothing: every line
  std::optional<std::vector<desk::LineScope>> program;  ///< a token's rights about lines
  bool passed_only = false;                             ///< a principal: of messages only those passed to them
  bool two_persons = false;                             ///< what needs a second person goes by a draft

  [[nodiscard]] bool may(desk::Right right) const;
  /// Does this line exist for them?
  [[nodiscard]] bool sees(LineId line) const;
  [[nodiscard]] bool may(desk::Right right, LineId line) const;
  /// Does this message?
  [[nodiscard]] bool reads(const desk::MessageRecord& message) const;
  /// Does this draft? Their own, and what is offered.
  [[nodiscard]] bool reads(const desk::DraftRecord& draft) const;
  /// May they send this at once, without a draft? Errc::refused.
  [[nodiscard]] Result<void> may_send(LineId line, desk::Grade grade, Precedence precedence) const;
  /// May they set this stage? A principal says `seen`, and what follows from that. Errc::refused.
  [[nodiscard]] Result<void> may_set(desk::Stage stage) const;
};

[[nodiscard]] Caller caller_of(const desk::Operator& person);
[[nodiscard]] Caller caller_of(const desk::Token& token);
/// Somebody at a seat who has not signed in: may nothing.
[[nodiscard]] Caller nobody();

}  // namespace sw::station
