#include "station/identity.hpp"

#include "wire/sizes.hpp"

namespace sw::station {
namespace {
constexpr std::uint8_t kVersion = 1;
}

crypto::SecretBytes Identity::encode() const {
  crypto::SecretWriter out;
  out.u8(kVersion).bytes(carrier).u8(static_cast<std::uint8_t>(party.size())).bytes(as_bytes(party));
  return out.take();
}

Result<Identity> Identity::decode(ByteView head) {
  crypto::SecretReader in(head);
  const auto version = in.u8();
  Identity out;
  out.carrier = in.array<32>();
  out.party = std::string(as_text(in.view(in.u8())));
  if (version != kVersion || !in.expect_end() || out.party.empty() || out.party.size() > wire::kLineNameLimit) {
    return fail(Errc::malformed, "the station's own record in the store is damaged or from a newer version");
  }
  return out;
}

}  // namespace sw::station
