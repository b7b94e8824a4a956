// needs: desk
// Heads of the desk's records as the store gives them back: what loads was written by this code, byte for byte.
#include "desk/desk.hpp"
#include "desk/ledger.hpp"
#include "desk/message_record.hpp"
#include "desk/watch.hpp"
#include "fuzz/fuzz.hpp"

namespace sw::fuzz {
namespace {

constexpr LineId kLine{{1, 2, 3, 4}};

desk::MessageRecord full_record(desk::Direction direction) {
  desk::MessageRecord r;
  r.line = kLine;
  r.id = MessageId{{1}};
  r.direction = direction;
  r.header.created = r.kept = UtcMs{1'790'000'000'000};
  r.header.initials = "AB";
  r.header.post = "Adviser";
  r.text_bytes = 10;
  r.order = 7;
  r.sent = UtcMs{1'790'000'000'500};
  for (std::size_t i = 0; i < desk::kStageMarks; ++i) {
    r.marks.push_back({desk::Stage::read, r.kept, desk::Side::there, "CDEF", std::string(64, 'p'), false});
  }
  return r;
}

void check_message(ByteView head) {
  const auto record = desk::decode_head(MessageId{{9}}, head);
  if (!record) return;
  SW_ASSERT(same(desk::encode_head(*record).view(), head));
  SW_ASSERT(head.size() <= desk::kHeadBytes && !desk::stages_of(*record).empty());
  (void)desk::acknowledge_by(*record);
  SW_ASSERT(record->file_name.find('/') == std::string::npos);
  for (const desk::StageMark& mark : record->marks) SW_ASSERT(!desk::report_bytes(*record, mark).empty());
}

void check_state(ByteView head) {
  if (head.size() < 2) return;
  const ByteView fields = head.subspan(2);
  const std::array<std::uint8_t, 2> watch_head{desk::kStateVersion,
                                               static_cast<std::uint8_t>(desk::StateRecord::watch)};
  const std::array<std::uint8_t, 2> far_head{desk::kStateVersion,
                                             static_cast<std::uint8_t>(desk::StateRecord::far_watch)};
  if (const auto watch = desk::decode_watch(fields)) {
    SW_ASSERT(same(desk::encode_head(*watch).view(), joined({watch_head, fields})));
  }
  if (const auto far = desk::decode_far_watch(fields)) {
    SW_ASSERT(same(desk::encode_head(far->line, far->watch).view(), joined({far_head, fields})));
    (void)far->watch.answered_age_ms(UtcMs{1'790'000'000'000});
  }
  if (const auto exercise = desk::decode_exercise(fields)) {
    const std::array<std::uint8_t, 2> exercise_head{desk::kStateVersion,
                                                    static_cast<std::uint8_t>(desk::StateRecord::exercise)};
    SW_ASSERT(same(desk::encode_head(*exercise).view(), joined({exercise_head, fields})));
  }
  desk::Ledger ledger;
  if (ledger.load(fields)) {
    SW_ASSERT(ledger.size() == 1);
    for (const auto& entry : ledger.entries(kLine)) SW_ASSERT(!desk::sentence(entry).empty());
    const auto next = ledger.add({UtcMs{}, kLine, desk::LedgerEvent::restored, {}});
    SW_ASSERT(next.head.size() <= desk::kHeadBytes);
  }
}

desk::DraftRecord draft_record() {
  desk::DraftRecord r;
  r.id = MessageId{{3}};
  r.line = kLine;
  r.grade = desk::Grade::note;
  r.precedence = Precedence::flash;
  r.drafter = "AB";
  r.created = r.changed = UtcMs{1'790'000'000'000};
  r.offered = r.created;
  r.text_bytes = 10;
  return r;
}

desk::Translation translation_record() {
  desk::Translation t;
  t.message = MessageId{{9}};
  t.line = kLine;
  t.language = "fr";
  t.text_bytes = 10;
  t.translator = {"AB", UtcMs{1}};
  t.reviewer = {"CD", UtcMs{2}};
  return t;
}

desk::LinePaper paper_record() {
  return {kLine, desk::PaperKind::note, 4, "AB", UtcMs{5}, 10};
}

/// Under the key of the record, as the store would give it.
void check_papers(ByteView head) {
  const auto of_draft = draft_record().key();
  if (const auto draft = desk::decode_draft(of_draft, head)) {
    SW_ASSERT(same(desk::encode_head(*draft).view(), head) && draft->key() == of_draft);
  }
  const auto of_paper = paper_record().key();
  if (const auto paper = desk::decode_paper(of_paper, head)) {
    SW_ASSERT(same(desk::encode_head(*paper).view(), head) && paper->key() == of_paper);
  }
  if (const auto sheet = desk::decode_sheet(head)) {
    SW_ASSERT(same(desk::encode_sheet(*sheet), head) && sheet->size() <= desk::kSheetEntries);
  }
  const auto of_translation = translation_record().key();
  if (const auto translation = desk::decode_translation(of_translation, head)) {
    SW_ASSERT(same(desk::encode_head(*translation).view(), head) && translation->key() == of_translation);
    SW_ASSERT(translation->certifier.initials.empty() || !translation->reviewer.initials.empty());
  }
}

/// The input cut into records: a kind, an id, a length, a head.
void check_load(ByteView data) {
  Input in(data);
  std::vector<desk::LoadedRecord> records;
  while (!in.empty() && records.size() < 64) {
    const auto kind = static_cast<desk::RecordKind>(1 + in.u8() % 7);
    ByteArray<16> id{in.u8()};
    if (kind == desk::RecordKind::draft) id = draft_record().key().id;
    if (kind == desk::RecordKind::paper) id = paper_record().key().id;
    if (kind == desk::RecordKind::translation) id = translation_record().key().id;
    records.push_back({{kind, id}, crypto::SecretBytes(to_bytes(in.take(in.u16()))), 0});
  }
  desk::Desk desk;
  if (!desk.load(records)) return;
  const auto opening = desk.open_line(kLine);
  for (const auto& put : opening.effects.puts) SW_ASSERT(put.head.size() <= desk::kHeadBytes);
  for (const auto* draft : desk.drafts())
    SW_ASSERT(desk.find(draft->id) == nullptr || desk.find(draft->id)->line != draft->line);
  (void)desk.remove_line(kLine);
}

}  // namespace

void run(ByteView data) {
  check_message(data);
  check_state(data);
  check_papers(data);
  check_load(data);
}

std::vector<Bytes> seeds() {
  std::vector<Bytes> out;
  Bytes all;
  const auto add = [&](std::uint8_t kind, ByteView head) {
    out.push_back(to_bytes(head));
    const auto size = static_cast<std::uint16_t>(head.size());
    const ByteArray<4> prefix{static_cast<std::uint8_t>(kind - 1), static_cast<std::uint8_t>(out.size()),
                              static_cast<std::uint8_t>(size), static_cast<std::uint8_t>(size >> 8)};
    const Bytes record = joined({prefix, head});
    all.insert(all.end(), record.begin(), record.end());
  };
  auto in = full_record(desk::Direction::in);
  in.marks.resize(1);
  add(3, desk::encode_head(in).view());
  auto sent = full_record(desk::Direction::out);
  sent.order = 8;
  add(3, desk::encode_head(sent).view());
  auto file = full_record(desk::Direction::out);
  file.marks.resize(2);
  file.id = MessageId{{2}};
  file.order = 9;
  file.header.kind = desk::Kind::file;
  file.file_name = "plan.pdf";
  file.from = {UtcMs{1}, "AB", "CD"};
  add(3, desk::encode_head(file).view());
  add(5, desk::encode_head(draft_record()).view());
  add(6, desk::encode_head(translation_record()).view());
  add(7, desk::encode_head(paper_record()).view());
  out.push_back(desk::encode_sheet({{desk::SheetPart::title, "", "a", "b"}, {desk::SheetPart::phrase, "c", "d", "e"}}));
  add(4, desk::encode_head(desk::Watch{"AB", UtcMs{1}, UtcMs{2}}).view());
  add(4, desk::encode_head(kLine, desk::FarWatch{"CD", UtcMs{3}}).view());
  add(4, desk::encode_head(desk::Exercise{true, "AB", UtcMs{5}}).view());
  desk::Ledger ledger;
  add(4, ledger.add({UtcMs{4}, kLine, desk::LedgerEvent::watch_taken, "EF"}).head.view());
  out.push_back(all);
  return out;
}

}  // namespace sw::fuzz
