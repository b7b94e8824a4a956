#include "mix/objects.hpp"

#include <algorithm>

#include "wire/reader.hpp"
#include "wire/writer.hpp"

namespace sw::mix {

Bytes descriptor_object(ByteView body, std::span<const crypto::Signature> signatures) {
  wire::Writer out;
  out.bytes(body);
  for (const auto& signature : signatures) out.bytes(signature);
  return out.take();
}

Result<SignedBody> read_descriptor_object(ByteView object, std::size_t hops) {
  const std::size_t tail = hops * std::tuple_size_v<crypto::Signature>;
  if (object.size() <= tail) return fail(Errc::malformed, "not a signed descriptor");
  SignedBody out{object.first(object.size() - tail), {}};
  wire::Reader in(object.last(tail));
  for (std::size_t i = 0; i < hops; ++i) out.signatures.push_back(in.array<64>());
  return out;
}

std::size_t setup_bytes(Suite suite, std::size_t hops, std::uint8_t slots) {
  return 8 + kPaths * slots * onion_bytes(suite, hops, 0);
}

Bytes encode(const Notice& notice) {
  wire::Writer out;
  out.u8(static_cast<std::uint8_t>(notice.kind)).u64(notice.epoch.value).bytes(notice.tag);
  return out.take();
}

Result<Notice> read_notice(ByteView object) {
  wire::Reader in(object);
  const std::uint8_t kind = in.u8();
  const Notice out{Notice::Kind{kind}, Epoch{in.u64()}, in.array<8>()};
  const bool tagged = out.kind == Notice::Kind::carried || out.tag == Tag{};
  if (!in.expect_end() || kind < 1 || kind > 4 || !tagged) return fail(Errc::malformed, "not a notice");
  return out;
}

}  // namespace sw::mix
