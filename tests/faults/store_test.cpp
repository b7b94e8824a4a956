// needs: store
// Whatever the disk does, and whenever the process dies: what was said durable is there, once and whole.
#include <gtest/gtest.h>
#include <signal.h>
#include <sqlite3.h>
#include <sys/wait.h>

#include <cstring>
#include <map>

#include "crypto/rng.hpp"
#include "support/store_home.hpp"

namespace sw::store {
namespace {

using desk::Urgency;
using test::kSmallStore;
using test::record;
using test::secret;

constexpr std::string_view kPass = "pass";

// --- A VFS that fails at the n-th write or sync, or loses the power there. --------------------------------------

enum class Fault { none, once, power };

struct Undo {
  std::string file;
  sqlite3_int64 offset;
  Bytes before;
};

struct Disk {
  Fault fault = Fault::none;
  int countdown = 0;
  int operations = 0;
  bool off = false;
  std::vector<Undo> unsynced;
} g_disk;

struct ShimFile {
  sqlite3_file base;
  std::string* name;
  sqlite3_file* real;
};

ShimFile& shim(sqlite3_file* file) {
  return *reinterpret_cast<ShimFile*>(file);
}
sqlite3_file* real(sqlite3_file* file) {
  return shim(file).real;
}

/// Counts one write or sync; true when it must fail.
bool strikes() {
  ++g_disk.operations;
  if (g_disk.off) return true;
  if (g_disk.fault == Fault::none || --g_disk.countdown != 0) return false;
  g_disk.off = g_disk.fault == Fault::power;
  return true;
}

int shim_close(sqlite3_file* file) {
  const int code = real(file)->pMethods->xClose(real(file));
  std::free(real(file));
  delete shim(file).name;
  return code;
}
int shim_read(sqlite3_file* file, void* out, int n, sqlite3_int64 at) {
  return real(file)->pMethods->xRead(real(file), out, n, at);
}
int shim_write(sqlite3_file* file, const void* in, int n, sqlite3_int64 at) {
  const bool fails = strikes();
  if (fails && g_disk.off && g_disk.countdown < 0) return SQLITE_IOERR_WRITE;
  if (g_disk.fault == Fault::power) {
    Undo undo{*shim(file).name, at, Bytes(static_cast<std::size_t>(n))};
    if (real(file)->pMethods->xRead(real(file), undo.before.data(), n, at) == SQLITE_OK) {
      g_disk.unsynced.push_back(std::move(undo));
    }
  }
  if (!fails) return real(file)->pMethods->xWrite(real(file), in, n, at);
  (void)real(file)->pMethods->xWrite(real(file), in, n / 2, at);  // torn
  if (g_disk.off) g_disk.countdown = -1;
  return SQLITE_IOERR_WRITE;
}
int shim_truncate(sqlite3_file* file, sqlite3_int64 size) {
  if (g_disk.off) return SQLITE_IOERR_TRUNCATE;
  return real(file)->pMethods->xTruncate(real(file), size);
}
int shim_sync(sqlite3_file* file, int flags) {
  if (strikes()) return SQLITE_IOERR_FSYNC;
  std::erase_if(g_disk.unsynced, [&](const Undo& undo) { return undo.file == *shim(file).name; });
  (void)flags;  // no power is really cut
  return SQLITE_OK;
}
int shim_size(sqlite3_file* file, sqlite3_int64* size) {
  return real(file)->pMethods->xFileSize(real(file), size);
}
int shim_lock(sqlite3_file* file, int level) {
  return real(file)->pMethods->xLock(real(file), level);
}
int shim_unlock(sqlite3_file* file, int level) {
  return real(file)->pMethods->xUnlock(real(file), level);
}
int shim_reserved(sqlite3_file* file, int* out) {
  return real(file)->pMethods->xCheckReservedLock(real(file), out);
}
int shim_control(sqlite3_file* file, int op, void* arg) {
  return real(file)->pMethods->xFileControl(real(file), op, arg);
}
int shim_sector(sqlite3_file* file) {
  return real(file)->pMethods->xSectorSize(real(file));
}
int shim_device(sqlite3_file* file) {
  return real(file)->pMethods->xDeviceCharacteristics(real(file));
}
int shim_shm_map(sqlite3_file* file, int page, int size, int extend, void volatile** out) {
  return real(file)->pMethods->xShmMap(real(file), page, size, extend, out);
}
int shim_shm_lock(sqlite3_file* file, int at, int n, int flags) {
  return real(file)->pMethods->xShmLock(real(file), at, n, flags);
}
void shim_shm_barrier(sqlite3_file* file) {
  real(file)->pMethods->xShmBarrier(real(file));
}
int shim_shm_unmap(sqlite3_file* file, int remove) {
  return real(file)->pMethods->xShmUnmap(real(file), remove);
}

const sqlite3_io_methods kMethods = {
    2,           shim_close,   shim_read,     shim_write,       shim_truncate,  shim_sync,
    shim_size,   shim_lock,    shim_unlock,   shim_reserved,    shim_control,   shim_sector,
    shim_device, shim_shm_map, shim_shm_lock, shim_shm_barrier, shim_shm_unmap, nullptr,
    nullptr};

sqlite3_vfs* g_under = nullptr;

int shim_open(sqlite3_vfs*, const char* name, sqlite3_file* file, int flags, int* out_flags) {
  shim(file).real = static_cast<sqlite3_file*>(std::calloc(1, static_cast<std::size_t>(g_under->szOsFile)));
  const int code = g_under->xOpen(g_under, name, real(file), flags, out_flags);
  if (code != SQLITE_OK) {
    std::free(real(file));
    file->pMethods = nullptr;
    return code;
  }
  shim(file).name = new std::string(name != nullptr ? name : "");
  file->pMethods = &kMethods;
  return SQLITE_OK;
}

void install_shim() {
  static sqlite3_vfs vfs;
  if (g_under != nullptr) return;
  g_under = sqlite3_vfs_find(nullptr);
  vfs = *g_under;
  vfs.szOsFile = sizeof(ShimFile);
  vfs.zName = "shim";
  vfs.xOpen = shim_open;
  sqlite3_vfs_register(&vfs, 1);
}

/// The power is back: some of the writes that were never synced did not reach the platter.
void power_returns(Rng& rng) {
  for (auto undo = g_disk.unsynced.rbegin(); undo != g_disk.unsynced.rend(); ++undo) {
    if (rng.below(2) == 0) continue;
    std::fstream file(undo->file, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(undo->offset);
    file.write(reinterpret_cast<const char*>(undo->before.data()), static_cast<std::streamsize>(undo->before.size()));
  }
  g_disk = Disk{};
}

// --- A load whose every state can be told from its number. ------------------------------------------------------

std::string head_of(std::uint64_t n) {
  return "head " + std::to_string(n) + std::string(n % 500, '.');
}
Bytes body_of(std::uint64_t key) {
  return Bytes(static_cast<std::size_t>(key * 977 % 12'000), static_cast<std::uint8_t>(key));
}

/// Puts, updates and erases; remembers for each key what was promised and what was said durable.
struct Load {
  struct Step {
    std::uint64_t ticket;
    std::string head;  ///< empty: erased
  };
  std::map<std::uint64_t, std::vector<Step>> steps;
  std::map<std::uint64_t, std::size_t> durable;  ///< key: how many of its steps

  void act(SealedStore& store, std::uint64_t n, Rng& rng) {
    const std::uint64_t key = rng.below(14);
    auto& history = steps[key];
    const bool there = !history.empty() && !history.back().head.empty();
    if (there && rng.below(4) == 0) {
      history.push_back({store.erase(record(key)).value, ""});
      return;
    }
    const auto ticket =
        store.put(record(key), secret(head_of(n)), there ? Bytes{} : body_of(key), static_cast<Urgency>(rng.below(5)));
    if (ticket) history.push_back({ticket->value, head_of(n)});
  }
  void said_durable(desk::Ticket ticket) {
    for (auto& [key, history] : steps) {
      for (std::size_t i = 0; i < history.size(); ++i) {
        if (history[i].ticket == ticket.value) durable[key] = std::max(durable[key], i + 1);
      }
    }
  }
  /// Is what lies in the store a state from the last durable one on? Then it is the only one from now on.
  void check(SealedStore& store) {
    std::map<std::uint64_t, std::string> found;
    const auto records = store.load();
    ASSERT_TRUE(records.has_value());
    for (const auto& loaded : *records) {
      const std::uint64_t key = loaded.key.id[0];
      ASSERT_TRUE(found.emplace(key, as_text(loaded.head.view())).second) << "twice";
      const auto body = store.body(loaded.key);
      ASSERT_TRUE(body.has_value());
      ASSERT_EQ(*body, body_of(key)) << "torn";
    }
    for (auto& [key, history] : steps) {
      const std::string now = found.contains(key) ? found[key] : "";
      bool allowed = durable[key] == 0 && now.empty();
      for (std::size_t i = std::max<std::size_t>(durable[key], 1) - 1; i < history.size(); ++i) {
        allowed = allowed || history[i].head == now;
      }
      ASSERT_TRUE(allowed) << "key " << key << " holds '" << now << "'";
      found.erase(key);
    }
    ASSERT_TRUE(found.empty());
  }
};

class StoreFaults : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(crypto::start());
    install_shim();
    g_disk = Disk{};
    ASSERT_TRUE(create_store(x_home.file, secret(kPass), x_rng, kSmallStore).has_value());
    reopen();
  }
  void reopen() {
    x_store.reset();
    auto store = SealedStore::open(x_home.file, secret(kPass), x_rng);
    ASSERT_TRUE(store.has_value()) << store.error().what;
    x_store = std::move(*store);
  }
  /// A hundred ticks under load, past a checkpoint. True when a tick failed.
  bool run(Load& load, Rng& rng, std::uint64_t& n) {
    bool failed = false;
    for (int t = 0; t < 100 && !g_disk.off; ++t) {
      load.act(*x_store, ++n, rng);
      const auto durable = x_store->tick();
      if (!durable) {
        failed = true;
        continue;
      }
      for (const auto ticket : *durable) load.said_durable(ticket);
    }
    return failed;
  }

  test::StoreHome x_home;
  crypto::SystemRng x_rng;
  std::unique_ptr<SealedStore> x_store;
};

TEST_F(StoreFaults, any_write_or_sync_may_fail_once) {
  crypto::SeededRng rng(11);
  std::uint64_t n = 0;
  int strikes_seen = 0;
  for (int at = 1; at < 2000; ++at) {
    SCOPED_TRACE(at);
    Load load;
    g_disk = Disk{Fault::once, at, 0, false, {}};
    const bool failed = run(load, rng, n);
    const bool struck = g_disk.countdown <= 0;
    g_disk = Disk{};
    EXPECT_EQ(failed, struck);
    // The next ticks write what was left, and everything comes due.
    ASSERT_TRUE(x_store->settle().has_value());
    for (auto& [key, history] : load.steps) load.durable[key] = history.size();
    ASSERT_NO_FATAL_FAILURE(load.check(*x_store));
    ASSERT_EQ(std::filesystem::file_size(beside(x_home.file, "-wal")), kLogBytes);
    if (at % 20 == 0) {
      reopen();
      ASSERT_NO_FATAL_FAILURE(load.check(*x_store));
    }
    for (auto& [key, history] : load.steps) (void)x_store->erase(record(key));
    ASSERT_TRUE(x_store->settle().has_value());
    if (!struck) break;
    ++strikes_seen;
  }
  EXPECT_GT(strikes_seen, 300);
}

TEST_F(StoreFaults, the_power_may_go_at_any_write_or_sync) {
  crypto::SeededRng rng(12);
  std::uint64_t n = 0;
  int strikes_seen = 0;
  for (int at = 1; at < 2000; ++at) {
    SCOPED_TRACE(at);
    Load load;
    g_disk = Disk{Fault::power, at, 0, false, {}};
    run(load, rng, n);
    const bool struck = g_disk.off;
    x_store.reset();  // with the power off nothing more reaches the disk
    power_returns(rng);
    reopen();
    ASSERT_NO_FATAL_FAILURE(load.check(*x_store));
    for (auto& [key, history] : load.steps) (void)x_store->erase(record(key));
    ASSERT_TRUE(x_store->settle().has_value());
    if (!struck) break;
    ++strikes_seen;
  }
  EXPECT_GT(strikes_seen, 300);
}

TEST_F(StoreFaults, a_full_disk_stops_ticks_and_loses_nothing) {
  Load load;
  crypto::SeededRng rng(13);
  std::uint64_t n = 0;
  for (int i = 0; i < 20; ++i) load.act(*x_store, ++n, rng);
  g_disk.fault = Fault::power;
  g_disk.countdown = 1;
  for (int i = 0; i < 300; ++i) {
    const auto durable = x_store->tick();
    ASSERT_FALSE(durable.has_value());
    ASSERT_EQ(durable.error().code, Errc::io);
  }
  g_disk = Disk{};
  ASSERT_TRUE(x_store->settle().has_value());
  for (auto& [key, history] : load.steps) load.durable[key] = history.size();
  load.check(*x_store);
}

// --- kill -9 ----------------------------------------------------------------------------------------------------

/// What the child tells: key and number of each step, 'p' promised or 'd' durable.
struct Note {
  char what;
  std::uint64_t ticket;
  std::uint64_t key;
  std::uint64_t n;  ///< 0: erased
};

void child(const std::filesystem::path& file, int out, std::uint64_t seed) {
  crypto::SeededRng rng(seed);
  crypto::SystemRng system;
  auto store = SealedStore::open(file, secret(kPass), system);
  if (!store) ::_exit(3);
  std::map<std::uint64_t, bool> there;
  const auto note = [out](Note value) {
    if (::write(out, &value, sizeof value) != static_cast<ssize_t>(sizeof value)) ::_exit(4);
  };
  const auto records = (*store)->load();
  for (const auto& loaded : *records) there[loaded.key.id[0]] = true;
  note({'o', 0, 0, 0});
  for (std::uint64_t n = seed * 1'000'000 + 1;; ++n) {
    const std::uint64_t key = rng.below(14);
    if (there[key] && rng.below(4) == 0) {
      note({'p', (*store)->erase(record(key)).value, key, 0});
      there[key] = false;
    } else {
      const auto ticket = (*store)->put(record(key), secret(head_of(n)), there[key] ? Bytes{} : body_of(key),
                                        static_cast<Urgency>(rng.below(5)));
      if (ticket) {
        note({'p', ticket->value, key, n});
        there[key] = true;
      }
    }
    const auto durable = (*store)->tick();
    if (!durable) ::_exit(5);
    for (const auto ticket : *durable) note({'d', ticket.value, 0, 0});
  }
}

TEST_F(StoreFaults, sigkill_at_any_moment) {
  x_store.reset();
  const char* wanted = std::getenv("SW_KILLS");
  const int kills = wanted != nullptr ? std::atoi(wanted) : 20;
  crypto::SeededRng rng(14);
  Load load;
  for (int round = 0; round < kills; ++round) {
    SCOPED_TRACE(round);
    int ends[2];
    ASSERT_EQ(::pipe(ends), 0);
    const pid_t pid = ::fork();
    ASSERT_GE(pid, 0);
    if (pid == 0) {
      ::close(ends[0]);
      child(x_home.file, ends[1], static_cast<std::uint64_t>(round + 1));
    }
    ::close(ends[1]);
    const std::uint64_t notes_wanted = 1 + rng.below(400);
    const auto wait_us = static_cast<useconds_t>(rng.below(3000));
    bool killed = false;
    Note note{};
    for (std::uint64_t seen = 0; ::read(ends[0], &note, sizeof note) == static_cast<ssize_t>(sizeof note);) {
      if (note.what == 'p') load.steps[note.key].push_back({note.ticket, note.n == 0 ? "" : head_of(note.n)});
      if (note.what == 'd') load.said_durable({note.ticket});
      if (++seen >= notes_wanted && !killed) {
        ::usleep(wait_us);
        ::kill(pid, SIGKILL);
        killed = true;
      }
    }
    ::close(ends[0]);
    int status = 0;
    ::waitpid(pid, &status, 0);
    ASSERT_TRUE(WIFSIGNALED(status)) << WEXITSTATUS(status);
    reopen();
    ASSERT_NO_FATAL_FAILURE(load.check(*x_store));
    // What is there now is the start of the next round's histories.
    const auto records = x_store->load();
    load = Load{};
    for (const auto& loaded : *records) {
      const std::uint64_t key = loaded.key.id[0];
      load.steps[key].push_back({0, std::string(as_text(loaded.head.view()))});
      load.durable[key] = 1;
    }
    x_store.reset();
    ASSERT_EQ(std::filesystem::file_size(beside(x_home.file, "-wal")), kLogBytes);
  }
}

}  // namespace
}  // namespace sw::store
