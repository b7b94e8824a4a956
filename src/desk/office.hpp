#pragma once
// The office: who works at this station. Operators with their roles, compartments and passphrases' verifiers, and the
// tokens of programs; each a sealed record of the store. A pure core, as the desk: an operation changes memory and
// returns Effects. docs/api.md, doors; ADR 16.
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "crypto/password.hpp"
#include "desk/desk.hpp"
#include "desk/rights.hpp"

namespace sw::desk {

inline constexpr std::size_t kOperators = 64;
inline constexpr std::size_t kTokens = 64;
inline constexpr std::size_t kCompartments = 60;  ///< of one operator; a record holds them
inline constexpr std::size_t kScopes = 60;        ///< of one token, about lines
inline constexpr std::size_t kOfficeNameBytes = 64;

/// What checks a passphrase, and cannot say it.
struct Verifier {
  ByteArray<crypto::kSaltBytes> salt{};
  crypto::PasswordCost cost;
  ByteArray<32> check{};
};
/// The check of a passphrase's key; the same for the same passphrase, salt and cost.
[[nodiscard]] ByteArray<32> passphrase_check(const crypto::PassphraseKey& key);

struct Operator {
  RecordKey key;
  std::string name;
  std::string initials;  ///< nobody else has them
  Role role = Role::officer;
  std::string language = "en";
  std::optional<std::vector<LineId>> lines;  ///< compartments; nothing: every line
  Verifier verifier;
  std::uint64_t version = 0;  ///< not stored: another one once what the operator may, or how they sign in, changed
};

/// A right of a program about one line.
struct LineScope {
  LineId line;
  bool read = false;
  std::optional<Precedence> send;  ///< the highest that it may send
};

struct Token {
  RecordKey key;
  std::string name;
  ByteArray<32> digest{};  ///< of the secret that the program shows
  Rights rights;           ///< status, release, admin
  std::vector<LineScope> lines;
};

/// What is asked of a new operator, or of one who changes; what is absent stays.
struct OperatorChange {
  std::optional<std::string> initials;
  std::optional<Role> role;
  std::optional<std::string> language;
  std::optional<std::optional<std::vector<LineId>>> lines;
  std::optional<Verifier> verifier;
};

class Office {
 public:
  /// Takes the records of the office out of all; Errc::malformed.
  [[nodiscard]] Result<void> load(std::span<const LoadedRecord> records);

  /// Errors: usage (a name, initials, a language that is none; compartments of an admin), conflict (another has the
  /// name or the initials), full (as many as can be).
  [[nodiscard]] Result<Effects> add(Operator person, Rng& rng);
  /// Errc::not_found besides.
  [[nodiscard]] Result<Effects> change(std::string_view name, const OperatorChange& change);
  [[nodiscard]] Result<Effects> remove(std::string_view name);
  [[nodiscard]] const Operator* find(std::string_view name) const;
  [[nodiscard]] const std::map<std::string, Operator, std::less<>>& operators() const { return x_operators; }
  [[nodiscard]] std::size_t admins() const;

  [[nodiscard]] Result<Effects> add_token(Token token, Rng& rng);
  [[nodiscard]] Result<Effects> remove_token(std::string_view name);
  /// Whose secret has this digest; in time that does not depend on how much of it is right.
  [[nodiscard]] const Token* token(const ByteArray<32>& digest) const;
  [[nodiscard]] const Token* find_token(std::string_view name) const;
  [[nodiscard]] const std::map<std::string, Token, std::less<>>& tokens() const { return x_tokens; }

  /// The store refused the put of a new record: it never was.
  void withdraw(RecordKey key);

 private:
  [[nodiscard]] Result<void> check(const Operator& person) const;
  std::map<std::string, Operator, std::less<>> x_operators;
  std::map<std::string, Token, std::less<>> x_tokens;
  std::uint64_t x_versions = 0;
};

/// The heads of the records; at most kHeadBytes. decode: Errc::malformed for anything that encode did not write.
[[nodiscard]] crypto::SecretBytes encode(const Operator& person);
[[nodiscard]] crypto::SecretBytes encode(const Token& token);
[[nodiscard]] Result<Operator> decode_operator(const RecordKey& key, ByteView head);
[[nodiscard]] Result<Token> decode_token(const RecordKey& key, ByteView head);

}  // namespace sw::desk
