// needs: desk store
// What arrives in one round competes for the two rows of the next tick: the message must be among them.
#include <gtest/gtest.h>

#include "crypto/rng.hpp"
#include "desk/desk.hpp"
#include "store/ring.hpp"

namespace sw::desk {
namespace {

constexpr UtcMs kNow{1'800'000LL * 1'000'000};
constexpr LineId kLine{{1}};

class DeskUrgency : public testing::Test {
 protected:
  DeskUrgency() { (void)x_desk.open_line(kLine); }

  /// Puts them in, in order; the ticket of the one that has a body.
  std::optional<Ticket> put(Effects effects) {
    std::optional<Ticket> out;
    for (auto& each : effects.puts) {
      const bool message = !each.body.empty();
      const auto ticket = x_ring.put(each.key, std::move(each.head), each.body, each.urgency);
      EXPECT_TRUE(ticket.has_value());
      if (message) out = *ticket;
      x_put.push_back(each.key);
    }
    return out;
  }
  std::vector<Ticket> tick() {
    const auto plan = x_ring.plan();
    return x_ring.committed(plan);
  }
  void settle() {
    while (!x_ring.idle()) (void)tick();
    for (const auto& key : std::exchange(x_put, {})) x_desk.durable(key, kNow);
  }
  Effects arrives(std::uint8_t number, Precedence precedence) {
    Message message;
    message.header.precedence = precedence;
    message.header.created = kNow;
    message.text = "heard";
    auto effects = x_desk.receive(kLine, MessageId{{number}}, *encode(message), kNow);
    EXPECT_TRUE(effects.has_value());
    return std::move(*effects);
  }

  crypto::SeededRng x_rng{1};
  Desk x_desk;
  store::Ring x_ring{*store::scan([] {
    std::vector<store::RowMeta> rows(128);
    for (std::uint32_t slot = 0; slot < rows.size(); ++slot) rows[slot].position = slot;
    return rows;
  }())};
  std::vector<RecordKey> x_put;
};

TEST_F(DeskUrgency, a_message_is_not_held_up_by_bookkeeping_of_the_same_round) {
  std::uint8_t number = 1;
  for (const Precedence precedence : {Precedence::flash, Precedence::immediate}) {
    auto sent = x_desk.send(kLine, {"said", Grade::talk, Precedence::routine, Mark::none}, kNow, x_rng);
    ASSERT_TRUE(sent.has_value());
    put(std::move(sent->effects));
    const std::uint8_t before = number++;
    put(arrives(before, Precedence::routine));
    settle();

    put(x_desk.first_cell_left(kLine, sent->id, kNow));
    put(x_desk.stored_there(kLine, sent->id, kNow));
    put(x_desk.done(kLine, MessageId{{before}}));
    const auto ticket = put(arrives(number++, precedence));
    ASSERT_TRUE(ticket.has_value());
    const auto durable = tick();
    EXPECT_NE(std::ranges::find(durable, *ticket), durable.end()) << static_cast<int>(precedence);
    settle();
  }
}

}  // namespace
}  // namespace sw::desk
