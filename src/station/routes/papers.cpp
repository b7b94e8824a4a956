// What stands beside a message: its translation, its read-back, its file.
#include "crypto/base64.hpp"
#include "station/routes/calls.hpp"

namespace sw::station {

using nlohmann::json;

namespace {

Answer sign(Call& call, desk::Desk::Sign what) {
  const auto signing = signed_call(call, Versions::named);
  if (!signing) return std::unexpected(signing.error());
  return empty(call.core.sign_translation(signing->id, what, signing->initials, signing->version, call.now));
}

}  // namespace

Answer translate_message(Call& call) {
  Fields in(call.request.body);
  const auto language = in.get<std::string>("language");
  const auto text = in.get<std::string>("text");
  const auto initials = in.get<std::string>("initials");
  if (const auto good = in.done(); !good) return std::unexpected(good.error());
  const auto id = message_id(call.names[0]);
  if (!id) return std::unexpected(id.error());
  return empty(call.core.translate(*id, language, text, initials, call.now));
}

Answer review_translation(Call& call) {
  return sign(call, desk::Desk::Sign::review);
}

Answer certify_translation(Call& call) {
  return sign(call, desk::Desk::Sign::certify);
}

Answer read_message_back(Call& call) {
  Fields in(call.request.body);
  const auto text = in.get<std::string>("text");
  const auto initials = in.get<std::string>("initials");
  const auto own_id = in.get<std::string>("id", "");
  if (const auto good = in.done(); !good) return std::unexpected(good.error());
  const auto handle = message_id(call.names[0]);
  if (!handle) return std::unexpected(handle.error());
  const auto own = optional_id(own_id);
  if (!own) return std::unexpected(own.error());
  // It travels with the precedence of what it reads back; a person may always read back, a program has its limit.
  const auto* const original = call.core.desk().find(*handle);
  if (original != nullptr && call.request.caller.program) {
    const auto may = call.request.caller.may_send(original->line, desk::Grade::talk, original->header.precedence);
    if (!may) return std::unexpected(may.error());
  }
  const auto id = call.core.read_back(*handle, text, initials, *own, call.now);
  if (!id) return std::unexpected(id.error());
  return json{{"id", id->hex()}};
}

Answer settle_read_back(Call& call) {
  Fields in(call.request.body);
  const bool good_copy = in.get<bool>("good");
  const auto initials = in.get<std::string>("initials");
  if (const auto good = in.done(); !good) return std::unexpected(good.error());
  const auto id = message_id(call.names[0]);
  if (!id) return std::unexpected(id.error());
  return empty(call.core.settle_read_back(*id, good_copy, initials, call.now));
}

Answer file_of_message(Call& call) {
  const auto id = message_id(call.names[0]);
  if (!id) return std::unexpected(id.error());
  const auto* message = call.core.desk().find(*id);
  if (message == nullptr || message->header.kind != desk::Kind::file) {
    return fail(Errc::not_found, "there is no file with this id");
  }
  const auto bytes = call.core.content(*message);
  if (!bytes) return std::unexpected(bytes.error());
  const auto text = crypto::to_base64(as_bytes(*bytes));
  return json{{"name", message->file_name}, {"base64", as_text(text.view())}};
}

}  // namespace sw::station
