#include <cstdio>

#include "crypto/rng.hpp"
#include "faces/codes.hpp"
#include "faces/run.hpp"

int main(int argc, char** argv) {
  if (argc < 1) return sw::faces::kExitUsage;
  if (!sw::crypto::start()) {
    (void)std::fputs("stillwire: this machine gives no randomness\n", stderr);
    return sw::faces::kExitSoftware;
  }
  return sw::faces::run(argc, argv);
}
