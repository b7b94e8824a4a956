#pragma once
// A neighbouring relay over TCP: its sealed stream, cut into messages. R_i connects to R_{i+1} and takes connections of
// R_{i-1} alone. Protocol 8.7.
//
// Always: who is not the neighbour is closed without a word; it holds one of a few places for a few seconds at most and
// takes none from the neighbour's own address; a connection that is proved displaces the one before.
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <deque>
#include <list>
#include <memory>
#include <optional>

#include "bearer/tcp.hpp"
#include "link/stream.hpp"
#include "mix/relay/message.hpp"

namespace sw::relay {

class NeighbourEvents {
 public:
  virtual ~NeighbourEvents() = default;
  virtual void on_connected(mix::relay::Side side) = 0;
  virtual void on_lost(mix::relay::Side side) = 0;
  virtual void on_message(mix::relay::Side side, mix::relay::Message message) = 0;
  /// Memory for a large message that comes, and what a message that left has been in.
  [[nodiscard]] virtual Bytes room(std::size_t size) {
    Bytes out;
    out.reserve(size);
    return out;
  }
  virtual void give(Bytes /*room*/) {}  // NOLINT(performance-unnecessary-value-param): who overrides it keeps it
};

/// What it refers to outlives the neighbour.
struct NeighbourTerms {
  const mix::relay::VenueTerms& venue;
  std::size_t hop{};  ///< of this relay; 0 is R1
  mix::relay::Side side{};
  const crypto::KeyPair& own;
  PublicKey key{};      ///< the neighbour's link key
  wire::Endpoint at{};  ///< of the neighbour, as the venue says
};

class Neighbour {
 public:
  Neighbour(boost::asio::io_context& loop, NeighbourTerms terms, NeighbourEvents& events, Rng& rng);
  ~Neighbour();
  Neighbour(const Neighbour&) = delete;
  Neighbour& operator=(const Neighbour&) = delete;

  /// The next relay: connects, for ever.
  void connect() { x_connector.connect(); }
  /// The previous relay, or a stranger.
  void on_accepted(std::shared_ptr<bearer::TcpConnection> connection);

  [[nodiscard]] bool up() const { return x_current != nullptr; }
  /// False: a batch that finds too much waiting before it is lost, as its round is; of other messages the connection.
  bool send(mix::relay::Message message);

 private:
  struct Session {
    std::shared_ptr<bearer::TcpConnection> connection;
    link::RecordStream stream;
    mix::relay::MessageDecoder decoder;
    boost::asio::steady_timer deadline;
    std::deque<mix::relay::Message> waiting;  ///< sealed only when the system takes them
    std::size_t waiting_bytes = 0;
    std::size_t sealed = 0;  ///< of the first one's bytes
  };
  using SessionPtr = std::shared_ptr<Session>;

  void begin(std::shared_ptr<bearer::TcpConnection> connection);
  void start(const SessionPtr& session, Bytes first);
  void on_bytes(const SessionPtr& session, ByteView bytes);
  void promote(const SessionPtr& session);
  /// Seals as much of what waits as keeps the system busy.
  void seal_some(Session& session);
  void drop(SessionPtr kept);
  void make_room(bool neighbours_address);
  [[nodiscard]] bool from_neighbour(const bearer::TcpConnection& connection) const;

  boost::asio::io_context& x_loop;
  NeighbourTerms x_terms;
  NeighbourEvents& x_events;
  Rng& x_rng;
  bearer::TcpConnector x_connector;
  SessionPtr x_current;
  std::list<SessionPtr> x_pending;  ///< not proved; the oldest first
  std::size_t x_limit;              ///< bytes that may wait before a batch
};

}  // namespace sw::relay
