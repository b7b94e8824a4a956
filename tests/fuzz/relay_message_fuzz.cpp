// needs: mix
// The messages of two relays (protocol 8.7): whatever comes, a message is no larger than its type allows, what was
// decoded is what was sent, and no more is kept than came.
#include "fuzz/fuzz.hpp"
#include "mix/relay/message.hpp"

namespace sw::fuzz {
namespace {

using namespace mix::relay;

VenueTerms venue(std::uint8_t choice) {
  VenueTerms terms;
  terms.relays.resize(1 + choice % 3U);
  terms.round_ms = 100;
  terms.rounds = 40;
  terms.lead_rounds = 20;
  terms.slots = 1;
  terms.suite = (choice & 4U) != 0 ? mix::Suite::x25519_mlkem768 : mix::Suite::x25519;
  terms.noise = {4, 1'000};
  terms.circuit_limit = 4;
  return terms;
}

void read(const Message& m, const VenueTerms& terms) {
  if (m.type == Type::want) {
    if (const auto want = read_want(m.bytes)) SW_ASSERT(want_message(m.at.epoch, *want) == m);
  }
  if (m.type == Type::keys) {
    if (const auto keys = read_keys(m.bytes, terms)) SW_ASSERT(keys_message(m.at.epoch, *keys) == m);
  }
  if (m.type == Type::signature) {
    if (const auto signature = read_signature(m.bytes)) SW_ASSERT(signature_message(m.at.epoch, *signature) == m);
  }
  if (m.type == Type::halt) {
    if (const auto said = read_halt(m.bytes, terms)) SW_ASSERT(halt_message(m.at.epoch, *said) == m);
  }
  if (m.type == Type::chain) {
    if (const auto fault = read_chain(m.bytes, terms)) SW_ASSERT(chain_message(m.at, *fault) == m);
  }
}

}  // namespace

void run(ByteView data) {
  Input in(data);
  const std::uint8_t choice = in.u8();
  const VenueTerms terms = venue(choice);
  const std::size_t hop = (choice >> 3U) % terms.hops();
  const Side from = (choice & 0x20U) != 0 ? Side::next : Side::previous;
  const std::size_t step = 1 + in.u8();
  MessageDecoder decoder(terms, hop, from);
  Bytes fed;
  Bytes decoded;
  while (!in.empty()) {
    const ByteView piece = in.take(step);
    fed.insert(fed.end(), piece.begin(), piece.end());
    decoder.feed(piece);
    while (const auto message = decoder.next()) {
      const auto limit = size_limit(terms, hop, from, message->type);
      SW_ASSERT(limit && message->bytes.size() <= *limit);
      read(*message, terms);
      const Bytes bytes = encode(*message);
      decoded.insert(decoded.end(), bytes.begin(), bytes.end());
    }
  }
  SW_ASSERT(decoded.size() <= fed.size() && std::equal(decoded.begin(), decoded.end(), fed.begin()));
}

std::vector<Bytes> seeds() {
  const Bytes want = encode(want_message({3}, {{1'790'000'000'000}, 20, 4}));
  const Bytes halt = encode(halt_message({3}, {2, HaltReason::cover}));
  const Bytes keys = encode(keys_message({3}, {2, PublicKey{1}, {}, {2}}));
  const Bytes signature = encode(signature_message({3}, {2, {}}));
  const Bytes forward = encode({Type::forward, {{3}, {7}}, Bytes(512, 1)});
  const Bytes hello = encode({Type::hello, {}, {}});
  const Bytes chain = encode(chain_message({{3}, {7}}, 3));
  return {joined({Bytes{2, 200}, hello, want, halt}), joined({Bytes{2 | 8, 7}, hello, forward, forward}),
          joined({Bytes{2 | 0x20, 30}, keys, signature, halt, chain})};
}

}  // namespace sw::fuzz
