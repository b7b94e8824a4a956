// What comes from the peer: authentic, and hostile all the same.
#include <algorithm>

#include "line/delivery/delivery.hpp"
#include "wire/reader.hpp"
#include "wire/sizes.hpp"

namespace sw::line {

void Delivery::take(VenueId id, std::uint64_t round_count, CellHeader header, ByteView frames) {
  const auto found = x_venues.find(id);
  if (found == x_venues.end()) return;
  Venue& venue = found->second;
  if (round_count > venue.taken_round + wire::kSilenceRounds) venue.track.end_back_off();
  venue.taken_round = std::max(venue.taken_round, round_count);

  wire::Reader in(frames);
  while (const auto frame = read_frame(in)) {
    if (const auto* inc = std::get_if<IncFrame>(&*frame)) on_inc(venue, *inc);
    const auto* seq = std::get_if<SeqFrame>(&*frame);
    // An unacknowledged frame comes again, so one that finds no place is simply not acknowledged.
    if (seq != nullptr && venue.track.is_new(seq->seq) && on_frame(venue, *seq)) venue.track.received(seq->seq);
  }
  follow_peer(venue);
  // "In RAM" is true only of the incarnation that says so: protocol 5.2.
  if (venue.peer != 0 && venue.peer == x_peer) on_acknowledged(venue.track.acknowledged(header, round_count));
}

void Delivery::on_inc(Venue& venue, const IncFrame& inc) {
  if (venue.peer == 0) {
    venue.peer = inc.own;
    follow_peer(venue);
  }
  if (venue.peer != inc.own) return;
  if (inc.heard == x_own) venue.peer_echoed = true;
  if (inc.ask) venue.owe_reply = true;
}

// The session that began last tells who the peer is; an older one only when nothing is heard from that peer. So a late
// cell of a former process, by another venue, changes nothing.
void Delivery::follow_peer(const Venue& venue) {
  if (venue.peer == 0) return;
  if (venue.peer != x_peer) {
    const bool current_lives =
        std::any_of(x_venues.begin(), x_venues.end(), [&](const auto& entry) { return alive(entry.second); });
    if (venue.order < x_peer_order && current_lives) return;
    on_new_peer(venue.peer);
  }
  x_peer_order = std::max(x_peer_order, venue.order);
}

void Delivery::on_new_peer(std::uint64_t incarnation) {
  // The first peer ever knows nothing that could be undone: what is on its way to it stays so.
  if (std::exchange(x_peer, incarnation) == 0) return;
  for (auto& [id, venue] : x_venues) static_cast<void>(venue.track.abandon());
  x_held.clear();
  x_heard.clear();
  std::vector<VenueId> over;
  for (const auto& [id, word] : x_words) {
    if (word.once) over.push_back(id);
  }
  for (const VenueId& id : over) unsay_of(id);
  x_outbox.restart();
  x_receipts.restart();
  for (const auto& [id, bytes] : x_inbox.sender_restarted()) x_receipts.add({FrameType::have, id, bytes});
}

void Delivery::on_acknowledged(const std::vector<Sent>& acknowledged) {
  for (const Sent& sent : acknowledged) {
    if (sent.type == FrameType::data) {
      x_outbox.acknowledged(sent.id, sent.range);
    } else {
      x_receipts.acknowledged(sent.type, sent.id, sent.telling);
    }
    if (sent.type != FrameType::venue) continue;
    const auto word = x_words.find(VenueId{sent.id.bytes});
    if (word != x_words.end() && word->second.once && x_receipts.known(sent.type, sent.id)) unsay_of(word->first);
  }
}

bool Delivery::on_venue(const Venue& from, const VenueFrame& frame) {
  // A process of theirs that is gone has nothing to say of what holds now.
  if (from.peer == 0 || from.peer != x_peer || x_heard.size() >= wire::kVenueWordsHeard) return false;
  x_heard.push_back({frame.venue, crypto::SecretBytes(to_bytes(frame.word))});
  return true;
}

bool Delivery::on_frame(Venue& venue, const SeqFrame& frame) {
  if (const auto* data = std::get_if<DataFrame>(&frame.body)) return on_data(*data);
  if (const auto* stored = std::get_if<StoredFrame>(&frame.body)) return on_stored(stored->id);
  if (const auto* done = std::get_if<DoneFrame>(&frame.body)) on_done(done->id);
  if (const auto* word = std::get_if<VenueFrame>(&frame.body)) return on_venue(venue, *word);
  if (const auto* have = std::get_if<HaveFrame>(&frame.body)) {
    if (venue.peer == 0 || venue.peer != x_peer) return false;
    on_have(have->id, have->bytes);
  }
  return true;
}

bool Delivery::on_data(const DataFrame& data) {
  if (x_receipts.contains(FrameType::stored, data.id)) return true;
  if (const auto finish = x_inbox.finished(data.id)) {
    // A late duplicate; or a sender that lost its memory of STORED, and wants to hear it again.
    if (*finish == Inbox::Finish::stored) x_receipts.add({FrameType::stored, data.id});
    return true;
  }
  if (x_receipts.count(FrameType::stored) + x_inbox.whole_count() >= wire::kReceiptsWaiting) return false;
  const Inbox::Taken taken = x_inbox.take(data);
  if (taken == Inbox::Taken::complete) {
    x_receipts.erase(FrameType::have, data.id);
    x_events.emplace_back(MessageArrived{data.id, *x_inbox.whole(data.id)});
  }
  return taken != Inbox::Taken::refused;
}

bool Delivery::on_stored(const MessageId& id) {
  if (x_committing.contains(id)) return true;
  if (x_receipts.contains(FrameType::done, id)) {
    x_receipts.add({FrameType::done, id});  // the DONE on its way may be older than this STORED
    return true;
  }
  if (x_committing.size() + x_receipts.count(FrameType::done) >= wire::kDoneWaiting) return false;
  x_committing.insert(id);
  x_outbox.remove(id);
  x_held.erase(id);
  x_events.emplace_back(StoredThere{id});
  return true;
}

void Delivery::on_done(const MessageId& id) {
  if (x_receipts.contains(FrameType::stored, id)) {
    x_receipts.erase(FrameType::stored, id);
    x_inbox.finish(id, Inbox::Finish::stored);
    x_events.emplace_back(ReceiptDone{id});
    return;
  }
  if (x_inbox.whole(id) != nullptr || x_inbox.finished(id)) return;
  // Cancelled. Remembered also when nothing of it is here: its fragments may come later than this.
  x_receipts.erase(FrameType::have, id);
  x_inbox.drop_partial(id);
  x_inbox.finish(id, Inbox::Finish::cancelled);
}

void Delivery::on_have(const MessageId& id, std::uint32_t bytes) {
  if (x_outbox.contains(id)) {
    x_outbox.held(id, bytes);
    return;
  }
  if (x_committing.contains(id) || x_receipts.contains(FrameType::done, id)) return;
  if (x_held.size() >= wire::kPartialMessages || !x_held.emplace(id, bytes).second) return;
  x_events.emplace_back(HeldThere{id});
}

}  // namespace sw::line
