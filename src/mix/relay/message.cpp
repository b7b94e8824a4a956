#include "mix/relay/message.hpp"

#include "base/assert.hpp"
#include "wire/reader.hpp"
#include "wire/sizes.hpp"
#include "wire/writer.hpp"

namespace sw::mix::relay {
namespace {

constexpr std::size_t kHeadBytes = 1 + 8 + 4 + 4;

/// A message of this size or more gets its room in one piece, but only when so much of it is there: whoever says a size
/// makes nobody keep more than a few times what he sent.
constexpr std::size_t kLargeBytes = 1U << 20;
constexpr std::size_t kBelievedShare = 8;
/// Of what follows it in the same records.
constexpr std::size_t kSlackBytes = 1U << 19;
constexpr std::size_t kWantBytes = 8 + 2 + 4;
constexpr std::size_t kSignatureBytes = std::tuple_size_v<crypto::Signature>;
constexpr std::size_t kDescriptorFixedBytes = 9 + 1 + 16 + 8 + 8 + 4 + 4 + 2 + 2 + 1 + 1 + 1 + 4 + 4 + 4;

std::size_t kem_bytes(const VenueTerms& terms) {
  return terms.suite == Suite::x25519_mlkem768 ? crypto::kKemPublicBytes : 0;
}
std::size_t body_bytes(const VenueTerms& terms) {
  return kDescriptorFixedBytes + terms.hops() * (32 + 32 + kem_bytes(terms));
}

std::optional<std::size_t> limit_from_previous(const VenueTerms& terms, std::size_t hop, Type type) {
  const std::size_t circuits = terms.taken(hop, terms.circuit_limit);
  switch (type) {
    case Type::want: return kWantBytes;
    case Type::body: return body_bytes(terms);
    case Type::descriptor: return body_bytes(terms) + terms.hops() * kSignatureBytes;
    case Type::setup: return circuits * onion_bytes(terms.suite, terms.hops(), hop);
    case Type::forward: return circuits * wire::kCellBytes;
    case Type::halt: return 2;
    case Type::hello: return 0;
    case Type::keys:
    case Type::signature:
    case Type::back:
    case Type::receipt:
    case Type::chain: break;
  }
  return std::nullopt;
}

std::optional<std::size_t> limit_from_next(const VenueTerms& terms, std::size_t hop, Type type) {
  switch (type) {
    case Type::keys: return 1 + 32 + kem_bytes(terms) + 8;
    case Type::signature: return 1 + kSignatureBytes;
    case Type::back: return terms.taken(hop + 1, terms.circuit_limit) * wire::kCellBytes;
    case Type::receipt: return receipt_bytes(ReceiptForm::tags, terms.taken(terms.hops() - 1, terms.circuit_limit));
    case Type::halt: return 2;
    case Type::chain: return 1;
    case Type::want:
    case Type::body:
    case Type::descriptor:
    case Type::setup:
    case Type::forward:
    case Type::hello: break;
  }
  return std::nullopt;
}

std::unexpected<Error> malformed() {
  return fail(Errc::malformed, "not a message of a relay");
}

}  // namespace

std::optional<std::size_t> size_limit(const VenueTerms& terms, std::size_t hop, Side from, Type type) {
  return from == Side::previous ? limit_from_previous(terms, hop, type) : limit_from_next(terms, hop, type);
}

Message want_message(Epoch epoch, const Want& want) {
  wire::Writer out;
  out.u64(static_cast<std::uint64_t>(want.t0.value)).u16(want.lead_rounds).u32(want.circuits);
  return {Type::want, {epoch, {}}, out.take()};
}

Message keys_message(Epoch epoch, const OfferedKeys& keys) {
  wire::Writer out;
  out.u8(keys.hop).bytes(keys.kx).bytes(keys.kem).u64(keys.highest.value);
  return {Type::keys, {epoch, {}}, out.take()};
}

Message body_message(Epoch epoch, ByteView body) {
  return {Type::body, {epoch, {}}, to_bytes(body)};
}

Message signature_message(Epoch epoch, const HopSignature& signature) {
  wire::Writer out;
  out.u8(signature.hop).bytes(signature.signature);
  return {Type::signature, {epoch, {}}, out.take()};
}

Message descriptor_message(Epoch epoch, ByteView body, std::span<const crypto::Signature> signatures) {
  wire::Writer out;
  out.bytes(body);
  for (const crypto::Signature& signature : signatures) out.bytes(signature);
  return {Type::descriptor, {epoch, {}}, out.take()};
}

Message halt_message(Epoch epoch, const Halt& halt) {
  return {Type::halt, {epoch, {}}, {halt.hop, static_cast<std::uint8_t>(halt.reason)}};
}

Message chain_message(RoundId answers, std::uint8_t fault) {
  return {Type::chain, answers, {fault}};
}

Result<Want> read_want(ByteView bytes) {
  wire::Reader in(bytes);
  const std::uint64_t t0 = in.u64();
  const Want want{{static_cast<std::int64_t>(t0)}, in.u16(), in.u32()};
  if (!in.expect_end() || t0 > wire::kUtcMsLimit) return malformed();
  return want;
}

Result<OfferedKeys> read_keys(ByteView bytes, const VenueTerms& terms) {
  wire::Reader in(bytes);
  OfferedKeys keys{in.u8(), in.array<32>(), to_bytes(in.view(kem_bytes(terms))), {in.u64()}};
  if (!in.expect_end() || keys.hop < 2 || keys.hop > terms.hops()) return malformed();
  return keys;
}

Result<HopSignature> read_signature(ByteView bytes) {
  wire::Reader in(bytes);
  const HopSignature signature{in.u8(), in.array<kSignatureBytes>()};
  if (!in.expect_end()) return malformed();
  return signature;
}

Result<Halt> read_halt(ByteView bytes, const VenueTerms& terms) {
  wire::Reader in(bytes);
  const std::uint8_t hop = in.u8();
  const std::uint8_t reason = in.u8();
  if (!in.expect_end() || hop < 1 || hop > terms.hops() || reason < 1 ||
      reason > static_cast<std::uint8_t>(HaltReason::machine)) {
    return malformed();
  }
  return Halt{hop, HaltReason{reason}};
}

Result<std::uint8_t> read_chain(ByteView bytes, const VenueTerms& terms) {
  wire::Reader in(bytes);
  const std::uint8_t fault = in.u8();
  if (!in.expect_end() || fault > terms.hops()) return malformed();
  return fault;
}

Bytes encode_head(const Message& message) {
  wire::Writer out(kHeadBytes);
  out.u8(static_cast<std::uint8_t>(message.type)).round_id(message.at);
  out.u32(static_cast<std::uint32_t>(message.bytes.size()));
  return out.take();
}

Bytes encode(const Message& message) {
  wire::Writer out(kHeadBytes + message.bytes.size());
  out.bytes(encode_head(message)).bytes(message.bytes);
  return out.take();
}

Bytes& MessageDecoder::input() {
  x_input.erase(x_input.begin(), x_input.begin() + static_cast<std::ptrdiff_t>(x_at));
  x_at = 0;
  return x_input;
}

void MessageDecoder::feed(ByteView bytes) {
  if (x_failed) return;
  Bytes& to = input();
  to.insert(to.end(), bytes.begin(), bytes.end());
}

std::size_t MessageDecoder::wants_room() const {
  const bool believed = x_head && x_size >= kLargeBytes && x_input.size() - x_at >= x_size / kBelievedShare;
  return believed && x_input.capacity() < x_size + kSlackBytes ? x_size + kSlackBytes : 0;
}

void MessageDecoder::take_room(Bytes room) {
  room.assign(x_input.begin() + static_cast<std::ptrdiff_t>(x_at), x_input.end());
  x_input = std::move(room);
  x_at = 0;
}

bool MessageDecoder::read_head() {
  if (x_input.size() - x_at < kHeadBytes) return false;
  wire::Reader in(ByteView(x_input).subspan(x_at, kHeadBytes));
  const Type type{in.u8()};
  const RoundId at = in.round_id();
  x_size = in.u32();
  const auto limit = size_limit(x_terms, x_hop, x_from, type);
  const bool has_round = type == Type::forward || type == Type::back || type == Type::chain;
  if (!limit || x_size > *limit || (!has_round && at.round.value != 0)) {
    x_failed = true;
    x_input = {};
    x_at = 0;
    return false;
  }
  x_head = Message{type, at, {}};
  x_at += kHeadBytes;
  return true;
}

std::optional<Message> MessageDecoder::next() {
  if (x_failed || (!x_head && !read_head()) || x_input.size() - x_at < x_size) return std::nullopt;
  Message message = std::move(*x_head);
  x_head.reset();
  const auto from = x_input.begin() + static_cast<std::ptrdiff_t>(x_at);
  const auto end = from + static_cast<std::ptrdiff_t>(x_size);
  if (x_at == 0) {
    // A batch that came in pieces is large: what follows it moves, not the batch.
    Bytes rest(end, x_input.end());
    x_input.resize(x_size);
    message.bytes = std::exchange(x_input, std::move(rest));
  } else {
    message.bytes.assign(from, end);
    x_at += x_size;
  }
  return message;
}

}  // namespace sw::mix::relay
