// Memory that is given back is overwritten first. Secrets wipe themselves (crypto/secret.hpp); the texts of people, and
// cards on their way through JSON and HTTP, lie in ordinary strings, and a locked station must not hold them any more.
// Every container of the standard library and of Boost says the size of what it gives back.
#include <cstddef>
#include <cstring>
#include <new>

#if !defined(__clang__)
// The unsized forms stay the library's own: what allocated must free.
#pragma GCC diagnostic ignored "-Wsized-deallocation"
#endif

// NOLINTBEGIN(cert-dcl54-cpp): what allocates stays the library's, for the same reason.
void operator delete(void* memory, std::size_t size) noexcept {
  if (memory != nullptr) ::explicit_bzero(memory, size);
  ::operator delete(memory);
}

void operator delete[](void* memory, std::size_t size) noexcept {
  if (memory != nullptr) ::explicit_bzero(memory, size);
  ::operator delete[](memory);
}
// NOLINTEND(cert-dcl54-cpp)
