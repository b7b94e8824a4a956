#include "line/delivery/outbox.hpp"

#include <algorithm>

#include "base/assert.hpp"
#include "wire/sizes.hpp"

namespace sw::line {
namespace {

constexpr std::size_t kOverhead = wire::kFrameHeaderBytes + wire::kDataHeaderBytes;

// The first bytes of `range` that fit; nothing when the piece would be too small to be worth its header.
std::optional<Range> fit(Range range, std::size_t capacity, bool whole_only) {
  const auto size = static_cast<std::uint32_t>(std::min<std::size_t>(range.size(), capacity));
  const std::uint32_t least = whole_only ? range.size() : std::min<std::uint32_t>(range.size(), wire::kFragmentLeast);
  if (size < least) return std::nullopt;
  return Range{range.begin, range.begin + size};
}

}  // namespace

bool Outbox::Outgoing::one_frame() const {
  return bytes.size() <= wire::kDataPerCell;
}

bool Outbox::has_room(Precedence precedence) const {
  const auto& queue = x_queues[index(precedence)];
  if (queue.size() >= wire::kQueuedMessages) return false;
  if (precedence == Precedence::flash) return true;
  std::size_t bytes = 0;
  for (const Outgoing& message : queue) bytes += message.bytes.size();
  return bytes + wire::kMessageLimit <= wire::kQueuedBytes;
}

void Outbox::submit(MessageId id, Precedence precedence, Bytes bytes) {
  if (contains(id)) return;
  SW_ASSERT(!bytes.empty() && bytes.size() <= wire::kMessageLimit && has_room(precedence));
  Outgoing message;
  message.id = id;
  message.fresh.add({0, static_cast<std::uint32_t>(bytes.size())});
  message.bytes = std::move(bytes);
  x_queues[index(precedence)].push_back(std::move(message));
}

bool Outbox::remove(const MessageId& id) {
  for (auto& queue : x_queues) {
    const auto found = std::find_if(queue.begin(), queue.end(), [&](const Outgoing& m) { return m.id == id; });
    if (found == queue.end()) continue;
    const bool begun = found->ever_begun || !found->acknowledged.empty();
    queue.erase(found);
    return begun;
  }
  return false;
}

const Outbox::Outgoing* Outbox::find(const MessageId& id) const {
  for (const auto& queue : x_queues) {
    for (const Outgoing& message : queue) {
      if (message.id == id) return &message;
    }
  }
  return nullptr;
}

Outbox::Outgoing* Outbox::find(const MessageId& id) {
  for (auto& queue : x_queues) {
    for (Outgoing& message : queue) {
      if (message.id == id) return &message;
    }
  }
  return nullptr;
}

// Messages that take a place among the receiver's partial ones.
std::size_t Outbox::open() const {
  std::size_t n = 0;
  for (const auto& queue : x_queues) {
    for (const Outgoing& message : queue) {
      if (message.begun && !message.one_frame() && !message.whole_there()) ++n;
    }
  }
  return n;
}

std::optional<Range> Outbox::cut(Outgoing& message, const SendPlace& place, std::size_t room) {
  const std::size_t capacity = room - kOverhead;
  for (auto it = message.again.begin(); it != message.again.end(); ++it) {
    if (!place.suits(it->avoid)) continue;
    const auto range = fit(it->range, capacity, message.one_frame());
    if (!range) continue;
    it->range.begin = range->end;
    if (it->range.begin == it->range.end) message.again.erase(it);
    return range;
  }
  if (message.fresh.empty()) return std::nullopt;
  const auto range = fit(message.fresh.all().front(), capacity, message.one_frame());
  if (range) message.fresh.remove(*range);
  return range;
}

std::optional<Piece> Outbox::next(const SendPlace& place, std::size_t room, bool urgent_only) {
  if (room <= kOverhead) return std::nullopt;
  const std::size_t opened = open();
  const std::size_t queues = urgent_only ? 1 : kPrecedences;
  for (std::size_t i = 0; i < queues; ++i) {
    for (Outgoing& message : x_queues[i]) {
      // A lower precedence leaves places for the higher ones, so that no FLASH is ever a ninth partial message.
      if (!message.begun && !message.one_frame() && opened >= wire::kOpenMessages - i) continue;
      const auto range = cut(message, place, room);
      if (!range) continue;
      Piece piece{message.id, static_cast<Precedence>(i), *range, message.total(), {}, !message.ever_begun};
      piece.bytes = ByteView(message.bytes).subspan(range->begin, range->size());
      message.begun = message.ever_begun = true;
      return piece;
    }
  }
  return std::nullopt;
}

// `range` need not leave again.
void Outbox::forget(Outgoing& message, Range range) {
  message.fresh.remove(range);
  std::list<Again> left;
  for (const Again& again : message.again) {
    Ranges rest;
    rest.add(again.range);
    rest.remove(range);
    for (const Range& r : rest.all()) left.push_back({r, again.avoid});
  }
  message.again = std::move(left);
}

void Outbox::acknowledged(const MessageId& id, Range range) {
  Outgoing* message = find(id);
  if (message == nullptr) return;
  message->acknowledged.add(range);
  forget(*message, range);
}

void Outbox::lost(const MessageId& id, Range range, const std::optional<Avoid>& avoid) {
  Outgoing* message = find(id);
  if (message == nullptr) return;
  Ranges missing;
  missing.add(range);
  for (const Range& r : message->acknowledged.all()) missing.remove(r);
  for (const Range& r : message->fresh.all()) missing.remove(r);
  for (const Range& r : missing.all()) {
    forget(*message, r);
    message->again.push_back({r, avoid});
  }
}

void Outbox::held(const MessageId& id, std::uint32_t bytes) {
  const Outgoing* message = find(id);
  if (message != nullptr && bytes < message->total()) acknowledged(id, {0, bytes});
}

void Outbox::restart() {
  for (auto& queue : x_queues) {
    for (Outgoing& message : queue) {
      message.acknowledged.clear();
      message.again.clear();
      message.fresh.clear();
      message.fresh.add({0, message.total()});
      message.begun = false;
    }
  }
}

}  // namespace sw::line
