#include "bearer/address.hpp"

#include <netinet/in.h>

#include <cerrno>
#include <cstring>

namespace sw::bearer {

Address address_of(const wire::Endpoint& endpoint, bool v4) {
  Address out;
  if (v4) {
    sockaddr_in in{};
    in.sin_family = AF_INET;
    in.sin_port = htons(endpoint.port);
    std::memcpy(&in.sin_addr, endpoint.ip.data() + 12, 4);
    std::memcpy(&out.storage, &in, sizeof in);
    out.size = sizeof in;
  } else {
    sockaddr_in6 in{};
    in.sin6_family = AF_INET6;
    in.sin6_port = htons(endpoint.port);
    std::memcpy(&in.sin6_addr, endpoint.ip.data(), 16);
    std::memcpy(&out.storage, &in, sizeof in);
    out.size = sizeof in;
  }
  return out;
}

wire::Endpoint endpoint_of(const sockaddr_storage& storage) {
  wire::Endpoint out;
  if (storage.ss_family == AF_INET) {
    sockaddr_in in{};
    std::memcpy(&in, &storage, sizeof in);
    out.ip[10] = out.ip[11] = 0xff;
    std::memcpy(out.ip.data() + 12, &in.sin_addr, 4);
    out.port = ntohs(in.sin_port);
  } else {
    sockaddr_in6 in{};
    std::memcpy(&in, &storage, sizeof in);
    std::memcpy(out.ip.data(), &in.sin6_addr, 16);
    out.port = ntohs(in.sin6_port);
  }
  return out;
}

Error bind_error(const wire::Endpoint& listen, int error) {
  const std::string where = wire::to_text(listen);
  if (error == EADDRINUSE) {
    return {Errc::conflict, where + " is taken by another program; stop it or choose another port with --listen"};
  }
  if (error == EADDRNOTAVAIL) {
    return {Errc::io, where + " is no address of this machine; choose another with --listen"};
  }
  return {Errc::io, "cannot listen on " + where + ": " + std::strerror(error)};
}

}  // namespace sw::bearer
