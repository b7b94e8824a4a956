#pragma once
// The threads of a relay beside its loop: passes in their order, each over several threads where that pays; set-ups one
// after the other at the lowest priority, so that no round waits for one.
#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/thread_pool.hpp>
#include <functional>
#include <mutex>

#include "crypto/rng.hpp"
#include "mix/relay/work.hpp"

namespace sw::relay {

class Crew final : public mix::relay::Hands {
 public:
  /// `done` is called on the loop. `threads`: that share a pass; as many as the machine has.
  Crew(boost::asio::io_context& loop, std::size_t threads, std::function<void(mix::relay::Work)> done);
  ~Crew() override { stop(); }
  Crew(const Crew&) = delete;
  Crew& operator=(const Crew&) = delete;

  void run(mix::relay::Work work);
  /// Finishes what was begun; `done` is not called any more once the loop has stopped.
  void stop();

  // For the works themselves.
  [[nodiscard]] std::size_t parts(std::size_t rows) override;
  void share(std::size_t rows, std::size_t parts, const std::function<void(std::size_t, crypto::Rows)>& work) override;
  [[nodiscard]] Bytes room(std::size_t size) override;
  void give(Bytes room) override;

 private:
  boost::asio::io_context& x_loop;
  std::function<void(mix::relay::Work)> x_done;
  std::size_t x_threads;
  crypto::SystemRng x_rng;  // has no state
  std::mutex x_mutex;
  std::array<Bytes, 2> x_rooms;           ///< were batches; a new one would cost a page fault for every page
  boost::asio::thread_pool x_passes{1};   ///< in their order
  boost::asio::thread_pool x_patient{1};  ///< set-ups
  boost::asio::thread_pool x_helpers;
};

}  // namespace sw::relay
