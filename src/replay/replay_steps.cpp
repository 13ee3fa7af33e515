#include "replay/replay_steps.h"

#include <utility>

#include "replay/decoded.h"

namespace rm {
namespace {

Result<bool> outcome(Result<void> result, bool makes_a_step) {
  if (!result) return std::unexpected{result.error()};
  return makes_a_step;
}

}  // namespace

ReplaySteps::ReplaySteps(JournalReader reader, std::optional<Config> other)
    : reader_{std::move(reader)},
      open_{other ? std::optional<OpenDecisions>{std::in_place} : std::nullopt},
      runs_{std::move(other), heard_} {}

Result<const ReplayStep*> ReplaySteps::next() {
  heard_.forget();
  shown_.look_away();
  while (true) {
    if (const RiskEvent* quote = quotes_.next()) return feed(*quote);
    const auto next = reader_.next();
    if (!next) return std::unexpected{next.error()};
    if (*next == nullptr) break;
    const JournalRecord& record = **next;
    if (before_.first == 0) before_.first = record.sequence;
    current_ = ReplayStep{};
    current_.record = record;
    const auto made = take(record);
    if (!made) return std::unexpected{made.error()};
    if (*made) return &current_;
  }
  if (runs_.started() > 0) return nullptr;
  return nothing_to_replay();
}

Result<bool> ReplaySteps::take(const JournalRecord& record) {
  if (record.version > version_of(record.type)) return written_by_a_newer_version(record);
  const auto told = runs_.take(record);
  if (!told) return told;
  if (*told) return false;
  if (runs_.turn() && record.type == RecordType::RunStart) return outcome(take_start(record), true);
  if (!runs_.can_judge(record.type)) {
    pass_over(record);
    return false;
  }
  if (!runs_.program()->running()) return false;
  return take_step(record);
}

Result<void> ReplaySteps::take_start(const JournalRecord& record) {
  const auto program_started = runs_.start(record);
  if (!program_started) return std::unexpected{program_started.error()};
  if (open_) {
    if (*program_started) open_->clear();
    for (const ResumedEnforcement& resumed : runs_.turn()->run().resumed) open_->on_resumed(resumed.id);
  }
  current_.kind = ReplayStep::Kind::RunStarted;
  current_.program_started = *program_started;
  show(*runs_.turn());
  return {};
}

void ReplaySteps::pass_over(const JournalRecord& record) {
  ++before_.records;
  older_events_ |= record.type == RecordType::Event && record.version < version_of(record.type);
  runs_.pass_over(record);
}

Result<bool> ReplaySteps::take_step(const JournalRecord& record) {
  switch (record.type) {
    case RecordType::Event:
      return outcome(take_event(record), true);
    case RecordType::Quotes:  // each makes a step of its own
      return outcome(quotes_.take(record, *runs_.program()), false);
    case RecordType::RulesChanged:
      return outcome(take_rules(record), true);
    case RecordType::Decision:
      return outcome(take_decision(record), true);
    case RecordType::Receipt:
      return outcome(take_receipt(record), true);
    default:
      current_.kind = ReplayStep::Kind::Other;
      return true;
  }
}

Result<void> ReplaySteps::take_event(const JournalRecord& record) {
  auto event = decoded_event(record, runs_.program()->contracts());
  if (!event) return std::unexpected{event.error()};
  event_ = std::move(*event);
  feed(event_);
  return {};
}

const ReplayStep* ReplaySteps::feed(const RiskEvent& event) {
  ReplayedLogin& login = *runs_.turn();
  ++events_;
  show(login);
  current_.kind = ReplayStep::Kind::Event;
  current_.event = &event;
  login.see(event);
  current_.replayed = heard_.decisions();
  if (open_) {
    if (is_critical(event.body)) open_->finish_reached(login.book(), login.engine());
    open_->on_replayed(heard_.decisions());
  }
  return &current_;
}

Result<void> ReplaySteps::take_rules(const JournalRecord& record) {
  current_.kind = ReplayStep::Kind::RulesChanged;
  show(*runs_.turn());
  return runs_.change_rules(record);
}

Result<void> ReplaySteps::take_decision(const JournalRecord& record) {
  auto decision = decoded<Decision>(record, runs_.program()->contracts());
  if (!decision) return std::unexpected{decision.error()};
  recorded_ = std::move(*decision);
  show(*runs_.turn());
  current_.kind = ReplayStep::Kind::Decision;
  current_.recorded = &*recorded_;
  if (open_) open_->on_recorded(*recorded_);
  return {};
}

// An enforcement can be over in the turn of another login: no event of its own has to come before.
Result<void> ReplaySteps::take_receipt(const JournalRecord& record) {
  ReplayedProgram& program = *runs_.program();
  auto over = decoded<Receipt>(record, program.contracts());
  if (!over) return std::unexpected{over.error()};
  receipt_ = std::move(*over);
  current_.kind = ReplayStep::Kind::Receipt;
  current_.receipt = &*receipt_;
  ReplayedLogin* of = program.with(receipt_->account);
  if (!of) return {};
  show(*of);
  const auto id = open_ ? open_->on_receipt(receipt_->enforcement) : std::optional{receipt_->enforcement};
  if (id) of->engine().on_finished(receipt_->account, *id);
  return {};
}

void ReplaySteps::show(ReplayedLogin& login) {
  shown_.show(runs_.program(), login);
  current_.login = login.name();
}

std::unexpected<Error> ReplaySteps::nothing_to_replay() const {
  return fail(ErrorCode::Refused,
              older_events_
                  ? "the journal cannot be replayed: it was recorded by an older version, which did not record "
                    "prices, rules and the passing of time"
                  : "the journal cannot be replayed: no start of the daemon is in it, its beginning has been "
                    "removed (journal.keep_mb says how much is kept)");
}

}  // namespace rm
