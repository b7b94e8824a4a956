// needs: desk
// The desk between a hostile peer and its own people (protocol 5.3, 6): a message counts once however often it comes,
// everything that is kept fits its record, and a desk that is loaded from what it wrote is the same desk.
#include <map>

#include "crypto/rng.hpp"
#include "desk/desk.hpp"
#include "fuzz/fuzz.hpp"

namespace sw::fuzz {
namespace {

constexpr std::array<LineId, 2> kLines{LineId{{1}}, LineId{{2}}};

class World {
 public:
  World() {
    for (const LineId& line : kLines) carry_out(x_desk.open_line(line).effects);
  }

  void receive(LineId line, MessageId id, ByteView bytes) {
    auto effects = x_desk.receive(line, id, bytes, x_now);
    if (effects) carry_out(std::move(*effects));
  }
  void carry_out(desk::Effects effects) {
    for (desk::Put& put : effects.puts) {
      SW_ASSERT(put.head.size() <= desk::kHeadBytes);
      x_disk[put.key] = to_bytes(put.head.view());
      x_desk.durable(put.key, x_now);
      take(put.then);
    }
    for (const desk::RecordKey& key : effects.erases) x_disk.erase(key);
    take(effects.steps);
  }
  void carry_out(Result<desk::Effects> effects) {
    if (effects) carry_out(std::move(*effects));
  }
  void carry_out(Result<desk::Sent> sent) {
    if (sent) carry_out(std::move(sent->effects));
  }
  /// As after a restart.
  void restart() {
    const auto before = shown();
    desk::Desk fresh;
    std::vector<desk::LoadedRecord> records;
    for (const auto& [key, head] : x_disk) records.push_back({key, crypto::SecretBytes(Bytes(head)), 0});
    SW_ASSERT(fresh.load(records).has_value());
    x_desk = std::move(fresh);
    for (const LineId& line : kLines) carry_out(x_desk.open_line(line).effects);
    SW_ASSERT(shown() == before);
  }

  void people(std::uint8_t what, Input& in);

 private:
  void take(const std::vector<desk::Step>& steps) {
    for (const desk::Step& step : steps) {
      if (const auto* submit = std::get_if<desk::Submit>(&step)) {
        SW_ASSERT(desk::decode(submit->bytes).has_value());
        x_submitted.push_back({submit->line, submit->id});
      }
      if (const auto* drop = std::get_if<desk::Drop>(&step)) x_disk.erase(drop->key);
    }
  }
  [[nodiscard]] std::vector<Bytes> shown() const {
    std::vector<Bytes> out;
    for (const auto* record : x_desk.messages(std::nullopt)) {
      out.push_back(to_bytes(desk::encode_head(*record).view()));
      out.push_back(to_bytes(record->handle.bytes));
    }
    for (const auto* draft : x_desk.drafts()) out.push_back(to_bytes(desk::encode_head(*draft).view()));
    for (const auto* record : x_desk.messages(std::nullopt)) {
      const auto* translation = x_desk.translation(record->handle);
      if (translation != nullptr) out.push_back(to_bytes(desk::encode_head(*translation).view()));
      out.push_back(Bytes{static_cast<std::uint8_t>(x_desk.read_back_of(*record))});
    }
    out.push_back(to_bytes(desk::encode_head(x_desk.watch()).view()));
    for (const LineId& line : kLines) {
      out.push_back(to_bytes(desk::encode_head(line, x_desk.far_watch(line)).view()));
      for (const auto& entry : x_desk.ledger(line)) out.push_back(to_bytes(as_bytes(desk::sentence(entry))));
    }
    return out;
  }
  [[nodiscard]] MessageId some_handle(std::uint8_t n) const {
    const auto all = x_desk.messages(std::nullopt);
    return all.empty() ? MessageId{} : all[n % all.size()]->handle;
  }

  [[nodiscard]] MessageId some_draft(std::uint8_t n) const {
    const auto all = x_desk.drafts();
    return all.empty() ? MessageId{} : all[n % all.size()]->id;
  }
  void papers(std::uint8_t what, LineId line, const std::string& initials, std::uint8_t which);

