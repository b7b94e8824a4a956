#include "carrier/key_file.hpp"

#include <optional>
#include <utility>

#include "home/file.hpp"

namespace sw::carrier {
namespace {

constexpr std::size_t kKeyBytes = crypto::PrivateKey::kSize;
constexpr std::size_t kPublicTextBytes = 2 * kKeyBytes + 1;

Result<crypto::KeyPair> create_key(const std::filesystem::path& path, Rng& rng) {
  auto pair = crypto::KeyPair::generate(rng);
  crypto::SecretWriter out;
  out.secret(pair.secret);
  const crypto::SecretBytes bytes = out.take();
  if (auto written = home::replace_home_file(path, bytes.view(), home::Exposure::owner_only); !written) {
    return std::unexpected(written.error());
  }
  return pair;
}

Result<crypto::KeyPair> parse_key(const std::filesystem::path& path, Bytes&& bytes) {
  const crypto::SecretBytes content(std::move(bytes));
  crypto::SecretReader in(content.view());
  auto secret = in.secret<crypto::PrivateKey>();
  if (!in.expect_end()) {
    return fail(Errc::malformed, path.string() + " is not a carrier key; put the right file back from a copy");
  }
  return crypto::KeyPair::from(std::move(secret));
}

}  // namespace

Result<crypto::KeyPair> load_or_create_key(const std::filesystem::path& home, Rng& rng) {
  const auto key_path = home / "carrier.key";
  const auto public_path = home / "carrier.pub";
  auto key = home::read_home_file(key_path, kKeyBytes, home::Exposure::owner_only);
  if (!key) return std::unexpected(key.error());
  auto published = home::read_home_file(public_path, kPublicTextBytes, home::Exposure::readable);
  if (!published) return std::unexpected(published.error());
  if (!key->has_value() && published->has_value()) {
    return fail(Errc::not_found, key_path.string() + " is missing, but " + public_path.string() +
                                     " shows that there was one; put it back from a copy");
  }
  auto pair = key->has_value() ? parse_key(key_path, std::move(**key)) : create_key(key_path, rng);
  if (!pair) return pair;
  const std::string text = to_hex(pair->public_key) + "\n";
  if (!published->has_value()) {
    if (auto written = home::replace_home_file(public_path, as_bytes(text), home::Exposure::readable); !written) {
      return std::unexpected(written.error());
    }
  } else if (as_text(**published) != text) {
    return fail(Errc::conflict, key_path.string() + " and " + public_path.string() + " do not belong together");
  }
  return pair;
}

}  // namespace sw::carrier
