// needs: faces
// stillwire.toml: it gives a configuration that can be used, or a sentence that can be shown.
#include "desk/text.hpp"
#include "faces/cli/config.hpp"
#include "fuzz/fuzz.hpp"
#include "wire/endpoint.hpp"

namespace sw::fuzz {

void run(ByteView data) {
  const auto config = faces::parse_config(as_text(data));
  if (config) {
    SW_ASSERT(wire::parse_endpoint(config->listen).has_value());
    return;
  }
  const std::string& what = config.error().what;
  SW_ASSERT(config.error().code == Errc::usage && what.starts_with("stillwire.toml, line "));
  SW_ASSERT(desk::visible(what, desk::Lines::single) == what);
}

std::vector<Bytes> seeds() {
  std::vector<Bytes> out;
  for (const char* text : {"[carrier]\nlisten = \"0.0.0.0:7144\"\n", "[carier]\nlistne = 1\n", " [ carrier ] # x\r\n",
                           "carrier = true\n", "a.b = \"\\u00e9\"\n", "# \xd8\xae\n[carrier]\nlisten=-1.5"}) {
    out.push_back(to_bytes(as_bytes(text)));
  }
  return out;
}

}  // namespace sw::fuzz
