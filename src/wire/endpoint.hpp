#pragma once
// Where datagrams go: an IPv6 address (IPv4 as ::ffff:a.b.c.d) and a port, as cards and the cell port carry them.
// The text form takes numbers only: nothing in Stillwire looks a name up (protocol 1.1).
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace sw::wire {

struct Endpoint {
  ByteArray<16> ip{};
  std::uint16_t port{};
  auto operator<=>(const Endpoint&) const = default;

  [[nodiscard]] bool is_v4() const;
  /// 0.0.0.0 or ::
  [[nodiscard]] bool is_unspecified() const;
  /// Can anything be sent there?
  [[nodiscard]] bool is_usable() const { return port != 0 && !is_unspecified(); }
};

/// "192.0.2.1:7144" or "[2001:db8::1]:7144"; Errc::usage with a sentence otherwise.
[[nodiscard]] Result<Endpoint> parse_endpoint(std::string_view text);
/// The same form; IPv6 groups are written out in full length without leading zeros.
[[nodiscard]] std::string to_text(const Endpoint& endpoint);

}  // namespace sw::wire
