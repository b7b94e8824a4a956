#pragma once
// The events: a WebSocket on which a face is told what changes, and how the station is once a second. Nothing waits in
// a queue: a face that reads slowly is told later, and then how things are by then. docs/api.md, events.
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/beast/core/basic_stream.hpp>
#include <set>

#include "base/result.hpp"
#include "faces/api/desk.hpp"
#include "station/service.hpp"

namespace sw::faces {

/// A connection of either door, Unix or TCP.
using ApiStream = boost::beast::basic_stream<boost::asio::generic::stream_protocol>;

class EventsSession;
struct EventsDoor {
  station::Feed& feed;
  std::set<EventsSession*> sessions;  ///< they own themselves
};

[[nodiscard]] bool is_upgrade(const HttpRequest& request);
/// `?since=SEQ` of a request for the events. Errc::not_found for another target, usage.
[[nodiscard]] Result<std::uint64_t> events_since(const HttpRequest& request);
/// Answers the upgrade, and tells until either end closes. A page at the desk first says its token.
void watch_events(EventsDoor& door, ApiStream&& stream, const HttpRequest& request, std::uint64_t since,
                  station::Credentials credentials);
/// Before the door goes.
void close_events(EventsDoor& door);

}  // namespace sw::faces
