#pragma once
// The functions behind the table of routes.cpp, one file a resource. docs/api.md says what each takes and answers.
#include "station/routes/call.hpp"

namespace sw::station {

// pairing.cpp
[[nodiscard]] Answer pair_offer(Call& call);
[[nodiscard]] Answer pair_accept(Call& call);
[[nodiscard]] Answer pair_check(Call& call);
[[nodiscard]] Answer pair_confirm(Call& call);
[[nodiscard]] Answer pair_cancel(Call& call);

// lines.cpp
[[nodiscard]] Answer list_lines(Call& call);
[[nodiscard]] Answer one_line(Call& call);
[[nodiscard]] Answer pause_line(Call& call);
[[nodiscard]] Answer resume_line(Call& call);
[[nodiscard]] Answer remove_line(Call& call);
[[nodiscard]] Answer rename_line(Call& call);
[[nodiscard]] Answer readdress_line(Call& call);
[[nodiscard]] Answer settle_continuity(Call& call);
[[nodiscard]] Answer drill_line(Call& call);
[[nodiscard]] Answer export_line(Call& call);

// messages.cpp
[[nodiscard]] Answer send_message(Call& call);
[[nodiscard]] Answer list_messages(Call& call);
[[nodiscard]] Answer one_message(Call& call);
[[nodiscard]] Answer set_stage(Call& call);

// watch.cpp
[[nodiscard]] Answer show_watch(Call& call);
[[nodiscard]] Answer take_watch(Call& call);
[[nodiscard]] Answer hand_over_watch(Call& call);
[[nodiscard]] Answer answer_watch(Call& call);

}  // namespace sw::station
