#pragma once
// An invitation: what lets one station register at R1 of a venue. R1 keeps none of them: it makes the rest of a token
// from its serial. Protocol 8.6.
//
//   token[32] = serial u32 | KDF(R1's invitation secret, "invite", venue[16] | serial u32, 28)
#include <optional>
#include <string>
#include <string_view>

#include "base/ids.hpp"
#include "base/result.hpp"
#include "crypto/secret.hpp"

namespace sw::mix {

using InviteSecret = crypto::Secret<struct InviteSecretRole, 32>;
using InviteToken = ByteArray<32>;

[[nodiscard]] InviteToken make_invitation(const InviteSecret& secret, const VenueId& venue, std::uint32_t serial);
/// The serial, of which one station key may use one at a time; nothing for a token that this relay did not make.
[[nodiscard]] std::optional<std::uint32_t> check_invitation(const InviteSecret& secret, const VenueId& venue,
                                                            const InviteToken& token);

/// "SW1-INVITE:" and base64url, as it is handed over.
[[nodiscard]] std::string to_text(const InviteToken& token);
/// Errc::malformed.
[[nodiscard]] Result<InviteToken> invitation_from_text(std::string_view text);

}  // namespace sw::mix
