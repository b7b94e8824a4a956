#pragma once
// The life of a store's file while no station runs: made, restored, erased. sealed_store.hpp opens it.
#include <filesystem>
#include <functional>
#include <optional>

#include "crypto/password.hpp"
#include "desk/store.hpp"
#include "store/raw_file.hpp"

namespace sw::store {

inline constexpr std::uint32_t kRows = 16'384;  ///< 64 MiB

/// Only tests give anything else than the defaults.
struct StoreSize {
  std::uint32_t rows = kRows;  ///< even, kRowsLeast to kRowsMost
  crypto::PasswordCost cost{};
};

/// What a new store holds from its first moment.
struct FirstRecord {
  desk::RecordKey key;
  crypto::SecretBytes head;  ///< at most desk::kHeadBytes
};

/// Makes a full-size store, mode 0600, empty but for `first`. Errc::conflict when PATH, PATH-wal or PATH-shm exists,
/// Errc::usage for an empty passphrase. It is there whole, or not at all.
[[nodiscard]] Result<void> create_store(const std::filesystem::path& path, const crypto::SecretBytes& passphrase,
                                        Rng& rng, StoreSize size = {}, std::optional<FirstRecord> first = std::nullopt);
/// Puts a copy of `backup` at `path`, marked as restored. Same refusals; and those of inspect() for the backup.
[[nodiscard]] Result<void> restore_store(const std::filesystem::path& backup, const std::filesystem::path& path);
/// Crypto-erase: overwrites the salt and the wrapped key, then removes the log. Needs no passphrase and works beside a
/// running station. Refuses what is not a store of ours.
[[nodiscard]] Result<void> panic(const std::filesystem::path& path, Rng& rng);

/// Errc::malformed for a number of rows that no store has.
[[nodiscard]] Result<void> check_rows(std::uint32_t rows);
/// A new store file, mode 0600: `fill` writes it under a name of its own, and it gets its real one when it is whole and
/// durable. Errc::conflict when something is at `path`. Nothing is left behind after an error.
[[nodiscard]] Result<void> make_file(const std::filesystem::path& path,
                                     const std::function<Result<void>(const std::filesystem::path&)>& fill);

}  // namespace sw::store
