#pragma once
// What an office keeps about a line for itself: its protocol sheet (titles, salutations and coded phrases, in both
// languages) and the notes of its watches. Sealed records of this station, bounded, never sent.
#include <string>
#include <vector>

#include "base/ids.hpp"
#include "base/time.hpp"
#include "desk/store.hpp"

namespace sw::desk {

inline constexpr std::size_t kSheetEntries = 300;
inline constexpr std::size_t kSheetTextLimit = 500;   ///< bytes of one text
inline constexpr std::size_t kSheetCodeLimit = 32;    ///< bytes of a phrase's code
inline constexpr std::size_t kLineNoteLimit = 4'096;  ///< bytes of one note
inline constexpr std::size_t kLineNotes = 100;        ///< of one line; the newest stay

enum class SheetPart : std::uint8_t { title = 1, salutation = 2, phrase = 3 };
struct SheetEntry {
  SheetPart part{};
  std::string code;  ///< of a phrase only: what stands for it
  std::string ours;
  std::string theirs;
  bool operator==(const SheetEntry&) const = default;
};

/// Errc::usage for too many, and for an empty, overlong or wrong text.
[[nodiscard]] Result<void> check_sheet(const std::vector<SheetEntry>& sheet);
[[nodiscard]] Bytes encode_sheet(const std::vector<SheetEntry>& sheet);
/// Errc::malformed for anything that encode_sheet() did not write of a good one.
[[nodiscard]] Result<std::vector<SheetEntry>> decode_sheet(ByteView body);

enum class PaperKind : std::uint8_t { sheet = 1, note = 2 };
struct LinePaper {
  LineId line;
  PaperKind kind{};
  std::uint32_t number = 1;  ///< rises with each of a line; of sheets the last one counts
  std::string initials;      ///< who wrote it
  UtcMs at{};
  std::uint32_t body_bytes = 0;
  bool operator==(const LinePaper&) const = default;

  [[nodiscard]] RecordKey key() const;
};

[[nodiscard]] crypto::SecretBytes encode_head(const LinePaper& paper);
/// Errc::malformed for anything that encode_head() did not write, and under another key than its own.
[[nodiscard]] Result<LinePaper> decode_paper(const RecordKey& key, ByteView head);

}  // namespace sw::desk
