#pragma once
// The cookie under load: protocol 3.3. It costs its maker no state and no Diffie-Hellman.
#include <optional>

#include "base/ids.hpp"
#include "base/time.hpp"
#include "crypto/secret.hpp"
#include "link/handshake.hpp"
#include "wire/endpoint.hpp"

namespace sw::link {

using CookieReply = ByteArray<wire::kCookieReplyBytes>;

/// The answering side: cookies of the running and of the last two minutes are taken.
class CookieJar {
 public:
  /// Renews the secret when it is two minutes old; `now` never falls.
  void refresh(Instant now, Rng& rng);
  /// The reply to a message 1 with this mac1 from this address.
  [[nodiscard]] CookieReply reply(const PublicKey& own, const Mac& mac1, const wire::Endpoint& to, Rng& rng) const;
  /// True when the frame's mac2 was made with a cookie given to this address.
  [[nodiscard]] bool admits(ByteView frame, const wire::Endpoint& from) const;

 private:
  using Secret = crypto::Secret<struct CookieSecretRole, 32>;
  [[nodiscard]] static Cookie bake(const Secret& secret, const wire::Endpoint& to);
  std::optional<Secret> x_secret;
  std::optional<Secret> x_previous;
  Instant x_made{};
};

/// The asking side: the cookie in a reply to our message 1 with this mac1, if it is one.
[[nodiscard]] std::optional<Cookie> open_cookie(ByteView reply, const PublicKey& responder, const Mac& mac1);

}  // namespace sw::link
