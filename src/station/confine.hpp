#pragma once
// The station gives up the network for good: after confine() its socket() makes only AF_UNIX. Protocol 2.1.
#include "base/result.hpp"

namespace sw::station {

/// Core dumps and ptrace off, no new privileges, and a seccomp filter: socket() and socketpair() only for AF_UNIX, no
/// io_uring, no exec, no ptrace, memory or descriptors of other processes, no bpf, perf, keyring, mount or module
/// calls. Sockets opened before stay usable, so a loopback listener is opened by the launcher first. Errc::unsupported
/// where the kernel refuses the filter: the station does not run without it.
[[nodiscard]] Result<void> confine();

}  // namespace sw::station
