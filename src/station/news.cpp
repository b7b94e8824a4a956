#include "station/news.hpp"

#include <utility>

namespace sw::station {

void News::changed(const MessageId& handle) {
  std::uint64_t& number = x_numbers[handle];
  x_messages.erase(number);
  number = ++x_last;
  x_messages.emplace(number, handle);
}

void News::erased(std::span<const desk::RecordKey> keys) {
  bool any = false;
  for (const auto& key : keys) {
    const auto at = key.kind == desk::RecordKind::message ? x_numbers.find(MessageId{key.id}) : x_numbers.end();
    if (at == x_numbers.end()) continue;
    x_messages.erase(at->second);
    x_numbers.erase(at);
    any = true;
  }
  if (!any) return;
  x_start = ++x_last;
  for (const auto& [before, handle] : std::exchange(x_messages, {})) changed(handle);
}

std::optional<News::Item> News::after(std::uint64_t number) const {
  if (number < x_start || number > x_last) return Item{x_start, std::nullopt};
  const auto next = x_messages.upper_bound(number);
  if (next == x_messages.end()) return std::nullopt;
  return Item{next->first, next->second};
}

}  // namespace sw::station
