#include "wire/endpoint.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <vector>

namespace sw::wire {
namespace {

constexpr ByteArray<12> kMapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

std::optional<unsigned> number(std::string_view digits, int base, unsigned limit, std::size_t most_digits) {
  unsigned value = 0;
  const char* const first = digits.data();
  const char* const end = first + digits.size();
  if (digits.empty() || digits.size() > most_digits) return std::nullopt;
  const auto [at, error] = std::from_chars(first, end, value, base);
  if (error != std::errc{} || at != end || value > limit) return std::nullopt;
  return value;
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> out;
  for (;;) {
    const std::size_t at = text.find(separator);
    out.push_back(text.substr(0, at));
    if (at == std::string_view::npos) return out;
    text.remove_prefix(at + 1);
  }
}

std::optional<Bytes> parse_v4(std::string_view text) {
  Bytes out;
  for (const std::string_view part : split(text, '.')) {
    const auto value = number(part, 10, 255, 3);
    if (!value || (part.size() > 1 && part[0] == '0')) return std::nullopt;
    out.push_back(static_cast<std::uint8_t>(*value));
  }
  if (out.size() != 4) return std::nullopt;
  return out;
}

/// Groups of one side of "::"; the last of the whole address may be dotted IPv4.
enum class Side : std::uint8_t { head, end };
std::optional<Bytes> parse_groups(std::string_view text, Side side) {
  Bytes out;
  if (text.empty()) return out;
  const auto parts = split(text, ':');
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (side == Side::end && i + 1 == parts.size() && parts[i].find('.') != std::string_view::npos) {
      const auto v4 = parse_v4(parts[i]);
      if (!v4) return std::nullopt;
      out.insert(out.end(), v4->begin(), v4->end());
      continue;
    }
    const auto value = number(parts[i], 16, 0xffff, 4);
    if (!value) return std::nullopt;
    out.push_back(static_cast<std::uint8_t>(*value >> 8));
    out.push_back(static_cast<std::uint8_t>(*value & 0xff));
  }
  return out;
}

std::optional<ByteArray<16>> parse_v6(std::string_view text) {
  const std::size_t gap = text.find("::");
  const bool whole = gap == std::string_view::npos;
  const auto head = parse_groups(text.substr(0, gap), whole ? Side::end : Side::head);
  const auto tail = parse_groups(whole ? std::string_view{} : text.substr(gap + 2), Side::end);
  if (!head || !tail) return std::nullopt;
  const std::size_t given = head->size() + tail->size();
  if (whole ? given != 16 : given > 14) return std::nullopt;
  ByteArray<16> out{};
  std::copy(head->begin(), head->end(), out.begin());
  std::copy(tail->rbegin(), tail->rend(), out.rbegin());
  return out;
}

std::optional<ByteArray<16>> parse_host(std::string_view host) {
  if (host.size() >= 2 && host.front() == '[' && host.back() == ']') return parse_v6(host.substr(1, host.size() - 2));
  const auto v4 = parse_v4(host);
  if (!v4) return std::nullopt;
  ByteArray<16> out{};
  std::copy(kMapped.begin(), kMapped.end(), out.begin());
  std::copy(v4->begin(), v4->end(), out.begin() + 12);
  return out;
}

}  // namespace

bool Endpoint::is_v4() const {
  return std::equal(kMapped.begin(), kMapped.end(), ip.begin());
}

bool Endpoint::is_unspecified() const {
  const auto zero = [](std::uint8_t b) { return b == 0; };
  return is_v4() ? std::all_of(ip.begin() + 12, ip.end(), zero) : std::all_of(ip.begin(), ip.end(), zero);
}

Result<Endpoint> parse_endpoint(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  if (colon != std::string_view::npos) {
    const auto host = parse_host(text.substr(0, colon));
    const auto port = number(text.substr(colon + 1), 10, 65535, 5);
    if (host && port && *port != 0) return Endpoint{*host, static_cast<std::uint16_t>(*port)};
  }
  return fail(Errc::usage, "an address is a number and a port, as 192.0.2.1:7144 or [2001:db8::1]:7144");
}

std::string to_text(const Endpoint& endpoint) {
  const auto& ip = endpoint.ip;
  std::string out;
  if (endpoint.is_v4()) {
    for (std::size_t i = 12; i < 16; ++i) out += (i > 12 ? "." : "") + std::to_string(ip[i]);
  } else {
    for (std::size_t i = 0; i < 16; i += 2) {
      char group[4];
      const auto end = std::to_chars(group, group + 4, (ip[i] << 8) | ip[i + 1], 16).ptr;
      out += i == 0 ? "[" : ":";
      out.append(group, end);
    }
    out += "]";
  }
  return out + ":" + std::to_string(endpoint.port);
}

}  // namespace sw::wire
