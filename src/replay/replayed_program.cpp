#include "replay/replayed_program.h"

#include <utility>

namespace rm {

ReplayedProgram::Begun ReplayedProgram::begin(const LoginTurn& login, std::string version) {
  const auto [place, fresh] = logins_.try_emplace(login.login, contracts_, ids_, listener_);
  place->second.begin(login.name, std::move(version));
  return {place->second, fresh};
}

bool ReplayedProgram::learn(const ContractKnown& contract) {
  if (contract.number > by_number_.size()) return false;
  const ContractId id = contract.name.empty()
                            ? contracts_.intern(contract.broker_id)
                            : contracts_.learn(contract.broker_id, contract.name, contract.tick_size_nanos,
                                               contract.tick_value, contract.active);
  if (contract.number == by_number_.size()) by_number_.push_back(id);
  by_number_[contract.number] = id;
  return true;
}

// With another configuration the logins before it may have had more decisions than were recorded.
bool ReplayedProgram::start(ReplayedLogin& login, RunStart start, Config config, TradingCalendar calendar) {
  if (!running_ || ids_.next() < start.next_enforcement) ids_ = EnforcementIds{start.next_enforcement};
  login.start(std::move(start), std::move(config), std::move(calendar));
  return !std::exchange(running_, true);
}

void ReplayedProgram::number_behind(EnforcementId taken) {
  if (ids_.next() <= taken) ids_ = EnforcementIds{EnforcementId{taken.value() + 1}};
}

ReplayedLogin* ReplayedProgram::find(std::uint32_t login) {
  const auto found = logins_.find(login);
  return found == logins_.end() ? nullptr : &found->second;
}

ReplayedLogin* ReplayedProgram::with(AccountId account) {
  for (auto& [number, login] : logins_) {
    if (login.started() && login.book().find(account)) return &login;
  }
  return nullptr;
}

}  // namespace rm
