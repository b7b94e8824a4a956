#include "mix/invitation.hpp"

#include <algorithm>

#include "crypto/base64.hpp"
#include "crypto/hash.hpp"
#include "wire/reader.hpp"

namespace sw::mix {
namespace {
constexpr std::string_view kPrefix = "SW1-INVITE:";
constexpr std::size_t kSerialBytes = 4;
}  // namespace

InviteToken make_invitation(const InviteSecret& secret, const VenueId& venue, std::uint32_t serial) {
  const auto number = crypto::le(serial);
  const auto proof = crypto::kdf_public<28>(secret, "invite", {venue.bytes, number});
  InviteToken out{};
  std::ranges::copy(number, out.begin());
  std::ranges::copy(proof, out.begin() + kSerialBytes);
  return out;
}

std::optional<std::uint32_t> check_invitation(const InviteSecret& secret, const VenueId& venue,
                                              const InviteToken& token) {
  const std::uint32_t serial = wire::Reader(token).u32();
  if (!crypto::equal(make_invitation(secret, venue, serial), token)) return std::nullopt;
  return serial;
}

std::string to_text(const InviteToken& token) {
  return std::string(kPrefix) + std::string(as_text(crypto::to_base64url(token).view()));
}

Result<InviteToken> invitation_from_text(std::string_view text) {
  const auto wrong = fail(Errc::malformed, "this is no invitation: one begins with SW1-INVITE:");
  if (!text.starts_with(kPrefix)) return wrong;
  const auto bytes = crypto::from_base64url(text.substr(kPrefix.size()));
  InviteToken out{};
  if (!bytes || bytes->size() != out.size()) return wrong;
  std::ranges::copy(bytes->view(), out.begin());
  return out;
}

}  // namespace sw::mix
