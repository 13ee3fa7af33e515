#pragma once
// One random day at the desk, drawn from a seed: rules, trades, prices, faults, kills. At its end all faults are
// cleared and the judge looks.

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "chaos/drawn_rules.h"
#include "chaos/guarded_world.h"

namespace rm::test {

class Story {
 public:
  Story(std::uint64_t seed, Surroundings& surroundings, Reconciler::Pace pace = {});

  // What the judge complains of; nothing: all is well.
  [[nodiscard]] std::vector<std::string> run();
  [[nodiscard]] std::string told() const;  // rules, what happened, what was sent
  [[nodiscard]] GuardedWorld& world() { return world_; }
  [[nodiscard]] int kills() const { return kills_; }
  [[nodiscard]] int locks() const;
  [[nodiscard]] int faults() const { return faults_; }

 private:
  void step();
  void trade();
  void rest_an_order();
  void bracket();
  void take_back();
  void move_price(int most_ticks);
  void spoil_requests();
  void spoil_stream();
  void trouble();
  void void_a_trade();
  void kill_and_start();
  void clear_faults();
  void note_locks();
  void note_results();
  [[nodiscard]] std::vector<std::string> locked_without_a_loss() const;
  [[nodiscard]] std::vector<std::string> cut_too_much() const;
  void say(std::string text);
  [[nodiscard]] AccountId someone() { return dice_.one_of(accounts_); }
  [[nodiscard]] BrokerTime day_begin() const;
  [[nodiscard]] BrokerSide at_broker(AccountId account);
  [[nodiscard]] OurSide at_ours(AccountId account) const;

  Dice dice_;
  DrawnRules rules_;
  std::vector<AccountId> accounts_;
  GuardedWorld world_;
  std::vector<Price> prices_;        // of world_.traded
  std::vector<bool> locked_before_;  // on this trading day
  BrokerTime day_of_locks_;
  std::vector<Nanos> worst_;  // result of the day, as the broker knows it
  bool tells_all_;            // every fill and price is told, and in time: what else goes wrong is on the way out
  std::vector<std::string> said_;
  std::size_t requests_said_ = 0;
  int kills_ = 0, faults_ = 0;
};

}  // namespace rm::test
