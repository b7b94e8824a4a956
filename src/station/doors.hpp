#pragma once
// The doors of a station: from what a request shows to whom it is from, and the calls about seats, signing in and
// operators. A shell around seats.hpp, caller.hpp and desk/office.hpp. docs/api.md, doors; ADR 16.
#include <functional>

#include "station/core.hpp"
#include "station/passphrases.hpp"
#include "station/seats.hpp"
#include "station/service.hpp"

namespace sw::station {

class Doors {
 public:
  /// `address`: of the desk, HOST:PORT; empty where there is none, and `why`. `core` gives the unlocked station, or
  /// null; `changed` is called when somebody came, went or may something else.
  struct House {
    std::string address;
    std::string why;
    std::function<Core*()> core;
    std::function<void()> changed;
  };
  Doors(boost::asio::io_context& loop, Rng& rng, House house);

  /// Whom the station takes for whoever shows these. Errors: refused, locked.
  [[nodiscard]] Result<Caller> admit(const Credentials& credentials);
  /// Is this the cookie of a seat, or a token?
  [[nodiscard]] bool knows(const Credentials& credentials);
  /// Answers what is about the doors, and what they refuse; true then. Else the request has its caller.
  [[nodiscard]] bool answer(Request& request, const Reply& reply);
  /// The store was locked: nobody is signed in.
  void locked() { x_seats.sign_out_all(); }

 private:
  /// One call of somebody who was admitted.
  struct Visit {
    const Request& request;
    const Reply& reply;
    const Caller& caller;
    std::string name;  ///< what the `*` of the call matched
  };
  struct Row {
    std::string_view call;
    void (Doors::*run)(const Visit&);
  };
  static const Row kRows[];

  [[nodiscard]] Result<SeatId> seat_of(const Credentials& credentials);
  [[nodiscard]] Caller caller_at(SeatId seat);
  [[nodiscard]] Result<void> may(const std::string& call, const Request& request);
  [[nodiscard]] nlohmann::json shown_seat(SeatId seat);
  [[nodiscard]] bool first_run() const;

  void make_link(const Visit& visit);
  void open_seat(const Visit& visit);
  void resume_seat(const Visit& visit);
  void show_seat(const Visit& visit);
  void stay(const Visit& visit);
  void sign_in(const Visit& visit);
  void sign_out(const Visit& visit);
  /// Their other seats end, as with every change of an operator; this one stays theirs.
  void change_own_passphrase(const Visit& visit);
  void add_operator(const Visit& visit);
  void change_operator(const Visit& visit);

  /// Checks the name and the passphrase of the body and signs them in at the seat; then `answer`.
  void check(const Visit& visit, SeatId seat, std::function<Response()> answer);
  /// `then` with the operator of this name, when the passphrase is theirs; else `reply` says what is wrong. Takes a
  /// try.
  void prove(const std::string& name, crypto::SecretBytes passphrase, const Reply& reply,
             std::function<void(const desk::Operator&)> then);
  /// The verifier of a new passphrase; then `store`, and its answer.
  void verify_later(crypto::SecretBytes passphrase, const Reply& reply,
                    std::function<Result<void>(Core&, const desk::Verifier&)> store);

  Rng& x_rng;
  House x_house;
  Seats x_seats;
  Tries x_tries;
  Passphrases x_passphrases;
};

}  // namespace sw::station