  crypto::SeededRng x_rng{1};
  desk::Desk x_desk;
  UtcMs x_now{1'790'000'000'000};
  std::map<desk::RecordKey, Bytes> x_disk;
  std::vector<std::pair<LineId, MessageId>> x_submitted;
};

void World::papers(std::uint8_t what, LineId line, const std::string& initials, std::uint8_t which) {
  desk::Draft draft{std::string(1U + which, 'd'), which % 2U == 0 ? desk::Grade::note : desk::Grade::talk,
                    static_cast<Precedence>(which % 4U)};
  draft.initials = initials;
  if (which % 5U == 0) draft.answers = some_handle(which);
  switch (what) {
    case 0: carry_out(x_desk.keep_draft(line, draft, x_now, x_rng)); break;
    case 1: carry_out(x_desk.change_draft(some_draft(which), draft, x_now)); break;
    case 2: carry_out(x_desk.offer_draft(some_draft(which), initials, x_now)); break;
    case 3: carry_out(x_desk.discard_draft(some_draft(which), initials)); break;
    case 4: {
      const auto* found = x_desk.find_draft(some_draft(which));
      const std::string by = found != nullptr ? found->drafter : std::string();
      auto sent = x_desk.release_draft(some_draft(which), "text", initials, std::nullopt, x_now);
      const bool alone = found != nullptr && desk::same_person(by, initials);
      SW_ASSERT(!sent || !alone || !desk::needs_second_person(found->grade, found->precedence));
      carry_out(std::move(sent));
      break;
    }
    case 5: carry_out(x_desk.translate(some_handle(which), "fr", "texte", initials, x_now)); break;
    case 6: {
      const auto sign = which % 2U == 0 ? desk::Desk::Sign::review : desk::Desk::Sign::certify;
      carry_out(x_desk.sign_translation(some_handle(which), sign, initials, std::nullopt, x_now));
      const auto* now = x_desk.translation(some_handle(which));
      SW_ASSERT(now == nullptr || now->certifier.initials.empty() ||
                (!desk::same_person(now->certifier.initials, now->reviewer.initials) &&
                 !desk::same_person(now->certifier.initials, now->translator.initials)));
      break;
    }
    case 7: carry_out(x_desk.read_back(some_handle(which), "back", initials, std::nullopt, x_now, x_rng)); break;
    default: carry_out(x_desk.settle_read_back(some_handle(which), which % 2U == 0, initials, x_now));
  }
}

void World::people(std::uint8_t what, Input& in) {
  const LineId line = kLines[what & 1U];
  const std::string initials(1U + in.u8() % 5U, static_cast<char>('A' + in.u8() % 26));
  const std::uint8_t which = in.u8();
  const auto sent = x_submitted.empty() ? std::pair{line, MessageId{}} : x_submitted[which % x_submitted.size()];
  switch ((what >> 1U) % 21U) {
    case 0: carry_out(x_desk.send(line, {std::string(1U + which, 'x'), desk::Grade::talk}, x_now, x_rng)); break;
    case 1: carry_out(x_desk.drill(line, x_now, x_rng)); break;
    case 2: carry_out(x_desk.first_cell_left(sent.first, sent.second, x_now)); break;
    case 3: carry_out(x_desk.stored_there(sent.first, sent.second, x_now)); break;
    case 4: carry_out(x_desk.done(line, some_handle(which))); break;
    case 5: {
      const auto stage = static_cast<desk::Stage>(in.u8() % 11U);
      carry_out(x_desk.stage(some_handle(which), stage, initials, std::string(in.u8() % 66U, 'p'), x_now));
      break;
    }
    case 6: carry_out(x_desk.take_watch(initials, x_now)); break;
    case 7: carry_out(x_desk.hand_over_watch(initials, x_now)); break;
    case 8: carry_out(x_desk.answer_watch(x_now)); break;
    case 9: carry_out(x_desk.sweep(x_now)); break;
    case 10: x_now.value += (which - 64) * std::int64_t{86'400'000}; break;
    case 11: restart(); break;
    default: papers(static_cast<std::uint8_t>((what >> 1U) % 21U - 12U), line, initials, which);
  }
}

/// A message of the peer, about one of the few ids that there are.
Bytes message(Input& in) {
  desk::Message out;
  out.header.kind = static_cast<desk::Kind>(1 + in.u8() % 7U);
  if (out.header.kind == desk::Kind::drill) out.header.mark = desk::Mark::test;
  if (out.header.kind == desk::Kind::stage) out.header.stage = static_cast<desk::Stage>(1 + in.u8() % 9U);
  if (out.header.kind == desk::Kind::read_back || out.header.kind == desk::Kind::stage ||
      out.header.kind == desk::Kind::drill_answer) {
    out.header.ref = {{static_cast<std::uint8_t>(1 + in.u8() % 4U)}};
  }
  out.header.created = UtcMs{1'790'000'000'000 + (in.u8() - 128) * std::int64_t{3'600'000}};
  out.header.initials = std::string(in.u8() % 4U + (out.header.kind == desk::Kind::text ? 0U : 1U), 'B');
  if (out.header.kind == desk::Kind::text || out.header.kind == desk::Kind::read_back) out.text = "text";
  if (out.header.kind == desk::Kind::file) {
    out.text = "bytes";
    out.file_name = "name";
  }
  const auto bytes = desk::encode(out);
  return bytes ? *bytes : Bytes{};
}

}  // namespace

void run(ByteView data) {
  Input in(data);
  World world;
  for (int steps = 0; !in.empty() && steps < 300; ++steps) {
    const std::uint8_t what = in.u8();
    const LineId line = kLines[what >> 2U & 1U];
    if (what % 4U == 0) {
      const MessageId id{{static_cast<std::uint8_t>(in.u8() % 6U)}};
      world.receive(line, id, message(in));
    } else if (what % 4U == 1) {
      const MessageId id{{static_cast<std::uint8_t>(in.u8() % 6U)}};
      world.receive(line, id, in.take(in.u16() % 300U));
    } else {
      world.people(static_cast<std::uint8_t>(what >> 2U), in);
    }
  }
  world.people(11U << 1U, in);
}

std::vector<Bytes> seeds() {
  return {{0, 0, 0, 128, 2, 2, 42, 1, 0, 0, 1, 5, 0, 1, 1, 0, 130, 1, 50, 0, 0, 0},
          {2, 0, 0, 9, 10, 0, 0, 9, 26, 0, 0, 0, 0, 3, 2, 0, 0, 130, 1, 50, 1, 2, 3, 90, 0, 0, 0},
          {58, 1, 2, 3, 66, 0, 0, 0, 0, 1, 2, 100, 0, 66, 0, 0, 0, 74, 0, 0, 0}};
}

}  // namespace sw::fuzz
