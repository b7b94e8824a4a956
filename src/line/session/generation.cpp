#include "line/session/generation.hpp"

#include "crypto/hash.hpp"
#include "crypto/mix.hpp"

namespace sw::line {
namespace {

EpochKey direction_key(const RootKey& root, std::string_view label, RoundId start) {
  const auto epoch = crypto::le(start.epoch.value);
  const auto round = crypto::le(start.round.value);
  return crypto::kdf<EpochKey>(root, label, {epoch, round});
}

}  // namespace

Generation Generation::make(const VenueTerms& terms, crypto::Role own, const RootKey& root, const Starts& starts) {
  const EpochKey i = direction_key(root, "dir-i", starts.initiator);
  const EpochKey r = direction_key(root, "dir-r", starts.responder);
  const bool initiator = own == crypto::Role::initiator;
  return {SendChains(terms, initiator ? i : r, initiator ? starts.initiator : starts.responder),
          ReceiveChains(terms, initiator ? r : i, initiator ? starts.responder : starts.initiator),
          crypto::kdf<RatchetKey>(root, "ratchet")};
}

RootKey root_of(const crypto::Split& split) {
  using SplitKey = crypto::Secret<struct SplitKeyRole, 64>;
  const auto both = crypto::join<SplitKey>(split.initiator_to_responder, split.responder_to_initiator);
  return crypto::kdf<RootKey>(both, "root", {split.hash});
}

}  // namespace sw::line
