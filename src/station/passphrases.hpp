#pragma once
// Passphrases of operators, derived beside the loop: one takes a fifth of a second, and no round waits for it. One at a
// time, the others in a queue that has an end.
#include <boost/asio/io_context.hpp>
#include <deque>
#include <functional>
#include <thread>

#include "crypto/secret.hpp"
#include "desk/office.hpp"

namespace sw::station {

class Passphrases {
 public:
  static constexpr std::size_t kWaiting = 8;
  /// On the loop.
  using Done = std::function<void(Result<ByteArray<32>>)>;

  explicit Passphrases(boost::asio::io_context& loop) : x_loop(loop) {}
  Passphrases(const Passphrases&) = delete;
  Passphrases& operator=(const Passphrases&) = delete;
  ~Passphrases();

  /// desk::passphrase_check of it. Errc::conflict when too many wait.
  [[nodiscard]] Result<void> derive(crypto::SecretBytes passphrase, const ByteArray<crypto::kSaltBytes>& salt,
                                    crypto::PasswordCost cost, Done done);

 private:
  struct Job {
    crypto::SecretBytes passphrase;
    ByteArray<crypto::kSaltBytes> salt{};
    crypto::PasswordCost cost;
    Done done;
  };
  void next();
  void finish(Result<ByteArray<32>> check);

  boost::asio::io_context& x_loop;
  std::deque<Job> x_jobs;  ///< the first one is under way
  std::thread x_thread;
};

}  // namespace sw::station
