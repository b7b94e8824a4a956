#include "store/commit_thread.hpp"

namespace sw::store {

CommitThread::CommitThread(SealedStore& store, Wait wait, Report report)
    : x_store(store), x_wait(std::move(wait)), x_report(std::move(report)), x_thread([this] { run(); }) {}

CommitThread::~CommitThread() {
  {
    const std::lock_guard lock(x_mutex);
    x_stop = true;
  }
  x_wake.notify_one();
  x_thread.join();
}

void CommitThread::run() {
  std::unique_lock lock(x_mutex);
  while (!x_wake.wait_for(lock, x_wait(), [this] { return x_stop; })) {
    lock.unlock();
    x_report(x_store.tick());
    lock.lock();
  }
}

}  // namespace sw::store
