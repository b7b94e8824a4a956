#include "relay/metrics.hpp"

#include <cstdio>
#include <string_view>

namespace sw::relay {

std::string to_text(const Metrics& m) {
  std::string out;
  const auto add = [&](std::string_view name, std::string_view type, std::string_view help, std::uint64_t value) {
    const std::string full = "stillwire_relay_" + std::string(name);
    out += "# HELP " + full + " " + std::string(help) + "\n# TYPE " + full + " " + std::string(type) + "\n" + full +
           " " + std::to_string(value) + "\n";
  };
  add("epochs_signed_total", "counter", "Epochs that this relay signed since it started.", m.epochs_signed);
  add("rounds_carried_total", "counter", "Rounds whose batch went back.", m.rounds_carried);
  add("batches_refused_total", "counter", "Batches early, late, repeated or of another count.", m.batches_refused);
  add("batches_lost_total", "counter", "Batches that a neighbour was too slow to take.", m.batches_lost);
  add("epochs_halted_total", "counter", "Epochs that were signed and not carried.", m.epochs_halted);
  add("epoch", "gauge", "The epoch that runs; 0: none.", m.running);
  if (m.counts) {
    const auto [circuits, pairs] = *m.counts;
    add("circuits", "gauge", "Circuits of that epoch, cover among them.", circuits);
    add("pairs", "gauge", "Pairs of circuits that meet here, cover pairs among them.", pairs);
    add("loops", "gauge", "Circuits that meet no other.", circuits - 2 * pairs);
  }
  add("neighbours", "gauge", "Neighbouring relays of the venue.", m.neighbours);
  add("neighbours_up", "gauge", "Neighbouring relays that are connected.", m.neighbours_up);
  return out;
}

void replace_metrics(const std::filesystem::path& path, const std::string& text) {
  std::filesystem::path temporary = path;
  temporary += ".new";
  std::FILE* const file = std::fopen(temporary.c_str(), "we");
  if (file == nullptr) return;
  const bool written = std::fwrite(text.data(), 1, text.size(), file) == text.size();
  if (std::fclose(file) == 0 && written) (void)std::rename(temporary.c_str(), path.c_str());
}

}  // namespace sw::relay
