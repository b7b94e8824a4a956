// needs: mix
// The messages between relays and their decoder (protocol 8.7).
#include <gtest/gtest.h>
#include <malloc.h>

#include "mix/relay/message.hpp"
#include "wire/sizes.hpp"

namespace sw::mix::relay {
namespace {

constexpr std::array kTypes{Type::want,    Type::keys, Type::body,    Type::signature, Type::descriptor, Type::setup,
                            Type::forward, Type::back, Type::receipt, Type::halt,      Type::hello,      Type::chain};

VenueTerms venue(std::uint32_t circuits) {
  VenueTerms terms;
  terms.relays.resize(3);
  terms.round_ms = 100;
  terms.rounds = 40;
  terms.lead_rounds = 20;
  terms.slots = 1;
  terms.suite = Suite::x25519;
  terms.noise = {8, 1'000};
  terms.circuit_limit = circuits;
  return terms;
}

std::size_t in_use() {
  const auto info = mallinfo2();
  return info.uordblks + info.hblkhd;
}

TEST(RelayMessage, ComesOutAsItWentInHoweverItIsCut) {
  const VenueTerms terms = venue(4);
  for (const Side from : {Side::previous, Side::next}) {
    std::vector<Message> said;
    Bytes stream;
    for (const Type type : kTypes) {
      const auto limit = size_limit(terms, 1, from, type);
      for (const std::size_t size : {std::size_t{0}, limit.value_or(0) / 2, limit.value_or(0)}) {
        if (!limit) continue;
        const bool round = type == Type::forward || type == Type::back || type == Type::chain;
        said.push_back({type, {{0x0102030405060708}, {round ? 9U : 0U}}, Bytes(size, static_cast<std::uint8_t>(size))});
        const Bytes bytes = encode(said.back());
        stream.insert(stream.end(), bytes.begin(), bytes.end());
      }
    }
    for (const std::size_t step : {std::size_t{1}, std::size_t{17}, std::size_t{1'000}, stream.size()}) {
      MessageDecoder decoder(terms, 1, from);
      std::vector<Message> came;
      for (std::size_t at = 0; at < stream.size(); at += step) {
        decoder.feed(ByteView(stream).subspan(at, std::min(step, stream.size() - at)));
        while (auto message = decoder.next()) came.push_back(std::move(*message));
      }
      EXPECT_FALSE(decoder.failed());
      EXPECT_TRUE(came == said) << step;
    }
  }
}

TEST(RelayMessage, IsRefusedBeyondTheBoundOfItsType) {
  const VenueTerms terms = venue(4);
  for (const Side from : {Side::previous, Side::next}) {
    for (unsigned type = 0; type < 256; ++type) {
      const auto limit = size_limit(terms, 1, from, Type{static_cast<std::uint8_t>(type)});
      Message message{Type{static_cast<std::uint8_t>(type)}, {{3}, {}}, Bytes(limit.value_or(0) + (limit ? 1 : 0))};
      const Bytes bytes = encode(message);
      MessageDecoder decoder(terms, 1, from);
      decoder.feed(ByteView(bytes).first(17));  // the head alone
      EXPECT_FALSE(decoder.next());
      EXPECT_TRUE(decoder.failed()) << type;
      message.bytes.clear();
      decoder.feed(encode(message));
      EXPECT_FALSE(decoder.next()) << "a stream that failed gives nothing more";
    }
  }
  EXPECT_FALSE(size_limit(terms, 1, Side::next, Type::forward));
  EXPECT_FALSE(size_limit(terms, 1, Side::previous, Type::back));
  EXPECT_EQ(size_limit(terms, 1, Side::previous, Type::forward), 12U * 512);
  EXPECT_EQ(size_limit(terms, 1, Side::next, Type::back), 20U * 512);
  EXPECT_EQ(size_limit(terms, 2, Side::previous, Type::setup), 20U * 80);
}

TEST(RelayMessage, HasARoundOnlyWhereItsTypeHas) {
  const VenueTerms terms = venue(4);
  for (const Type type : {Type::want, Type::body, Type::setup, Type::halt, Type::hello}) {
    MessageDecoder decoder(terms, 1, Side::previous);
    decoder.feed(encode({type, {{3}, {1}}, {}}));
    EXPECT_FALSE(decoder.next());
    EXPECT_TRUE(decoder.failed());
  }
}

TEST(RelayMessage, TakesNoMemoryForBytesThatDidNotCome) {
  const VenueTerms terms = venue(wire::kCircuitLimit);
  const std::size_t claimed = wire::kCircuitLimit * wire::kCellBytes;
  Bytes head = encode({Type::forward, {{3}, {1}}, {}});
  for (std::size_t i = 0; i < 4; ++i) head[13 + i] = static_cast<std::uint8_t>(claimed >> (8 * i));
  MessageDecoder decoder(terms, 1, Side::previous);
  const std::size_t before = in_use();
  decoder.feed(head);
  decoder.feed(Bytes(1'000));
  EXPECT_FALSE(decoder.next());
  EXPECT_FALSE(decoder.failed());
  EXPECT_LT(in_use(), before + 100'000);
}

TEST(RelayMessage, FieldsAreReadOnlyWhole) {
  const VenueTerms terms = venue(4);
  const Want want{{1'790'000'000'000}, 20, 4};
  const Message w = want_message({5}, want);
  EXPECT_EQ(*read_want(w.bytes), want);
  const Message k = keys_message({5}, {2, PublicKey{7}, {}, {4}});
  const auto keys = read_keys(k.bytes, terms);
  ASSERT_TRUE(keys);
  EXPECT_EQ(keys->hop, 2);
  EXPECT_EQ(keys->highest, Epoch{4});
  const Message s = signature_message({5}, {3, crypto::Signature{1}});
  EXPECT_EQ(read_signature(s.bytes)->signature, crypto::Signature{1});
  for (const Bytes* bytes : {&w.bytes, &k.bytes, &s.bytes}) {
    for (Bytes wrong : {Bytes(bytes->begin(), bytes->end() - 1), Bytes(bytes->size() + 1)}) {
      EXPECT_FALSE(read_want(wrong));
      EXPECT_FALSE(read_keys(wrong, terms));
      EXPECT_FALSE(read_signature(wrong));
    }
  }
  Bytes bad = k.bytes;
  for (const std::uint8_t hop : Bytes{0, 1, 4, 255}) {  // R1 gives its keys to nobody
    bad[0] = hop;
    EXPECT_FALSE(read_keys(bad, terms));
  }
  EXPECT_TRUE(read_halt(Bytes{3, 7}, terms));
  for (const Bytes& wrong : {Bytes{0, 1}, Bytes{4, 1}, Bytes{1, 0}, Bytes{1, 8}, Bytes{1}, Bytes{1, 1, 1}}) {
    EXPECT_FALSE(read_halt(wrong, terms));
  }
  const Message c = chain_message({{5}, {6}}, 3);
  EXPECT_EQ(*read_chain(c.bytes, terms), 3);
  for (const Bytes& wrong : {Bytes{}, Bytes{4}, Bytes{255}, Bytes{1, 1}}) EXPECT_FALSE(read_chain(wrong, terms));
}

}  // namespace
}  // namespace sw::mix::relay
