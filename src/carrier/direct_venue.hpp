#pragma once
// A direct venue: the other party's carrier is the neighbour, the rounds are this carrier's own. Protocol 2.2, 3.
#include "carrier/peer_table.hpp"
#include "carrier/venue.hpp"

namespace sw::carrier {

class DirectVenue final : public Venue {
 public:
  DirectVenue(const crypto::KeyPair& own, const wire::PeerRecord& record, std::uint64_t last_stamp,
              Departures&& departures, GridIndex first);

  [[nodiscard]] const wire::PeerRecord& record() const { return x_record; }
  void readdress(const std::vector<wire::Endpoint>& at);
  /// For the peer table.
  [[nodiscard]] Peer peer() const { return {x_record, x_link.last_stamp()}; }

  link::Link& link() override { return x_link; }
  [[nodiscard]] RoundId round_now() const override { return x_numbering.at(next_index()); }
  void arrived(link::Link::Incoming&& incoming, const Moment& moment, Actions& out) override;
  using Venue::take;
  bool take(const wire::FloorRecord& floor, const Moment& moment, Actions& out) override;

 private:
  std::optional<RoundId> begin_round(const Moment&, Actions&) override { return round_now(); }
  wire::StatusRecord status(RoundId round) override;
  [[nodiscard]] RoundId unnamed() const override { return round_now(); }
  link::Link::Outgoing seal(Slot slot, SlotCells& cells, const Moment& moment) override;
  [[nodiscard]] wire::Endpoint address() const override { return x_record.at.front(); }

  wire::PeerRecord x_record;
  Numbering x_numbering;
  link::Link x_link;
};

}  // namespace sw::carrier
