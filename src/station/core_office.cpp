// Who works at this station.
#include "station/core.hpp"
#include "station/seats.hpp"

namespace sw::station {

Result<void> Core::add_operator(desk::Operator person) {
  if (!x_store.has_room(1)) return fail(Errc::full, "the store has no room for another operator");
  auto effects = x_office.add(std::move(person), x_rng);
  if (!effects) return std::unexpected(effects.error());
  return perform(std::move(*effects));
}

Result<void> Core::change_operator(std::string_view name, const desk::OperatorChange& change) {
  auto effects = x_office.change(name, change);
  if (!effects) return std::unexpected(effects.error());
  return perform(std::move(*effects));
}

Result<void> Core::remove_operator(std::string_view name) {
  auto effects = x_office.remove(name);
  if (!effects) return std::unexpected(effects.error());
  return perform(std::move(*effects));
}

Result<crypto::SecretBytes> Core::add_token(desk::Token token) {
  if (!x_store.has_room(1)) return fail(Errc::full, "the store has no room for another token");
  crypto::SecretBytes out;
  out.append(as_bytes(kTokenPrefix));
  out.append(door_secret(x_rng).view());
  token.digest = door_digest(as_text(out.view()));
  auto effects = x_office.add_token(std::move(token), x_rng);
  if (!effects) return std::unexpected(effects.error());
  if (const auto done = perform(std::move(*effects)); !done) return std::unexpected(done.error());
  return out;
}

Result<void> Core::remove_token(std::string_view name) {
  auto effects = x_office.remove_token(name);
  if (!effects) return std::unexpected(effects.error());
  return perform(std::move(*effects));
}

}  // namespace sw::station
