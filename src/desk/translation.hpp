#pragma once
// A translation beside its message: made by one person, reviewed by a second, certified by a third, and never sent.
// As with a draft, another text is a new record of a higher version. Protocol 6 knows only the stage `translated`.
#include <string>

#include "base/ids.hpp"
#include "base/time.hpp"
#include "desk/store.hpp"

namespace sw::desk {

inline constexpr std::size_t kLanguageLimit = 16;

/// Who did one part of it; empty initials: nobody yet.
struct Signed {
  std::string initials;
  UtcMs at{};
  bool operator==(const Signed&) const = default;
};

struct Translation {
  MessageId message;  ///< the message's handle
  LineId line;
  std::uint32_t version = 1;
  std::string language;  ///< as BCP 47 spells it: fr, zh-Hans
  std::uint32_t text_bytes = 0;
  Signed translator;
  Signed reviewer;
  Signed certifier;
  bool operator==(const Translation&) const = default;

  [[nodiscard]] RecordKey key() const;
};

/// 2 to 16 ASCII letters, digits and hyphens, beginning with a letter.
[[nodiscard]] Result<void> check_language(std::string_view language);

/// At most kHeadBytes.
[[nodiscard]] crypto::SecretBytes encode_head(const Translation& translation);
/// Errc::malformed for anything that encode_head() did not write, and under another key than its own.
[[nodiscard]] Result<Translation> decode_translation(const RecordKey& key, ByteView head);

}  // namespace sw::desk
