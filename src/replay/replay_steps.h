#pragma once
// Record by record, what the journal tells becomes a step: the event to book and engine of the login whose turn it
// is, and beside it what was decided then, and what was over.

#include <cstdint>
#include <optional>

#include "replay/heard.h"
#include "replay/journal_reader.h"
#include "replay/open_decisions.h"
#include "replay/quotes_of_record.h"
#include "replay/recorded_runs.h"
#include "replay/replay.h"
#include "replay/shown_login.h"

namespace rm {

class ReplaySteps {
 public:
  ReplaySteps(JournalReader reader, std::optional<Config> other);
  ReplaySteps(const ReplaySteps&) = delete;
  ReplaySteps& operator=(const ReplaySteps&) = delete;

  // As Replay::step().
  [[nodiscard]] Result<const ReplayStep*> next();

  [[nodiscard]] ShownLogin& shown() { return shown_; }
  [[nodiscard]] std::uint64_t events() const { return events_; }
  [[nodiscard]] std::uint64_t runs() const { return runs_.started(); }
  [[nodiscard]] const Replay::Before& before() const { return before_; }

 private:
  // True: it makes a step.
  Result<bool> take(const JournalRecord& record);
  Result<bool> take_step(const JournalRecord& record);
  Result<void> take_start(const JournalRecord& record);
  Result<void> take_event(const JournalRecord& record);
  Result<void> take_rules(const JournalRecord& record);
  Result<void> take_decision(const JournalRecord& record);
  Result<void> take_receipt(const JournalRecord& record);
  void pass_over(const JournalRecord& record);
  const ReplayStep* feed(const RiskEvent& event);
  void show(ReplayedLogin& login);
  [[nodiscard]] std::unexpected<Error> nothing_to_replay() const;

  JournalReader reader_;
  Heard heard_;
  std::optional<OpenDecisions> open_;  // with another configuration
  RecordedRuns runs_;
  QuotesOfRecord quotes_;
  ReplayStep current_;
  // What it points to.
  RiskEvent event_;
  std::optional<Decision> recorded_;
  std::optional<Receipt> receipt_;
  ShownLogin shown_;
  std::uint64_t events_ = 0;
  Replay::Before before_;
  bool older_events_ = false;  // among those before
};

}  // namespace rm
