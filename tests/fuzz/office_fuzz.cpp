// needs: desk
// Records of the office as the store gives them back: what loads was written by this code, byte for byte.
#include "desk/office.hpp"
#include "fuzz/fuzz.hpp"

namespace sw::fuzz {
namespace {

constexpr desk::RecordKey kKey{desk::RecordKind::office, {{1}}};

}  // namespace

void run(ByteView data) {
  const auto person = desk::decode_operator(kKey, data);
  if (person) {
    SW_ASSERT(same(desk::encode(*person).view(), data) && data.size() <= desk::kHeadBytes);
    SW_ASSERT(!person->name.empty() && desk::is_language(person->language));
  }
  const auto token = desk::decode_token(kKey, data);
  if (token) {
    SW_ASSERT(same(desk::encode(*token).view(), data) && data.size() <= desk::kHeadBytes);
    SW_ASSERT(!person && !token->rights.has(desk::Right::read));
  }
  std::vector<desk::LoadedRecord> records;
  records.push_back({kKey, crypto::SecretBytes(to_bytes(data)), 0});
  desk::Office office;
  SW_ASSERT(office.load(records).has_value() == (person.has_value() || token.has_value()));
}

std::vector<Bytes> seeds() {
  desk::Operator person;
  person.name = "Ada";
  person.initials = "AL";
  person.lines = std::vector<LineId>{LineId{{1}}, LineId{{2}}};
  desk::Token token;
  token.name = "monitor";
  token.rights = {desk::Right::status, desk::Right::admin};
  token.lines = {{LineId{{3}}, true, Precedence::priority}};
  return {to_bytes(desk::encode(person).view()), to_bytes(desk::encode(token).view())};
}

}  // namespace sw::fuzz
