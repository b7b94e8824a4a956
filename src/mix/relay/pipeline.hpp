#pragma once
// The epochs that a relay holds, oldest first: the one before, the one that runs, those that are made. A round number
// never comes back, an epoch never runs again, and every key is gone when its time is over. Protocol 8.7.
#include <map>

#include "mix/relay/epoch_part.hpp"

namespace sw::mix::relay {

class Pipeline {
 public:
  explicit Pipeline(const VenueTerms& terms) : x_terms(terms) {}

  [[nodiscard]] EpochPart* find(Epoch epoch);
  /// False when the relay holds as many as it may.
  [[nodiscard]] bool add(EpochPart part);
  bool drop(Epoch epoch);
  /// What no descriptor was made of: there is one making at a time.
  void drop_unmade();
  /// Of those made before `epoch`, the ones that would begin with it or after it. "published ones before it are void"
  std::vector<Epoch> drop_void(Epoch epoch);
  /// Everything. What was lost cannot run.
  std::vector<Epoch> drop_all();

  /// A round of `epoch` came: those before it are kept five rounds for their returns.
  void begin(Epoch epoch, UtcMs now);
  [[nodiscard]] std::optional<Epoch> running() const { return x_running; }
  /// Is it one that this relay had, and that is over?
  [[nodiscard]] bool over(Epoch epoch) const { return x_over && epoch <= *x_over; }

  /// Forgets what is over.
  void sweep(UtcMs now);
  [[nodiscard]] std::optional<UtcMs> next_sweep() const;

  [[nodiscard]] const std::map<Epoch, EpochPart>& parts() const { return x_parts; }
  [[nodiscard]] std::map<Epoch, EpochPart>& parts() { return x_parts; }

 private:
  [[nodiscard]] UtcMs ends(const EpochPart& part) const;
  void erased(Epoch epoch);
  const VenueTerms& x_terms;
  std::map<Epoch, EpochPart> x_parts;
  std::map<Epoch, UtcMs> x_ends;  ///< earlier than its longest overtime, since a later one began
  std::optional<Epoch> x_running;
  std::optional<Epoch> x_over;
};

}  // namespace sw::mix::relay
