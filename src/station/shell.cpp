#include "station/shell.hpp"

#include <atomic>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <mutex>
#include <nlohmann/json.hpp>
#include <set>
#include <thread>

#include "base/version.hpp"
#include "crypto/kem.hpp"
#include "crypto/rng.hpp"
#include "station/cadence.hpp"
#include "station/clock.hpp"
#include "station/confine.hpp"
#include "station/doors.hpp"
#include "station/home.hpp"
#include "station/port_client.hpp"
#include "station/routes.hpp"
#include "station/routes/call.hpp"
#include "station/shown.hpp"
#include "station/venues.hpp"
#include "store/commit_thread.hpp"
#include "store/file.hpp"

namespace sw::station {
namespace {

using nlohmann::json;

/// What exists only while the store is unlocked; its order is the order of construction.
struct Unlocked {
  std::unique_ptr<store::SealedStore> store;
  std::unique_ptr<Core> core;
  std::atomic<bool> failing = false;  ///< the last tick did not reach the disk
  std::unique_ptr<store::CommitThread> commits;
  std::unique_ptr<PortClient> port;
  std::thread backup;  ///< joinable: it writes a copy of the store
  ~Unlocked() {
    if (backup.joinable()) backup.join();
    port.reset();
    commits.reset();
  }
};

class Shell final : public Feed {
 public:
  Shell(std::filesystem::path folder, Desk desk)
      : x_home{std::move(folder)},
        x_second(x_loop),
        x_cadence(instant_now()),
        x_doors(x_loop, x_rng,
                {std::move(desk.address), std::move(desk.why), [this] { return x_open ? x_open->core.get() : nullptr; },
                 [this] {
                   flush();
                   tell(true);
                 }}) {}

  Result<int> run(std::optional<crypto::SecretBytes> passphrase, const OpenApi& open_api);

  void join(Watcher& watcher) override { x_watchers.insert(&watcher); }
  void leave(Watcher& watcher) override { x_watchers.erase(&watcher); }
  std::optional<json> next(Watcher& watcher) override;
  bool knows(const Credentials& credentials) override { return x_doors.knows(credentials); }

 private:
  Result<void> unlock(const crypto::SecretBytes& passphrase);
  [[nodiscard]] Result<void> read_venues(Core& core) const;
  void start_commits(Unlocked& life);
  void lock();
  Result<void> panic();
  void answer(Request request, const Reply& reply);
  void back_up(const Request& request, const Reply& reply);
  Response control(const Request& request);
  json status(const Caller& caller) const;
  void pace(const wire::UpRecord& record);
  bool on_record(const wire::UpRecord& record);
  void on_durable(std::uint64_t life, const std::vector<desk::Ticket>& tickets);
  void flush();
  void tell(bool status);
  void wait_second();

