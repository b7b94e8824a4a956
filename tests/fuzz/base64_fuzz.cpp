// needs: crypto
// base64url without padding: one text for one byte string, both ways.
#include "crypto/base64.hpp"
#include "fuzz/fuzz.hpp"

namespace sw::fuzz {

void run(ByteView data) {
  if (const auto bytes = crypto::from_base64url(as_text(data))) {
    SW_ASSERT(same(crypto::to_base64url(bytes->view()).view(), data));
  }
  const auto text = crypto::to_base64url(data);
  const auto back = crypto::from_base64url(as_text(text.view()));
  SW_ASSERT(back && same(back->view(), data));
}

std::vector<Bytes> seeds() {
  return {{}, to_bytes(as_bytes("QUJD-_A")), to_bytes(as_bytes("AA==")), Bytes(70, 0xff)};
}

}  // namespace sw::fuzz
