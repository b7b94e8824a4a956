#pragma once
// A venue in one process: N relays, each with its set-up and rounds, and the circuits of its stations.
#include <gtest/gtest.h>

#include <map>

#include "crypto/rng.hpp"
#include "mix/rounds.hpp"

namespace sw::mix::test {

/// Rows that begin at a multiple of 64.
class Batch {
 public:
  explicit Batch(std::size_t bytes) : x_room(bytes + 64) {
    const auto at = reinterpret_cast<std::uintptr_t>(x_room.data());
    x_rows = MutableBytes(x_room).subspan((64 - at % 64) % 64, bytes);
  }
  Batch(const Batch&) = delete;
  Batch& operator=(const Batch&) = delete;
  [[nodiscard]] MutableBytes rows() const { return x_rows; }

 private:
  Bytes x_room;
  MutableBytes x_rows;
};

struct VenueTermsOfTest {
  std::size_t hops = 3;
  std::uint32_t circuits = 8;
  NoiseTerms noise{8, 1'000};
  Suite suite = Suite::x25519;
};

/// The keys of every relay of one epoch, and the descriptor that all of them signed.
struct Host {
  crypto::SigningPair id;
  EpochKeys keys;
};
struct EpochOfTest {
  std::vector<Host> hosts;
  AcceptedDescriptor accepted;
};

inline EpochOfTest make_epoch(const VenueTermsOfTest& terms, Rng& rng) {
  EpochOfTest out;
  Descriptor& d = out.accepted.descriptor;
  rng.fill(d.venue.bytes);
  d.epoch = {7};
  d.t0 = {1'790'000'000'000};
  d.round_ms = 1'000;
  d.rounds = 1'800;
  d.lead_rounds = 60;
  d.cell_bytes = 512;
  d.slots = 1;
  d.suite = terms.suite;
  d.circuits = terms.circuits;
  d.noise = terms.noise;
  for (std::size_t i = 0; i < terms.hops; ++i) {
    auto keys = EpochKeys::generate(terms.suite, rng);
    EXPECT_TRUE(keys);
    out.hosts.push_back({crypto::SigningPair::generate(rng), std::move(*keys)});
    const Host& host = out.hosts.back();
    d.relays.push_back(
        {host.id.public_key, host.keys.kx.public_key, host.keys.kem ? host.keys.kem->public_key : Bytes{}});
  }
  out.accepted.hash = hash_of(encode(d));
  return out;
}

/// Every relay's part of an epoch that was set up, and what each reported.
struct Chain {
  std::vector<Rounds> relays;
  std::vector<std::vector<Tag>> receipts;
  std::vector<std::size_t> replaced;
  std::vector<std::vector<std::vector<Tag>>> cover_tags;
  std::size_t pairs = 0;
};

/// Runs the set-up batch `onions` (R1's, in order) through the chain; uses the hosts' keys up. `meddle` may change the
/// batch that relay `hop` gets.
template <class Meddle>
Chain set_up(EpochOfTest& epoch, const std::vector<Bytes>& onions, Rng& rng, Meddle meddle) {
  Chain out;
  std::vector<Bytes> batch = onions;
  const std::size_t hops = epoch.hosts.size();
  for (std::size_t hop = 0; hop < hops; ++hop) {
    meddle(hop, batch);
    Setup setup(epoch.accepted, hop, std::move(epoch.hosts[hop].keys));
    EXPECT_EQ(setup.batch_size(), batch.size());
    for (const Bytes& onion : batch) setup.add(onion);
    const std::size_t next_size = onion_bytes(epoch.accepted.descriptor.suite, hops, hop + 1);
    auto done = std::move(setup).close(rng);
    if (!done) {
      ADD_FAILURE() << done.error().what;
      return out;
    }
    batch.clear();
    for (std::size_t at = 0; at < done->next.size(); at += next_size) {
      batch.push_back(to_bytes(ByteView(done->next).subspan(at, next_size)));
    }
    out.receipts.push_back(std::move(done->accepted));
    out.replaced.push_back(done->replaced);
    out.cover_tags.push_back(std::move(done->cover_tags));
    out.pairs = done->pairs;
    out.relays.emplace_back(std::move(done->circuits), epoch.accepted.descriptor.cell_bytes, 1'800U, hop + 1 == hops,
                            crypto::best_kernel());
  }
  return out;
}
inline Chain set_up(EpochOfTest& epoch, const std::vector<Bytes>& onions, Rng& rng) {
  return set_up(epoch, onions, rng, [](std::size_t, std::vector<Bytes>&) {});
}

inline void run_whole(const Pass& pass) {
  const std::size_t middle = pass.rows() / 3;
  EXPECT_TRUE(pass.run({0, middle}));
  EXPECT_TRUE(pass.run({middle, pass.rows()}));
}

/// One round of the whole chain: the cells that came to R1, and those that R1 gives back.
inline Bytes run_round(Chain& chain, Round round, ByteView cells, Rng& rng) {
  Bytes there = to_bytes(cells);
  for (std::size_t hop = 0; hop < chain.relays.size(); ++hop) {
    Rounds& relay = chain.relays[hop];
    const Batch out(relay.all());
    if (auto opened = relay.open_forward(round, there.size()); !opened) {
      ADD_FAILURE() << opened.error().what;
      return {};
    }
    Bytes cover(relay.cover());
    rng.fill(cover);
    run_whole(relay.forward(round, there, cover, out.rows()));
    there = to_bytes(out.rows());
  }
  Bytes back = there;
  for (std::size_t hop = chain.relays.size(); hop-- > 0;) {
    Rounds& relay = chain.relays[hop];
    const bool last = hop + 1 == chain.relays.size();
    const Batch in(relay.all());
    const Batch out(relay.all());
    std::ranges::copy(back, in.rows().begin());
    if (last) {
      run_whole(relay.turn(round, in.rows(), out.rows()));
    } else {
      if (auto opened = relay.open_backward(round, in.rows().size()); !opened) {
        ADD_FAILURE() << opened.error().what;
        return {};
      }
      run_whole(relay.backward(round, in.rows(), out.rows()));
    }
    back = to_bytes(out.rows().first(relay.taken()));
  }
  return back;
}

}  // namespace sw::mix::test
