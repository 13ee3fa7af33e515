#pragma once
// The runs of the program as the journal tells them: which run is on, which of its logins has its turn, and the rules
// that it goes by. A login whose beginning is not in the journal any more is not replayed.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "replay/carried_over.h"
#include "replay/replayed_program.h"
#include "store/record.h"

namespace rm {

class RecordedRuns {
 public:
  // `other` stands in place of every recorded configuration. The listener must outlive this.
  RecordedRuns(std::optional<Config> other, EngineListener& listener)
      : other_{std::move(other)}, listener_{listener} {}

  // Each record first. True: it only told of which run, login or contract the next ones speak.
  [[nodiscard]] Result<bool> take(const JournalRecord& record);
  // The login whose turn it is starts. True: and with it the program.
  [[nodiscard]] Result<bool> start(const JournalRecord& record);
  [[nodiscard]] Result<void> change_rules(const JournalRecord& record);
  // Whether a record of this type, now, can be judged; if not, it is passed over.
  [[nodiscard]] bool can_judge(RecordType type) const;
  void pass_over(const JournalRecord& record);

  [[nodiscard]] std::uint64_t started() const { return started_; }  // of the program
  // Null: none has begun.
  [[nodiscard]] const std::shared_ptr<ReplayedProgram>& program() const { return program_; }
  // Whose turn it is; null: its beginning is not in the journal.
  [[nodiscard]] ReplayedLogin* turn() const { return turn_; }

 private:
  Result<void> begin_run(const JournalRecord& record);
  Result<void> take_turn(const JournalRecord& record);
  [[nodiscard]] bool begin_login(const LoginTurn& login);
  Result<void> learn_contract(const JournalRecord& record);
  [[nodiscard]] Result<Config> config_of(const std::vector<std::string>& yaml, BrokerTime computer_time) const;

  std::optional<Config> other_;
  EngineListener& listener_;
  CarriedOver carried_;             // with the other configuration, from the runs before
  std::optional<RunBegins> begun_;  // the next record says of which login
  std::shared_ptr<ReplayedProgram> program_;
  ReplayedLogin* turn_ = nullptr;
  std::uint64_t started_ = 0;
};

}  // namespace rm
