#pragma once
// A day of a trader who does anything at all, on a desk with random rules, under a witness's eyes. Plain numbers, so
// that a failing day is shortened and shown; the same numbers make the same day.

#include <array>
#include <memory>
#include <vector>

#include "support/witness.h"

namespace rm::test {

struct RandomDay {
  std::vector<int> rules;                 // numbers from 0: see random_rules()
  std::vector<int> world;                 // marks, costs, time of day, delays
  std::vector<std::array<int, 4>> steps;  // what, where, and two figures
};

class LivedDay {
 public:
  explicit LivedDay(const RandomDay& day);
  RandomRules rules;
  DeskOptions options;
  std::unique_ptr<Desk> desk;
  std::unique_ptr<Witness> witness;
  [[nodiscard]] std::string text() const;  // of what happened

 private:
  void act(const std::array<int, 4>& step);
  void trade(int kind, ContractId contract, int a, int b);
  void order(ContractId contract, int a, int b);
  void bracket(ContractId contract, int a, int b);
  void fill_part(int a, int b);
  void quote(ContractId contract, int a, int b);
  void cancel(int a);
  void repeat(int a, int b);
  void stream(int a);
  void wait(int a, int b);
  [[nodiscard]] std::string price(ContractId contract, int ticks) const;

  bool up_ = true;
  int long_waits_ = 0;
  std::vector<std::string> did_;
};

}  // namespace rm::test
