#pragma once
// What a relay says it accepted: the tags of its onions of one epoch, signed. Everybody downloads the whole list, so
// asking tells nothing. Protocol 8.3, step 5.
//
//   "sw1-receipt" | H | hop u8 (1 = R1) | form u8 | count u32 | body | Ed25519 signature 64
//   form 1: count tags of 8 bytes, rising
//   form 2: Golomb-coded set: floor(tag * count * 2^20 / 2^64) rising, differences in Rice code with 20 low bits
#include <span>
#include <vector>

#include "mix/onion.hpp"

namespace sw::mix {

enum class ReceiptForm : std::uint8_t { tags = 1, set = 2 };

/// `accepted`: sorted, each once, at most 2^22. The bytes, signed.
[[nodiscard]] Bytes make_receipt(const DescriptorHash& epoch, std::size_t hop, ReceiptForm form,
                                 std::span<const Tag> accepted, const crypto::SigningKey& relay);
/// Bytes of a receipt of that many tags; of a set: at most.
[[nodiscard]] std::size_t receipt_bytes(ReceiptForm form, std::size_t count);

class Receipt {
 public:
  /// Errc::malformed; Errc::forged when it is not signed by that relay for that epoch and place.
  [[nodiscard]] static Result<Receipt> read(ByteView bytes, const AcceptedDescriptor& epoch, std::size_t hop);
  /// Form 2 says yes to a foreign tag once in 2^20.
  [[nodiscard]] bool names(const Tag& tag) const;
  [[nodiscard]] std::size_t count() const { return x_values.size(); }

 private:
  Receipt(ReceiptForm form, std::vector<std::uint64_t> values) : x_form(form), x_values(std::move(values)) {}
  ReceiptForm x_form;
  std::vector<std::uint64_t> x_values;  ///< sorted: tags as big-endian numbers, or places of the set
};

}  // namespace sw::mix
