// needs: desk
// Operators and tokens: what they may be, and their records.
#include <gtest/gtest.h>

#include "crypto/rng.hpp"
#include "desk/office.hpp"

namespace sw::desk {
namespace {

Operator person(std::string name, std::string initials, Role role = Role::officer) {
  Operator out;
  out.name = std::move(name);
  out.initials = std::move(initials);
  out.role = role;
  out.verifier.check.fill(7);
  return out;
}

/// What a store would give back.
std::vector<LoadedRecord> loaded(Effects effects) {
  std::vector<LoadedRecord> out;
  for (Put& put : effects.puts) out.push_back({put.key, std::move(put.head), 0});
  return out;
}

struct OfficeTest : ::testing::Test {
  Errc refused(Operator who) {
    const auto added = office.add(std::move(who), rng);
    return added ? Errc::io : added.error().code;
  }
  crypto::SeededRng rng{3};
  Office office;
};

TEST_F(OfficeTest, OperatorsAreThereAfterAStart) {
  Operator ada = person("Ada Lovelace", "AL", Role::releaser);
  ada.language = "ar";
  ada.lines = std::vector<LineId>{LineId{{1}}, LineId{{2}}};
  ada.verifier.salt.fill(9);
  ada.verifier.cost = {2, 1024};
  auto effects = office.add(ada, rng);
  ASSERT_TRUE(effects);
  ASSERT_EQ(effects->puts.size(), 1U);
  EXPECT_EQ(effects->puts[0].key.kind, RecordKind::office);

  Office again;
  ASSERT_TRUE(again.load(loaded(std::move(*effects))));
  const Operator* const found = again.find("Ada Lovelace");
  ASSERT_NE(found, nullptr);
  EXPECT_EQ(found->initials, "AL");
  EXPECT_EQ(found->role, Role::releaser);
  EXPECT_EQ(found->language, "ar");
  EXPECT_EQ(found->lines, ada.lines);
  EXPECT_EQ(found->verifier.salt, ada.verifier.salt);
  EXPECT_EQ(found->verifier.cost.memory_kib, 1024U);
  EXPECT_EQ(found->verifier.check, ada.verifier.check);
}

TEST_F(OfficeTest, NamesAndInitialsAreOnes) {
  ASSERT_TRUE(office.add(person("Ada", "AL"), rng));
  EXPECT_EQ(refused(person("Ada", "AM")), Errc::conflict);
  EXPECT_EQ(refused(person("ada", "AM")), Errc::conflict) << "nor one that looks like it";
  EXPECT_EQ(refused(person("Ben", "AL")), Errc::conflict);
  EXPECT_EQ(refused(person("", "X")), Errc::usage);
  EXPECT_EQ(refused(person("a\nb", "X")), Errc::usage);
  EXPECT_EQ(refused(person(std::string(65, 'a'), "X")), Errc::usage);
  EXPECT_EQ(refused(person("Ben", "")), Errc::usage);
  EXPECT_EQ(refused(person("Ben", "ABCDE")), Errc::usage);
  Operator odd = person("Ben", "B");
  odd.language = "de";
  EXPECT_EQ(refused(odd), Errc::usage);
  odd = person("Ben", "B", Role::admin);
  odd.lines.emplace();
  EXPECT_EQ(refused(odd), Errc::usage) << "an admin has no compartments";
  odd = person("Ben", "B");
  odd.lines.emplace(kCompartments + 1);
  EXPECT_EQ(refused(odd), Errc::usage);
  EXPECT_EQ(office.operators().size(), 1U);
}

TEST_F(OfficeTest, OnlySoMany) {
  for (std::size_t i = 0; i < kOperators; ++i) {
    ASSERT_TRUE(office.add(person("Operator " + std::to_string(i), std::to_string(i)), rng)) << i;
  }
  EXPECT_EQ(refused(person("One more", "more")), Errc::full);
  Token token;
  token.rights = {Right::status};
  for (std::size_t i = 0; i < kTokens; ++i) {
    token.name = std::to_string(i);
    ASSERT_TRUE(office.add_token(token, rng));
  }
  token.name = "one more";
  EXPECT_FALSE(office.add_token(token, rng));
}

TEST_F(OfficeTest, AnotherRoleIsAnotherVersionAndAnotherLanguageIsNone) {
  ASSERT_TRUE(office.add(person("Ada", "AL"), rng));
  const RecordKey key = office.find("Ada")->key;
  std::uint64_t version = office.find("Ada")->version;
  EXPECT_NE(version, 0U);
  OperatorChange language;
  language.language = "ru";
  ASSERT_TRUE(office.change("Ada", language));
  EXPECT_EQ(office.find("Ada")->version, version);
  EXPECT_EQ(office.find("Ada")->language, "ru");

  std::vector<OperatorChange> changes(4);
  changes[0].role = Role::archivist;
  changes[1].initials = "AD";
  changes[2].lines.emplace(std::vector<LineId>{});
  changes[3].verifier = Verifier{};
  for (const OperatorChange& change : changes) {
    const auto effects = office.change("Ada", change);
    ASSERT_TRUE(effects);
    EXPECT_EQ(effects->puts[0].key, key) << "the same record";
    EXPECT_NE(office.find("Ada")->version, std::exchange(version, office.find("Ada")->version));
  }
  OperatorChange admin;
  admin.role = Role::admin;
  EXPECT_FALSE(office.change("Ada", admin)) << "while she has compartments";
  EXPECT_EQ(office.find("Ada")->role, Role::archivist) << "and nothing was changed";
  EXPECT_FALSE(office.change("Ben", language));

  const auto gone = office.remove("Ada");
  ASSERT_TRUE(gone);
  EXPECT_EQ(gone->erases, std::vector<RecordKey>{key});
  EXPECT_EQ(office.find("Ada"), nullptr);
  EXPECT_FALSE(office.remove("Ada"));
}

TEST_F(OfficeTest, TokensAreFoundByTheirDigest) {
  Token token;
  token.name = "monitor";
  token.digest.fill(1);
  token.rights = {Right::status, Right::release};
  token.lines = {{LineId{{1}}, true, std::nullopt}, {LineId{{2}}, false, Precedence::priority}};
  auto effects = office.add_token(token, rng);
  ASSERT_TRUE(effects);
  EXPECT_FALSE(office.add_token(token, rng)) << "the name is taken";
  Office again;
  ASSERT_TRUE(again.load(loaded(std::move(*effects))));
  const Token* const found = again.token(token.digest);
  ASSERT_NE(found, nullptr);
  EXPECT_EQ(found->rights, token.rights);
  ASSERT_EQ(found->lines.size(), 2U);
  EXPECT_TRUE(found->lines[0].read && !found->lines[0].send);
  EXPECT_TRUE(!found->lines[1].read && found->lines[1].send == Precedence::priority);
  ByteArray<32> other = token.digest;
  other[31] ^= 1U;
  EXPECT_EQ(again.token(other), nullptr);
  ASSERT_TRUE(again.remove_token("monitor"));
  EXPECT_EQ(again.token(token.digest), nullptr);
}

TEST_F(OfficeTest, ARecordOfAnotherShapeStopsTheStart) {
  Operator full = person(std::string(64, 'n'), "ABCD");
  full.lines.emplace(kCompartments);
  Token token;
  token.name = std::string(64, 't');
  token.lines.resize(kScopes);
  const RecordKey key{RecordKind::office, {}};
  for (const auto& record : {encode(full), encode(token)}) {
    ASSERT_LE(record.size(), kHeadBytes);
    const auto good = [&](Bytes head) {
      std::vector<LoadedRecord> records;
      records.push_back({key, crypto::SecretBytes(std::move(head)), 0});
      return Office().load(records).has_value();
    };
    const Bytes bytes = to_bytes(record.view());
    EXPECT_TRUE(good(bytes));
    for (std::size_t n = 0; n < bytes.size(); ++n) {
      EXPECT_FALSE(good(Bytes(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(n)))) << n;
    }
    Bytes longer = bytes;
    longer.push_back(0);
    EXPECT_FALSE(good(longer));
    Bytes other = bytes;
    other[0] = 2;
    EXPECT_FALSE(good(other)) << "another version";
  }
}

TEST(Roles, HaveTheirWords) {
  for (std::uint8_t value = 1; value <= 6; ++value) {
    const auto role = role_of(value);
    ASSERT_TRUE(role);
    EXPECT_EQ(role_from(word(*role)), role);
  }
  EXPECT_FALSE(role_of(0));
  EXPECT_FALSE(role_of(7));
  EXPECT_FALSE(role_from("Officer"));
}

}  // namespace
}  // namespace sw::desk
