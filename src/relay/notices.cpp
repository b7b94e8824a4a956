#include "relay/notices.hpp"

namespace sw::relay {

using mix::relay::HaltReason;
using mix::relay::Notice;

namespace {

constexpr Duration kQuiet = milliseconds(60'000);

std::string reason_of(std::uint64_t reason) {
  switch (static_cast<HaltReason>(reason)) {
    case HaltReason::unknown: return "it does not have it (it was started anew)";
    case HaltReason::body: return "it does not sign this body";
    case HaltReason::descriptor: return "what was signed is not what was to be signed";
    case HaltReason::batch: return "the set-up batch was not what was announced";
    case HaltReason::cover: return "its cover circuits are missing in a later relay's receipt";
    case HaltReason::late: return "its set-up was not done in time";
    case HaltReason::machine: return "its machine cannot";
  }
  return "an emergency epoch takes its place";
}

}  // namespace

std::string sentence(const Notice& n) {
  const std::string relay = "relay " + std::to_string(n.hop);
  const std::string epoch = "epoch " + std::to_string(n.at.epoch.value);
  const std::string round = epoch + ", round " + std::to_string(n.at.round.value);
  switch (n.kind) {
    case Notice::Kind::neighbour_lost: return "the connection with " + relay + " ended";
    case Notice::Kind::onions_replaced:
      return epoch + ": " + std::to_string(n.count) + " bad onions came" +
             (n.hop == 0 ? " from stations" : " through " + relay) + " and were replaced";
    case Notice::Kind::cover_missing:
      return epoch + ": ALARM: the receipt of " + relay + " lacks this relay's cover circuits";
    case Notice::Kind::receipt_refused: return epoch + ": a receipt of " + relay + " is not good";
    case Notice::Kind::body_refused: return epoch + ": its body is not what this relay gave its keys for; not signed";
    case Notice::Kind::second_body: return epoch + ": ALARM: a second body came for an epoch that is signed";
    case Notice::Kind::descriptor_refused: return epoch + ": what all signed is not what this relay signed";
    case Notice::Kind::keys_refused: return epoch + ": the keys of " + relay + " are not good";
    case Notice::Kind::signature_refused: return epoch + ": the signature of " + relay + " is not good";
    case Notice::Kind::setup_refused: return epoch + ": a set-up batch that was not to come, or of another count";
    case Notice::Kind::batch_refused:
      return round + ": a batch of " + (n.hop == 0 ? std::string("stations") : relay) +
             " that is early, late, repeated or of another count";
    case Notice::Kind::message_refused: return "a message of " + relay + " that is not for this relay";
    case Notice::Kind::epoch_halted: return epoch + " is not carried: " + relay + " says: " + reason_of(n.count);
    case Notice::Kind::emergency_epoch: return epoch + " is made at once: no epoch runs";
    case Notice::Kind::overtime: return epoch + " runs on: the next one was not ready";
    case Notice::Kind::machine_failed: return epoch + ": this machine cannot (memory, or libcrypto refuses)";
  }
  return "";
}

std::optional<std::string> NoticeLog::line(Instant now, const Notice& notice) {
  const auto [at, fresh] = x_said.try_emplace({notice.kind, notice.hop}, Said{now, 0});
  Said& said = at->second;
  if (!fresh && now - said.at < kQuiet) {
    ++said.held;
    return std::nullopt;
  }
  std::string out = sentence(notice);
  if (said.held > 0) out += " (and " + std::to_string(said.held) + " times since this was last said)";
  said = {now, 0};
  return out;
}

}  // namespace sw::relay
