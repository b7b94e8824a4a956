#include "link/gate.hpp"

#include <algorithm>

namespace sw::link {
namespace {

/// Calls `visit(index)` for the links at this address first, then for the others, until one says true.
template <class Visit>
std::optional<std::size_t> first_that(std::span<const Door> doors, const wire::Endpoint& from, Visit visit) {
  for (const bool owner : {true, false}) {
    for (std::size_t i = 0; i < doors.size(); ++i) {
      if (doors[i].link->owns(from) == owner && visit(doors[i])) return i;
    }
  }
  return std::nullopt;
}

}  // namespace

void Gate::count(Instant now, Rng& rng) {
  x_jar.refresh(now, rng);
  const std::int64_t second = now.ns / 1'000'000'000;
  if (second == x_second) return;
  x_second = second;
  x_messages = x_neighbours = x_cookies = x_answers = 0;
  x_addresses.clear();
}

bool Gate::spend_address(const wire::Endpoint& from) {
  const auto known =
      std::find_if(x_addresses.begin(), x_addresses.end(), [&](const auto& entry) { return entry.first == from; });
  if (known != x_addresses.end()) return ++known->second <= wire::kGateAddressMessages;
  if (x_addresses.size() >= wire::kGateAddresses * x_share) return false;
  x_addresses.emplace_back(from, 1);
  return true;
}

Gate::Verdict Gate::judge(const Frame& frame, const wire::Endpoint& from, bool known) {
  if (++x_messages <= wire::kGateFreeMessages * x_share) return Verdict::process;
  if (x_jar.admits(frame, from)) return spend_address(from) ? Verdict::process : Verdict::drop;
  // No cookie goes to an address that has a link, so a neighbour that restarted gets a small share without one.
  if (known) return ++x_neighbours <= wire::kGateNeighbourMessages * x_share ? Verdict::process : Verdict::drop;
  return ++x_cookies <= wire::kGateCookies * x_share ? Verdict::cookie : Verdict::drop;
}

Gate::Admission Gate::admit(const Frame& message1, const wire::Endpoint& from, bool known, Instant now, Rng& rng) {
  count(now, rng);
  Admission out;
  const Verdict verdict = judge(message1, from, known);
  out.process = verdict == Verdict::process;
  if (verdict == Verdict::cookie) {
    Mac mac1;
    std::copy_n(message1.begin() + wire::kLinkMessage1Bytes, mac1.size(), mac1.begin());
    out.reply = x_jar.reply(x_own, mac1, from, rng);
  }
  return out;
}

Gate::Arrival Gate::receive(ByteView datagram, const wire::Endpoint& from, std::span<const Door> doors, Instant now,
                            Rng& rng) {
  Arrival out;
  if (datagram.size() == wire::kCookieReplyBytes) {
    for (const Door& door : doors) door.link->take_cookie(datagram);
    return out;
  }
  Frame frame;
  if (datagram.size() != frame.size()) return out;
  std::copy(datagram.begin(), datagram.end(), frame.begin());

  out.door = first_that(doors, from, [&](const Door& door) {
    out.cells = door.link->open(frame, from, door.now, rng);
    return out.cells.has_value();
  });
  if (out.door) return out;

  if (is_message1(frame, x_own)) {
    const bool known = std::any_of(doors.begin(), doors.end(), [&](const Door& d) { return d.link->owns(from); });
    const Admission admission = admit(frame, from, known, now, rng);
    out.reply = admission.reply;
    if (!admission.process) return out;
  } else {
    count(now, rng);
    if (!is_message2(frame, x_own) || ++x_answers > wire::kGateAnswers) return out;
  }
  out.door = first_that(doors, from, [&](const Door& door) { return door.link->greet(frame, from, door.now, rng); });
  return out;
}

}  // namespace sw::link
