// Operators who come and change: what needs a passphrase derived first.
#include <memory>

#include "station/clock.hpp"
#include "station/doors.hpp"
#include "station/routes.hpp"
#include "station/routes/call.hpp"

namespace sw::station {
namespace {

using desk::Right;

constexpr std::size_t kPassphraseLeast = 8;
constexpr std::size_t kPassphraseMost = 1024;

Result<void> check_passphrase(const crypto::SecretBytes& passphrase) {
  if (passphrase.size() >= kPassphraseLeast && passphrase.size() <= kPassphraseMost) return {};
  return fail(Errc::usage, "a passphrase has 8 to 1024 bytes");
}

Result<std::optional<std::vector<LineId>>> lines_named(const Core& core, const Names& names) {
  if (!names) return std::optional<std::vector<LineId>>();
  std::vector<LineId> out;
  for (const std::string& name : *names) {
    const LineEntry* const entry = core.by_name(name);
    if (entry == nullptr) return fail(Errc::not_found, "there is no line named " + name);
    out.push_back(entry->id);
  }
  return std::optional(std::move(out));
}

Result<desk::Role> role_named(const std::string& word) {
  const auto role = desk::role_from(word);
  if (!role) return fail(Errc::usage, "a role is officer, releaser, interpreter, principal, archivist or admin");
  return *role;
}

/// The last admin who takes their own right away would need the command line to come back.
bool leaves_no_admin(const Core& core, const desk::Operator& person, const desk::OperatorChange& change) {
  return person.role == desk::Role::admin && change.role && *change.role != desk::Role::admin &&
         core.office().admins() == 1;
}

}  // namespace

void Doors::verify_later(crypto::SecretBytes passphrase, const Reply& reply,
                         std::function<Result<void>(Core&, const desk::Verifier&)> store) {
  if (const auto good = check_passphrase(passphrase); !good) return reply(problem(good.error()));
  desk::Verifier verifier;
  x_rng.fill(verifier.salt);
  const auto begun = x_passphrases.derive(
      std::move(passphrase), verifier.salt, verifier.cost,
      [this, verifier, reply, store = std::move(store)](const Result<ByteArray<32>>& derived) mutable {
        Core* const core = x_house.core();
        if (!derived) return reply(problem(derived.error()));
        if (core == nullptr)
          return reply(problem({Errc::locked, "the store was locked meanwhile; nothing was changed"}));
        verifier.check = *derived;
        const auto done = store(*core, verifier);
        x_house.changed();
        reply(done ? Response{} : problem(done.error()));
      });
  if (!begun) reply(problem(begun.error()));
}

void Doors::add_operator(const Visit& visit) {
  const Core* const core = x_house.core();
  if (core == nullptr)
    return visit.reply(problem({Errc::locked, "the store is locked; open it with: stillwire unlock"}));
  const bool first = first_run() && visit.caller.who.empty();
  if (!first && !visit.caller.may(Right::admin)) {
    return visit.reply(problem({Errc::refused, refusal(visit.caller)}));
  }
  Fields in(visit.request.body);
  desk::Operator person;
  person.name = in.get<std::string>("name");
  person.initials = in.get<std::string>("initials");
  const auto word = in.get<std::string>("role");
  person.language = in.get<std::string>("language", std::string("en"));
  const auto names = in.get<Names>("lines", Names());
  auto passphrase = in.secret("passphrase");
  if (const auto good = in.done(); !good) return visit.reply(problem(good.error()));
  const auto role = role_named(word);
  if (!role) return visit.reply(problem(role.error()));
  auto lines = lines_named(*core, names);
  if (!lines) return visit.reply(problem(lines.error()));
  person.role = *role;
  person.lines = std::move(*lines);
  const bool needs_nobody = !visit.caller.may(Right::admin);
  if (needs_nobody && person.role != desk::Role::admin) {
    return visit.reply(problem({Errc::usage, "the first operator is an admin"}));
  }
  verify_later(std::move(passphrase), visit.reply,
               [this, person, needs_nobody](Core& now, const desk::Verifier& verifier) mutable -> Result<void> {
                 if (needs_nobody && !first_run()) return fail(Errc::refused, "somebody else was first; sign in");
                 person.verifier = verifier;
                 return now.add_operator(std::move(person));
               });
}

void Doors::change_operator(const Visit& visit) {
  Core* const core = x_house.core();
  if (core == nullptr)
    return visit.reply(problem({Errc::locked, "the store is locked; open it with: stillwire unlock"}));
  Fields in(visit.request.body);
  desk::OperatorChange change;
  if (in.has("initials")) change.initials = in.get<std::string>("initials");
  const auto word = in.get<std::string>("role", std::string());
  if (in.has("language")) change.language = in.get<std::string>("language");
  const auto names = in.get<Names>("lines", Names());
  auto passphrase = in.has("passphrase") ? in.secret("passphrase") : crypto::SecretBytes();
  if (const auto good = in.done(); !good) return visit.reply(problem(good.error()));

  const bool only_language = visit.request.body.size() == 1 && in.has("language");
  const bool own = visit.caller.who == visit.name && !visit.caller.initials.empty();
  if (!visit.caller.may(Right::admin) && !(own && only_language)) {
    return visit.reply(problem({Errc::refused, refusal(visit.caller)}));
  }
  const desk::Operator* const person = core->office().find(visit.name);
  if (person == nullptr) return visit.reply(problem({Errc::not_found, "there is no operator of this name"}));
  if (in.has("role")) {
    const auto role = role_named(word);
    if (!role) return visit.reply(problem(role.error()));
    change.role = *role;
  }
  if (in.has("lines")) {
    auto lines = lines_named(*core, names);
    if (!lines) return visit.reply(problem(lines.error()));
    change.lines = std::move(*lines);
  }
  if (leaves_no_admin(*core, *person, change) && !visit.caller.who.empty()) {
    return visit.reply(problem({Errc::conflict, "this is the last admin; make another one first"}));
  }
  if (!in.has("passphrase")) {
    const auto done = core->change_operator(visit.name, change);
    x_house.changed();
    return visit.reply(done ? Response{} : problem(done.error()));
  }
  verify_later(std::move(passphrase), visit.reply,
               [name = visit.name, change](Core& now, const desk::Verifier& verifier) mutable {
                 change.verifier = verifier;
                 return now.change_operator(name, change);
               });
}

void Doors::change_own_passphrase(const Visit& visit) {
  const auto seat = seat_of(visit.request.credentials);
  if (!seat) return visit.reply(problem(seat.error()));
  Fields in(visit.request.body);
  auto old = in.secret("old");
  const auto fresh = std::make_shared<crypto::SecretBytes>(in.secret("new"));
  if (const auto good = in.done(); !good) return visit.reply(problem(good.error()));
  if (const auto good = check_passphrase(*fresh); !good) return visit.reply(problem(good.error()));
  const auto who = x_seats.who(*seat, instant_now());
  if (!who) return visit.reply(problem({Errc::refused, refusal(visit.caller)}));
  prove(who->name, std::move(old), visit.reply,
        [this, fresh, seat = *seat, reply = visit.reply](const desk::Operator& person) {
          verify_later(std::move(*fresh), reply,
                       [this, seat, name = person.name](Core& core, const desk::Verifier& verifier) -> Result<void> {
                         desk::OperatorChange change;
                         change.verifier = verifier;
                         if (const auto done = core.change_operator(name, change); !done) return done;
                         // Whoever locked the seat meanwhile stays signed out.
                         const auto still = x_seats.who(seat, instant_now());
                         if (still && still->name == name) {
                           x_seats.sign_in(seat, {name, core.office().find(name)->version}, instant_now());
                         }
                         return {};
                       });
        });
}

}  // namespace sw::station