  Home x_home;
  boost::asio::io_context x_loop{1};
  crypto::SystemRng x_rng;
  boost::asio::steady_timer x_second;
  std::mutex x_pacing;  ///< x_cadence
  Cadence x_cadence;
  std::uint64_t x_life = 0;  ///< of the unlocked store; reports of an older one are dropped
  std::unique_ptr<Unlocked> x_open;
  Doors x_doors;
  std::set<Watcher*> x_watchers;
  std::uint64_t x_told = 0;  ///< the newest number for which they were woken
};

Result<void> Shell::unlock(const crypto::SecretBytes& passphrase) {
  if (x_open) return fail(Errc::conflict, "the store is not locked");
  auto opened = store::SealedStore::open(x_home.store(), passphrase, x_rng);
  if (!opened) return std::unexpected(opened.error());
  auto life = std::make_unique<Unlocked>();
  life->store = std::move(*opened);
  const auto records = life->store->load();
  if (!records) return std::unexpected(records.error());
  std::optional<Identity> identity;
  for (const auto& record : *records) {
    if (record.key != Identity::key()) continue;
    const auto decoded = Identity::decode(record.head.view());
    if (!decoded) return std::unexpected(decoded.error());
    identity = *decoded;
  }
  if (!identity) return fail(Errc::malformed, "the store has no station record; it is damaged");
  life->core = std::make_unique<Core>(*identity, *life->store, x_rng);
  if (const auto read = read_venues(*life->core); !read) return read;
  if (const auto loaded = life->core->load(clock_now(), life->store->restored()); !loaded) return loaded;
  x_cadence = Cadence(instant_now());  // no thread shares it yet
  if (const auto pace = life->core->pace()) x_cadence.pace(pace->round_ms);
  start_commits(*life);
  x_open = std::move(life);
  x_open->port = std::make_unique<PortClient>(
      x_loop, x_home.cell_port(),
      PortClient::Listener{[this] {
                             x_open->core->carrier_connected();
                             // The carrier greets first thing; its answer to the floor says where its timetable is.
                             boost::asio::post(x_loop, [this] { flush(); });
                           },
                           [this] { x_open->core->carrier_gone(); },
                           [this](const wire::UpRecord& record) { return on_record(record); }});
  return {};
}

/// The usable ones; the others are shown by `venue check`.
Result<void> Shell::read_venues(Core& core) const {
  const auto kept = kept_venues(x_home);
  if (!kept) return std::unexpected(kept.error());
  std::vector<KnownVenue> out;
  for (const KeptVenue& one : *kept) {
    if (!one.venue || !check_usable(*one.venue)) continue;
    const mix::Venue& venue = *one.venue;
    KnownVenue& known = out.emplace_back();
    known.terms = {mix::id_of(venue), venue.round_ms, venue.epoch_rounds, line::VenueKind::relays};
    known.slots = static_cast<std::uint8_t>(venue.slots);
    for (const mix::RelayCard& relay : venue.relays) known.operators.push_back(relay.host);
  }
  core.set_venues(out);
  return {};
}

void Shell::start_commits(Unlocked& life) {
  const auto wait = [this] {
    const std::lock_guard pacing(x_pacing);
    return std::chrono::nanoseconds((x_cadence.next() - instant_now()).ns);
  };
  life.commits = std::make_unique<store::CommitThread>(
      *life.store, wait, [this, number = ++x_life, &failing = life.failing](auto tickets) {
        {
          const std::lock_guard pacing(x_pacing);
          x_cadence.ticked(instant_now());
        }
        failing = !tickets.has_value();
        if (!tickets || tickets->empty()) return;
        boost::asio::post(x_loop, [this, number, durable = std::move(*tickets)] { on_durable(number, durable); });
      });
}

void Shell::lock() {
  if (!x_open) return;
  ++x_life;
  x_open->port.reset();
  x_open->commits.reset();
  (void)x_open->store->settle();
  x_open.reset();
  x_doors.locked();
}

Result<void> Shell::panic() {
  const auto erased = store::panic(x_home.store(), x_rng);
  x_doors.locked();
  if (!x_open) return erased;
  ++x_life;
  x_open->port.reset();
  x_open->commits.reset();
  x_open.reset();
  return erased;
}

void Shell::flush() {
  if (x_open && x_open->port) x_open->port->send(x_open->core->take_down());
  if (x_open && std::exchange(x_told, x_open->core->news().last()) != x_open->core->news().last()) tell(false);
}

void Shell::tell(bool status) {
  for (Watcher* const watcher : std::vector<Watcher*>(x_watchers.begin(), x_watchers.end())) {
    watcher->status_due = watcher->status_due || status;
    watcher->wake();
  }
}

std::optional<json> Shell::next(Watcher& watcher) {
  const auto caller = x_doors.admit(watcher.credentials);
  watcher.over = !caller || !caller->may(desk::Right::status);
  if (watcher.over) return std::nullopt;
  if (std::exchange(watcher.status_due, false)) return json{{"event", "status"}, {"status", status(*caller)}};
  while (x_open) {
    const auto item = x_open->core->news().after(watcher.since);
    if (!item) break;
    watcher.since = item->number;
    if (!item->message) return json{{"event", "reset"}, {"seq", item->number}};
    // One that our disk does not have yet is none; it changes when the disk does.
    const auto* const message = x_open->core->desk().find(*item->message);
    if (message == nullptr || !caller->reads(*message)) continue;
    return json{{"event", "message"}, {"seq", item->number}, {"message", shown(*message, *x_open->core)}};
  }
  return std::nullopt;
}

void Shell::pace(const wire::UpRecord& record) {
  const std::lock_guard pacing(x_pacing);
  if (std::holds_alternative<wire::CellRecord>(record)) {
    x_cadence.arrived(instant_now());
  } else if (const auto* tick = std::get_if<wire::TickRecord>(&record)) {
    const auto pace = x_open->core->pace();
    if (pace && pace->venue == tick->venue) x_cadence.sealed(instant_now(), pace->round_ms);
  }
}

bool Shell::on_record(const wire::UpRecord& record) {
  pace(record);
  const bool good = x_open->core->on_record(record, clock_now()).has_value();
  flush();
  return good;
}

void Shell::on_durable(std::uint64_t life, const std::vector<desk::Ticket>& tickets) {
  if (!x_open || life != x_life) return;
  x_open->core->on_durable(tickets, clock_now());
  flush();
}

void Shell::wait_second() {
  x_second.expires_after(std::chrono::seconds(1));
  x_second.async_wait([this](const boost::system::error_code& error) {
    if (error) return;
    if (x_open) {
      x_open->core->on_store_failing(x_open->failing);
      x_open->core->housekeep(clock_now());
      if (x_open->core->restored_handled() && x_open->store->restored()) (void)x_open->store->clear_restored();
      flush();
    }
    tell(true);
    wait_second();
  });
}

json Shell::status(const Caller& caller) const {
  json out{
      {"version", kVersion}, {"locked", !x_open}, {"now_ms", clock_now().value}, {"ml_kem", crypto::kem_available()}};
  if (!x_open) return out;
  const Core& core = *x_open->core;
  const UtcMs now = clock_now();
  out["party"] = core.identity().party;
  out["carrier"] = {{"connected", core.carrier_is_there()}};
  out["store"] = {{"rows", x_open->store->capacity()}, {"used", x_open->store->used()}, {"full", !core.has_room(1)}};
  out["watch"] = shown_watch(core.desk());
  out["drafts"] = core.draft_changes();
  json lines = json::array();
  for (const auto& view : core.lines(now)) {
    if (caller.sees(view.entry.id)) lines.push_back(shown(view, now));
  }
  out["lines"] = lines;
  return out;
}

/// The calls that are about the store itself; the rest goes to the core.
Response Shell::control(const Request& request) {
  const auto done = [](const Result<void>& result) { return result ? Response{} : problem(result.error()); };
  const std::string call = request.method + " " + request.path;
  Fields in(request.body);
  if (call == "GET status") return {200, status(request.caller)};
  if (call == "POST panic") {
    const auto word = in.get<std::string>("confirm");
    if (const auto good = in.done(); !good) return problem(good.error());
    if (word != "erase") return problem({Errc::usage, "panic needs \"confirm\": \"erase\""});
    return done(panic());
  }
  if (call == "POST unlock") {
    const auto passphrase = in.secret("passphrase");
    if (const auto good = in.done(); !good) return problem(good.error());
    return done(unlock(passphrase));
  }
  if (!x_open) return problem({Errc::locked, "the store is locked; open it with: stillwire unlock"});
  if (call == "POST lock") {
    if (const auto good = in.done(); !good) return problem(good.error());
    lock();
    return {};
  }
  if (call == "POST passphrase") {
    const auto before = in.secret("old");
    const auto after = in.secret("new");
    if (const auto good = in.done(); !good) return problem(good.error());
    return done(x_open->store->change_passphrase(before, after));
  }
  // It may name a venue that was added since.
  const bool venues = call == "POST pair/offer" || (request.method == "POST" && request.path.ends_with("/venue"));
  if (venues && request.caller.may(desk::Right::admin)) {
    if (const auto read = read_venues(*x_open->core); !read) return problem(read.error());
  }
  return route(*x_open->core, request, clock_now());
}

/// In a thread of its own: a copy takes a second or more, and the cells of every round go on meanwhile.
void Shell::back_up(const Request& request, const Reply& reply) {
  Fields in(request.body);
  const auto path = in.get<std::string>("path");
  if (const auto good = in.done(); !good) return reply(problem(good.error()));
  if (!path.starts_with('/')) return reply(problem({Errc::usage, "backup needs an absolute path"}));
  if (x_open->backup.joinable()) return reply(problem({Errc::conflict, "a backup is under way; wait for its end"}));
  // The reply, and the connection that it holds, end in the loop.
  x_open->backup = std::thread([this, path, reply = Reply(reply), life = x_life, &store = *x_open->store]() mutable {
    boost::asio::post(x_loop, [this, reply = std::move(reply), life, done = store.backup(path)] {
      if (x_open && life == x_life) x_open->backup.join();
      reply(done ? Response{} : problem(done.error()));
    });
  });
}

void Shell::answer(Request request, const Reply& reply) {
  if (x_doors.answer(request, reply)) return;
  const std::string call = request.method + " " + request.path;
  if (x_open && call == "POST backup") return back_up(request, reply);
  Response response = control(request);
  flush();
  // What somebody did, and that the store is open or locked now, shows at once.
  if (request.method == "POST") tell(true);
  reply(std::move(response));
}

Result<int> Shell::run(std::optional<crypto::SecretBytes> passphrase, const OpenApi& open_api) {
  if (passphrase) {
    if (const auto opened = unlock(*passphrase); !opened) return std::unexpected(opened.error());
    passphrase.reset();
  }
  const auto api =
      open_api(x_loop, [this](Request request, const Reply& reply) { answer(std::move(request), reply); }, *this);
  if (!api) return std::unexpected(api.error());
  boost::asio::signal_set signals(x_loop, SIGINT, SIGTERM);
  signals.async_wait([this](const boost::system::error_code& error, int) {
    if (!error) x_loop.stop();
  });
  wait_second();
  (void)std::fprintf(stderr, "station: running, %s\n", x_open ? "open" : "locked; open it with: stillwire unlock");
  x_loop.run();
  lock();
  (void)std::fprintf(stderr, "station: stopped\n");
  return 0;
}

}  // namespace

Result<int> run_station(StationOptions options, const OpenApi& open_api) {
  const Home home{options.home};
  (void)std::signal(SIGPIPE, SIG_IGN);  // whoever reads our log may go away
  const auto running = RunLock::take(home);
  if (!running) return std::unexpected(running.error());
  if (const auto confined = confine(); !confined) return std::unexpected(confined.error());
  {
    const auto file = store::RawFile::open(home.store(), store::RawFile::Access::read);
    if (!file) return std::unexpected(file.error());
    if (const auto good = store::inspect(*file); !good) return std::unexpected(good.error());
  }
  return Shell(options.home, std::move(options.desk)).run(std::move(options.passphrase), open_api);
}

}  // namespace sw::station
