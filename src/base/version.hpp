#pragma once
// The product's version; CMakeLists.txt says the same one (tests/unit/cli_test.cpp).
#include <string_view>

namespace sw {
inline constexpr std::string_view kVersion = "0.1.0";
}
