#include "mix/relay/terms.hpp"

#include <algorithm>

#include "wire/sizes.hpp"

namespace sw::mix::relay {

DescriptorRules VenueTerms::rules() const {
  return {venue, relays, round_ms, rounds, wire::kCellBytes, slots, suite, noise, std::nullopt};
}

ReceiptForm receipt_form(const VenueTerms& terms, std::size_t circuits) {
  std::size_t whole = 0;
  std::size_t largest = 0;
  for (std::size_t hop = 0; hop < terms.hops(); ++hop) {
    const std::size_t bytes = receipt_bytes(ReceiptForm::tags, terms.taken(hop, circuits));
    whole += bytes;
    largest = std::max(largest, bytes);
  }
  const std::size_t room = wire::kControlDataBytes * std::size_t{terms.rounds};
  const bool tags = whole * 10 <= room * 6 && largest <= wire::kControlObjectLimit;
  return tags ? ReceiptForm::tags : ReceiptForm::set;
}

}  // namespace sw::mix::relay
