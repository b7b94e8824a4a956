#pragma once
// Addresses of a network that exists only in virtual time.
#include "wire/endpoint.hpp"

namespace sw::test {

/// 10.0.0.`host` as an IPv4-mapped endpoint.
inline wire::Endpoint address(std::uint8_t host, std::uint16_t port = 7000) {
  wire::Endpoint out;
  out.ip[10] = out.ip[11] = 0xff;
  out.ip[12] = 10;
  out.ip[15] = host;
  out.port = port;
  return out;
}

}  // namespace sw::test
