// needs: desk
// What stands beside messages: translations by three persons, read-backs given and settled, files.
#include <gtest/gtest.h>

#include "desk/text.hpp"
#include "support/desk_world.hpp"

namespace sw::desk {
namespace {

using namespace sw::test;

const LineId kLine = line_id(1);

struct Papers : DeskWorld, ::testing::Test {
  Papers() {
    (void)open(kLine);
    commit();
  }
  void came(MessageId id, const Message& message) {
    perform(desk.receive(kLine, id, wire_bytes(message), kNoon));
    commit();
  }
  template <class T>
  Errc code(const Result<T>& result) {
    return result ? Errc{} : result.error().code;
  }
  Message read_back_message(MessageId ref, std::string text, std::string initials = "CD") {
    Message message = text_message(std::move(text), Grade::service);
    message.header.kind = Kind::read_back;
    message.header.ref = ref;
    message.header.initials = std::move(initials);
    return message;
  }
};

using Sign = Desk::Sign;

TEST_F(Papers, ATranslationIsOfThreePersons) {
  came(id_of(3), text_message("Bonjour"));
  EXPECT_EQ(code(desk.sign_translation(id_of(3), Sign::review, "CD", std::nullopt, kNoon)), Errc::conflict);
  perform(desk.translate(id_of(3), "en", "Good day", "AB", kNoon));
  commit();
  EXPECT_TRUE(has(id_of(3), Stage::translated));
  ASSERT_EQ(submitted.size(), 1U) << "the stage is reported; the translation is never sent";
  EXPECT_EQ(decode(submitted[0].bytes)->header.kind, Kind::stage);
  EXPECT_EQ(code(desk.sign_translation(id_of(3), Sign::certify, "EF", std::nullopt, kNoon)), Errc::conflict);
  EXPECT_EQ(code(desk.sign_translation(id_of(3), Sign::review, "ab", std::nullopt, kNoon)), Errc::refused);
  perform(desk.sign_translation(id_of(3), Sign::review, "CD", 1, kNoon));
  EXPECT_EQ(code(desk.sign_translation(id_of(3), Sign::review, "EF", std::nullopt, kNoon)), Errc::conflict);
  for (const char* same : {"AB", "CD", "cd"}) {
    EXPECT_EQ(code(desk.sign_translation(id_of(3), Sign::certify, same, std::nullopt, kNoon)), Errc::refused) << same;
  }
  perform(desk.sign_translation(id_of(3), Sign::certify, "EF", std::nullopt, after(9)));
  EXPECT_EQ(code(desk.translate(id_of(3), "en", "Other", "AB", kNoon)), Errc::conflict) << "it is certified";
  commit();
  const Translation before = *desk.translation(id_of(3));
  ASSERT_TRUE(restart().has_value());
  ASSERT_NE(desk.translation(id_of(3)), nullptr);
  EXPECT_EQ(*desk.translation(id_of(3)), before);
  EXPECT_EQ(as_text(store.body(before.key()).value()), "Good day");
}

TEST_F(Papers, AnotherTextTakesTheReviewAway) {
  came(id_of(3), text_message("Bonjour"));
  perform(desk.translate(id_of(3), "en", "Good day", "AB", kNoon));
  perform(desk.sign_translation(id_of(3), Sign::review, "CD", std::nullopt, kNoon));
  commit();
  perform(desk.translate(id_of(3), "en", "Hello", "CD", kNoon));
  EXPECT_TRUE(desk.translation(id_of(3))->reviewer.initials.empty());
  EXPECT_EQ(code(desk.sign_translation(id_of(3), Sign::review, "EF", 1, kNoon)), Errc::conflict) << "EF read the first";
  commit();
  ASSERT_TRUE(restart().has_value()) << "with both versions on the disk";
  EXPECT_EQ(desk.translation(id_of(3))->version, 2U);
  perform(desk.remove_strays(std::array{kLine}));
  (void)open(kLine);
  commit();
  const auto kept = [&] {
    return std::ranges::count_if(store.disk(), [](const auto& r) { return r.first.kind == RecordKind::translation; });
  };
  EXPECT_EQ(kept(), 1);
  perform(desk.remove_line(kLine));
  commit();
  EXPECT_EQ(kept(), 0);
}

TEST_F(Papers, WhatIsNoTranslation) {
  came(id_of(3), text_message("Bonjour"));
  came(id_of(4), drill_message());
  EXPECT_EQ(code(desk.translate(id_of(9), "en", "x", "AB", kNoon)), Errc::not_found);
  EXPECT_EQ(code(desk.translate(id_of(4), "en", "x", "AB", kNoon)), Errc::refused);
  EXPECT_EQ(code(desk.translate(id_of(3), "en", "", "AB", kNoon)), Errc::usage);
  EXPECT_EQ(code(desk.translate(id_of(3), "en", "x", "", kNoon)), Errc::usage);
  for (const char* language : {"", "e", "1a", "en us", "en/us", "abcdefghijklmnopq"}) {
    EXPECT_EQ(code(desk.translate(id_of(3), language, "x", "AB", kNoon)), Errc::usage) << language;
  }
  EXPECT_EQ(desk.translation(id_of(3)), nullptr);
  const MessageId ours = send(kLine, "ours");
  commit();
  perform(desk.translate(ours, "fr", "le notre", "AB", kNoon));
  EXPECT_FALSE(has(ours, Stage::translated)) << "that is for the other side to say";
}

TEST_F(Papers, AReadBackIsAskedGivenAndSettled) {
  DeskWorld far(2);
  (void)far.open(kLine);
  far.commit();
  auto sent = desk.send(kLine, {"stop", Grade::talk, Precedence::flash, Mark::none}, kNoon, rng);
  perform(std::move(sent->effects));
  commit();
  const MessageId id = sent->id;
  EXPECT_EQ(desk.read_back_of(*desk.find(id)), ReadBack::asked);
  EXPECT_EQ(code(desk.settle_read_back(id, true, "AB", kNoon)), Errc::conflict) << "nothing came yet";
  far.perform(far.desk.receive(kLine, id, submitted[0].bytes, kNoon));
  far.commit();
  auto given = far.desk.read_back(id, "stop", "CD", std::nullopt, kNoon, far.rng);
  ASSERT_TRUE(given.has_value());
  far.perform(std::move(given->effects));
  far.commit();
  EXPECT_TRUE(far.has(id, Stage::read)) << "who reads it back has read it";
  EXPECT_EQ(far.desk.read_back_of(*far.desk.find(id)), ReadBack::given);
  ASSERT_EQ(far.submitted.size(), 2U);
  const auto back = std::ranges::find(far.submitted, given->id, &Submit::id);
  ASSERT_NE(back, far.submitted.end());
  EXPECT_EQ(back->precedence, Precedence::flash);
  perform(desk.receive(kLine, back->id, back->bytes, kNoon));
  EXPECT_EQ(desk.read_back_of(*desk.find(id)), ReadBack::asked) << "before the disk has it";
  commit();
  EXPECT_EQ(desk.read_back_of(*desk.find(id)), ReadBack::given);
  EXPECT_EQ(desk.counts(kLine).unread, 1U) << "it waits for somebody";
  submitted.clear();
  perform(desk.settle_read_back(id, false, "AB", kNoon));
  perform(desk.settle_read_back(id, false, "AB", kNoon));
  commit();
  EXPECT_EQ(code(desk.settle_read_back(id, true, "AB", kNoon)), Errc::conflict);
  EXPECT_EQ(desk.read_back_of(*desk.find(id)), ReadBack::wrong);
  EXPECT_EQ(desk.counts(kLine).unread, 0U);
  ASSERT_EQ(submitted.size(), 1U);
  far.perform(far.desk.receive(kLine, submitted[0].id, submitted[0].bytes, kNoon));
  far.commit();
  EXPECT_EQ(far.desk.read_back_of(*far.desk.find(id)), ReadBack::wrong);
  auto again = far.desk.read_back(id, "stop now", "CD", std::nullopt, kNoon, far.rng);
  far.perform(std::move(again->effects));
  far.commit();
  EXPECT_EQ(far.desk.read_back_of(*far.desk.find(id)), ReadBack::given) << "the newest counts";
  ASSERT_TRUE(far.restart().has_value());
  EXPECT_EQ(far.desk.read_back_of(*far.desk.find(id)), ReadBack::given);
}

TEST_F(Papers, WhoMayReadBackAndWhoMaySettle) {
  came(id_of(3), text_message("routine"));
  came(id_of(4), drill_message());
  const MessageId ours = send(kLine, "ours");
  commit();
  EXPECT_EQ(desk.read_back_of(*desk.find(id_of(3))), ReadBack::none);
  EXPECT_EQ(code(desk.read_back(ours, "x", "AB", std::nullopt, kNoon, rng)), Errc::refused);
  EXPECT_EQ(code(desk.read_back(id_of(4), "x", "AB", std::nullopt, kNoon, rng)), Errc::refused);
  EXPECT_EQ(code(desk.read_back(id_of(9), "x", "AB", std::nullopt, kNoon, rng)), Errc::not_found);
  EXPECT_EQ(code(desk.read_back(id_of(3), "", "AB", std::nullopt, kNoon, rng)), Errc::usage);
  EXPECT_EQ(code(desk.read_back(id_of(3), "x", "", std::nullopt, kNoon, rng)), Errc::usage);
  EXPECT_EQ(code(desk.settle_read_back(id_of(3), true, "AB", kNoon)), Errc::refused);
  for (const Stage stage : {Stage::confirmed, Stage::wrong}) {
    EXPECT_EQ(code(desk.stage(id_of(3), stage, "AB", "", kNoon)), Errc::usage) << "no stage of a text";
  }
}

TEST_F(Papers, APeersVerdictAndReferencesChangeNothingElse) {
  const MessageId ours = send(kLine, "ours");
  commit();
  perform(desk.receive(kLine, id_of(5), wire_bytes(report_message(ours, Stage::confirmed, "CD")), kNoon));
  EXPECT_TRUE(desk.find(ours)->marks.empty()) << "it is no read-back";
  came(id_of(6), read_back_message(id_of(99), "of nothing"));
  ASSERT_NE(desk.find(id_of(6)), nullptr);
  EXPECT_EQ(desk.meant_by(*desk.find(id_of(6))), nullptr);
  came(id_of(7), read_back_message(id_of(6), "of a message of their own"));
  EXPECT_EQ(desk.meant_by(*desk.find(id_of(7))), nullptr) << "only what was sent from here";
  EXPECT_EQ(desk.read_back_of(*desk.find(ours)), ReadBack::none);
  Message answer = text_message("answer");
  answer.header.ref = ours;
  came(id_of(8), answer);
  EXPECT_EQ(desk.meant_by(*desk.find(id_of(8))), desk.find(ours));
  EXPECT_TRUE(desk.find(ours)->marks.empty()) << "answered is said by a report, never inferred";
}

TEST_F(Papers, AFileGoesAndComes) {
  Draft file{std::string("\0\xff\x1b[2J", 6), Grade::talk, Precedence::routine, Mark::none};
  file.file_name = "план.pdf";
  auto sent = desk.send(kLine, file, kNoon, rng);
  ASSERT_TRUE(sent.has_value()) << sent.error().what;
  perform(std::move(sent->effects));
  commit();
  DeskWorld far(2);
  (void)far.open(kLine);
  far.commit();
  far.perform(far.desk.receive(kLine, sent->id, submitted[0].bytes, kNoon));
  far.commit();
  ASSERT_TRUE(far.restart().has_value());
  const auto* there = far.desk.find(sent->id);
  ASSERT_NE(there, nullptr);
  EXPECT_EQ(there->file_name, "план.pdf");
  EXPECT_EQ(there->text_bytes, 6U);
  EXPECT_EQ(decode(far.store.body(there->key()).value())->text, file.text);
}

TEST_F(Papers, WhatIsNoFile) {
  Draft file{"x", Grade::talk, Precedence::routine, Mark::none};
  for (const char* name :
       {".", "..", "../x", "a/b", "a\\b", ".hidden", " a", "a ", "a.", "a\nb", "a\x1b", "a\u202eb", "a\xff"}) {
    file.file_name = name;
    EXPECT_EQ(code(desk.send(kLine, file, kNoon, rng)), Errc::usage) << name;
    Message message = text_message("x");
    message.header.kind = Kind::file;
    message.file_name = name;
    EXPECT_FALSE(encode(message).has_value()) << name;
  }
  file.file_name = std::string(wire::kFileNameLimit + 1, 'n');
  EXPECT_EQ(code(desk.send(kLine, file, kNoon, rng)), Errc::usage);
  file.file_name = std::string(wire::kFileNameLimit, 'n');
  file.precedence = Precedence::flash;
  EXPECT_EQ(code(desk.send(kLine, file, kNoon, rng)), Errc::usage) << "always ROUTINE";
  file.precedence = Precedence::routine;
  file.text.clear();
  EXPECT_EQ(code(desk.send(kLine, file, kNoon, rng)), Errc::usage);
  file.text.assign(wire::kFileLimit + 1, 'x');
  EXPECT_EQ(code(desk.send(kLine, file, kNoon, rng)), Errc::out_of_range);
  file.text.pop_back();
  EXPECT_TRUE(desk.send(kLine, file, kNoon, rng).has_value());
}

std::vector<SheetEntry> some_sheet() {
  return {{SheetPart::title, "", "Ministre", "Minister"},
          {SheetPart::salutation, "", "Monsieur", "Sir"},
          {SheetPart::phrase, "ALPHA 1", "nous confirmons", "мы подтверждаем"}};
}

TEST_F(Papers, ASheetTakesThePlaceOfTheOneBefore) {
  EXPECT_EQ(code(desk.set_sheet(line_id(9), some_sheet(), "AB", kNoon)), Errc::not_found);
  EXPECT_EQ(code(desk.set_sheet(kLine, some_sheet(), "", kNoon)), Errc::usage);
  perform(desk.set_sheet(kLine, some_sheet(), "AB", kNoon));
  commit();
  perform(desk.set_sheet(kLine, {}, "CD", after(1)));
  perform(desk.set_sheet(kLine, some_sheet(), "EF", after(2)));
  commit();  // the new ones are on the disk beside the old one
  ASSERT_TRUE(restart().has_value());
  const auto kept = desk.papers(kLine, PaperKind::sheet);
  ASSERT_EQ(kept.size(), 1U);
  EXPECT_EQ(kept[0]->initials, "EF");
  EXPECT_EQ(decode_sheet(store.body(kept[0]->key()).value()).value(), some_sheet());
  perform(desk.remove_strays(std::array{kLine}));
  commit();
  const auto on_disk = [&] {
    return std::ranges::count_if(store.disk(), [](const auto& r) { return r.first.kind == RecordKind::paper; });
  };
  EXPECT_EQ(on_disk(), 1);
  (void)open(kLine);
  perform(desk.add_line_note(kLine, "their duty officer changes at six", "AB", kNoon));
  commit();
  EXPECT_EQ(on_disk(), 2);
  perform(desk.remove_line(kLine));
  commit();
  EXPECT_EQ(on_disk(), 0);
}

TEST_F(Papers, WhatIsNoSheet) {
  const auto refused = [&](SheetEntry entry) {
    EXPECT_EQ(code(check_sheet({entry})), Errc::usage);
    EXPECT_FALSE(decode_sheet(encode_sheet({entry})).has_value());
  };
  refused({SheetPart::title, "", "", "x"});
  refused({SheetPart::title, "", "x", ""});
  refused({SheetPart::title, "code", "x", "x"});
  refused({SheetPart::phrase, "", "x", "x"});
  refused({SheetPart::phrase, std::string(33, 'c'), "x", "x"});
  refused({SheetPart::salutation, "", std::string(501, 'x'), "x"});
  refused({SheetPart::salutation, "", "x", "\xff"});
  refused({SheetPart::salutation, "", "two\nlines", "x"});
  EXPECT_EQ(code(check_sheet(std::vector<SheetEntry>(301, some_sheet()[0]))), Errc::usage);
  EXPECT_TRUE(check_sheet(std::vector<SheetEntry>(300, some_sheet()[0])).has_value());
  const Bytes body = encode_sheet(some_sheet());
  for (std::size_t n = 0; n < body.size(); ++n) EXPECT_FALSE(decode_sheet(ByteView(body).first(n)).has_value()) << n;
}

TEST_F(Papers, NotesAreBounded) {
  EXPECT_EQ(code(desk.add_line_note(kLine, "", "AB", kNoon)), Errc::usage);
  EXPECT_EQ(code(desk.add_line_note(kLine, "x", "", kNoon)), Errc::usage);
  EXPECT_EQ(code(desk.add_line_note(kLine, std::string(kLineNoteLimit + 1, 'x'), "AB", kNoon)), Errc::out_of_range);
  for (std::size_t n = 0; n < kLineNotes + 5; ++n) {
    perform(desk.add_line_note(kLine, std::to_string(n), "AB", after(static_cast<std::int64_t>(n))));
    commit();
  }
  ASSERT_TRUE(restart().has_value());
  const auto notes = desk.papers(kLine, PaperKind::note);
  ASSERT_EQ(notes.size(), kLineNotes);
  EXPECT_EQ(as_text(store.body(notes.front()->key()).value()), "5");
  EXPECT_EQ(as_text(store.body(notes.back()->key()).value()), "104");
}

TEST_F(Papers, WhatAWatchHandsOver) {
  const auto waits = [&](MessageId id) { return desk.needs_somebody(*desk.find(id)); };
  came(id_of(3), text_message("unread"));
  EXPECT_TRUE(waits(id_of(3)));
  perform(desk.stage(id_of(3), Stage::read, "AB", "", kNoon));
  EXPECT_FALSE(waits(id_of(3)));
  perform(desk.stage(id_of(3), Stage::not_now, "AB", "", kNoon));
  EXPECT_TRUE(waits(id_of(3))) << "put off is not done";
  Message urgent = text_message("urgent");
  urgent.header.precedence = Precedence::immediate;
  came(id_of(4), urgent);
  perform(desk.stage(id_of(4), Stage::read, "AB", "", kNoon));
  EXPECT_TRUE(waits(id_of(4))) << "a read-back is asked for";
  auto back = desk.read_back(id_of(4), "urgent", "AB", std::nullopt, kNoon, rng);
  perform(std::move(back->effects));
  EXPECT_FALSE(waits(id_of(4)));
  const MessageId ours = send(kLine, "ours");
  commit();
  EXPECT_TRUE(waits(ours)) << "not there yet";
  perform(desk.stored_there(kLine, ours, kNoon));
  EXPECT_TRUE(waits(ours)) << "nobody there spoke";
  perform(desk.receive(kLine, id_of(8), wire_bytes(report_message(ours, Stage::read, "CD")), kNoon));
  EXPECT_FALSE(waits(ours));
  came(id_of(9), read_back_message(ours, "ours"));
  EXPECT_TRUE(waits(ours)) << "to be confirmed";
  EXPECT_TRUE(waits(id_of(9)));
  perform(desk.settle_read_back(ours, true, "AB", kNoon));
  EXPECT_FALSE(waits(ours));
  EXPECT_FALSE(waits(id_of(9)));
}

TEST_F(Papers, AnExerciseMarksWhatIsMadeAndOutlastsARestart) {
  came(id_of(3), text_message("real"));
  const auto mark_of_send = [&] { return desk.find(send(kLine, "x"))->header.mark; };
  EXPECT_EQ(mark_of_send(), Mark::none);
  Draft before{"drafted before", Grade::talk, Precedence::routine, Mark::none};
  before.initials = "AB";
  auto kept = desk.keep_draft(kLine, before, kNoon, rng);
  const MessageId draft = kept->id;
  perform(std::move(kept->effects));
  EXPECT_EQ(code(desk.set_exercise(true, "", kNoon)), Errc::usage);
  perform(desk.set_exercise(true, "AB", kNoon));
  perform(desk.set_exercise(true, "CD", after(5)));
  EXPECT_EQ(desk.exercise().initials, "AB") << "it has begun already";
  commit();
  ASSERT_TRUE(restart().has_value());
  (void)open(kLine);
  EXPECT_EQ(desk.exercise(), (Exercise{true, "AB", kNoon}));
  EXPECT_EQ(mark_of_send(), Mark::exercise);
  auto sent = desk.release_draft(draft, "drafted before", "AB", std::nullopt, kNoon);
  ASSERT_TRUE(sent.has_value());
  perform(std::move(sent->effects));
  EXPECT_EQ(desk.find(draft)->header.mark, Mark::exercise) << "released during it";
  kept = desk.keep_draft(kLine, before, kNoon, rng);
  perform(std::move(kept->effects));
  auto back = desk.read_back(id_of(3), "real", "AB", std::nullopt, kNoon, rng);
  ASSERT_TRUE(back.has_value());
  perform(std::move(back->effects));
  EXPECT_EQ(desk.find(back->id)->header.mark, Mark::exercise);
  perform(desk.set_exercise(false, "CD", kNoon));
  EXPECT_EQ(mark_of_send(), Mark::none);
  EXPECT_EQ(desk.find_draft(kept->id)->mark, Mark::exercise) << "made during it: never real by itself";
  const auto ledger = desk.ledger(kLine);
  EXPECT_EQ(sentence(ledger[ledger.size() - 2]), "AB began an exercise");
  EXPECT_EQ(sentence(ledger.back()), "CD ended the exercise");
}

TEST(Search, FindsWhateverTheCase) {
  EXPECT_TRUE(Needle("МОСКВА").in("из Москва сегодня"));
  EXPECT_TRUE(Needle("école").in("L'ÉCOLE"));
  EXPECT_TRUE(Needle("ΣΊΣΥΦΟΣ").in("ο Σίσυφος"));
  EXPECT_TRUE(Needle("žluť").in("ŽLUŤ"));
  EXPECT_TRUE(Needle("سلام").in("و سلام"));
  EXPECT_FALSE(Needle("abd").in("ABC"));
  EXPECT_TRUE(Needle("x").in("\xffX"));
}

}  // namespace
}  // namespace sw::desk
