// Lines: what they are, and what people change about them.
#include <algorithm>
#include <utility>

#include "crypto/base64.hpp"
#include "station/routes/calls.hpp"
#include "station/shown.hpp"

namespace sw::station {

using nlohmann::json;

Answer list_lines(Call& call) {
  json lines = json::array();
  for (const auto& view : call.core.lines(call.now)) {
    if (call.request.caller.sees(view.entry.id)) lines.push_back(shown(view, call.now));
  }
  return json{{"lines", lines}};
}

Answer one_line(Call& call) {
  const auto view = call.core.line(call.names[0], call.now);
  if (!view) return std::unexpected(view.error());
  return shown(*view, call.now);
}

Answer pause_line(Call& call) {
  if (const auto good = no_fields(call.request); !good) return std::unexpected(good.error());
  return empty(call.core.pause(call.names[0], true, call.now));
}

Answer resume_line(Call& call) {
  if (const auto good = no_fields(call.request); !good) return std::unexpected(good.error());
  return empty(call.core.pause(call.names[0], false, call.now));
}

Answer remove_line(Call& call) {
  if (const auto good = no_fields(call.request); !good) return std::unexpected(good.error());
  return empty(call.core.remove(call.names[0]));
}

Answer rename_line(Call& call) {
  Fields in(call.request.body);
  const auto to = in.get<std::string>("to");
  if (const auto good = in.done(); !good) return std::unexpected(good.error());
  return empty(call.core.rename(call.names[0], to, call.now));
}

Answer readdress_line(Call& call) {
  Fields in(call.request.body);
  const auto at = in.get<std::vector<std::string>>("at");
  if (const auto good = in.done(); !good) return std::unexpected(good.error());
  auto parsed = endpoints(at);
  if (!parsed) return std::unexpected(parsed.error());
  return empty(call.core.readdress(call.names[0], std::move(*parsed)));
}

Answer settle_continuity(Call& call) {
  Fields in(call.request.body);
  const bool yes = in.get<bool>("confirm");
  if (const auto good = in.done(); !good) return std::unexpected(good.error());
  return empty(call.core.settle_continuity(call.names[0], yes, call.now));
}

Answer change_venue(Call& call) {
  Fields in(call.request.body);
  const auto word = in.get<std::string>("act");
  const auto venue = in.get<std::string>("venue", std::string());
  if (const auto good = in.done(); !good) return std::unexpected(good.error());
  using Act = Core::VenueAct;
  constexpr std::pair<std::string_view, Act> kActs[] = {
      {"propose", Act::propose}, {"accept", Act::accept}, {"decline", Act::decline}, {"rm", Act::leave}};
  const auto act = std::ranges::find(kActs, word, &std::pair<std::string_view, Act>::first);
  if (act == std::end(kActs)) return fail(Errc::usage, "act is propose, accept, decline or rm");
  const bool names = act->second == Act::propose || act->second == Act::leave;
  if (names && venue.empty()) return fail(Errc::usage, "say which venue: its id, or how it begins; see: venue ls");
  if (!names && !venue.empty()) return fail(Errc::usage, "accept and decline are about the venue that is proposed");
  return empty(call.core.change_venue(call.names[0], act->second, venue, call.now));
}

Answer drill_line(Call& call) {
  if (const auto good = no_fields(call.request); !good) return std::unexpected(good.error());
  const auto id = call.core.drill(call.names[0], call.now);
  if (!id) return std::unexpected(id.error());
  return json{{"id", id->hex()}};
}

Answer export_line(Call& call) {
  const auto view = call.core.line(call.names[0], call.now);
  if (!view) return std::unexpected(view.error());
  json messages = json::array();
  for (const auto* message : call.core.desk().messages(view->entry.id)) {
    auto one = with_text(call.core, *message);
    if (!one) return one;
    if (message->header.kind == desk::Kind::file) {
      const auto bytes = call.core.content(*message);
      if (!bytes) return std::unexpected(bytes.error());
      const auto base64 = crypto::to_base64(as_bytes(*bytes));
      (*one)["file"]["base64"] = as_text(base64.view());
    }
    messages.push_back(std::move(*one));
  }
  json ledger = json::array();
  for (const auto& entry : call.core.desk().ledger(view->entry.id)) {
    ledger.push_back({{"at_ms", entry.at.value}, {"what", desk::sentence(entry)}});
  }
  return json{{"line", view->entry.name}, {"messages", messages}, {"ledger", ledger}};
}

}  // namespace sw::station
