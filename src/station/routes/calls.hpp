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
[[nodiscard]] Answer change_venue(Call& call);
[[nodiscard]] Answer drill_line(Call& call);
[[nodiscard]] Answer export_line(Call& call);

// messages.cpp
[[nodiscard]] Answer send_message(Call& call);
[[nodiscard]] Answer list_messages(Call& call);
[[nodiscard]] Answer one_message(Call& call);
[[nodiscard]] Answer set_stage(Call& call);

// drafts.cpp
[[nodiscard]] Answer keep_draft(Call& call);
[[nodiscard]] Answer list_drafts(Call& call);
[[nodiscard]] Answer change_draft(Call& call);
[[nodiscard]] Answer offer_draft(Call& call);
[[nodiscard]] Answer discard_draft(Call& call);
[[nodiscard]] Answer release_draft(Call& call);

// papers.cpp
[[nodiscard]] Answer translate_message(Call& call);
[[nodiscard]] Answer review_translation(Call& call);
[[nodiscard]] Answer certify_translation(Call& call);
[[nodiscard]] Answer read_message_back(Call& call);
[[nodiscard]] Answer settle_read_back(Call& call);
[[nodiscard]] Answer file_of_message(Call& call);

// sheets.cpp
[[nodiscard]] Answer show_sheet(Call& call);
[[nodiscard]] Answer set_sheet(Call& call);
[[nodiscard]] Answer list_notes(Call& call);
[[nodiscard]] Answer add_note(Call& call);
[[nodiscard]] Answer hand_over_sheet(Call& call);

// watch.cpp
[[nodiscard]] Answer show_watch(Call& call);
[[nodiscard]] Answer set_exercise(Call& call);
[[nodiscard]] Answer take_watch(Call& call);
[[nodiscard]] Answer hand_over_watch(Call& call);
[[nodiscard]] Answer answer_watch(Call& call);

// office.cpp
[[nodiscard]] Answer list_operators(Call& call);
[[nodiscard]] Answer remove_operator(Call& call);
[[nodiscard]] Answer list_tokens(Call& call);
[[nodiscard]] Answer add_token(Call& call);
[[nodiscard]] Answer remove_token(Call& call);

}  // namespace sw::station
