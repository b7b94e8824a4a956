#include "line/delivery/track.hpp"

#include <algorithm>
#include <cstdlib>

#include "base/assert.hpp"
#include "wire/sizes.hpp"

namespace sw::line {
namespace {

constexpr std::int64_t kUnit = 16;
constexpr std::uint64_t kBackOffLeast = 16;  // rounds

// The 64-bit number nearest to `near` whose low half is `low`; 0 when that would lie below 1.
std::uint64_t widen(std::uint32_t low, std::uint64_t near) {
  const auto step = static_cast<std::int32_t>(low - static_cast<std::uint32_t>(near));
  const std::int64_t wide = static_cast<std::int64_t>(near) + step;
  return wide < 1 ? 0 : static_cast<std::uint64_t>(wide);
}

}  // namespace

CellHeader Track::header() const {
  return {static_cast<std::uint32_t>(x_newest), x_received};
}

bool Track::is_new(std::uint32_t seq) const {
  const std::uint64_t wide = widen(seq, x_newest);
  if (seq == 0 || wide == 0 || wide == x_newest) return false;
  if (wide > x_newest) return true;
  const std::uint64_t back = x_newest - wide - 1;
  return back < 64 && ((x_received >> back) & 1) == 0;
}

void Track::received(std::uint32_t seq) {
  if (!is_new(seq)) return;
  const std::uint64_t wide = widen(seq, x_newest);
  if (wide < x_newest) {
    x_received |= std::uint64_t{1} << (x_newest - wide - 1);
    return;
  }
  const std::uint64_t step = wide - x_newest;
  x_received = step >= 64 ? 0 : x_received << step;
  if (x_newest != 0 && step <= 64) x_received |= std::uint64_t{1} << (step - 1);
  x_newest = wide;
}

bool Track::has_seq(bool urgent) const {
  const auto oldest =
      std::find_if(x_sent.begin(), x_sent.end(), [](const Entry& e) { return e.state == State::outstanding; });
  const auto span = static_cast<std::uint64_t>(x_sent.end() - oldest);
  return span < (urgent ? wire::kOutstandingSeqs - 1 : wire::kRoutineSeqs);
}

std::uint32_t Track::next_seq() const {
  const std::uint64_t next = x_first + x_sent.size();
  // 0 means "none" in a header, so the 2^32nd seq is left out.
  return static_cast<std::uint32_t>(next) == 0 ? 1 : static_cast<std::uint32_t>(next);
}

void Track::sent(const Sent& sent) {
  if (static_cast<std::uint32_t>(x_first + x_sent.size()) == 0) x_sent.push_back({{}, State::closed});
  x_sent.push_back({sent, State::outstanding});
  while (x_sent.size() > wire::kOutstandingSeqs) {
    SW_ASSERT(x_sent.front().state != State::outstanding);
    x_sent.pop_front();
    ++x_first;
  }
}

void Track::close(std::uint64_t seq, std::vector<Sent>& out) {
  if (seq < x_first || seq >= x_first + x_sent.size()) return;
  Entry& entry = x_sent[static_cast<std::size_t>(seq - x_first)];
  if (entry.state == State::closed) return;
  entry.state = State::closed;
  out.push_back(entry.sent);
}

std::vector<Sent> Track::acknowledged(CellHeader header, std::uint64_t round) {
  std::vector<Sent> out;
  const std::uint64_t last = x_first + x_sent.size() - 1;
  const std::uint64_t newest = widen(header.ack, last);
  if (header.ack == 0 || newest == 0 || newest > last) return out;
  close(newest, out);
  // Only the newest one is timed: older ones may have been acknowledged by cells that were lost.
  if (!out.empty() && round >= out.front().round) measure(round - out.front().round);
  for (std::uint64_t k = 0; k < 64 && k + 1 < newest; ++k) {
    if ((header.sack >> k) & 1) close(newest - 1 - k, out);
  }
  if (!out.empty()) {
    x_doublings = 0;
    x_progress_round = round;
  }
  return out;
}

std::vector<Sent> Track::expired(std::uint64_t round) {
  std::vector<Sent> out;
  const std::uint64_t limit = resend_rounds();
  bool hopeless = false;
  for (Entry& entry : x_sent) {
    if (entry.state != State::outstanding || round < entry.sent.round + limit) continue;
    entry.state = State::expired;
    out.push_back(entry.sent);
    hopeless = hopeless || entry.sent.round >= x_progress_round;
  }
  // Nothing at all was acknowledged since: wait longer the next time, once a waiting time.
  if (hopeless && round >= x_doubled_round + limit && x_doublings < 6) {
    ++x_doublings;
    x_doubled_round = round;
  }
  return out;
}

std::vector<Sent> Track::abandon() {
  std::vector<Sent> out;
  for (Entry& entry : x_sent) {
    if (entry.state == State::outstanding) out.push_back(entry.sent);
    entry.state = State::closed;
  }
  return out;
}

void Track::measure(std::uint64_t rounds) {
  const std::int64_t sample = kUnit * static_cast<std::int64_t>(std::min<std::uint64_t>(rounds, wire::kResendMost));
  if (!x_measured) {
    x_measured = true;
    x_trip = sample;
    x_spread = sample / 2;
    return;
  }
  x_spread += (std::abs(sample - x_trip) - x_spread) / 4;
  x_trip += (sample - x_trip) / 8;
}

std::uint64_t Track::measured_rounds() const {
  if (!x_measured) return wire::kResendFirst;
  const std::int64_t sum = x_trip + std::max(kUnit, 4 * x_spread);
  return std::clamp<std::uint64_t>(static_cast<std::uint64_t>((sum + kUnit - 1) / kUnit), wire::kResendLeast,
                                   wire::kResendMost);
}

std::uint64_t Track::resend_rounds() const {
  const std::uint64_t base = measured_rounds();
  const std::uint64_t most = std::min<std::uint64_t>(std::max(kBackOffLeast, 4 * base), wire::kResendMost);
  return std::min(base << x_doublings, most);
}

}  // namespace sw::line
