#pragma once
// A pairing card on the terminal.
#include <string>
#include <string_view>

namespace sw::faces {

/// Two modules a character, with the quiet zone. On a terminal black on white whatever its own colours are.
[[nodiscard]] std::string qr_text(std::string_view text, bool terminal);

}  // namespace sw::faces
