#pragma once
// Secret<Tag, N>: N key bytes with one role. Move-only; wiped when moved from and when destroyed; no comparison,
// printing or conversion. The bytes can be read only inside crypto/ (access.hpp).
#include <algorithm>
#include <cstdint>
#include <span>
#include <utility>

#include "base/bytes.hpp"
#include "base/rng.hpp"

namespace sw::crypto {

/// Overwrites memory in a way the compiler may not remove.
void wipe(MutableBytes bytes) noexcept;

class Passkey {
  friend struct Access;
  friend class SecretWriter;
  friend class SecretReader;
  Passkey() = default;
};

template <class Tag, std::size_t N>
class Secret {
 public:
  static constexpr std::size_t kSize = N;
  using Role = Tag;

  explicit Secret(Passkey) {}
  Secret(const Secret&) = delete;
  Secret& operator=(const Secret&) = delete;
  Secret(Secret&& other) noexcept : x_bytes(other.x_bytes) { wipe(other.x_bytes); }
  Secret& operator=(Secret&& other) noexcept {
    if (this != &other) {
      x_bytes = other.x_bytes;
      wipe(other.x_bytes);
    }
    return *this;
  }
  ~Secret() { wipe(x_bytes); }

  [[nodiscard]] static Secret random(Rng& rng) {
    Secret out;
    rng.fill(out.x_bytes);
    return out;
  }
  /// A second copy, for work that may be thrown away (an open that may fail). Each copy wipes itself.
  [[nodiscard]] Secret clone() const {
    Secret out;
    out.x_bytes = x_bytes;
    return out;
  }

  [[nodiscard]] std::span<const std::uint8_t, N> reveal(Passkey) const { return x_bytes; }
  [[nodiscard]] std::span<std::uint8_t, N> reveal_mutable(Passkey) { return x_bytes; }

 private:
  Secret() = default;
  ByteArray<N> x_bytes{};
};

/// Key material on its way into or out of a sealed row: a byte string that wipes itself.
class SecretBytes {
 public:
  SecretBytes() = default;
  explicit SecretBytes(Bytes&& bytes) noexcept : x_bytes(std::move(bytes)) {}
  SecretBytes(const SecretBytes&) = delete;
  SecretBytes& operator=(const SecretBytes&) = delete;
  SecretBytes(SecretBytes&& other) noexcept : x_bytes(std::move(other.x_bytes)) {}
  SecretBytes& operator=(SecretBytes&& other) noexcept {
    std::swap(x_bytes, other.x_bytes);
    other.clear();
    return *this;
  }
  ~SecretBytes() { clear(); }

  [[nodiscard]] ByteView view() const { return x_bytes; }
  [[nodiscard]] std::size_t size() const { return x_bytes.size(); }
  [[nodiscard]] bool empty() const { return x_bytes.empty(); }
  void append(ByteView more);
  /// The first `count` bytes, of which there are as many, go.
  void drop_front(std::size_t count);
  void clear() noexcept {
    wipe(x_bytes);
    x_bytes.clear();
  }

 private:
  Bytes x_bytes;
};

/// Writes secrets and public fields, little-endian, into a SecretBytes (the sealed row's plain text).
class SecretWriter {
 public:
  template <class Tag, std::size_t N>
  SecretWriter& secret(const Secret<Tag, N>& value);
  SecretWriter& bytes(ByteView value) {
    x_out.append(value);
    return *this;
  }
  SecretWriter& u8(std::uint8_t v) { return number(v, 1); }
  SecretWriter& u16(std::uint16_t v) { return number(v, 2); }
  SecretWriter& u32(std::uint32_t v) { return number(v, 4); }
  SecretWriter& u64(std::uint64_t v) { return number(v, 8); }
  [[nodiscard]] SecretBytes take() { return std::move(x_out); }

 private:
  SecretWriter& number(std::uint64_t v, std::size_t n);
  SecretBytes x_out;
};

/// The same fields read back; a short input leaves ok() false and the secrets all-zero.
class SecretReader {
 public:
  explicit SecretReader(ByteView input) : x_rest(input) {}
  template <class SecretType>
  [[nodiscard]] SecretType secret();
  [[nodiscard]] ByteView view(std::size_t n);
  template <std::size_t N>
  [[nodiscard]] ByteArray<N> array() {
    ByteArray<N> out{};
    const ByteView v = view(N);
    if (v.size() == N) std::copy(v.begin(), v.end(), out.begin());
    return out;
  }
  [[nodiscard]] std::uint8_t u8() { return static_cast<std::uint8_t>(number(1)); }
  [[nodiscard]] std::uint16_t u16() { return static_cast<std::uint16_t>(number(2)); }
  [[nodiscard]] std::uint32_t u32() { return static_cast<std::uint32_t>(number(4)); }
  [[nodiscard]] std::uint64_t u64() { return number(8); }
  [[nodiscard]] bool ok() const { return x_ok; }
  [[nodiscard]] bool expect_end() const { return x_ok && x_rest.empty(); }

 private:
  std::uint64_t number(std::size_t n);
  ByteView x_rest;
  bool x_ok = true;
};

template <class Tag, std::size_t N>
SecretWriter& SecretWriter::secret(const Secret<Tag, N>& value) {
  return bytes(value.reveal(Passkey{}));
}

template <class SecretType>
SecretType SecretReader::secret() {
  SecretType out(Passkey{});
  const ByteView from = view(SecretType::kSize);
  const auto to = out.reveal_mutable(Passkey{});
  if (from.size() == to.size()) std::copy(from.begin(), from.end(), to.begin());
  return out;
}

}  // namespace sw::crypto
