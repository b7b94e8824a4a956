// needs: station
// The filter in a child process: only AF_UNIX sockets, no io_uring, no exec; what was open before still works.
#include "station/confine.hpp"

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <functional>

#include "base/bytes.hpp"

namespace sw::station {
namespace {

/// Runs `probe` in a child under the filter; its value is the exit code.
int confined(const std::function<int()>& probe) {
  const pid_t child = ::fork();
  if (child == 0) {
    if (!confine()) ::_exit(99);
    ::_exit(probe());
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 100 + WTERMSIG(status);
}

int socket_errno(int family, int type) {
  return ::socket(family, type, 0) >= 0 ? 0 : errno;
}

TEST(Confine, OnlyUnixSockets) {
  EXPECT_EQ(confined([] { return socket_errno(AF_UNIX, SOCK_STREAM); }), 0);
  EXPECT_EQ(confined([] { return socket_errno(AF_INET, SOCK_STREAM); }), EACCES);
  EXPECT_EQ(confined([] { return socket_errno(AF_INET, SOCK_DGRAM); }), EACCES);
  EXPECT_EQ(confined([] { return socket_errno(AF_INET6, SOCK_STREAM); }), EACCES);
  EXPECT_EQ(confined([] { return socket_errno(AF_NETLINK, SOCK_RAW); }), EACCES);
  EXPECT_EQ(confined([] { return socket_errno(AF_PACKET, SOCK_RAW); }), EACCES);
}

TEST(Confine, NoIoUringNoExecAndNothingOfAnotherProcess) {
  EXPECT_EQ(confined([] {
              ByteArray<256> params{};
              return ::syscall(SYS_io_uring_setup, 4, params.data()) >= 0 ? 0 : errno;
            }),
            EPERM);
  EXPECT_EQ(confined([] { return ::syscall(SYS_pidfd_getfd, -1, 0, 0) >= 0 ? 0 : errno; }), EPERM);
  EXPECT_EQ(confined([] { return ::syscall(SYS_process_vm_readv, ::getppid(), 0, 0, 0, 0, 0) >= 0 ? 0 : errno; }),
            EPERM);
  EXPECT_EQ(confined([] {
              char name[] = "/bin/true";
              char* const args[] = {name, nullptr};
              char* const none[] = {nullptr};
              ::execve(name, args, none);
              return errno;
            }),
            EPERM);
}

TEST(Confine, ASocketOpenedBeforeStaysUsable) {
  const int listener = ::socket(AF_INET, SOCK_STREAM, 0);
  ASSERT_GE(listener, 0);
  EXPECT_EQ(confined([listener] {
              sockaddr_in address{};
              address.sin_family = AF_INET;
              address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
              const bool bound = ::bind(listener, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
              return bound && ::listen(listener, 1) == 0 ? 0 : errno;
            }),
            0);
  ::close(listener);
}

}  // namespace
}  // namespace sw::station
