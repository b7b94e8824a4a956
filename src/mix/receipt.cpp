#include "mix/receipt.hpp"

#include <algorithm>

#include "base/assert.hpp"
#include "wire/reader.hpp"
#include "wire/sizes.hpp"
#include "wire/writer.hpp"

namespace sw::mix {
namespace {

constexpr std::string_view kMagic = "sw1-receipt";
constexpr std::size_t kHeadBytes = 11 + 32 + 1 + 1 + 4;
constexpr std::size_t kSignatureBytes = std::tuple_size_v<crypto::Signature>;
constexpr unsigned kLowBits = 20;

// Big-endian, so that the order of the numbers is that of the bytes.
std::uint64_t number_of(const Tag& tag) {
  std::uint64_t out = 0;
  for (const std::uint8_t byte : tag) out = out << 8 | byte;
  return out;
}

std::uint64_t place_of(const Tag& tag, std::size_t count) {
  __extension__ using Wide = unsigned __int128;
  return static_cast<std::uint64_t>((Wide{number_of(tag)} * (Wide{count} << kLowBits)) >> 64);
}

class BitWriter {
 public:
  void put(bool bit) {
    if (x_used % 8 == 0) x_bytes.push_back(0);
    if (bit) x_bytes.back() = static_cast<std::uint8_t>(x_bytes.back() | (0x80U >> (x_used % 8)));
    ++x_used;
  }
  [[nodiscard]] const Bytes& bytes() const { return x_bytes; }

 private:
  Bytes x_bytes;
  std::size_t x_used = 0;
};

class BitReader {
 public:
  explicit BitReader(ByteView bytes) : x_bytes(bytes) {}
  [[nodiscard]] bool more() const { return x_used < 8 * x_bytes.size(); }
  bool get() {
    const bool bit = (x_bytes[x_used / 8] & (0x80U >> (x_used % 8))) != 0;
    ++x_used;
    return bit;
  }
  /// Only zeros of less than a byte are left.
  [[nodiscard]] bool finished() {
    if (8 * x_bytes.size() - x_used >= 8) return false;
    while (more()) {
      if (get()) return false;
    }
    return true;
  }

 private:
  ByteView x_bytes;
  std::size_t x_used = 0;
};

Bytes encode_set(std::span<const Tag> accepted) {
  BitWriter out;
  std::uint64_t last = 0;
  for (const Tag& tag : accepted) {
    const std::uint64_t place = place_of(tag, accepted.size());
    const std::uint64_t step = place - last;
    last = place;
    for (std::uint64_t i = 0; i < step >> kLowBits; ++i) out.put(true);
    out.put(false);
    for (unsigned bit = kLowBits; bit-- > 0;) out.put((step >> bit & 1U) != 0);
  }
  return out.bytes();
}

// Bounded by the bits that are there, and by the set's own range.
std::optional<std::vector<std::uint64_t>> decode_set(ByteView body, std::size_t count) {
  const std::uint64_t range = std::uint64_t{count} << kLowBits;
  std::vector<std::uint64_t> out;
  out.reserve(std::min(count, body.size()));
  BitReader in(body);
  std::uint64_t last = 0;
  for (std::size_t i = 0; i < count; ++i) {
    std::uint64_t step = 0;
    for (;;) {
      if (!in.more()) return std::nullopt;
      if (!in.get()) break;
      step += 1ULL << kLowBits;
    }
    for (unsigned bit = kLowBits; bit-- > 0;) {
      if (!in.more()) return std::nullopt;
      if (in.get()) step |= 1ULL << bit;
    }
    last += step;
    if (last >= range) return std::nullopt;
    out.push_back(last);
  }
  if (!in.finished()) return std::nullopt;
  return out;
}

std::optional<std::vector<std::uint64_t>> decode_tags(ByteView body, std::size_t count) {
  wire::Reader in(body);
  std::vector<std::uint64_t> out;
  out.reserve(std::min(count, body.size() / std::tuple_size_v<Tag>));
  for (std::size_t i = 0; i < count && in.ok(); ++i) {
    out.push_back(number_of(in.array<8>()));
    if (i > 0 && out[i] <= out[i - 1]) return std::nullopt;
  }
  if (!in.expect_end()) return std::nullopt;
  return out;
}

}  // namespace

std::size_t receipt_bytes(ReceiptForm form, std::size_t count) {
  // A set's quotients sum to less than `count`: each tag costs its low bits, one end bit and at most one more on
  // average.
  const std::size_t body =
      form == ReceiptForm::tags ? count * std::tuple_size_v<Tag> : (count * (kLowBits + 2) + 7) / 8;
  return kHeadBytes + body + kSignatureBytes;
}

Bytes make_receipt(const DescriptorHash& epoch, std::size_t hop, ReceiptForm form, std::span<const Tag> accepted,
                   const crypto::SigningKey& relay) {
  SW_ASSERT(std::ranges::adjacent_find(accepted, std::ranges::greater_equal{}) == accepted.end());  // each once
  SW_ASSERT(accepted.size() <= wire::kReceiptTags);
  wire::Writer out;
  out.bytes(as_bytes(kMagic)).bytes(epoch).u8(static_cast<std::uint8_t>(hop + 1)).u8(static_cast<std::uint8_t>(form));
  out.u32(static_cast<std::uint32_t>(accepted.size()));
  if (form == ReceiptForm::set) out.bytes(encode_set(accepted));
  if (form == ReceiptForm::tags) {
    for (const Tag& tag : accepted) out.bytes(tag);
  }
  const crypto::Signature signature = crypto::sign(relay, out.view());
  return out.bytes(signature).take();
}

Result<Receipt> Receipt::read(ByteView bytes, const AcceptedDescriptor& epoch, std::size_t hop) {
  SW_ASSERT(hop < epoch.descriptor.hops());
  const auto malformed = [] { return fail(Errc::malformed, "not a relay's receipt"); };
  if (bytes.size() < kHeadBytes + kSignatureBytes) return malformed();
  const ByteView said = bytes.first(bytes.size() - kSignatureBytes);
  crypto::Signature signature{};
  std::ranges::copy(bytes.last(kSignatureBytes), signature.begin());
  wire::Reader in(said);
  const bool known = std::ranges::equal(in.view(kMagic.size()), as_bytes(kMagic));
  const auto hash = in.array<32>();
  const std::uint8_t place = in.u8();
  const std::uint8_t form = in.u8();
  const std::uint32_t count = in.u32();
  if (!known || !in.ok() || form < 1 || form > 2 || count > wire::kReceiptTags) return malformed();
  if (hash != epoch.hash || place != hop + 1 || !crypto::verify(epoch.descriptor.relays[hop].id, said, signature)) {
    return fail(Errc::forged, "the receipt is not signed by that relay for this epoch");
  }
  const ByteView body = in.view(in.remaining());
  auto values = ReceiptForm{form} == ReceiptForm::tags ? decode_tags(body, count) : decode_set(body, count);
  if (!values) return malformed();
  return Receipt(ReceiptForm{form}, std::move(*values));
}

bool Receipt::names(const Tag& tag) const {
  const std::uint64_t wanted = x_form == ReceiptForm::tags ? number_of(tag) : place_of(tag, x_values.size());
  return std::ranges::binary_search(x_values, wanted);
}

}  // namespace sw::mix
