#include "store/commit_thread.hpp"

namespace sw::store {

CommitThread::CommitThread(SealedStore& store, Report report)
    : x_store(store), x_report(std::move(report)), x_thread([this] { run(); }) {}

CommitThread::~CommitThread() {
  {
    const std::lock_guard lock(x_mutex);
    x_stop = true;
  }
  x_wake.notify_one();
  x_thread.join();
}

bool CommitThread::start_tick() {
  {
    const std::lock_guard lock(x_mutex);
    if (x_due) return false;
    x_due = true;
  }
  x_wake.notify_one();
  return true;
}

void CommitThread::run() {
  std::unique_lock lock(x_mutex);
  while (true) {
    x_wake.wait(lock, [this] { return x_due || x_stop; });
    if (!x_due) return;
    lock.unlock();
    auto result = x_store.tick();
    lock.lock();
    x_due = false;  // before the report, so that whoever hears of it may start the next
    lock.unlock();
    x_report(std::move(result));
    lock.lock();
  }
}

}  // namespace sw::store
