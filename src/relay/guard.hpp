#pragma once
namespace sw::relay {

/// Keys and orders must not reach a disk through a core dump or swap, nor another process through ptrace. False: this
/// user may not lock memory.
[[nodiscard]] bool guard_memory();

/// What batches and set-ups took goes back to the system with them, whichever thread made it.
void keep_little_memory();

}  // namespace sw::relay
