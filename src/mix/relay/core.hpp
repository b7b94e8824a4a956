#pragma once
// One relay of a venue: all that it decides, and every byte that it says to its two neighbours. Protocol 8.3 to 8.7.
// The shell keeps the time, the connections, the record of signed epochs and, at R1, the stations.
//
// Nothing goes out before the whole of what it is made from is in. A relay that was started anew has no keys: it says
// so when it is asked for an epoch, and R1 makes an emergency one.
#include "mix/relay/chain_watch.hpp"
#include "mix/relay/making.hpp"
#include "mix/relay/pipeline.hpp"

namespace sw::mix::relay {

/// What the operator is told. `hop` as on the wire: 1 is R1.
struct Notice {
  enum class Kind : std::uint8_t {
    neighbour_lost,      ///< hop
    onions_replaced,     ///< epoch, count: bad or repeated ones in the batch that came from `hop`
    cover_missing,       ///< epoch, hop whose receipt lacks this relay's cover circuits
    receipt_refused,     ///< epoch, hop: not signed by it, or of another epoch
    body_refused,        ///< epoch: not what this relay gave its keys for
    second_body,         ///< epoch: equivocation, or a fault of R1 or of a relay between
    descriptor_refused,  ///< epoch
    keys_refused,        ///< epoch, hop
    signature_refused,   ///< epoch, hop
    setup_refused,       ///< epoch: not once, not in turn, or another count
    batch_refused,       ///< epoch, round, hop that sent it: early, late, repeated, out of order, another count
    message_refused,     ///< hop that sent it: not readable, or not for this relay
    epoch_halted,        ///< epoch, hop that said so, count: its reason
    emergency_epoch,     ///< epoch, t0 in the making
    overtime,            ///< epoch
    machine_failed,      ///< epoch: no memory, or libcrypto refuses
  };
  Kind kind{};
  RoundId at{};
  std::uint8_t hop{};
  std::uint64_t count{};
  bool operator==(const Notice&) const = default;
};

/// What the shell has to do.
struct Actions {
  struct Outgoing {
    Side to{};
    Message message;
  };
  struct Published {
    Epoch epoch;
    Bytes body;
    std::vector<crypto::Signature> signatures;
  };
  struct Receipt {
    Epoch epoch;
    Bytes bytes;
  };
  struct Returned {
    RoundId at;
    Bytes cells;
  };
  std::vector<Outgoing> messages;
  std::vector<Work> works;     ///< run each, then on_done(): those that are not patient in their order
  std::vector<Epoch> records;  ///< keep durably that this epoch is signed, then on_recorded()
  std::vector<Notice> notices;
  // R1 only:
  std::vector<Published> published;
  std::vector<Epoch> halted;  ///< published before, and void
  std::vector<Epoch> making;  ///< for the circuits of the last on_circuits(); the one before may have been given up
  std::vector<Receipt> receipts;
  std::vector<Epoch> close_setup;    ///< on_onions() at once
  std::vector<RoundId> close_round;  ///< on_cells() at once
  std::vector<Returned> returned;
};

class Core {
 public:
  /// `hop`: 0 is R1. `highest`: the newest epoch in the record of signed ones; 0 when it is empty.
  Core(VenueTerms terms, std::size_t hop, crypto::SigningKey id, Epoch highest, Rng& rng);
  Core(const Core&) = delete;
  Core& operator=(const Core&) = delete;

  /// When advance() has something to do, if nothing comes before.
  [[nodiscard]] UtcMs next_wake() const;
  [[nodiscard]] Actions advance(UtcMs now);

  [[nodiscard]] Actions on_connected(UtcMs now, Side side);
  [[nodiscard]] Actions on_lost(UtcMs now, Side side);
  /// A message that a MessageDecoder of this relay gave.
  [[nodiscard]] Actions on_message(UtcMs now, Side from, Message message);
  /// A work that was run; of an epoch that is gone by now it changes nothing.
  [[nodiscard]] Actions on_done(UtcMs now, Work work);
  /// The record holds the epoch.
  [[nodiscard]] Actions on_recorded(UtcMs now, Epoch epoch);

  // R1 only.
  /// A multiple of 2S, at most the venue's limit. The next epoch that is made has so many; no epoch is made for none.
  [[nodiscard]] Actions on_circuits(UtcMs now, std::uint32_t circuits);
  /// Exactly one onion for each circuit of the epoch.
  [[nodiscard]] Actions on_onions(UtcMs now, Epoch epoch, Bytes onions);
  /// Exactly one cell for each circuit of the epoch.
  [[nodiscard]] Actions on_cells(UtcMs now, RoundId at, Bytes cells);
  /// Circuits of the stations in an epoch; nothing when it is not one that runs or will.
  [[nodiscard]] std::optional<std::uint32_t> circuits_of(Epoch epoch) const;
  /// The relay for whose sake no round comes back, 1 is R1; 0: none. The same word for every station.
  [[nodiscard]] std::uint8_t fault(UtcMs now) const { return x_watch.blamed(now); }

