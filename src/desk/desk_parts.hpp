#pragma once
// Shared by the files of class Desk.
#include "desk/desk.hpp"

namespace sw::desk {

/// An update of a record's head.
[[nodiscard]] Put put_head(const MessageRecord& record, std::vector<Step> then);
[[nodiscard]] Urgency urgency_of(Precedence precedence);

}  // namespace sw::desk
