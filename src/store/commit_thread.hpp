#pragma once
// Runs a store's ticks in a thread of its own, so that a slow disk never holds up the station's loop; and times them
// there, so that a tick with nothing to tell does not wake the loop.
#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

#include "store/sealed_store.hpp"

namespace sw::store {

class CommitThread {
 public:
  /// How long until the next tick. Called in the thread: at its start, and after each tick and its report.
  using Wait = std::function<std::chrono::nanoseconds()>;
  /// Called in the thread after each tick.
  using Report = std::function<void(Result<std::vector<desk::Ticket>>)>;

  CommitThread(SealedStore& store, Wait wait, Report report);
  CommitThread(const CommitThread&) = delete;
  CommitThread& operator=(const CommitThread&) = delete;
  /// Waits for the tick that runs, and its report.
  ~CommitThread();

 private:
  void run();

  SealedStore& x_store;
  Wait x_wait;
  Report x_report;
  std::mutex x_mutex;
  std::condition_variable x_wake;
  bool x_stop = false;
  std::thread x_thread;
};

}  // namespace sw::store
