#pragma once
// Shared by the files of class Desk.
#include "desk/desk.hpp"

namespace sw::desk {

/// An update of a record's head.
[[nodiscard]] Put put_head(const MessageRecord& record, std::vector<Step> then);
/// The same for what only the two stations' bookkeeping waits for (sent, stored there, done): it comes in the very
/// tick in which a message arrives, and two such rows would hold the message up for a whole tick.
[[nodiscard]] Put put_note(const MessageRecord& record, std::vector<Step> then);

}  // namespace sw::desk
