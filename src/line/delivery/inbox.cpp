#include "line/delivery/inbox.hpp"

#include <algorithm>

#include "wire/sizes.hpp"

namespace sw::line {
namespace {

// Do the bytes that are here already say the same?
bool agrees(const Bytes& bytes, const Ranges& have, const DataFrame& data) {
  const auto data_end = static_cast<std::uint32_t>(data.offset + data.bytes.size());
  for (const Range& r : have.all()) {
    const std::uint32_t begin = std::max(r.begin, data.offset);
    const std::uint32_t end = std::min(r.end, data_end);
    if (begin >= end) continue;
    const ByteView said = data.bytes.subspan(begin - data.offset, end - begin);
    if (!std::equal(said.begin(), said.end(), bytes.begin() + begin)) return false;
  }
  return true;
}

}  // namespace

bool Inbox::has_place(std::uint32_t total) const {
  return x_whole.size() < wire::kUncommittedMessages && x_whole_bytes + total <= wire::kUncommittedBytes;
}

Inbox::Taken Inbox::take(const DataFrame& data) {
  if (x_whole.contains(data.id)) return Taken::kept;
  const Range range{data.offset, static_cast<std::uint32_t>(data.offset + data.bytes.size())};
  const auto found = x_partial.find(data.id);
  if (found == x_partial.end() && range.size() == data.total) {
    if (!has_place(data.total)) return Taken::refused;
    x_whole[data.id] = {to_bytes(data.bytes), false};
    x_whole_bytes += data.total;
    return Taken::complete;
  }
  if (found == x_partial.end()) {
    if (x_partial.size() >= wire::kPartialMessages) return Taken::refused;
    Partial& partial = x_partial[data.id];
    partial.bytes.resize(data.total);
    std::copy(data.bytes.begin(), data.bytes.end(), partial.bytes.begin() + data.offset);
    partial.have.add(range);
    return Taken::kept;
  }

  Partial& partial = found->second;
  if (partial.bytes.size() != data.total || !agrees(partial.bytes, partial.have, data)) return Taken::refused;
  if (partial.have.covers(range)) return Taken::kept;
  Ranges have = partial.have;
  have.add(range);
  if (have.all().size() > wire::kHeldPieces) return Taken::refused;
  const bool complete = have.covers({0, data.total});
  if (complete && !has_place(data.total)) return Taken::refused;
  std::copy(data.bytes.begin(), data.bytes.end(), partial.bytes.begin() + data.offset);
  partial.have = std::move(have);
  if (!complete) return Taken::kept;
  x_whole[data.id] = {std::move(partial.bytes), false};
  x_whole_bytes += data.total;
  x_partial.erase(found);
  return Taken::complete;
}

const Bytes* Inbox::whole(const MessageId& id) const {
  const auto found = x_whole.find(id);
  return found == x_whole.end() ? nullptr : &found->second.bytes;
}

void Inbox::durable(const MessageId& id) {
  const auto found = x_whole.find(id);
  if (found == x_whole.end()) return;
  x_whole_bytes -= found->second.bytes.size();
  x_whole.erase(found);
}

void Inbox::refuse(const MessageId& id) {
  const auto found = x_whole.find(id);
  if (found != x_whole.end()) found->second.refused = true;
}

std::vector<MessageId> Inbox::take_refused() {
  std::vector<MessageId> ids;
  for (auto& [id, whole] : x_whole) {
    if (std::exchange(whole.refused, false)) ids.push_back(id);
  }
  return ids;
}

void Inbox::finish(const MessageId& id, Finish how) {
  if (x_finished.insert_or_assign(id, how).second) x_finished_order.push_back(id);
  while (x_finished_order.size() > wire::kFinishedRemembered) {
    x_finished.erase(x_finished_order.front());
    x_finished_order.pop_front();
  }
}

std::optional<Inbox::Finish> Inbox::finished(const MessageId& id) const {
  const auto found = x_finished.find(id);
  if (found == x_finished.end()) return std::nullopt;
  return found->second;
}

std::vector<std::pair<MessageId, std::uint32_t>> Inbox::sender_restarted() {
  // What a former process cancelled, this one may know better (a restored backup).
  std::erase_if(x_finished_order, [&](const MessageId& id) { return x_finished.at(id) == Finish::cancelled; });
  std::erase_if(x_finished, [](const auto& entry) { return entry.second == Finish::cancelled; });

  while (x_partial.size() > wire::kPartialKept) {
    x_partial.erase(std::min_element(x_partial.begin(), x_partial.end(), [](const auto& a, const auto& b) {
      return a.second.have.prefix() < b.second.have.prefix();
    }));
  }
  std::vector<std::pair<MessageId, std::uint32_t>> kept;
  kept.reserve(x_partial.size());
  for (const auto& [id, partial] : x_partial) kept.emplace_back(id, partial.have.prefix());
  return kept;
}

}  // namespace sw::line
