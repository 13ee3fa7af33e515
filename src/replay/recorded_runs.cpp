#include "replay/recorded_runs.h"

#include <utility>

#include "replay/decoded.h"
#include "replay/recorded_config.h"

namespace rm {
namespace {

Result<bool> all_told(Result<void> told) {
  if (!told) return std::unexpected{told.error()};
  return true;
}

}  // namespace

Result<bool> RecordedRuns::take(const JournalRecord& record) {
  if (record.type == RecordType::RunBegins) return all_told(begin_run(record));
  if (record.type == RecordType::LoginTurn) return all_told(take_turn(record));
  if (begun_ && !begin_login({.program_begins = true, .login = 0, .name = {}})) return unreadable(record);
  if (program_ && record.type == RecordType::Contract) return all_told(learn_contract(record));
  return false;
}

Result<void> RecordedRuns::begin_run(const JournalRecord& record) {
  ContractTable unused;
  auto begins = decoded<RunBegins>(record, unused);
  if (!begins) return std::unexpected{begins.error()};
  begun_ = std::move(*begins);
  return {};
}

Result<void> RecordedRuns::take_turn(const JournalRecord& record) {
  ContractTable unused;
  const auto of = decoded<LoginTurn>(record, unused);
  if (!of) return std::unexpected{of.error()};
  if (begun_) {
    if (!begin_login(*of)) return unreadable(record);
    return {};
  }
  turn_ = program_ ? program_->find(of->login) : nullptr;
  return {};
}

// A login that comes up later finds its program, unless the beginning of that is not in the journal any more. False:
// it has begun already.
bool RecordedRuns::begin_login(const LoginTurn& login) {
  if (login.program_begins || !program_) {
    if (other_ && program_) {
      for (const auto& [number, gone] : program_->logins()) {
        if (gone.started()) carried_.keep(gone.book(), gone.engine(), program_->contracts());
      }
    }
    program_ = std::make_shared<ReplayedProgram>(listener_);
  }
  const auto begun = program_->begin(login, std::exchange(begun_, std::nullopt)->version);
  turn_ = &begun.login;
  return begun.fresh;
}

Result<void> RecordedRuns::learn_contract(const JournalRecord& record) {
  const auto known = decoded<ContractKnown>(record, program_->contracts());
  if (!known || !program_->learn(*known)) return unreadable(record);
  return {};
}

Result<bool> RecordedRuns::start(const JournalRecord& record) {
  auto start = decoded<RunStart>(record, program_->contracts());
  if (!start || turn_->started()) return unreadable(record);
  start->computer_time = within_calendars(start->computer_time);
  auto config = config_of(start->yaml, start->computer_time);
  if (!config) return std::unexpected{config.error()};
  auto calendar = calendar_around(start->computer_time, config->trading_day);
  if (!calendar) return std::unexpected{calendar.error()};
  carried_.put_into(*start, program_->contracts());
  const bool first = program_->start(*turn_, std::move(*start), std::move(*config), std::move(*calendar));
  if (first) ++started_;
  return first;
}

Result<void> RecordedRuns::change_rules(const JournalRecord& record) {
  const auto change = decoded<RulesChanged>(record, program_->contracts());
  if (!change) return std::unexpected{change.error()};
  if (other_) return {};  // it holds all along
  auto config = config_of(change->yaml, within_calendars(change->computer_time));
  if (!config) return std::unexpected{config.error()};
  if (!turn_->change_rules(std::move(*config), change->accounts)) return unreadable(record);
  return {};
}

Result<Config> RecordedRuns::config_of(const std::vector<std::string>& yaml, BrokerTime computer_time) const {
  if (other_) return *other_;
  return recorded_config(yaml, computer_time, turn_->run().version);
}

bool RecordedRuns::can_judge(RecordType type) const {
  if (started_ == 0) return false;
  switch (type) {
    case RecordType::Event:
    case RecordType::Quotes:
    case RecordType::RulesChanged:
    case RecordType::Decision:
      return turn_ && turn_->started();
    default:
      return true;
  }
}

// The logins that are replayed number their decisions behind those of one that is not.
void RecordedRuns::pass_over(const JournalRecord& record) {
  if (!program_ || record.type != RecordType::Decision) return;
  if (const auto decision = decoded<Decision>(record, program_->contracts())) program_->number_behind(decision->id);
}

}  // namespace rm
