// needs: mix
// What a station reads of an epoch (protocol 8.1, 8.3, 8.8): descriptors, receipts and notices, each under signatures
// that fit, so that every field is met; and invitations. Each has one form, and nothing beyond its bounds is accepted.
#include <set>

#include "crypto/rng.hpp"
#include "fuzz/fuzz.hpp"
#include "mix/invitation.hpp"
#include "mix/objects.hpp"
#include "mix/receipt.hpp"

namespace sw::fuzz {
namespace {

struct Chain {
  std::vector<crypto::SigningPair> ids;
  mix::Descriptor descriptor;
};
const Chain& chain() {
  static const Chain made = [] {
    crypto::SeededRng rng(81);
    Chain out;
    out.descriptor = {VenueId{{9}}, {7}, {1'790'000'000'000}, 100, 40,         20,
                      512,          1,   mix::Suite::x25519,  8,   {8, 1'000}, {}};
    for (int i = 0; i < 3; ++i) {
      out.ids.push_back(crypto::SigningPair::generate(rng));
      const auto keys = mix::EpochKeys::generate(mix::Suite::x25519, rng);
      SW_ASSERT(keys.has_value());
      out.descriptor.relays.push_back({out.ids.back().public_key, keys->kx.public_key, {}});
    }
    return out;
  }();
  return made;
}
mix::DescriptorRules rules() {
  mix::DescriptorRules out{VenueId{{9}}, {}, 100, 40, 512, 1, mix::Suite::x25519, {8, 1'000}, Epoch{6}};
  for (const auto& id : chain().ids) out.relays.push_back(id.public_key);
  return out;
}

/// Any body, signed by all: only what this venue can mean is accepted, and what parses has one form.
void descriptor(ByteView body) {
  const auto parsed = mix::decode_descriptor(body);
  if (parsed) SW_ASSERT(same(mix::encode(*parsed), body));
  std::vector<crypto::Signature> signatures;
  for (const auto& id : chain().ids) signatures.push_back(mix::sign_descriptor(id.secret, body));
  const Bytes object = mix::descriptor_object(body, signatures);
  const auto back = mix::read_descriptor_object(object, signatures.size());
  SW_ASSERT(back.has_value() == !body.empty());
  if (!back) return;
  SW_ASSERT(same(back->body, body) && back->signatures == signatures);
  const auto accepted = mix::accept_descriptor(back->body, back->signatures, rules());
  if (!accepted) return;
  const mix::Descriptor& d = accepted->descriptor;
  SW_ASSERT(parsed && d == *parsed && d.epoch > Epoch{6} && d.venue == rules().venue);
  SW_ASSERT(d.rounds == 40 && d.round_ms == 100 && d.noise.circuits >= 8 && d.noise.sigma_milli >= 1'000);
  signatures[1][5] ^= 1;
  SW_ASSERT(!mix::accept_descriptor(body, signatures, rules()).has_value());
}

void receipt(ByteView body) {
  static const mix::AcceptedDescriptor epoch = [] {
    mix::AcceptedDescriptor out;
    out.descriptor = chain().descriptor;
    out.hash = mix::hash_of(mix::encode(out.descriptor));
    return out;
  }();
  Input in(body);
  const std::size_t hop = in.u8() % 3U;
  // As it is, and with everything but the count and the body put right.
  (void)mix::Receipt::read(in.array<200>(), epoch, hop);
  Input again(body.subspan(std::min<std::size_t>(body.size(), 1)));
  const auto form = static_cast<mix::ReceiptForm>(1 + again.u8() % 2U);
  std::set<mix::Tag> tags;
  const std::size_t most = again.u8() % 40U;
  while (tags.size() < most && !again.empty()) tags.insert(again.array<8>());
  const std::vector<mix::Tag> sorted(tags.begin(), tags.end());
  const Bytes made = mix::make_receipt(epoch.hash, hop, form, sorted, chain().ids[hop].secret);
  SW_ASSERT(made.size() <= mix::receipt_bytes(form, sorted.size()));
  const auto read = mix::Receipt::read(made, epoch, hop);
  SW_ASSERT(read && read->count() == sorted.size());
  for (const mix::Tag& tag : sorted) SW_ASSERT(read->names(tag));
  SW_ASSERT(!mix::Receipt::read(made, epoch, (hop + 1) % 3).has_value());
  // Other contents, signed by the relay itself: a count and a list of its choice.
  Bytes forged(made.begin(), made.end() - 64);
  for (std::size_t n = 0; n < 8 && !again.empty() && forged.size() > 45; ++n) {
    const std::size_t at = 45 + again.u16() % (forged.size() - 45);
    forged[at] ^= again.u8();
  }
  const auto signature = crypto::sign(chain().ids[hop].secret, forged);
  forged.insert(forged.end(), signature.begin(), signature.end());
  (void)mix::Receipt::read(forged, epoch, hop);
}

void notice(ByteView bytes) {
  const auto read = mix::read_notice(bytes);
  if (read) SW_ASSERT(same(mix::encode(*read), bytes));
}

void invitation(std::string_view text) {
  const auto token = mix::invitation_from_text(text);
  if (!token) return;
  SW_ASSERT(mix::to_text(*token) == text);
}

}  // namespace

void run(ByteView data) {
  Input in(data);
  switch (in.u8() % 4U) {
    case 0: descriptor(in.rest()); break;
    case 1: receipt(in.rest()); break;
    case 2: notice(in.rest()); break;
    default: invitation(as_text(in.rest()));
  }
}

std::vector<Bytes> seeds() {
  mix::Descriptor more = chain().descriptor;
  more.noise = {16, 2'000};
  more.epoch = {1'000};
  more.circuits = 2'000'000;
  const mix::Notice carried{mix::Notice::Kind::carried, {7}, {1, 2, 3, 4, 5, 6, 7, 8}};
  Bytes token(1, 3);
  const std::string text = mix::to_text(mix::InviteToken{5});
  token.insert(token.end(), text.begin(), text.end());
  Bytes tags(300, 9);
  for (std::size_t i = 0; i < tags.size(); ++i) tags[i] = static_cast<std::uint8_t>(i * 37);
  return {joined({Bytes{0}, mix::encode(chain().descriptor)}),
          joined({Bytes{0}, mix::encode(more)}),
          joined({Bytes{1, 0, 0, 30}, tags}),
          joined({Bytes{1, 2, 1, 25}, tags}),
          joined({Bytes{2}, mix::encode(carried)}),
          token};
}

}  // namespace sw::fuzz
