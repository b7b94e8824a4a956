#include "line/delivery/delivery.hpp"

#include <algorithm>

#include "base/assert.hpp"
#include "wire/sizes.hpp"

namespace sw::line {
namespace {

constexpr std::uint64_t kAvoidRounds = 2;  // in which another venue may take a lost frame
constexpr std::uint64_t kAliveRounds = 8;  // without a cell, and a venue counts as dead

}  // namespace

Delivery::Delivery(std::uint64_t incarnation) : x_own(incarnation) {
  SW_ASSERT(incarnation != 0);
}

void Delivery::session_started(VenueId venue) {
  session_ended(venue);
  x_venues[venue].order = ++x_sessions;
}

void Delivery::session_ended(VenueId venue) {
  const auto found = x_venues.find(venue);
  if (found == x_venues.end()) return;
  abandon(found->second);
  x_venues.erase(found);
}

void Delivery::abandon(Venue& venue) {
  for (const Sent& sent : venue.track.abandon()) requeue(sent, std::nullopt);
}

void Delivery::requeue(const Sent& sent, const std::optional<Avoid>& avoid) {
  if (sent.type == FrameType::data) {
    x_outbox.lost(sent.id, sent.range, avoid);
  } else {
    x_receipts.lost(sent.type, sent.id, avoid);
  }
}

bool Delivery::alive(const Venue& venue) const {
  return venue.peer != 0 && venue.peer == x_peer && venue.filled_round <= venue.taken_round + kAliveRounds;
}

SendPlace Delivery::place(const VenueId& id, std::uint64_t round_count) const {
  const bool others = std::any_of(x_venues.begin(), x_venues.end(),
                                  [&](const auto& entry) { return entry.first != id && alive(entry.second); });
  return {id, round_count, others};
}

void Delivery::expire(const VenueId& id, Venue& venue, std::uint64_t round_count) {
  for (const Sent& sent : venue.track.expired(round_count)) requeue(sent, Avoid{id, round_count + kAvoidRounds});
}

CellHeader Delivery::fill(VenueId id, Path, std::uint64_t round_count, std::size_t room, wire::Writer& out) {
  const auto found = x_venues.find(id);
  if (found == x_venues.end()) return {};
  Venue& venue = found->second;
  venue.filled_round = round_count;
  expire(id, venue, round_count);
  fill_inc(venue, room, out);
  // A session with an incarnation that is gone gets nothing that is worth a resend.
  if (venue.peer == 0 || venue.peer == x_peer) {
    const SendPlace here = place(id, round_count);
    while (fill_receipt(venue, here, room, out)) continue;
    while (fill_data(venue, here, room, out)) continue;
  }
  return venue.track.header();
}

void Delivery::fill_inc(Venue& venue, std::size_t& room, wire::Writer& out) {
  if ((venue.peer_echoed && !venue.owe_reply) || room < kIncFrameBytes) return;
  write_frame(out, IncFrame{x_own, venue.peer, !venue.peer_echoed});
  room -= kIncFrameBytes;
  venue.owe_reply = false;
}

bool Delivery::fill_receipt(Venue& venue, const SendPlace& here, std::size_t& room, wire::Writer& out) {
  if (!venue.track.has_seq(true)) return false;
  const auto receipt = x_receipts.next(here, room);
  if (!receipt) return false;
  SeqFrame frame{venue.track.next_seq(), StoredFrame{receipt->id}};
  if (receipt->type == FrameType::done) frame.body = DoneFrame{receipt->id};
  if (receipt->type == FrameType::have) frame.body = HaveFrame{receipt->id, receipt->bytes};
  if (receipt->type == FrameType::venue) {
    const VenueId of{receipt->id.bytes};
    frame.body = VenueFrame{of, x_words.at(of).bytes.view()};
  }
  const std::size_t before = out.size();
  write_frame(out, frame);
  room -= out.size() - before;
  venue.track.sent({receipt->type, receipt->id, {}, here.round, receipt->telling});
  return true;
}

bool Delivery::fill_data(Venue& venue, const SendPlace& here, std::size_t& room, wire::Writer& out) {
  if (x_peer_waits || !venue.track.has_seq(true)) return false;
  const bool urgent_only = !venue.track.has_seq(false);
  const auto piece = x_outbox.next(here, room, urgent_only);
  if (!piece) return false;
  write_frame(out,
              SeqFrame{venue.track.next_seq(), DataFrame{piece->id, piece->range.begin, piece->total, piece->bytes}});
  room -= wire::kFrameHeaderBytes + wire::kDataHeaderBytes + piece->bytes.size();
  venue.track.sent({FrameType::data, piece->id, piece->range, here.round, 0});
  if (piece->first) x_events.emplace_back(FirstFragmentSent{piece->id});
  return true;
}

bool Delivery::has_room(Precedence precedence) const {
  return x_outbox.has_room(precedence);
}

void Delivery::submit(MessageId id, Precedence precedence, Bytes bytes) {
  x_outbox.submit(id, precedence, std::move(bytes));
  const auto held = x_held.find(id);
  if (held == x_held.end()) return;
  x_outbox.held(id, held->second);
  x_held.erase(held);
}

void Delivery::cancel(MessageId id) {
  const bool queued = x_outbox.contains(id);
  const bool begun = x_outbox.remove(id);
  x_held.erase(id);
  if (begun || !queued) x_receipts.add({FrameType::done, id});
}

void Delivery::stored_here(MessageId id) {
  x_inbox.durable(id);
  x_receipts.add({FrameType::stored, id});
}

void Delivery::refused_here(MessageId id) {
  x_inbox.refuse(id);
}

void Delivery::offer_again() {
  for (const MessageId& id : x_inbox.take_refused()) x_events.emplace_back(MessageArrived{id, *x_inbox.whole(id)});
}

void Delivery::restore_received(MessageId id) {
  x_receipts.add({FrameType::stored, id});
}

void Delivery::say_of(const VenueId& venue, crypto::SecretBytes word, bool once) {
  SW_ASSERT(!word.empty() && word.size() <= wire::kVenueWordLimit);
  if (x_words.size() >= wire::kVenueWords && !x_words.contains(venue)) return;
  const auto bytes = static_cast<std::uint32_t>(word.size());
  x_words[venue] = {std::move(word), once};
  x_receipts.add({FrameType::venue, MessageId{venue.bytes}, bytes});
}

void Delivery::unsay_of(VenueId venue) {
  x_words.erase(venue);
  x_receipts.erase(FrameType::venue, MessageId{venue.bytes});
}

void Delivery::stored_there_committed(MessageId id) {
  x_committing.erase(id);
  x_outbox.remove(id);
  x_held.erase(id);
  x_receipts.add({FrameType::done, id});
}

}  // namespace sw::line