  [[nodiscard]] const VenueTerms& terms() const { return x_terms; }
  [[nodiscard]] std::optional<Epoch> running() const { return x_pipeline.running(); }
  /// Of the epoch that runs, at the last relay of a chain. Nothing where no cover blurs the pairs (protocol 8.5).
  [[nodiscard]] std::optional<Counts> counts() const;
  [[nodiscard]] std::size_t held() const { return x_pipeline.parts().size(); }

 private:
  [[nodiscard]] Self self() const { return {x_terms, x_hop, x_id}; }
  [[nodiscard]] bool first() const { return x_hop == 0; }
  [[nodiscard]] bool last() const { return x_hop + 1 == x_terms.hops(); }
  [[nodiscard]] std::uint8_t neighbour(Side side) const;
  [[nodiscard]] bool connected(Side side) const { return x_connected[static_cast<std::size_t>(side)]; }
  [[nodiscard]] UtcMs after_rounds(UtcMs now, std::int64_t rounds) const;
  void send(Side to, Message message, Actions& out) const;
  void pass_on(Side from, const Message& message, Actions& out) const;
  void notify(Notice::Kind kind, RoundId at, std::uint8_t hop, std::uint64_t count, Actions& out) const;
  /// Tells everybody that an epoch is not carried, and forgets it.
  void halt(Epoch epoch, HaltReason reason, Actions& out);
  void forget(Epoch epoch, Actions& out);

  void take_want(UtcMs now, const Message& message, Actions& out);
  void take_body(const Message& message, Actions& out);
  void take_descriptor(const Message& message, Actions& out);
  void take_setup(UtcMs now, Message message, Actions& out);
  void take_receipt(Message message, Actions& out);
  void take_halt(UtcMs now, Side from, const Message& message, Actions& out);
  void take_forward(UtcMs now, Message message, Actions& out);
  void take_back(Message message, Actions& out);
  void take_chain(UtcMs now, const Message& message, Actions& out);
  /// Tells the relay before this one which of those behind it is at fault.
  void say_chain(UtcMs now, RoundId answers, Actions& out) const;
  [[nodiscard]] bool has(UtcMs now, const Message& message, Actions& out);
  void set_up(Epoch epoch, Bytes onions, Actions& out);
  void refuse_setup(Epoch epoch, const Error& why, Actions& out);
  void finish_setup(UtcMs now, Epoch epoch, Result<SetUp> done, Actions& out);
  void forward(UtcMs now, RoundId at, Bytes batch, Actions& out);
  void finish_pass(UtcMs now, RoundId at, BatchPass& pass, Actions& out);

  // R1 only.
  void lead(UtcMs now, Actions& out);
  void judge_late(UtcMs now, Actions& out);
  void begin_due(UtcMs now, Actions& out);
  void close_due(UtcMs now, Actions& out);
  void make_due(UtcMs now, Actions& out);
  [[nodiscard]] UtcMs on_grid(UtcMs time) const;
  [[nodiscard]] UtcMs emergency_start(UtcMs now) const;
  [[nodiscard]] Want emergency_want(UtcMs now) const;
  [[nodiscard]] std::optional<Want> next_want(UtcMs now) const;
  [[nodiscard]] bool stranded(UtcMs now) const;
  [[nodiscard]] bool chain_up() const { return last() || connected(Side::next); }
  void void_all(Actions& out);
  void make(UtcMs now, const Want& want, Making::Haste haste, std::uint32_t renamed, Actions& out);
  void give_up_making(UtcMs now);
  void rename_making(UtcMs now, const OfferedKeys& offered, Actions& out);
  void take_keys(UtcMs now, const Message& message, Actions& out);
  void take_signature(UtcMs now, const Message& message, Actions& out);
  void build(UtcMs now, Actions& out);
  void publish(UtcMs now, Actions& out);
  /// Rounds of the epoch that are closed by now; below zero before its t0.
  [[nodiscard]] std::int64_t closed_rounds(const EpochPart& part, UtcMs now) const;
  [[nodiscard]] UtcMs next_lead() const;
  [[nodiscard]] std::uint32_t emergency_lead() const;
  [[nodiscard]] std::uint32_t emergency_rounds() const;

  VenueTerms x_terms;
  std::size_t x_hop;
  crypto::SigningKey x_id;
  Epoch x_highest;  ///< that this relay signed or is about to
  Rng& x_rng;
  Pipeline x_pipeline;
  std::array<bool, 2> x_connected{};
  ChainWatch x_watch;

  std::uint32_t x_circuits = 0;
  Epoch x_heard{};  ///< highest that any relay said it signed
  std::optional<Making> x_making;
  UtcMs x_make_from{};             ///< not before
  std::optional<Epoch> x_hurried;  ///< the newest emergency epoch
  std::uint32_t x_failed = 0;      ///< emergency epochs in turn that were not ready at their t0
  std::optional<Epoch> x_closed;   ///< set-ups up to it are closed
  std::int64_t x_asked = 0;        ///< rounds of the epoch that runs
  UtcMs x_now{};                   ///< when lead() was last called
};

}  // namespace sw::mix::relay
