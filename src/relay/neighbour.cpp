#include "relay/neighbour.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "wire/sizes.hpp"

namespace sw::relay {

using boost::system::error_code;
using mix::relay::Message;
using mix::relay::Side;
using mix::relay::Type;

namespace {

constexpr std::chrono::seconds kProveWithin{5};
constexpr std::chrono::milliseconds kAgainLeast{100};
constexpr std::chrono::milliseconds kAgainMost{1000};
/// Batches that may wait for a neighbour that is slow; then rounds are lost.
constexpr std::size_t kBatchesWaiting = 4;
/// Of anything else that cannot be lost, before the neighbour counts as gone.
constexpr std::size_t kTimesLimit = 4;
constexpr std::size_t kLeastLimit = 1U << 20;
constexpr std::size_t kRecordPlainBytes = wire::kStreamRecordBytes - wire::kTagBytes;
/// Sealed ahead of the system: what is sealed is still in the caches when it leaves, and needs little memory.
constexpr std::size_t kRecordsAhead = 4;

std::size_t waiting_limit(const NeighbourTerms& terms) {
  const std::size_t to = terms.side == Side::next ? terms.hop + 1 : terms.hop - 1;
  const Side from = mix::relay::other(terms.side);
  const Type batch = terms.side == Side::next ? Type::forward : Type::back;
  const std::size_t largest = mix::relay::size_limit(terms.venue, to, from, batch).value_or(0);
  return std::max(kLeastLimit, kBatchesWaiting * largest);
}

/// Once a round: a relay that comes back should not be waited for longer than it must be. Protocol 8.7.
std::chrono::milliseconds connect_again(const NeighbourTerms& terms) {
  return std::clamp(std::chrono::milliseconds(terms.venue.round_ms), kAgainLeast, kAgainMost);
}

}  // namespace

Neighbour::Neighbour(boost::asio::io_context& loop, NeighbourTerms terms, NeighbourEvents& events, Rng& rng)
    : x_loop(loop),
      x_terms(terms),
      x_events(events),
      x_rng(rng),
      x_connector(loop, terms.at, connect_again(terms), [this](auto connection) { begin(std::move(connection)); }),
      x_limit(waiting_limit(terms)) {}

Neighbour::~Neighbour() {
  if (x_current) x_current->connection->close();
  for (const auto& session : x_pending) session->connection->close();
}

// ---- connections

void Neighbour::begin(std::shared_ptr<bearer::TcpConnection> connection) {
  Bytes first;
  auto stream = link::RecordStream::begin({x_terms.own, x_terms.key, x_terms.venue.venue}, x_rng, first);
  start(std::make_shared<Session>(std::move(connection), std::move(stream),
                                  mix::relay::MessageDecoder(x_terms.venue, x_terms.hop, x_terms.side),
                                  boost::asio::steady_timer(x_loop)),
        std::move(first));
}

void Neighbour::on_accepted(std::shared_ptr<bearer::TcpConnection> connection) {
  make_room(from_neighbour(*connection));
  auto stream = link::RecordStream::wait({x_terms.own, x_terms.key, x_terms.venue.venue});
  start(std::make_shared<Session>(std::move(connection), std::move(stream),
                                  mix::relay::MessageDecoder(x_terms.venue, x_terms.hop, x_terms.side),
                                  boost::asio::steady_timer(x_loop)),
        {});
}

bool Neighbour::from_neighbour(const bearer::TcpConnection& connection) const {
  return connection.peer().ip == x_terms.at.ip;
}

void Neighbour::make_room(bool neighbours_address) {
  const auto same = [&](const SessionPtr& s) { return from_neighbour(*s->connection) == neighbours_address; };
  if (static_cast<std::size_t>(std::ranges::count_if(x_pending, same)) < wire::kPendingRelays) return;
  drop(*std::ranges::find_if(x_pending, same));
}

void Neighbour::start(const SessionPtr& session, Bytes first) {
  x_pending.push_back(session);
  session->deadline.expires_after(kProveWithin);
  session->deadline.async_wait([this, weak = std::weak_ptr(session)](const error_code& stopped) {
    const auto late = weak.lock();
    if (!stopped && late && late != x_current) drop(late);
  });
  const std::weak_ptr<Session> weak = session;
  session->connection->start({.bytes =
                                  [this, weak](ByteView bytes) {
                                    if (const auto to = weak.lock()) on_bytes(to, bytes);
                                  },
                              .drained =
                                  [this, weak] {
                                    if (const auto more = weak.lock()) seal_some(*more);
                                  },
                              .closed =
                                  [this, weak] {
                                    if (const auto gone = weak.lock()) drop(gone);
                                  }});
  session->connection->send(std::move(first));
}

void Neighbour::on_bytes(const SessionPtr& session, ByteView bytes) {
  Bytes out;
  const bool good = session->stream.feed(bytes, x_rng, out, session->decoder.input());
  session->connection->send(std::move(out));
  const bool proved = x_terms.side == Side::next ? session->stream.ready() : session->stream.confirmed();
  if (proved && session != x_current) promote(session);
  while (session == x_current) {
    auto message = session->decoder.next();
    if (!message) break;
    x_events.on_message(x_terms.side, std::move(*message));
  }
  if (!good || session->decoder.failed()) return drop(session);
  if (const std::size_t size = session->decoder.wants_room(); size > 0) {
    session->decoder.take_room(x_events.room(size));
  }
}

void Neighbour::promote(const SessionPtr& session) {
  session->deadline.cancel();
  std::erase(x_pending, session);
  if (const SessionPtr before = std::exchange(x_current, nullptr)) {
    before->connection->close();
    x_events.on_lost(x_terms.side);
  }
  x_current = session;
  x_events.on_connected(x_terms.side);
}

// By value: the list may hold the last other reference.
// NOLINTNEXTLINE(performance-unnecessary-value-param)
void Neighbour::drop(SessionPtr kept) {
  kept->connection->close();
  kept->deadline.cancel();
  const bool pending = std::erase(x_pending, kept) > 0;
  const bool current = kept == x_current;
  if (!pending && !current) return;
  if (x_terms.side == Side::next) x_connector.connect_later();
  if (!current) return;
  x_current.reset();
  x_events.on_lost(x_terms.side);
}

// ---- what leaves

bool Neighbour::send(Message message) {
  if (!x_current) return false;
  Session& session = *x_current;
  const std::size_t waiting = session.connection->waiting() + session.waiting_bytes;
  const bool batch = message.type == Type::forward || message.type == Type::back;
  if (batch && waiting > x_limit) return false;
  if (waiting > kTimesLimit * x_limit) {
    drop(x_current);
    return false;
  }
  session.waiting_bytes += message.bytes.size();
  session.waiting.push_back(std::move(message));
  seal_some(session);
  return true;
}

void Neighbour::seal_some(Session& session) {
  if (session.connection->waiting() > 0) return;
  if (session.waiting.empty()) return;
  Bytes out = session.connection->spare();
  for (std::size_t records = 0; records < kRecordsAhead && !session.waiting.empty(); ++records) {
    Message& message = session.waiting.front();
    if (session.sealed == 0) session.stream.seal(mix::relay::encode_head(message), out);
    const ByteView rest = ByteView(message.bytes).subspan(session.sealed);
    const ByteView part = rest.first(std::min(rest.size(), kRecordPlainBytes));
    session.stream.seal(part, out);
    session.sealed += part.size();
    session.waiting_bytes -= part.size();
    if (session.sealed < message.bytes.size()) continue;
    x_events.give(std::move(message.bytes));
    session.waiting.pop_front();
    session.sealed = 0;
  }
  session.connection->send(std::move(out));
}

}  // namespace sw::relay
