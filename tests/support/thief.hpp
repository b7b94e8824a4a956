#pragma once
// A copy of a running station, RAM and all, in the hands of somebody else.
#include <sys/wait.h>
#include <unistd.h>

#include "support/world.hpp"

namespace sw::test {

/// The thief's copy: this very process, forked, of which only the one station is used. It gets what the carrier says to
/// the station and gives what the station would answer.
class Thief {
 public:
  struct Answer {
    std::vector<wire::DownRecord> records;
    std::uint64_t opened = 0;  ///< rounds in which the copy opened a cell
  };

  /// Copies side `victim` of the world as it is now.
  Thief(World& world, std::size_t victim) {
    std::array<int, 2> to{};
    std::array<int, 2> from{};
    if (::pipe(to.data()) != 0 || ::pipe(from.data()) != 0) std::abort();
    x_child = ::fork();
    if (x_child == 0) {
      ::close(to[1]);
      ::close(from[0]);
      live(world, victim, to[0], from[1]);
      ::_exit(0);
    }
    ::close(to[0]);
    ::close(from[1]);
    x_to = to[1];
    x_from = from[0];
  }
  Thief(const Thief&) = delete;
  Thief& operator=(const Thief&) = delete;
  ~Thief() {
    ::close(x_to);
    ::close(x_from);
    int status = 0;
    (void)::waitpid(x_child, &status, 0);
    if (status != 0) std::abort();
  }

  Answer hears(const wire::UpRecord& record) {
    put(x_to, wire::encode(record));
    Answer out;
    Bytes bytes = get(x_from);
    std::copy_n(bytes.begin(), sizeof out.opened, reinterpret_cast<std::uint8_t*>(&out.opened));
    x_decoder.feed(ByteView(bytes).subspan(sizeof out.opened));
    while (auto record_down = x_decoder.next().value()) {
      if (!std::holds_alternative<wire::StationHello>(*record_down)) out.records.push_back(std::move(*record_down));
    }
    return out;
  }

 private:
  static void live(World& world, std::size_t victim, int in, int out) {
    Host& host = world.host(victim);
    host.after_station = nullptr;
    host.on_up = nullptr;
    host.station.reseed(0x7417);  // a copied process draws from the kernel's generator, not from a copy of it
    auto& core = host.station.core();
    Bytes hello = wire::encode(wire::DownRecord(wire::StationHello{}));
    wire::PortDecoder<wire::UpRecord> decoder;
    decoder.feed(wire::encode(wire::UpRecord(wire::CarrierHello{})));
    (void)decoder.next();
    for (;;) {
      const Bytes request = get(in);
      if (request.empty()) return;
      decoder.feed(request);
      const auto record = decoder.next().value();
      (void)core.on_record(*record, host.utc(world.now()));
      core.on_durable(host.station.disk().tick(), host.utc(world.now()));
      const std::uint64_t opened = core.line("Line", host.utc(world.now()))->status->opened_rounds;
      Bytes answer(sizeof opened);
      std::copy_n(reinterpret_cast<const std::uint8_t*>(&opened), sizeof opened, answer.begin());
      answer.insert(answer.end(), hello.begin(), hello.end());
      hello.clear();
      for (const auto& down : core.take_down()) {
        const Bytes bytes = wire::encode(down);
        answer.insert(answer.end(), bytes.begin(), bytes.end());
      }
      put(out, answer);
    }
  }
  static void put(int fd, const Bytes& bytes) {
    const auto size = static_cast<std::uint32_t>(bytes.size());
    if (::write(fd, &size, sizeof size) != sizeof size || ::write(fd, bytes.data(), size) != std::ssize(bytes)) {
      std::abort();
    }
  }
  static Bytes get(int fd) {
    std::uint32_t size = 0;
    if (::read(fd, &size, sizeof size) != sizeof size) return {};
    Bytes out(size);
    for (std::size_t have = 0; have < size;) {
      const auto got = ::read(fd, out.data() + have, size - have);
      if (got <= 0) return {};
      have += static_cast<std::size_t>(got);
    }
    return out;
  }

  ::pid_t x_child = 0;
  int x_to = -1;
  int x_from = -1;
  wire::PortDecoder<wire::DownRecord> x_decoder;
};

}  // namespace sw::test
