#pragma once
// Runs a store's ticks in a thread of its own, so that a slow disk never holds up the station's loop.
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

#include "store/sealed_store.hpp"

namespace sw::store {

class CommitThread {
 public:
  /// Called in the thread after each tick; the station posts it to its loop.
  using Report = std::function<void(Result<std::vector<desk::Ticket>>)>;

  CommitThread(SealedStore& store, Report report);
  CommitThread(const CommitThread&) = delete;
  CommitThread& operator=(const CommitThread&) = delete;
  /// Waits for the tick that runs, and its report.
  ~CommitThread();

  /// Starts one tick and returns at once. False when the last one still runs: this one is skipped, never doubled.
  [[nodiscard]] bool start_tick();

 private:
  void run();

  SealedStore& x_store;
  Report x_report;
  std::mutex x_mutex;
  std::condition_variable x_wake;
  bool x_due = false;  ///< from start_tick() until the tick is done
  bool x_stop = false;
  std::thread x_thread;
};

}  // namespace sw::store
