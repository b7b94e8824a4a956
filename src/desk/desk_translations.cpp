// Translations, beside their messages.
#include "desk/desk_parts.hpp"
#include "desk/text.hpp"

namespace sw::desk {
namespace {

std::unexpected<Error> no_message() {
  return fail(Errc::not_found, "There is no message with this id.");
}

}  // namespace

Result<Effects> Desk::translate(MessageId handle, std::string_view language, const std::string& text,
                                std::string_view initials, UtcMs now) {
  const MessageRecord* record = find(handle);
  if (record == nullptr) return no_message();
  if (record->header.kind != Kind::text && record->header.kind != Kind::read_back) {
    return fail(Errc::refused, "Only a text can be translated.");
  }
  if (auto checked = check_initials(initials); !checked) return std::unexpected(std::move(checked.error()));
  if (auto checked = check_language(language); !checked) return std::unexpected(std::move(checked.error()));
  if (auto checked = check_text(text); !checked) return std::unexpected(std::move(checked.error()));
  const auto [it, fresh] = x_translations.try_emplace(handle);
  if (!it->second.certifier.initials.empty()) {
    return fail(Errc::conflict, it->second.certifier.initials + " has certified the translation: it stands.");
  }
  const std::optional<RecordKey> replaced = fresh ? std::nullopt : std::optional(it->second.key());
  Translation next;
  next.message = handle;
  next.line = record->line;
  next.version = fresh ? 1 : it->second.version + 1;
  next.language = language;
  next.text_bytes = static_cast<std::uint32_t>(text.size());
  next.translator = {std::string(initials), wire_time(now)};
  it->second = std::move(next);
  Effects effects;
  effects.puts.push_back({it->second.key(), encode_head(it->second), to_bytes(as_bytes(text)), Urgency::priority, {}});
  if (replaced) effects.puts.back().then.push_back(Drop{*replaced});
  const bool first = record->direction == Direction::in && !record->has(Stage::translated);
  if (first) mark_alone(handle, Stage::translated, initials, now, effects);
  return effects;
}

Result<Effects> Desk::sign_translation(MessageId handle, Sign sign, std::string_view initials,
                                       std::optional<std::uint32_t> version, UtcMs now) {
  if (find(handle) == nullptr) return no_message();
  const auto it = x_translations.find(handle);
  if (it == x_translations.end()) return fail(Errc::conflict, "This message has no translation yet.");
  if (auto checked = check_initials(initials); !checked) return std::unexpected(std::move(checked.error()));
  Translation& translation = it->second;
  if (version && *version != translation.version) {
    return fail(Errc::conflict, "The translation was changed since you read it: read it again.");
  }
  const bool certify = sign == Sign::certify;
  Signed& place = certify ? translation.certifier : translation.reviewer;
  Effects effects;
  if (!place.initials.empty()) {
    if (same_person(place.initials, initials)) return effects;
    return fail(Errc::conflict, place.initials + " has done this already.");
  }
  if (certify && translation.reviewer.initials.empty()) {
    return fail(Errc::conflict, "The translation is not reviewed yet: that comes first.");
  }
  if (same_person(translation.translator.initials, initials) || same_person(translation.reviewer.initials, initials)) {
    return fail(Errc::refused, "Translator, reviewer and certifier are three persons: somebody else does this.");
  }
  place = {std::string(initials), wire_time(now)};
  effects.puts.push_back({translation.key(), encode_head(translation), {}, Urgency::state, {}});
  return effects;
}

const Translation* Desk::translation(MessageId handle) const {
  const auto it = x_translations.find(handle);
  return it == x_translations.end() ? nullptr : &it->second;
}

Result<void> Desk::load_translation(const LoadedRecord& record) {
  auto translation = decode_translation(record.key, record.head.view());
  if (!translation) return std::unexpected(std::move(translation.error()));
  const auto [it, fresh] = x_translations.try_emplace(translation->message, *translation);
  if (fresh) return {};
  // A change was cut short: the newer one is whole.
  const bool newer = it->second.version < translation->version;
  x_strays.push_back(newer ? it->second.key() : translation->key());
  if (newer) it->second = std::move(*translation);
  return {};
}

}  // namespace sw::desk
