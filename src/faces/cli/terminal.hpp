#pragma once
// What a command asks of the person at the terminal, and what it reads from files: passphrases without echo into
// memory that is wiped, texts within their bounds.
#include <filesystem>
#include <string>
#include <string_view>

#include "faces/cli/command.hpp"

namespace sw::faces {

inline constexpr std::size_t kPassphraseLimit = 1024;

/// The first line of the file `args` names with `file_option`; else asked on the terminal with `prompt`.
/// Errc::usage where there is neither, Errc::malformed for an empty one or one that is not UTF-8.
[[nodiscard]] Outcome<crypto::SecretBytes> read_passphrase(const Args& args, const std::string& file_option,
                                                           std::string_view prompt);
/// The same, asked twice where a person types it: for a new passphrase.
[[nodiscard]] Outcome<crypto::SecretBytes> read_new_passphrase(const Args& args, const std::string& file_option,
                                                               std::string_view prompt);
/// Asks on the terminal for a word in the clear. Errc::usage where there is no terminal.
[[nodiscard]] Outcome<std::string> ask(std::string_view prompt);
[[nodiscard]] bool at_a_terminal();
/// Of the terminal behind standard output; 80 x 24 where there is none.
struct TerminalSize {
  std::size_t columns = 80;
  std::size_t rows = 24;
};
[[nodiscard]] TerminalSize terminal_size();

/// The bytes of a file, or of standard input for "-"; Errc::out_of_range above `limit`, Errc::not_found, Errc::io.
[[nodiscard]] Outcome<std::string> read_text(const std::string& file, std::size_t limit);
/// A message's text from --file, or standard input; UTF-8, 1 byte to about 1 MiB.
[[nodiscard]] Outcome<std::string> read_message(const Context& context, const Args& args);
/// A new file for its owner alone. Errc::conflict where something of this name is there, Errc::io.
[[nodiscard]] Result<void> write_new_file(const std::string& file, ByteView bytes);
/// --passphrase-file, as every command that needs one has it.
[[nodiscard]] Argument passphrase_option();

}  // namespace sw::faces
