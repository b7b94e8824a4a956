#include "station/doors.hpp"

#include <algorithm>

#include "crypto/hash.hpp"
#include "station/clock.hpp"
#include "station/routes.hpp"
#include "station/routes/call.hpp"
#include "station/shown.hpp"

namespace sw::station {

using desk::Right;
using nlohmann::json;

namespace {

/// What the calls about the store itself need; whoever knows its passphrase may unlock it.
struct Needs {
  std::string_view call;
  Right right;
  Right or_right;
};
constexpr Needs kNeeds[] = {{"GET status", Right::status, Right::status},
                            {"POST lock", Right::watch, Right::admin},
                            {"POST panic", Right::watch, Right::admin},
                            {"POST passphrase", Right::admin, Right::admin},
                            {"POST backup", Right::admin, Right::admin}};

/// Names no operator can have.
constexpr std::string_view kStranger = "\n";
constexpr std::string_view kUnlock = "\nunlock";
constexpr std::string_view kLink = "\nlink";

bool at_desk(const Credentials& credentials) {
  return credentials.door == Credentials::Door::desk && credentials.bearer.empty();
}

std::unexpected<Error> no_seat() {
  return fail(Errc::refused, "this call is for a seat at the desk");
}

std::unexpected<Error> locked_store() {
  return fail(Errc::locked, "the store is locked; open it with: stillwire unlock");
}

/// What `*` stands for, when the call is this one.
std::optional<std::string> matched(std::string_view row, std::string_view call) {
  const std::size_t star = row.find('*');
  if (star == std::string_view::npos) return row == call ? std::optional(std::string()) : std::nullopt;
  const std::string_view before = row.substr(0, star);
  const std::string_view after = row.substr(star + 1);
  if (call.size() < row.size() || !call.starts_with(before) || !call.ends_with(after)) return std::nullopt;
  const std::string_view name = call.substr(star, call.size() - before.size() - after.size());
  return name.find('/') == std::string_view::npos ? std::optional(std::string(name)) : std::nullopt;
}

}  // namespace

const Doors::Row Doors::kRows[] = {
    {"POST desk/link", &Doors::make_link},     {"POST seat", &Doors::open_seat},
    {"POST seat/resume", &Doors::resume_seat}, {"GET seat", &Doors::show_seat},
    {"POST seat/here", &Doors::stay},          {"POST seat/passphrase", &Doors::change_own_passphrase},
    {"POST sign-in", &Doors::sign_in},         {"POST sign-out", &Doors::sign_out},
    {"POST operators", &Doors::add_operator},  {"POST operators/*/change", &Doors::change_operator}};

Doors::Doors(boost::asio::io_context& loop, Rng& rng, House house)
    : x_rng(rng), x_house(std::move(house)), x_passphrases(loop) {}

Result<Caller> Doors::admit(const Credentials& credentials) {
  if (!credentials.bearer.empty()) {
    const Core* const core = x_house.core();
    if (core == nullptr) return locked_store();
    const desk::Token* const token = core->office().token(door_digest(credentials.bearer));
    if (token == nullptr) return fail(Errc::refused, "this token is unknown, or was removed");
    return caller_of(*token);
  }
  if (credentials.door == Credentials::Door::socket) return Caller{};
  const auto seat = seat_of(credentials);
  if (!seat) return std::unexpected(seat.error());
  return caller_at(*seat);
}

bool Doors::knows(const Credentials& credentials) {
  if (!credentials.bearer.empty()) {
    const Core* const core = x_house.core();
    return core != nullptr && core->office().token(door_digest(credentials.bearer)) != nullptr;
  }
  return x_seats.find(credentials.cookie, instant_now()).has_value();
}

Result<SeatId> Doors::seat_of(const Credentials& credentials) {
  if (!at_desk(credentials)) return no_seat();
  const auto seat = x_seats.find(credentials.cookie, credentials.token, instant_now());
  if (!seat) return seat;
  const auto who = x_seats.who(*seat, instant_now());
  const Core* const core = x_house.core();
  if (!who || core == nullptr) return seat;
  const desk::Operator* const person = core->office().find(who->name);
  if (person != nullptr && person->version == who->version) return seat;
  x_seats.end(*seat);
  return fail(Errc::refused, "what you may do here was changed; make a link with: stillwire desk");
}

Caller Doors::caller_at(SeatId seat) {
  const auto who = x_seats.who(seat, instant_now());
  const Core* const core = x_house.core();
  const desk::Operator* const person = who && core != nullptr ? core->office().find(who->name) : nullptr;
  return person == nullptr ? nobody() : caller_of(*person);
}

Result<void> Doors::may(const std::string& call, const Request& request) {
  const auto needs = std::ranges::find(kNeeds, call, &Needs::call);
  if (needs != std::end(kNeeds) && !request.caller.may(needs->right) && !request.caller.may(needs->or_right)) {
    return fail(Errc::refused, refusal(request.caller));
  }
  if (call == "POST unlock" && request.credentials.door == Credentials::Door::desk) {
    return x_tries.take(kUnlock, instant_now());
  }
  return {};
}

bool Doors::answer(Request& request, const Reply& reply) {
  const std::string call = request.method + " " + request.path;
  const auto refused = [&](const Error& error) {
    reply(problem(error));
    return true;
  };
  const bool knocks = call == "POST seat" || call == "POST seat/resume";
  if (!knocks) {
    auto caller = admit(request.credentials);
    if (!caller) return refused(caller.error());
    request.caller = std::move(*caller);
    if (request.method == "POST" && at_desk(request.credentials)) {
      if (const auto seat = seat_of(request.credentials)) x_seats.used(*seat, instant_now());
    }
  }
  for (const Row& row : kRows) {
    auto name = matched(row.call, call);
    if (!name) continue;
    (this->*row.run)({request, reply, request.caller, std::move(*name)});
    return true;
  }
  if (const auto good = may(call, request); !good) return refused(good.error());
  return false;
}

bool Doors::first_run() const {
  const Core* const core = x_house.core();
  return core != nullptr && core->office().operators().empty();
}

json Doors::shown_seat(SeatId seat) {
  const auto who = x_seats.who(seat, instant_now());
  const Core* const core = x_house.core();
  const desk::Operator* const person = who && core != nullptr ? core->office().find(who->name) : nullptr;
  return {{"operator", person == nullptr ? json(nullptr) : shown(*person, *core)},
          {"idle_s", person == nullptr ? 0 : x_seats.idle_left(seat, instant_now()).ns / 1'000'000'000},
          {"first_run", first_run()},
          {"locked", core == nullptr}};
}

void Doors::make_link(const Visit& visit) {
  if (const auto good = no_fields(visit.request); !good) return visit.reply(problem(good.error()));
  if (!visit.caller.who.empty() || visit.request.credentials.door != Credentials::Door::socket) {
    return visit.reply(problem({Errc::refused, "only the station's own user makes links, with: stillwire desk"}));
  }
  if (x_house.address.empty()) return visit.reply(problem({Errc::unsupported, x_house.why}));
  const auto secret = x_seats.make_link(instant_now(), x_rng);
  visit.reply({200, {{"link", "http://" + x_house.address + "/#" + std::string(as_text(secret.view()))}}});
}

void Doors::open_seat(const Visit& visit) {
  if (!at_desk(visit.request.credentials)) return visit.reply(problem(no_seat().error()));
  Fields in(visit.request.body);
  const auto secret = in.secret("secret");
  if (const auto good = in.done(); !good) return visit.reply(problem(good.error()));
  const auto opened = x_seats.open(as_text(secret.view()), instant_now(), x_rng);
  if (!opened) {
    // No wrong one ever becomes right: a guess costs the guesser only.
    const auto patience = x_tries.take(kLink, instant_now());
    return visit.reply(problem(patience ? opened.error() : patience.error()));
  }
  visit.reply({200, {{"token", as_text(opened->token.view())}}, std::string(as_text(opened->cookie.view()))});
}

void Doors::show_seat(const Visit& visit) {
  const auto seat = seat_of(visit.request.credentials);
  visit.reply(seat ? Response{200, shown_seat(*seat)} : problem(seat.error()));
}

void Doors::stay(const Visit& visit) {
  if (const auto good = no_fields(visit.request); !good) return visit.reply(problem(good.error()));
  show_seat(visit);  // that the call came is what counts
}

void Doors::sign_in(const Visit& visit) {
  const auto seat = seat_of(visit.request.credentials);
  if (!seat) return visit.reply(problem(seat.error()));
  check(visit, *seat, [this, seat = *seat] { return Response{200, shown_seat(seat)}; });
}

void Doors::resume_seat(const Visit& visit) {
  if (!at_desk(visit.request.credentials)) return visit.reply(problem(no_seat().error()));
  const auto seat = x_seats.find(visit.request.credentials.cookie, instant_now());
  if (!seat) return visit.reply(problem(seat.error()));
  check(visit, *seat, [this, seat = *seat] {
    const auto token = x_seats.renew(seat, x_rng);
    json answer = shown_seat(seat);
    answer["token"] = as_text(token.view());
    return Response{200, std::move(answer)};
  });
}

void Doors::sign_out(const Visit& visit) {
  if (const auto good = no_fields(visit.request); !good) return visit.reply(problem(good.error()));
  const auto seat = seat_of(visit.request.credentials);
  if (!seat) return visit.reply(problem(seat.error()));
  x_seats.sign_out(*seat);
  x_house.changed();
  visit.reply({200, shown_seat(*seat)});
}

void Doors::check(const Visit& visit, SeatId seat, std::function<Response()> answer) {
  Fields in(visit.request.body);
  const auto name = in.get<std::string>("operator");
  auto passphrase = in.secret("passphrase");
  if (const auto good = in.done(); !good) return visit.reply(problem(good.error()));
  prove(name, std::move(passphrase), visit.reply,
        [this, seat, reply = visit.reply, answer = std::move(answer)](const desk::Operator& person) {
          x_seats.sign_in(seat, {person.name, person.version}, instant_now());
          reply(answer());
          x_house.changed();
        });
}

void Doors::prove(const std::string& name, crypto::SecretBytes passphrase, const Reply& reply,
                  std::function<void(const desk::Operator&)> then) {
  const Core* const core = x_house.core();
  if (core == nullptr) return reply(problem(locked_store().error()));
  const desk::Operator* const person = core->office().find(name);
  const std::string tried = person == nullptr ? std::string(kStranger) : name;
  if (const auto good = x_tries.take(tried, instant_now()); !good) return reply(problem(good.error()));
  // For a name that is none as long as for one that is.
  const desk::Verifier verifier = person == nullptr ? desk::Verifier{} : person->verifier;
  const auto begun =
      x_passphrases.derive(std::move(passphrase), verifier.salt, verifier.cost,
                           [this, name, reply, then = std::move(then)](const Result<ByteArray<32>>& derived) {
                             if (!derived) return reply(problem(derived.error()));
                             const Core* const now = x_house.core();
                             const desk::Operator* const found = now == nullptr ? nullptr : now->office().find(name);
                             if (found == nullptr || !crypto::equal(found->verifier.check, *derived)) {
                               return reply(problem({Errc::refused, "the name or the passphrase is wrong"}));
                             }
                             x_tries.forget(name);
                             then(*found);
                           });
  if (!begun) reply(problem(begun.error()));
}

}  // namespace sw::station
