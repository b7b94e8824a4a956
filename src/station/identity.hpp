#pragma once
// The station's own record in the store: who this party is, and its carrier's public key.
#include <string>

#include "base/ids.hpp"
#include "base/result.hpp"
#include "desk/store.hpp"

namespace sw::station {

struct Identity {
  std::string party;  ///< 1 to 64 bytes of printable text
  PublicKey carrier{};

  [[nodiscard]] static desk::RecordKey key() { return {desk::RecordKind::station, {}}; }
  [[nodiscard]] crypto::SecretBytes encode() const;
  [[nodiscard]] static Result<Identity> decode(ByteView head);
};

}  // namespace sw::station
