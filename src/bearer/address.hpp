#pragma once
// Endpoints as the system's sockets take them: of either family.
#include <sys/socket.h>

#include "wire/endpoint.hpp"

namespace sw::bearer {

struct Address {
  sockaddr_storage storage{};
  socklen_t size{};
  [[nodiscard]] const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage); }
};

/// `v4`: as an IPv4 address; the endpoint must be one.
[[nodiscard]] Address address_of(const wire::Endpoint& endpoint, bool v4);
[[nodiscard]] wire::Endpoint endpoint_of(const sockaddr_storage& storage);
/// What errno after a bind means to a user.
[[nodiscard]] Error bind_error(const wire::Endpoint& listen, int error);

}  // namespace sw::bearer
