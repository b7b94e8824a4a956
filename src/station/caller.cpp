#include "station/caller.hpp"

#include <algorithm>

namespace sw::station {

using desk::Right;

bool Caller::may(Right right) const {
  if (rights.has(right)) return true;
  if (!program) return false;
  return std::ranges::any_of(*program, [&](const desk::LineScope& each) { return may(right, each.line); });
}

bool Caller::sees(LineId line) const {
  if (program) {
    if (rights.has(Right::status) || rights.has(Right::admin)) return true;
    return std::ranges::find(*program, line, &desk::LineScope::line) != program->end();
  }
  return !lines || std::ranges::find(*lines, line) != lines->end();
}

bool Caller::may(Right right, LineId line) const {
  if (!sees(line)) return false;
  if (!program) return rights.has(right);
  if (right != Right::read && right != Right::send && right != Right::status) return rights.has(right);
  if (right == Right::status && rights.has(right)) return true;
  return std::ranges::any_of(*program, [&](const desk::LineScope& each) {
    return each.line == line && (right == Right::status || (right == Right::read ? each.read : each.send.has_value()));
  });
}

bool Caller::reads(const desk::MessageRecord& message) const {
  if (!may(Right::read, message.line)) return false;
  if (!passed_only) return true;
  return std::ranges::any_of(message.marks, [&](const desk::StageMark& mark) {
    return mark.by == desk::Side::here && mark.stage == desk::Stage::passed && mark.post == who;
  });
}

bool Caller::reads(const desk::DraftRecord& draft) const {
  if (!may(Right::draft, draft.line)) return false;
  return initials.empty() || draft.offered || desk::same_person(draft.drafter, initials);
}

Result<void> Caller::may_send(LineId line, desk::Grade grade, Precedence precedence) const {
  if (!may(Right::send, line)) return fail(Errc::refused, "you may not send on this line");
  const bool second = desk::needs_second_person(grade, precedence);
  if (second && two_persons) {
    return fail(Errc::refused, "FLASH and what is formal go by a draft that a releaser releases");
  }
  if (!program) return {};
  for (const desk::LineScope& scope : *program) {
    if (scope.line != line || !scope.send) continue;
    if (index(precedence) < index(*scope.send)) {
      return fail(Errc::refused, "this token may not send with that precedence");
    }
    if (second && !rights.has(Right::release)) return fail(Errc::refused, "this token may not release");
    return {};
  }
  return fail(Errc::refused, "you may not send on this line");
}

Result<void> Caller::may_set(desk::Stage stage) const {
  using desk::Stage;
  if (!passed_only || stage == Stage::seen || stage == Stage::answered || stage == Stage::declined ||
      stage == Stage::not_now) {
    return {};
  }
  return fail(Errc::refused, "a principal says seen, answered, declined or not-now");
}

Caller caller_of(const desk::Operator& person) {
  Caller out;
  out.who = person.name;
  out.initials = person.initials;
  out.rights = desk::rights_of(person.role);
  out.lines = person.lines;
  out.passed_only = person.role == desk::Role::principal;
  out.two_persons = true;
  return out;
}

Caller caller_of(const desk::Token& token) {
  Caller out;
  out.who = token.name;
  out.rights = token.rights;
  // Whoever may change what there is may see how it is.
  if (token.rights.has(Right::admin)) out.rights.add(Right::status);
  out.program = token.lines;
  return out;
}

Caller nobody() {
  Caller out;
  out.rights = {};
  out.program.emplace();
  return out;
}

}  // namespace sw::station
