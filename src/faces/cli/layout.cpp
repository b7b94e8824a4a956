#include "faces/cli/layout.hpp"

#include <algorithm>
#include <array>
#include <ctime>

#include "desk/text.hpp"

namespace sw::faces {
namespace {

constexpr std::int64_t kSecond = 1000;
constexpr std::int64_t kMinute = 60 * kSecond;
constexpr std::int64_t kHour = 60 * kMinute;
constexpr std::int64_t kDay = 24 * kHour;

std::string formatted(std::int64_t ms, const char* format) {
  const std::time_t seconds = static_cast<std::time_t>(ms / kSecond);
  std::tm parts{};
  if (gmtime_r(&seconds, &parts) == nullptr) return "-";
  std::array<char, 48> out{};
  const std::size_t n = std::strftime(out.data(), out.size(), format, &parts);
  return {out.data(), n};
}

}  // namespace

std::string shown(std::string_view text) {
  return desk::visible(text, desk::Lines::single);
}

std::string shown_cell(std::string_view text) {
  return isolated(shown(text));
}

std::string shown_text(std::string_view text) {
  return desk::visible(text, desk::Lines::keep);
}

bool is_utf8(std::string_view text) {
  return desk::is_utf8(text);
}

std::string age_text(std::int64_t ms) {
  const std::int64_t age = std::max<std::int64_t>(ms, 0);
  if (age < kMinute) return std::to_string(age / kSecond) + " s";
  if (age < 2 * kHour) return std::to_string(age / kMinute) + " min";
  if (age < 2 * kDay) return std::to_string(age / kHour) + " h";
  return std::to_string(age / kDay) + " d";
}

std::string clock_text(std::int64_t until_ms, std::int64_t now_ms) {
  const std::int64_t left = until_ms - now_ms;
  return left >= 0 ? age_text(left) + " left" : "OVERDUE by " + age_text(-left);
}

std::string utc_text(std::int64_t ms) {
  return formatted(ms, "%Y-%m-%d %H:%M:%S UTC");
}

std::string utc_text(std::int64_t ms, std::int64_t beside_ms) {
  return ms / kDay == beside_ms / kDay ? formatted(ms, "%H:%M:%S UTC") : utc_text(ms);
}

std::string painted(const std::string& text, bool alarm, Look look) {
  return alarm && look.colour ? "\x1b[1;31m" + text + "\x1b[0m" : text;
}

std::string barred(const std::string& text, Look look) {
  constexpr std::string_view kBar = "| ";
  const std::size_t room = look.width > 20 + kBar.size() ? look.width - kBar.size() : 20;
  std::string out;
  std::string_view rest = text;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    std::string folded = wrapped(rest.substr(0, end), 0, room);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    for (std::string_view row = folded; !row.empty(); row.remove_prefix(row.find('\n') + 1)) {
      out += std::string(kBar) + std::string(row.substr(0, row.find('\n') + 1));
    }
  }
  return out;
}

std::vector<std::string> Table::rows() const {
  std::vector<std::size_t> widths;
  for (const auto& cells : x_rows) {
    widths.resize(std::max(widths.size(), cells.size()));
    for (std::size_t i = 0; i < cells.size(); ++i) widths[i] = std::max(widths[i], columns(cells[i]));
  }
  std::vector<std::string> out;
  for (const auto& cells : x_rows) {
    std::string row;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      row += i + 1 == cells.size() ? cells[i] : padded(cells[i], widths[i] + 3);
    }
    out.push_back(std::move(row));
  }
  return out;
}

}  // namespace sw::faces
