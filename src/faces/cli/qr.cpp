#include "faces/cli/qr.hpp"

#include <qrcodegen/qrcodegen.hpp>

namespace sw::faces {

std::string qr_text(std::string_view text, bool terminal) {
  using qrcodegen::QrCode;
  constexpr int quiet = 4;
  const QrCode code = QrCode::encodeText(std::string(text).c_str(), QrCode::Ecc::LOW);
  std::string out;
  for (int y = -quiet; y < code.getSize() + quiet; y += 2) {
    if (terminal) out += "\x1b[30;107m";
    for (int x = -quiet; x < code.getSize() + quiet; ++x) {
      const bool upper = code.getModule(x, y);
      const bool lower = code.getModule(x, y + 1);
      out += upper && lower ? "\u2588" : upper ? "\u2580" : lower ? "\u2584" : " ";
    }
    if (terminal) out += "\x1b[0m";
    out += "\n";
  }
  return out;
}

}  // namespace sw::faces
