#pragma once
// The API's two doors: HTTP/1.1 on a Unix stream socket, for this uid only, and on the desk's loopback listener. Every
// bound is fixed (body, header, time, connections); what a client does wrong is answered with a problem and never
// reaches the handler. docs/api.md.
#include <filesystem>
#include <memory>

#include "base/result.hpp"
#include "base/time.hpp"
#include "faces/api/desk.hpp"
#include "station/shell.hpp"

namespace sw::faces {

/// One more takes the place of the one that has been idle or slow the longest.
inline constexpr std::size_t kApiConnections = 32;
/// Watchers of the events, besides; one more is refused.
inline constexpr std::size_t kApiWatchers = 32;
/// How long a client may take over its request, and over the answer.
inline constexpr Duration kApiPatience = milliseconds(10'000);

/// Listens on `socket` (mode 0600) until the value is destroyed, all on `loop`; destroy it before the loop and `feed`.
/// A socket left by a dead station is replaced: the caller holds the home's lock. Errc::out_of_range for a path too
/// long for a socket, Errc::conflict where something else lies there, Errc::io. Only tests give another patience.
[[nodiscard]] Result<std::unique_ptr<station::ApiListener>> open_api(boost::asio::io_context& loop,
                                                                     const std::filesystem::path& socket,
                                                                     station::Handler handler, station::Feed& feed,
                                                                     Duration patience = kApiPatience);
/// The same on the desk's listener, for whoever has a seat there or a token; and the desk's page. Errc::io.
[[nodiscard]] Result<std::unique_ptr<station::ApiListener>> open_desk(boost::asio::io_context& loop,
                                                                      DeskListener listener, station::Handler handler,
                                                                      station::Feed& feed,
                                                                      Duration patience = kApiPatience);

}  // namespace sw::faces
