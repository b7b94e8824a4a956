#pragma once
// A venue of relays: R1 is the neighbour and keeps the time; the cells of all slots go through the mix. Protocol 8.8.
// Always: S frames every round, whether a round has a name, a station is there, or R1 has ever answered.
#include <map>
#include <set>

#include "carrier/relay_clock.hpp"
#include "carrier/setup_queue.hpp"
#include "carrier/venue.hpp"
#include "mix/invitation.hpp"
#include "mix/passage.hpp"
#include "mix/venue.hpp"

namespace sw::carrier {

struct RelayTerms {
  mix::DescriptorRules rules;
  PublicKey relay{};  ///< R1's link key
  wire::Endpoint at;  ///< R1
  std::optional<mix::InviteToken> token;
  std::uint64_t last_stamp{};
};
[[nodiscard]] RelayTerms terms_of(const mix::Venue& venue, std::optional<mix::InviteToken> token);

class RelayVenue final : public Venue {
 public:
  RelayVenue(const crypto::KeyPair& own, const RelayTerms& terms, Departures&& departures, GridIndex first);

  void set_token(const std::optional<mix::InviteToken>& token);

  link::Link& link() override { return x_link; }
  [[nodiscard]] RoundId round_now() const override { return {x_passage.running().value_or(Epoch{}), {}}; }
  void arrived(link::Link::Incoming&& incoming, const Moment& moment, Actions& out) override;
  using Venue::take;
  bool take(const wire::FloorRecord& floor, const Moment& moment, Actions& out) override;
  void take(const wire::DropsRecord& drops) override;
  void take(const wire::KeepRecord& keep) override;

 private:
  std::optional<RoundId> begin_round(const Moment& moment, Actions& out) override;
  wire::StatusRecord status(RoundId round) override;
  [[nodiscard]] wire::Fault seen_fault() const;
  void judge();
  [[nodiscard]] RoundId unnamed() const override;
  link::Link::Outgoing seal(Slot slot, SlotCells& cells, const Moment& moment) override;
  [[nodiscard]] wire::Endpoint address() const override { return x_at; }
  Duration move() override { return x_clock.take_move(); }

  void renew_lane();
  void serve_lane(mix::Passage::Turn& turn);
  void enrol();
  void hear_time(RoundId round, UtcMs clock, Actions& out);
  void take_object(const link::ControlLane::Object& object);
  void hand_up(const mix::DropsWanted& wanted, Actions& out) const;
  void hand_up(const mix::Kept& kept, Actions& out) const;
  [[nodiscard]] std::vector<mix::Kept> kept_down();

  wire::Endpoint x_at;
  std::optional<mix::InviteToken> x_token;
  link::Link x_link;
  mix::Passage x_passage;
  std::size_t x_relays;
  RelayClock x_clock;
  std::uint32_t x_clock_life = 0;      ///< of the control lane, in which R1's time was heard
  std::uint32_t x_life = 0;            ///< of the control lane that has our token and set-ups
  std::uint32_t x_since_enrolled = 0;  ///< rounds
  std::uint32_t x_begun = 0;           ///< rounds since the start, saturating; the next two, too
  std::uint32_t x_since_return = 0;    ///< since R1's frames named a new round, that one included
  std::uint32_t x_since_ours = 0;      ///< of which our circuits had a part
  RoundId x_returned{};                ///< the newest that they named
  wire::Fault x_fault{};
  std::uint32_t x_faulty = 0;  ///< rounds that it has lasted
  std::uint32_t x_whole = 0;   ///< rounds in a row without one
  SetupQueue x_setups;
  std::map<Epoch, mix::DropsWanted> x_wanted;                         ///< for a station that comes later
  std::map<std::pair<Epoch, Slot>, crypto::SecretBytes> x_kept_down;  ///< until the floor comes
};

}  // namespace sw::carrier
