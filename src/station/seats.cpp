#include "station/seats.hpp"

#include <algorithm>

#include "crypto/base64.hpp"
#include "crypto/hash.hpp"

namespace sw::station {

crypto::SecretBytes door_secret(Rng& rng) {
  Bytes raw(kDoorSecretBytes);
  rng.fill(raw);
  const crypto::SecretBytes bytes(std::move(raw));
  return crypto::to_base64url(bytes.view());
}

ByteArray<32> door_digest(std::string_view text) {
  return crypto::digest<32>({as_bytes("sw1-door"), as_bytes(text)});
}

Result<void> Tries::take(std::string_view name, Instant now) {
  std::erase_if(x_full_at, [&](const auto& each) { return each.second <= now; });
  auto found = x_full_at.find(name);
  if (found == x_full_at.end()) {
    if (x_full_at.size() >= kNames) return fail(Errc::conflict, "too many tries; wait 30 seconds");
    found = x_full_at.emplace(std::string(name), now).first;
  }
  const Duration until_full = found->second + kRefill - now;
  if (until_full.ns > kBurst * kRefill.ns) {
    const std::int64_t wait_ms = (until_full.ns - kBurst * kRefill.ns) / 1'000'000;
    return fail(Errc::conflict, "too many tries; wait " + std::to_string(wait_ms / 1'000 + 1) + " seconds");
  }
  found->second = found->second + kRefill;
  return {};
}

void Tries::forget(std::string_view name) {
  if (const auto found = x_full_at.find(name); found != x_full_at.end()) x_full_at.erase(found);
}

crypto::SecretBytes Seats::make_link(Instant now, Rng& rng) {
  std::erase_if(x_links, [&](const Link& link) { return link.until <= now; });
  if (x_links.size() >= kLinks) x_links.erase(x_links.begin());
  auto secret = door_secret(rng);
  x_links.push_back({door_digest(as_text(secret.view())), now + kLinkLife});
  return secret;
}

Result<Seats::Opened> Seats::open(std::string_view secret, Instant now, Rng& rng) {
  std::erase_if(x_links, [&](const Link& link) { return link.until <= now; });
  const Digest digest = door_digest(secret);
  auto found = x_links.end();
  for (auto it = x_links.begin(); it != x_links.end(); ++it) {
    if (crypto::equal(it->secret, digest)) found = it;
  }
  if (found == x_links.end()) {
    return fail(Errc::refused, "this link was used or is older than a minute; make another one with: stillwire desk");
  }
  x_links.erase(found);
  std::erase_if(x_seats, [&](const Seat& seat) { return seat.used + kSeatLife <= now; });
  if (x_seats.size() >= kSeats) x_seats.erase(std::ranges::min_element(x_seats, {}, &Seat::used));
  Opened out{++x_last, door_secret(rng), door_secret(rng)};
  x_seats.push_back(
      {out.seat, door_digest(as_text(out.cookie.view())), door_digest(as_text(out.token.view())), now, std::nullopt});
  return out;
}

Seats::Seat* Seats::by_cookie(std::string_view cookie, Instant now) {
  const Digest digest = door_digest(cookie);
  Seat* out = nullptr;
  for (Seat& seat : x_seats) {
    if (crypto::equal(seat.cookie, digest) && now < seat.used + kSeatLife) out = &seat;
  }
  return out;
}

Seats::Seat* Seats::by_id(SeatId id) {
  const auto found = std::ranges::find(x_seats, id, &Seat::id);
  return found == x_seats.end() ? nullptr : &*found;
}

const Seats::Seat* Seats::by_id(SeatId id) const {
  const auto found = std::ranges::find(x_seats, id, &Seat::id);
  return found == x_seats.end() ? nullptr : &*found;
}

Result<SeatId> Seats::find(std::string_view cookie, Instant now) {
  const Seat* const seat = by_cookie(cookie, now);
  if (seat == nullptr) return fail(Errc::refused, "this seat has ended; make a link with: stillwire desk");
  return seat->id;
}

Result<SeatId> Seats::find(std::string_view cookie, std::string_view token, Instant now) {
  const Seat* const seat = by_cookie(cookie, now);
  if (seat == nullptr) return fail(Errc::refused, "this seat has ended; make a link with: stillwire desk");
  if (!crypto::equal(seat->token, door_digest(token))) {
    return fail(Errc::refused, "the page's token is missing or has ended; sign in again on this page");
  }
  return seat->id;
}

crypto::SecretBytes Seats::renew(SeatId id, Rng& rng) {
  Seat* const seat = by_id(id);
  if (seat == nullptr) return {};
  auto token = door_secret(rng);
  seat->token = door_digest(as_text(token.view()));
  return token;
}

void Seats::used(SeatId id, Instant now) {
  Seat* const seat = by_id(id);
  if (seat == nullptr) return;
  // Back from idle it is nobody's, until somebody signs in again.
  if (!who(id, now)) seat->who.reset();
  seat->used = now;
}

void Seats::sign_in(SeatId id, SignedIn who, Instant now) {
  if (Seat* const seat = by_id(id)) {
    seat->who = std::move(who);
    seat->used = now;
  }
}

void Seats::sign_out(SeatId id) {
  if (Seat* const seat = by_id(id)) seat->who.reset();
}

void Seats::sign_out_all() {
  for (Seat& seat : x_seats) seat.who.reset();
}

void Seats::end(SeatId id) {
  std::erase_if(x_seats, [&](const Seat& seat) { return seat.id == id; });
}

std::optional<SignedIn> Seats::who(SeatId id, Instant now) const {
  const Seat* const seat = by_id(id);
  if (seat == nullptr || !seat->who || idle_left(id, now).ns == 0) return std::nullopt;
  return seat->who;
}

Duration Seats::idle_left(SeatId id, Instant now) const {
  const Seat* const seat = by_id(id);
  if (seat == nullptr) return {};
  return std::max(Duration{}, seat->used + kSignedInLife - now);
}

}  // namespace sw::station
