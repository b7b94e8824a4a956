#include "desk/office.hpp"

#include <algorithm>

#include "crypto/hash.hpp"
#include "desk/text.hpp"

namespace sw::desk {
namespace {

RecordKey fresh_key(Rng& rng) {
  return {RecordKind::office, rng.array<16>()};
}

Result<void> check_office_name(std::string_view name) {
  if (name.size() > kOfficeNameBytes || !check_line_name(name)) {
    return fail(Errc::usage, "a name is 1 to 64 bytes of printable text");
  }
  return {};
}

template <class Record>
Effects written(const Record& record) {
  Effects effects;
  effects.puts.push_back({record.key, encode(record), {}, Urgency::state, {}});
  return effects;
}

template <class Map>
Result<Effects> taken_out(Map& records, std::string_view name, const char* what) {
  const auto found = records.find(name);
  if (found == records.end()) return fail(Errc::not_found, std::string("there is no ") + what + " of this name");
  Effects effects;
  effects.erases.push_back(found->second.key);
  records.erase(found);
  return effects;
}

}  // namespace

Result<void> Office::load(std::span<const LoadedRecord> records) {
  for (const LoadedRecord& record : records) {
    if (record.key.kind != RecordKind::office) continue;
    const ByteView head = record.head.view();
    if (head.size() > 1 && head[1] == 2) {
      auto token = decode_token(record.key, head);
      if (!token) return std::unexpected(std::move(token.error()));
      x_tokens.emplace(token->name, *token);
    } else {
      auto found = decode_operator(record.key, head);
      if (!found) return std::unexpected(std::move(found.error()));
      found->version = ++x_versions;
      x_operators.emplace(found->name, *found);
    }
  }
  return {};
}

Result<void> Office::check(const Operator& person) const {
  if (const auto good = check_office_name(person.name); !good) return good;
  if (const auto good = check_initials(person.initials); !good) return good;
  if (!is_language(person.language)) return fail(Errc::usage, "a language is en, ar, ru, fr, es or zh");
  if (person.lines && person.role == Role::admin) return fail(Errc::usage, "an admin sees every line");
  if (person.lines && person.lines->size() > kCompartments) return fail(Errc::usage, "these are too many lines");
  for (const auto& [name, other] : x_operators) {
    if (name != person.name && same_person(other.initials, person.initials)) {
      return fail(Errc::conflict, "another operator has these initials");
    }
  }
  return {};
}

Result<Effects> Office::add(Operator person, Rng& rng) {
  if (const auto good = check(person); !good) return std::unexpected(good.error());
  if (x_operators.contains(person.name)) return fail(Errc::conflict, "there is an operator of this name");
  for (const auto& [name, other] : x_operators) {
    if (look_alike(name, person.name)) return fail(Errc::conflict, "an operator has a name that looks like this one");
  }
  if (x_operators.size() >= kOperators) return fail(Errc::full, "there are as many operators as can be");
  person.key = fresh_key(rng);
  person.version = ++x_versions;
  Effects effects = written(person);
  std::string name = person.name;
  x_operators.emplace(std::move(name), std::move(person));
  return effects;
}

Result<Effects> Office::change(std::string_view name, const OperatorChange& change) {
  const auto found = x_operators.find(name);
  if (found == x_operators.end()) return fail(Errc::not_found, "there is no operator of this name");
  Operator next = found->second;
  if (change.initials) next.initials = *change.initials;
  if (change.role) next.role = *change.role;
  if (change.language) next.language = *change.language;
  if (change.lines) next.lines = *change.lines;
  if (change.verifier) next.verifier = *change.verifier;
  if (const auto good = check(next); !good) return std::unexpected(good.error());
  // A language is nobody's right: whoever changes theirs stays at the desk.
  if (change.initials || change.role || change.lines || change.verifier) next.version = ++x_versions;
  found->second = std::move(next);
  return written(found->second);
}

Result<Effects> Office::remove(std::string_view name) {
  return taken_out(x_operators, name, "operator");
}

const Operator* Office::find(std::string_view name) const {
  const auto found = x_operators.find(name);
  return found == x_operators.end() ? nullptr : &found->second;
}

std::size_t Office::admins() const {
  return static_cast<std::size_t>(
      std::ranges::count_if(x_operators, [](const auto& each) { return each.second.role == Role::admin; }));
}

Result<Effects> Office::add_token(Token token, Rng& rng) {
  if (const auto good = check_office_name(token.name); !good) return std::unexpected(good.error());
  if (token.lines.size() > kScopes) return fail(Errc::usage, "these are too many lines");
  if (x_tokens.contains(token.name)) return fail(Errc::conflict, "there is a token of this name");
  if (x_tokens.size() >= kTokens) return fail(Errc::full, "there are as many tokens as can be");
  token.key = fresh_key(rng);
  Effects effects = written(token);
  std::string name = token.name;
  x_tokens.emplace(std::move(name), std::move(token));
  return effects;
}

Result<Effects> Office::remove_token(std::string_view name) {
  return taken_out(x_tokens, name, "token");
}

const Token* Office::token(const ByteArray<32>& digest) const {
  const Token* out = nullptr;
  for (const auto& [name, each] : x_tokens) {
    if (crypto::equal(each.digest, digest)) out = &each;
  }
  return out;
}

const Token* Office::find_token(std::string_view name) const {
  const auto found = x_tokens.find(name);
  return found == x_tokens.end() ? nullptr : &found->second;
}

void Office::withdraw(RecordKey key) {
  std::erase_if(x_operators, [&](const auto& each) { return each.second.key == key; });
  std::erase_if(x_tokens, [&](const auto& each) { return each.second.key == key; });
}

}  // namespace sw::desk
