#include "line/delivery/receipts.hpp"

namespace sw::line {
namespace {

std::size_t frame_bytes(FrameType type, std::uint32_t bytes) {
  if (type == FrameType::venue) return kReceiptFrameBytes + bytes;
  return type == FrameType::have ? kHaveFrameBytes : kReceiptFrameBytes;
}

}  // namespace

void Receipts::add(const Receipt& receipt) {
  const Key key{receipt.type, receipt.id};
  const auto [it, inserted] = x_items.try_emplace(key);
  it->second.bytes = receipt.bytes;
  if (inserted) ++x_counts[receipt.type];
  if (!inserted && it->second.state == State::waiting) return;
  it->second.telling = ++x_tellings;
  it->second.state = State::waiting;
  it->second.avoid.reset();
  x_waiting.push_back(key);
}

void Receipts::erase(FrameType type, const MessageId& id) {
  if (x_items.erase({type, id}) != 0) --x_counts[type];
}

bool Receipts::known(FrameType type, const MessageId& id) const {
  const auto found = x_items.find({type, id});
  return found != x_items.end() && found->second.state == State::known;
}

std::size_t Receipts::count(FrameType type) const {
  const auto found = x_counts.find(type);
  return found == x_counts.end() ? 0 : found->second;
}

std::optional<Receipt> Receipts::next(const SendPlace& place, std::size_t room) {
  for (auto it = x_waiting.begin(); it != x_waiting.end();) {
    const auto item = x_items.find(*it);
    if (item == x_items.end() || item->second.state != State::waiting) {
      it = x_waiting.erase(it);
      continue;
    }
    if (frame_bytes(it->type, item->second.bytes) > room || !place.suits(item->second.avoid)) {
      ++it;
      continue;
    }
    item->second.state = State::sent;
    const Receipt receipt{it->type, it->id, item->second.bytes, item->second.telling};
    x_waiting.erase(it);
    return receipt;
  }
  return std::nullopt;
}

void Receipts::acknowledged(FrameType type, const MessageId& id, std::uint32_t telling) {
  const auto item = x_items.find({type, id});
  if (item == x_items.end() || item->second.telling != telling) return;
  if (type == FrameType::stored || type == FrameType::venue) {
    item->second.state = State::known;
  } else {
    erase(type, id);
  }
}

void Receipts::lost(FrameType type, const MessageId& id, const std::optional<Avoid>& avoid) {
  const auto item = x_items.find({type, id});
  if (item == x_items.end() || item->second.state != State::sent) return;
  item->second.state = State::waiting;
  item->second.avoid = avoid;
  x_waiting.push_front({type, id});
}

void Receipts::restart() {
  x_waiting.clear();
  for (auto it = x_items.begin(); it != x_items.end();) {
    if (it->first.type == FrameType::have) {
      --x_counts[FrameType::have];
      it = x_items.erase(it);
      continue;
    }
    it->second.state = State::waiting;
    it->second.avoid.reset();
    x_waiting.push_back(it->first);
    ++it;
  }
}

}  // namespace sw::line
