#pragma once
// One run of the program: its logins, and what they share as in the daemon, the contracts and the numbers of the
// enforcements. All of it is new with each of its starts.

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "replay/replayed_login.h"

namespace rm {

class ReplayedProgram {
 public:
  // Must outlive the program.
  explicit ReplayedProgram(EngineListener& listener) : listener_{listener} {}
  ReplayedProgram(const ReplayedProgram&) = delete;
  ReplayedProgram& operator=(const ReplayedProgram&) = delete;

  struct Begun {
    ReplayedLogin& login;
    bool fresh = false;  // else it had begun already
  };
  Begun begin(const LoginTurn& login, std::string version);
  // False: a number is left out before it.
  [[nodiscard]] bool learn(const ContractKnown& contract);
  // True: it is the first of its logins.
  bool start(ReplayedLogin& login, RunStart start, Config config, TradingCalendar calendar);
  // This number is taken, by a login that is not replayed.
  void number_behind(EnforcementId taken);

  [[nodiscard]] bool running() const { return running_; }  // one of them has started
  [[nodiscard]] const std::map<std::uint32_t, ReplayedLogin>& logins() const { return logins_; }
  // Null: there is none.
  [[nodiscard]] ReplayedLogin* find(std::uint32_t login);
  [[nodiscard]] ReplayedLogin* with(AccountId account);  // of those that have started
  [[nodiscard]] ContractTable& contracts() { return contracts_; }
  [[nodiscard]] std::span<const ContractId> contracts_by_number() const { return by_number_; }

 private:
  EngineListener& listener_;
  ContractTable contracts_;
  std::vector<ContractId> by_number_;
  EnforcementIds ids_{EnforcementId{1}};
  std::map<std::uint32_t, ReplayedLogin> logins_;
  bool running_ = false;
};

}  // namespace rm
