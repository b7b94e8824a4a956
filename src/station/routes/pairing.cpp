// Pairing in person: protocol 4.1.
#include "station/routes/calls.hpp"
#include "station/shown.hpp"

namespace sw::station {

using nlohmann::json;

namespace {

Result<std::string> line_field(const Call& call) {
  Fields in(call.request.body);
  auto name = in.get<std::string>("line");
  if (const auto good = in.done(); !good) return std::unexpected(good.error());
  return name;
}

}  // namespace

Answer pair_offer(Call& call) {
  Fields in(call.request.body);
  Core::OfferTerms terms;
  terms.line = in.get<std::string>("line");
  const std::vector<std::string> none;
  const auto at = in.get<std::vector<std::string>>("at", none);
  terms.venues = in.get<std::vector<std::string>>("venues", none);
  terms.round_ms = in.get<std::uint32_t>("round_ms", 1000U);
  terms.replace = in.get<bool>("replace", false);
  if (const auto good = in.done(); !good) return std::unexpected(good.error());
  auto parsed = endpoints(at);
  if (!parsed) return std::unexpected(parsed.error());
  terms.at = std::move(*parsed);
  const auto card = call.core.pair_offer(terms, call.now);
  if (!card) return std::unexpected(card.error());
  return json{{"card", as_text(card->view())}};
}

Answer pair_accept(Call& call) {
  Fields in(call.request.body);
  const auto name = in.get<std::string>("line");
  const auto card = in.get<std::string>("card");
  if (const auto good = in.done(); !good) return std::unexpected(good.error());
  const auto check = call.core.pair_accept(name, card, call.now);
  if (!check) return std::unexpected(check.error());
  return json{{"check", shown(*check)}};
}

Answer pair_check(Call& call) {
  if (const auto good = only_query(call.request, {"line"}); !good) return std::unexpected(good.error());
  const auto name = call.request.query.find("line");
  if (name == call.request.query.end()) return fail(Errc::usage, "say which line: ?line=NAME");
  const auto check = call.core.pair_check(name->second);
  if (!check) return std::unexpected(check.error());
  const auto view = call.core.line(name->second, call.now);
  return json{{"check", shown(*check)}, {"confirmed_here", view && !view->entry.offer}};
}

Answer pair_confirm(Call& call) {
  const auto name = line_field(call);
  if (!name) return std::unexpected(name.error());
  return empty(call.core.pair_confirm(*name, call.now));
}

Answer pair_cancel(Call& call) {
  const auto name = line_field(call);
  if (!name) return std::unexpected(name.error());
  return empty(call.core.pair_cancel(*name));
}

}  // namespace sw::station
