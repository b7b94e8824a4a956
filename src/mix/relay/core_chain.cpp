// What relays tell each other of the chain behind them. Protocol 8.7.
#include "mix/relay/core.hpp"

namespace sw::mix::relay {

void Core::take_chain(UtcMs now, const Message& message, Actions& out) {
  const auto fault = read_chain(message.bytes, x_terms);
  if (!fault) {
    notify(Notice::Kind::message_refused, message.at, neighbour(Side::next), 0, out);
    return;
  }
  const std::uint8_t before = x_watch.fault(now);
  x_watch.said(now, message.at, *fault);
  if (x_watch.fault(now) != before) say_chain(now, {}, out);
}

void Core::say_chain(UtcMs now, RoundId answers, Actions& out) const {
  send(Side::previous, chain_message(answers, x_watch.fault(now)), out);
}

}  // namespace sw::mix::relay
