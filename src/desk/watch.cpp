#include "desk/watch.hpp"

#include "crypto/hash.hpp"
#include "desk/message.hpp"
#include "wire/reader.hpp"

namespace sw::desk {
namespace {

void write_head(crypto::SecretWriter& out, StateRecord type) {
  out.u8(kStateVersion).u8(static_cast<std::uint8_t>(type));
}

void write_initials(crypto::SecretWriter& out, const std::string& initials) {
  out.u8(static_cast<std::uint8_t>(initials.size())).bytes(as_bytes(initials));
}

std::string read_initials(wire::Reader& in) {
  std::string initials(as_text(in.view(in.u8())));
  if (!initials.empty() && !check_initials(initials)) in.reject();
  return initials;
}

std::unexpected<Error> damaged() {
  return fail(Errc::malformed, "The watch's record is of another version or damaged.");
}

}  // namespace

std::optional<std::int64_t> FarWatch::answered_age_ms(UtcMs now) const {
  if (!answered || *answered > now) return std::nullopt;
  return now.value - answered->value;
}

RecordKey exercise_key() {
  return {RecordKind::ledger, crypto::digest<16>({as_bytes("sw1-exercise-record")})};
}

crypto::SecretBytes encode_head(const Exercise& exercise) {
  crypto::SecretWriter out;
  write_head(out, StateRecord::exercise);
  out.u8(exercise.on ? 1 : 0);
  write_initials(out, exercise.initials);
  out.u64(static_cast<std::uint64_t>(exercise.since.value));
  return out.take();
}

Result<Exercise> decode_exercise(ByteView fields) {
  wire::Reader in(fields);
  Exercise exercise;
  const std::uint8_t on = in.u8();
  exercise.on = on == 1;
  exercise.initials = read_initials(in);
  exercise.since = read_time(in);
  if (!in.expect_end() || on > 1) return damaged();
  return exercise;
}

RecordKey watch_key() {
  return {RecordKind::ledger, crypto::digest<16>({as_bytes("sw1-watch-record")})};
}

RecordKey far_watch_key(LineId line) {
  return {RecordKind::ledger, crypto::digest<16>({as_bytes("sw1-far-watch-record"), line.bytes})};
}

crypto::SecretBytes encode_head(const Watch& watch) {
  crypto::SecretWriter out;
  write_head(out, StateRecord::watch);
  write_initials(out, watch.initials);
  out.u64(static_cast<std::uint64_t>(watch.taken.value)).u64(static_cast<std::uint64_t>(watch.answered.value));
  return out.take();
}

crypto::SecretBytes encode_head(LineId line, const FarWatch& watch) {
  crypto::SecretWriter out;
  write_head(out, StateRecord::far_watch);
  out.bytes(line.bytes);
  write_initials(out, watch.initials);
  out.u8(watch.answered ? 1 : 0).u64(static_cast<std::uint64_t>(watch.answered.value_or(UtcMs{}).value));
  return out.take();
}

Result<Watch> decode_watch(ByteView fields) {
  wire::Reader in(fields);
  Watch watch;
  watch.initials = read_initials(in);
  watch.taken = read_time(in);
  watch.answered = read_time(in);
  if (!in.expect_end()) return damaged();
  return watch;
}

Result<LoadedFarWatch> decode_far_watch(ByteView fields) {
  wire::Reader in(fields);
  LoadedFarWatch out;
  out.line = in.id<LineId>();
  out.watch.initials = read_initials(in);
  const std::uint8_t answered = in.u8();
  const UtcMs at = read_time(in);
  if (answered == 1) out.watch.answered = at;
  if (!in.expect_end() || answered > 1 || (answered == 0 && at != UtcMs{})) return damaged();
  return out;
}

}  // namespace sw::desk
