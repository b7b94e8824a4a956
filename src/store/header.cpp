#include "store/header.hpp"

#include <algorithm>

#include "crypto/hash.hpp"
#include "wire/reader.hpp"
#include "wire/writer.hpp"

namespace sw::store {
namespace {

constexpr std::string_view kMagic = "stillwire store\n";
constexpr std::size_t kCheckBytes = 16;
static_assert(kMagic.size() == 16);

using Wrapping = crypto::Secret<struct WrappingRole, 32>;

Result<Wrapping> wrapping_key(const Header& header, ByteView passphrase) {
  auto key = crypto::derive_passphrase_key(passphrase, header.salt, header.cost);
  if (!key) return std::unexpected(key.error());
  return crypto::kdf<Wrapping>(*key, "store-wrap");
}

Bytes ad_of(const Header& header) {
  wire::Writer w;
  w.bytes(as_bytes(kMagic)).u16(header.version).u32(header.rows).bytes(header.file_id);
  return w.take();
}

}  // namespace

HeaderBytes encode(const Header& header) {
  wire::Writer w(kHeaderBytes);
  w.bytes(as_bytes(kMagic)).u16(header.version).u8(static_cast<std::uint8_t>(header.state)).u32(header.rows);
  w.u32(header.cost.passes).u32(header.cost.memory_kib).bytes(header.file_id).bytes(header.salt);
  w.bytes(header.nonce).bytes(header.wrapped).pad_to(kHeaderBytes - kCheckBytes);
  const auto check = crypto::digest<kCheckBytes>({w.view()});
  w.bytes(check);
  HeaderBytes out{};
  std::copy(w.view().begin(), w.view().end(), out.begin());
  return out;
}

std::optional<Header> decode_header(ByteView bytes) {
  if (bytes.size() != kHeaderBytes) return std::nullopt;
  const auto check = crypto::digest<kCheckBytes>({bytes.first(kHeaderBytes - kCheckBytes)});
  if (!crypto::equal(check, bytes.last(kCheckBytes))) return std::nullopt;
  wire::Reader r(bytes);
  if (as_text(r.view(kMagic.size())) != kMagic) return std::nullopt;
  Header out;
  out.version = r.u16();
  const std::uint8_t state = r.u8();
  if (state > static_cast<std::uint8_t>(HeaderState::erased)) return std::nullopt;
  out.state = static_cast<HeaderState>(state);
  out.rows = r.u32();
  out.cost.passes = r.u32();
  out.cost.memory_kib = r.u32();
  out.file_id = r.array<16>();
  out.salt = r.array<crypto::kSaltBytes>();
  out.nonce = r.array<crypto::kXNonceBytes>();
  out.wrapped = r.array<32 + crypto::kAeadTagBytes>();
  return out;
}

Result<void> wrap(Header& header, const MasterKey& master, ByteView passphrase, Rng& rng) {
  rng.fill(header.salt);
  rng.fill(header.nonce);
  const auto key = wrapping_key(header, passphrase);
  if (!key) return std::unexpected(key.error());
  const auto plain = crypto::SecretWriter().secret(master).take();
  crypto::seal(*key, header.nonce, ad_of(header), plain.view(), header.wrapped);
  return {};
}

Result<MasterKey> unwrap(const Header& header, ByteView passphrase) {
  if (passphrase.empty()) return fail(Errc::forged, "wrong passphrase");  // no store is made with an empty one
  const auto key = wrapping_key(header, passphrase);
  if (!key) return std::unexpected(key.error());
  Bytes opened(32);
  const bool ok = crypto::open(*key, header.nonce, ad_of(header), header.wrapped, opened);
  const crypto::SecretBytes plain(std::move(opened));
  if (!ok) return fail(Errc::forged, "wrong passphrase");
  return crypto::SecretReader(plain.view()).secret<MasterKey>();
}

RowKey row_key(const MasterKey& master, const Header& header) {
  return crypto::kdf<RowKey>(master, "store-row", {header.file_id});
}

}  // namespace sw::store
