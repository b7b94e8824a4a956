// needs: wire crypto
// Addresses as people write them: what parses has one text form, and that parses to the same.
#include "fuzz/fuzz.hpp"
#include "wire/endpoint.hpp"

namespace sw::fuzz {

void run(ByteView data) {
  if (const auto parsed = wire::parse_endpoint(as_text(data))) {
    SW_ASSERT(parsed->port != 0);
    SW_ASSERT(wire::parse_endpoint(wire::to_text(*parsed)) == *parsed);
  }
  Input in(data);
  const wire::Endpoint any{in.array<16>(), static_cast<std::uint16_t>(in.u16() | 1U)};
  SW_ASSERT(wire::parse_endpoint(wire::to_text(any)) == any);
}

std::vector<Bytes> seeds() {
  std::vector<Bytes> out;
  for (const char* text : {"192.0.2.1:7144", "[2001:db8::1]:7144", "[::]:1", "[::ffff:10.0.0.1]:65535",
                           "[1:2:3:4:5:6:7:8]:9", "[1:2:3:4:5:6:1.2.3.4]:80", "localhost:1"}) {
    out.push_back(to_bytes(as_bytes(text)));
  }
  return out;
}

}  // namespace sw::fuzz
