#include "station/routes.hpp"

#include "station/routes/calls.hpp"

namespace sw::station {
namespace {

using Segments = std::vector<std::string>;

struct Route {
  std::string_view method;
  std::string_view path;  ///< segments; `*` matches one
  Answer (*run)(Call&);
};

constexpr Route kRoutes[] = {
    {"POST", "pair/offer", &pair_offer},
    {"POST", "pair/accept", &pair_accept},
    {"GET", "pair/check", &pair_check},
    {"POST", "pair/confirm", &pair_confirm},
    {"POST", "pair/cancel", &pair_cancel},
    {"GET", "lines", &list_lines},
    {"GET", "lines/*", &one_line},
    {"POST", "lines/*/pause", &pause_line},
    {"POST", "lines/*/resume", &resume_line},
    {"POST", "lines/*/remove", &remove_line},
    {"POST", "lines/*/rename", &rename_line},
    {"POST", "lines/*/address", &readdress_line},
    {"POST", "lines/*/continuity", &settle_continuity},
    {"POST", "lines/*/drill", &drill_line},
    {"GET", "lines/*/export", &export_line},
    {"POST", "messages", &send_message},
    {"GET", "messages", &list_messages},
    {"GET", "messages/*", &one_message},
    {"POST", "messages/*/stage", &set_stage},
    {"GET", "watch", &show_watch},
    {"POST", "watch/take", &take_watch},
    {"POST", "watch/hand-over", &hand_over_watch},
    {"POST", "watch/answer", &answer_watch},
};

/// An empty segment is one, too: `lines/` names a line without a name, which is not the list of lines.
Segments split(std::string_view path) {
  Segments out;
  for (;;) {
    const auto slash = path.find('/');
    out.emplace_back(path.substr(0, slash));
    if (slash == std::string_view::npos) return out;
    path.remove_prefix(slash + 1);
  }
}

std::optional<Segments> match(const Segments& pattern, const Segments& path) {
  if (pattern.size() != path.size()) return std::nullopt;
  Segments names;
  for (std::size_t i = 0; i < path.size(); ++i) {
    if (pattern[i] == "*") {
      names.push_back(path[i]);
    } else if (pattern[i] != path[i]) {
      return std::nullopt;
    }
  }
  return names;
}

struct Shown {
  Errc code;
  const char* word;
  int status;
};
constexpr Shown kShown[] = {
    {Errc::usage, "usage", 400},
    {Errc::malformed, "malformed", 422},
    {Errc::forged, "forged", 422},
    {Errc::out_of_range, "out_of_range", 422},
    {Errc::not_found, "not_found", 404},
    {Errc::full, "full", 507},
    {Errc::io, "io", 500},
    {Errc::conflict, "conflict", 409},
    {Errc::refused, "refused", 403},
    {Errc::unsupported, "unsupported", 403},
    {Errc::locked, "locked", 423},
};

}  // namespace

Response problem(const Error& error) {
  for (const auto& each : kShown) {
    if (each.code == error.code) {
      return {each.status,
              {{"title", each.word}, {"status", each.status}, {"code", each.word}, {"detail", error.what}}};
    }
  }
  return {500, {{"title", "io"}, {"status", 500}, {"code", "io"}, {"detail", error.what}}};
}

Response route(Core& core, const Request& request, UtcMs now) {
  const Segments path = split(request.path);
  for (const auto& each : kRoutes) {
    auto names = match(split(each.path), path);
    if (!names || each.method != request.method) continue;
    Call call{core, request, std::move(*names), now};
    auto answer = each.run(call);
    if (!answer) return problem(answer.error());
    return {200, std::move(*answer)};
  }
  return problem({Errc::not_found, "there is no such call; docs/api.md lists them"});
}

}  // namespace sw::station
