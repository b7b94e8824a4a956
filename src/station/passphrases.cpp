#include "station/passphrases.hpp"

#include <boost/asio/post.hpp>

namespace sw::station {

Passphrases::~Passphrases() {
  if (x_thread.joinable()) x_thread.join();
}

Result<void> Passphrases::derive(crypto::SecretBytes passphrase, const ByteArray<crypto::kSaltBytes>& salt,
                                 crypto::PasswordCost cost, Done done) {
  if (x_jobs.size() >= kWaiting) return fail(Errc::conflict, "many are signing in at this moment; try again");
  x_jobs.push_back({std::move(passphrase), salt, cost, std::move(done)});
  if (x_jobs.size() == 1) next();
  return {};
}

void Passphrases::next() {
  x_thread = std::thread([this, &job = x_jobs.front()] {
    auto key = crypto::derive_passphrase_key(job.passphrase.view(), job.salt, job.cost);
    auto check = key ? Result<ByteArray<32>>(desk::passphrase_check(*key)) : std::unexpected(key.error());
    boost::asio::post(x_loop, [this, check = std::move(check)] { finish(check); });
  });
}

void Passphrases::finish(Result<ByteArray<32>> check) {
  x_thread.join();
  const Done done = std::move(x_jobs.front().done);
  x_jobs.pop_front();
  if (!x_jobs.empty()) next();
  done(std::move(check));
}

}  // namespace sw::station
