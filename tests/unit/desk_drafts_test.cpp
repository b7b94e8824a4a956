// needs: desk
// Drafts: private until offered, released once by the right person, whole after any power cut.
#include <gtest/gtest.h>

#include "support/desk_world.hpp"

namespace sw::desk {
namespace {

using namespace sw::test;

const LineId kLine = line_id(1);

struct Drafting : DeskWorld, ::testing::Test {
  Drafting() {
    (void)open(kLine);
    commit();
  }
  Draft by(std::string initials, std::string text, Grade grade = Grade::talk,
           Precedence precedence = Precedence::routine) {
    Draft out{std::move(text), grade, precedence, Mark::none};
    out.initials = std::move(initials);
    return out;
  }
  MessageId keep(const Draft& draft) {
    auto kept = desk.keep_draft(kLine, draft, kNoon, rng);
    EXPECT_TRUE(kept.has_value()) << (kept ? "" : kept.error().what);
    if (!kept) return {};
    perform(std::move(kept->effects));
    return kept->id;
  }
  std::string body_of(MessageId id) {
    const auto* record = desk.find_draft(id);
    return record == nullptr ? "" : std::string(as_text(store.body(record->key()).value_or(Bytes())));
  }
  Result<Sent> release(MessageId id, std::string_view initials, std::optional<std::uint32_t> version = std::nullopt) {
    auto sent = desk.release_draft(id, body_of(id), initials, version, kNoon);
    if (sent) perform(std::move(sent->effects));
    return sent;
  }
  template <class T>
  Errc code(const Result<T>& result) {
    return result ? Errc{} : result.error().code;
  }
  std::size_t drafts_on_disk() {
    return static_cast<std::size_t>(
        std::ranges::count_if(store.disk(), [](const auto& r) { return r.first.kind == RecordKind::draft; }));
  }
};

TEST_F(Drafting, OneWithoutInitialsOrWithWrongTermsIsNone) {
  EXPECT_EQ(code(desk.keep_draft(kLine, by("", "x"), kNoon, rng)), Errc::usage);
  EXPECT_EQ(code(desk.keep_draft(kLine, by("AB", ""), kNoon, rng)), Errc::usage);
  EXPECT_EQ(code(desk.keep_draft(kLine, by("AB", "x", Grade::notice), kNoon, rng)), Errc::refused);
  EXPECT_EQ(code(desk.keep_draft(line_id(9), by("AB", "x"), kNoon, rng)), Errc::not_found);
  Draft draft = by("AB", "x");
  draft.answers = id_of(8);
  EXPECT_EQ(code(desk.keep_draft(kLine, draft, kNoon, rng)), Errc::not_found);
  EXPECT_TRUE(desk.drafts().empty());
}

TEST_F(Drafting, ItIsItsDraftersUntilItIsOffered) {
  const MessageId id = keep(by("AB", "one"));
  EXPECT_EQ(code(desk.change_draft(id, by("CD", "two"), kNoon)), Errc::not_found) << "for CD it is not there";
  EXPECT_EQ(code(desk.offer_draft(id, "CD", kNoon)), Errc::not_found);
  EXPECT_EQ(code(desk.discard_draft(id, "CD")), Errc::not_found);
  EXPECT_EQ(code(release(id, "CD")), Errc::not_found);
  perform(desk.offer_draft(id, "ab", kNoon));
  EXPECT_EQ(code(desk.change_draft(id, by("CD", "two"), kNoon)), Errc::refused) << "CD sees it, and may not change it";
  EXPECT_EQ(code(desk.discard_draft(id, "CD")), Errc::refused);
  EXPECT_TRUE(release(id, "CD").has_value());
}

TEST_F(Drafting, AChangeIsANewVersionAndPrivateAgain) {
  const MessageId id = keep(by("AB", "one"));
  perform(desk.offer_draft(id, "AB", kNoon));
  commit();
  perform(desk.change_draft(id, by("AB", "two", Grade::note), after(5)));
  EXPECT_EQ(body_of(id), "two");
  EXPECT_EQ(code(release(id, "CD")), Errc::not_found) << "not offered any more";
  perform(desk.offer_draft(id, "AB", after(6)));
  EXPECT_EQ(code(release(id, "CD", 1)), Errc::conflict) << "CD read the version before";
  commit();
  commit();
  EXPECT_EQ(drafts_on_disk(), 1U) << "the version before is erased";
  ASSERT_TRUE(release(id, "CD", 2).has_value());
}

TEST_F(Drafting, FlashAndNotesNeedASecondPerson) {
  const MessageId flash = keep(by("AB", "now", Grade::talk, Precedence::flash));
  const MessageId note = keep(by("AB", "formal", Grade::note));
  const MessageId talk = keep(by("AB", "hello", Grade::talk, Precedence::immediate));
  for (const char* self : {"AB", "ab", "Ab"}) {
    EXPECT_EQ(code(release(flash, self)), Errc::refused) << self;
    EXPECT_EQ(code(release(note, self)), Errc::refused) << self;
  }
  EXPECT_TRUE(submitted.empty());
  ASSERT_TRUE(release(talk, "AB").has_value()) << "alone is enough for talk";
  for (const MessageId& id : {flash, note}) {
    perform(desk.offer_draft(id, "AB", kNoon));
    EXPECT_TRUE(release(id, "CD").has_value());
  }
}

TEST_F(Drafting, WhoReleasesSecondIsToldWhoWasFirstAndNothingIsSentTwice) {
  const MessageId id = keep(by("AB", "now", Grade::talk, Precedence::flash));
  perform(desk.offer_draft(id, "AB", kNoon));
  commit();
  ASSERT_TRUE(release(id, "CD").has_value());
  const auto check = [&](const char* when) {
    const auto second = release(id, "EF");
    EXPECT_EQ(code(second), Errc::conflict) << when;
    EXPECT_NE(second.error().what.find("CD"), std::string::npos) << when;
    const auto again = release(id, "CD");
    ASSERT_TRUE(again.has_value()) << when << ": an answer that was lost";
    EXPECT_EQ(again->id, id) << when;
    EXPECT_EQ(desk.find_draft(id), nullptr) << when;
  };
  check("before the disk has it");
  commit();
  check("after");
  EXPECT_EQ(submitted.size(), 1U);
  commit();
  ASSERT_TRUE(restart().has_value());
  check("after a restart");
  EXPECT_EQ(desk.messages(kLine).size(), 1U);
  EXPECT_EQ(drafts_on_disk(), 0U);
  const auto marks = stages(id);
  EXPECT_EQ(marks[0].initials, "AB");
  EXPECT_EQ(marks[1].initials, "CD");
}

TEST_F(Drafting, AReleaseThatAPowerCutMetIsWholeOrNeverWas) {
  const MessageId id = keep(by("AB", "now", Grade::note));
  perform(desk.offer_draft(id, "AB", kNoon));
  commit();
  ASSERT_TRUE(release(id, "CD").has_value());
  ASSERT_TRUE(restart().has_value());  // the message was not on the disk
  EXPECT_TRUE(desk.messages(kLine).empty());
  ASSERT_NE(desk.find_draft(id), nullptr);
  (void)open(kLine);
  ASSERT_TRUE(release(id, "EF").has_value()) << "it was never sent, so anybody may";
  commit();  // the message is on the disk; the draft's erasure is not
  ASSERT_EQ(drafts_on_disk(), 1U);
  ASSERT_TRUE(restart().has_value());
  EXPECT_EQ(desk.find_draft(id), nullptr);
  const std::array known{kLine};
  perform(desk.remove_strays(known));
  commit();
  EXPECT_EQ(drafts_on_disk(), 0U);
  EXPECT_EQ(open(kLine).unsent.size(), 1U) << "sent once";
}

TEST_F(Drafting, AChangeThatAPowerCutMetLeavesOneWholeVersion) {
  const MessageId id = keep(by("AB", "one"));
  commit();
  perform(desk.change_draft(id, by("AB", "two"), kNoon));
  commit();  // both versions are on the disk
  ASSERT_EQ(drafts_on_disk(), 2U);
  ASSERT_TRUE(restart().has_value());
  EXPECT_EQ(body_of(id), "two");
  perform(desk.remove_strays(std::array{kLine}));
  commit();
  EXPECT_EQ(drafts_on_disk(), 1U);
  (void)open(kLine);
  perform(desk.discard_draft(id, "AB"));
  commit();
  EXPECT_EQ(drafts_on_disk(), 0U);
  EXPECT_TRUE(desk.drafts().empty());
}

TEST_F(Drafting, ARefusedPutLeavesTheDraftToBeReleasedLater) {
  const MessageId id = keep(by("AB", "x"));
  commit();
  auto sent = desk.release_draft(id, "x", "AB", std::nullopt, kNoon);
  ASSERT_TRUE(sent.has_value());
  desk.withdraw(sent->effects.puts[0].key);
  ASSERT_NE(desk.find_draft(id), nullptr);
  EXPECT_TRUE(release(id, "AB").has_value());
  auto kept = desk.keep_draft(kLine, by("AB", "y"), kNoon, rng);
  desk.withdraw(kept->effects.puts[0].key);
  EXPECT_TRUE(desk.drafts().empty());
}

TEST_F(Drafting, TheyAreBoundedAndGoWithTheirLine) {
  for (std::size_t n = 0; n < kDraftLimit; ++n) keep(by("AB", "x"));
  EXPECT_EQ(code(desk.keep_draft(kLine, by("AB", "x"), kNoon, rng)), Errc::full);
  commit();
  EXPECT_EQ(drafts_on_disk(), kDraftLimit);
  perform(desk.remove_line(kLine));
  commit();
  EXPECT_EQ(drafts_on_disk(), 0U);
}

TEST_F(Drafting, AnIdNamesOneDraftOrMessage) {
  Draft draft = by("AB", "x");
  draft.id = id_of(7);
  keep(draft);
  EXPECT_EQ(code(desk.keep_draft(kLine, draft, kNoon, rng)), Errc::conflict);
  EXPECT_EQ(code(desk.send(kLine, draft, kNoon, rng)), Errc::conflict) << "nor a message past the draft";
  perform(desk.receive(kLine, id_of(7), wire_bytes(text_message("theirs")), kNoon));
  commit();
  ASSERT_TRUE(release(id_of(7), "AB").has_value()) << "a peer's message takes no draft's place";
}

TEST_F(Drafting, AnAnswerMarksWhatItAnswers) {
  perform(desk.receive(kLine, id_of(3), wire_bytes(text_message("question")), kNoon));
  commit();
  Draft draft = by("AB", "answer", Grade::note);
  draft.answers = id_of(3);
  const MessageId id = keep(draft);
  commit();
  EXPECT_FALSE(has(id_of(3), Stage::answered)) << "a draft answers nothing";
  perform(desk.offer_draft(id, "AB", kNoon));
  ASSERT_TRUE(release(id, "CD").has_value());
  commit();
  EXPECT_TRUE(has(id_of(3), Stage::answered));
  EXPECT_EQ(stages(id_of(3)).back().initials, "CD");
  ASSERT_EQ(submitted.size(), 2U) << "the answer, and the report";
  const auto sent = decode(submitted[0].bytes);
  ASSERT_TRUE(sent.has_value());
  EXPECT_EQ(sent->header.ref, id_of(3));
  const auto* record = desk.find(id);
  ASSERT_NE(record, nullptr);
  EXPECT_EQ(desk.meant_by(*record), desk.find(id_of(3)));
  Draft direct = by("EF", "again");
  direct.answers = id_of(3);
  auto again = desk.send(kLine, direct, kNoon, rng);
  ASSERT_TRUE(again.has_value());
  direct.answers = again->id;
  EXPECT_EQ(code(desk.send(kLine, direct, kNoon, rng)), Errc::refused) << "nobody answers what they sent";
}

TEST_F(Drafting, DamagedRecordsStopTheStart) {
  const MessageId id = keep(by("AB", "x", Grade::note));
  perform(desk.offer_draft(id, "AB", kNoon));
  commit();
  const auto key = desk.find_draft(id)->key();
  const Bytes head = store.disk()[key].head;
  for (std::size_t at = 0; at < head.size(); ++at) {
    store.disk()[key].head = head;
    store.disk()[key].head[at] ^= 0x80;
    DeskWorld other;
    const std::vector<LoadedRecord> one = [&] {
      std::vector<LoadedRecord> out;
      out.push_back({key, crypto::SecretBytes(Bytes(store.disk()[key].head)), 1});
      return out;
    }();
    const auto loaded = other.desk.load(one);
    if (!loaded) continue;
    // What still loads is a draft in its own right, byte for byte.
    ASSERT_EQ(other.desk.drafts().size(), 1U) << at;
    EXPECT_TRUE(std::ranges::equal(encode_head(*other.desk.drafts()[0]).view(), store.disk()[key].head)) << at;
  }
}

}  // namespace
}  // namespace sw::desk
