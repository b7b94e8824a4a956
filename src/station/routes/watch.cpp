// The watch of this station.
#include "station/routes/calls.hpp"
#include "station/shown.hpp"

namespace sw::station {
namespace {

Answer set_watch(Call& call, Core::WatchAct act, std::string_view initials) {
  if (const auto done = call.core.watch(act, initials, call.now); !done) return std::unexpected(done.error());
  return shown_watch(call.core.desk());
}

Answer set_watch(Call& call, Core::WatchAct act) {
  Fields in(call.request.body);
  const auto initials = in.get<std::string>("initials");
  if (const auto good = in.done(); !good) return std::unexpected(good.error());
  return set_watch(call, act, initials);
}

}  // namespace

Answer set_exercise(Call& call) {
  Fields in(call.request.body);
  const bool on = in.get<bool>("on");
  const auto initials = in.get<std::string>("initials");
  if (const auto good = in.done(); !good) return std::unexpected(good.error());
  if (const auto done = call.core.set_exercise(on, initials, call.now); !done) return std::unexpected(done.error());
  return shown_watch(call.core.desk());
}

Answer show_watch(Call& call) {
  return shown_watch(call.core.desk());
}

Answer take_watch(Call& call) {
  return set_watch(call, Core::WatchAct::take);
}

Answer hand_over_watch(Call& call) {
  return set_watch(call, Core::WatchAct::hand_over);
}

Answer answer_watch(Call& call) {
  if (const auto good = no_fields(call.request); !good) return std::unexpected(good.error());
  return set_watch(call, Core::WatchAct::answer, {});
}

}  // namespace sw::station
