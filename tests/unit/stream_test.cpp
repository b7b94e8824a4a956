// needs: link
// The connection of two relays (protocol 8.7): bytes go through unchanged however they are cut, and whatever is not the
// neighbour's next record closes for good.
#include "link/stream.hpp"

#include <gtest/gtest.h>

#include "crypto/rng.hpp"
#include "wire/sizes.hpp"

namespace sw::link {
namespace {

constexpr std::size_t kRecord = 2 + wire::kStreamRecordBytes;

struct Ends {
  crypto::SeededRng rng{1};
  crypto::KeyPair first = crypto::KeyPair::generate(rng);
  crypto::KeyPair second = crypto::KeyPair::generate(rng);
  VenueId venue{{9}};
};

/// What one feed gave.
struct Fed {
  bool open = false;
  Bytes out;
  Bytes opened;
};
Fed feed(RecordStream& stream, ByteView bytes, Rng& rng) {
  Fed fed;
  fed.open = stream.feed(bytes, rng, fed.out, fed.opened);
  return fed;
}

struct Pair {
  RecordStream first;
  RecordStream second;
};
Pair connect(Ends& ends) {
  Bytes message1;
  RecordStream first = RecordStream::begin({ends.first, ends.second.public_key, ends.venue}, ends.rng, message1);
  RecordStream second = RecordStream::wait({ends.second, ends.first.public_key, ends.venue});
  EXPECT_EQ(message1.size(), 96U);
  const Fed answer = feed(second, message1, ends.rng);
  EXPECT_TRUE(answer.open);
  EXPECT_EQ(answer.out.size(), 48U);
  EXPECT_TRUE(feed(first, answer.out, ends.rng).open);
  EXPECT_TRUE(first.ready() && second.ready());
  return {std::move(first), std::move(second)};
}

Bytes sealed(RecordStream& stream, ByteView bytes) {
  Bytes out;
  stream.seal(bytes, out);
  return out;
}

TEST(RecordStream, CarriesBytesBothWaysHoweverTheyAreCut) {
  Ends ends;
  for (const std::size_t step : {1U, 7U, 65'536U, 1'000'000U}) {
    Pair pair = connect(ends);
    for (RecordStream* from : {&pair.first, &pair.second}) {
      RecordStream& to = from == &pair.first ? pair.second : pair.first;
      Bytes said(step == 1 ? 70'000 : 300'000);
      ends.rng.fill(said);
      const Bytes wire = sealed(*from, said);
      Bytes opened;
      Bytes out;
      for (std::size_t at = 0; at < wire.size(); at += step) {
        ASSERT_TRUE(to.feed(ByteView(wire).subspan(at, std::min(step, wire.size() - at)), ends.rng, out, opened));
      }
      EXPECT_EQ(opened, said) << step;
      EXPECT_TRUE(out.empty());
    }
  }
}

TEST(RecordStream, BoundsARecord) {
  Ends ends;
  Pair pair = connect(ends);
  const Bytes wire = sealed(pair.first, Bytes(wire::kStreamRecordBytes - 16 + 1, 3));
  EXPECT_EQ(wire.size(), kRecord + 2 + 17);
  EXPECT_EQ(wire[0] | wire[1] << 8, 65'535);
  EXPECT_TRUE(feed(pair.second, wire, ends.rng).open);
}

TEST(RecordStream, IsConfirmedByTheFirstRecordOnly) {
  Ends ends;
  Pair pair = connect(ends);
  EXPECT_FALSE(pair.second.confirmed());
  EXPECT_TRUE(feed(pair.second, sealed(pair.first, Bytes(1)), ends.rng).open);
  EXPECT_TRUE(pair.second.confirmed());
}

TEST(RecordStream, OpensForTheNeighbourOfThisVenueOnly) {
  Ends ends;
  const crypto::KeyPair stranger = crypto::KeyPair::generate(ends.rng);
  const VenueId other{{8}};
  const auto refused = [&](const StreamEnds& from, const StreamEnds& to) {
    Bytes message1;
    RecordStream first = RecordStream::begin(from, ends.rng, message1);
    RecordStream second = RecordStream::wait(to);
    const Fed answer = feed(second, message1, ends.rng);
    return !answer.open && answer.out.empty() && second.closed() && !second.ready();
  };
  const StreamEnds from{ends.first, ends.second.public_key, ends.venue};
  const StreamEnds to{ends.second, ends.first.public_key, ends.venue};
  EXPECT_FALSE(refused(from, to));
  EXPECT_TRUE(refused({stranger, ends.second.public_key, ends.venue}, to));
  EXPECT_TRUE(refused({ends.first, stranger.public_key, ends.venue}, to));
  EXPECT_TRUE(refused({ends.first, ends.second.public_key, other}, to));
  Bytes out;
  EXPECT_TRUE(RecordStream::begin({ends.first, PublicKey{}, ends.venue}, ends.rng, out).closed());
  EXPECT_TRUE(out.empty());
}

TEST(RecordStream, ClosesAtAnyFlippedBitOfTheHandshake) {
  Ends ends;
  for (std::size_t bit = 0; bit < 96 * 8; ++bit) {
    Bytes message1;
    RecordStream first = RecordStream::begin({ends.first, ends.second.public_key, ends.venue}, ends.rng, message1);
    RecordStream second = RecordStream::wait({ends.second, ends.first.public_key, ends.venue});
    RecordStream untouched = RecordStream::wait({ends.second, ends.first.public_key, ends.venue});
    Bytes answer = feed(untouched, message1, ends.rng).out;
    message1[bit / 8] ^= static_cast<std::uint8_t>(1U << (bit % 8));
    const Fed fed = feed(second, message1, ends.rng);
    EXPECT_FALSE(fed.open) << bit;
    EXPECT_TRUE(fed.out.empty()) << bit;
    if (bit / 8 >= answer.size()) continue;
    answer[bit / 8] ^= static_cast<std::uint8_t>(1U << (bit % 8));
    EXPECT_FALSE(feed(first, answer, ends.rng).open) << bit;
  }
}

TEST(RecordStream, ClosesAtAnyFlippedBitOfARecord) {
  Ends ends;
  Pair pair = connect(ends);
  const Bytes said(5, 7);
  const std::size_t bits = 8 * (2 + said.size() + 16);
  for (std::size_t bit = 0; bit < bits; ++bit) {
    Pair fresh = connect(ends);
    Bytes wire = sealed(fresh.first, said);
    wire[bit / 8] ^= static_cast<std::uint8_t>(1U << (bit % 8));
    wire.resize(kRecord);  // so that a longer length is met too
    const Fed fed = feed(fresh.second, wire, ends.rng);
    EXPECT_FALSE(fed.open) << bit;
    EXPECT_TRUE(fed.opened.empty()) << bit;
    // For good: the true record does not open any more.
    EXPECT_FALSE(feed(fresh.second, sealed(fresh.first, said), ends.rng).open) << bit;
  }
}

TEST(RecordStream, HoldsBackWhatIsNotWhole) {
  Ends ends;
  Pair pair = connect(ends);
  const Bytes wire = sealed(pair.first, Bytes(100, 1));
  const Fed part = feed(pair.second, ByteView(wire).first(wire.size() - 1), ends.rng);
  EXPECT_TRUE(part.open);
  EXPECT_TRUE(part.opened.empty());
  EXPECT_EQ(feed(pair.second, ByteView(wire).last(1), ends.rng).opened.size(), 100U);
}

TEST(RecordStream, ClosesAtARepeatedAndAtAReorderedRecord) {
  Ends ends;
  {
    Pair pair = connect(ends);
    const Bytes wire = sealed(pair.first, Bytes(10, 1));
    EXPECT_TRUE(feed(pair.second, wire, ends.rng).open);
    EXPECT_FALSE(feed(pair.second, wire, ends.rng).open);
  }
  {
    Pair pair = connect(ends);
    const Bytes one = sealed(pair.first, Bytes(10, 1));
    const Bytes two = sealed(pair.first, Bytes(10, 2));
    EXPECT_FALSE(feed(pair.second, two, ends.rng).open);
    EXPECT_FALSE(feed(pair.second, one, ends.rng).open);
  }
  {
    // What one end said does not open there again: each direction has its key.
    Pair pair = connect(ends);
    EXPECT_FALSE(feed(pair.first, sealed(pair.first, Bytes(10, 1)), ends.rng).open);
  }
}

TEST(RecordStream, ClosesAtALengthOfNothing) {
  Ends ends;
  for (const std::uint8_t length : Bytes{0, 1, 15, 16}) {
    Pair pair = connect(ends);
    EXPECT_FALSE(feed(pair.second, Bytes{length, 0}, ends.rng).open) << unsigned{length};
  }
}

}  // namespace
}  // namespace sw::link
