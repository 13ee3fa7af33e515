#include "evidence/trace.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <set>

#include "evidence/vouching.h"
#include "store/journal_files.h"

namespace rm {
namespace {

namespace fs = std::filesystem;

struct Wanted {
  std::optional<TraceTarget> target;
  std::optional<AccountId> account;
  std::optional<BrokerTime> until;
  std::uint64_t index = 0;  // of an event, counted from 1: the moment that is wanted; 0: the last one
};

// Once through a journal. A decision is recorded right behind the event it followed from: book and engine stand
// behind that event still, and the moment is taken then.
class Walk {
 public:
  explicit Walk(const Wanted& wanted) : wanted_{wanted} {}

  Result<void> go(const fs::path& journal) {
    auto replay = Replay::open(journal);
    if (!replay) return std::unexpected{replay.error()};
    while (true) {
      const auto next = (*replay)->step();
      if (!next) return std::unexpected{next.error()};
      if (*next == nullptr) break;
      take(**replay, **next);
    }
    // A login that did not come up in the newest run is not there at the end.
    const bool there = !wanted_.account || (index > 0 && (*replay)->look_at(*wanted_.account));
    if (wanted_.index == 0 && !wanted_.target && !wanted_.until && index > 0 && there)
      moment = moment_of(**replay, last_of_wanted_, wanted_.account);
    return {};
  }

  std::optional<Moment> moment;       // that is wanted
  std::optional<Moment> at_decision;  // of the decision that is followed
  Follower follower;
  std::optional<Moment> at_acted;  // of the latest decision that had something to close or cancel
  Follower acted;
  std::uint64_t index = 0, latest = 0;  // of events; the last one until the time that is wanted
  std::uint64_t first_record = 0, last_record = 0;
  [[nodiscard]] std::uint64_t last_event() const { return last_.event.sequence; }
  BrokerTime begin, end;
  std::set<AccountId> accounts;
  std::optional<EnforcementId> lowest, highest;

 private:
  void take(Replay& replay, const ReplayStep& step) {
    if (first_record == 0) first_record = step.record.sequence;
    last_record = step.record.sequence;
    if (step.kind == ReplayStep::Kind::RunStarted) {
      for (const WatchedAccount& watched : replay.run().accounts) accounts.insert(watched.account);
    } else if (step.kind == ReplayStep::Kind::Event) {
      on_event(replay, step);
    } else {
      if (step.kind == ReplayStep::Kind::Decision) on_decision(replay, step);
      follower.take(step, replay.contracts());
      acted.take(step, replay.contracts());
    }
  }

  void on_event(Replay& replay, const ReplayStep& step) {
    ++index;
    last_.record = step.record.sequence;
    last_.event = *step.event;
    last_.decided.assign(step.replayed.begin(), step.replayed.end());
    if (begin == BrokerTime{}) begin = step.event->at;
    end = std::max(end, step.event->at);
    if (wanted_.until && step.event->at > *wanted_.until && !passed(step)) passed_.emplace(step.login);
    const auto of_event = account_of(step.event->body);
    // An account does not see the prices and the time of another login.
    const bool seen = !wanted_.account || replay.engine().find(*wanted_.account) != nullptr;
    if (seen) last_of_wanted_ = last_;
    if (seen && !passed(step) && (!wanted_.account || !of_event || *of_event == *wanted_.account)) latest = index;
    on_target_ = is_target(step);
    if (on_target_) follower.start_again();
    if (on_target_) moment = moment_of(replay, last_, of_event);
    if (wanted_.index == index) moment = moment_of(replay, last_, wanted_.account);
  }

  [[nodiscard]] bool is_target(const ReplayStep& step) const {
    if (!wanted_.target) return false;
    const TraceTarget& target = *wanted_.target;
    return (target.kind == TraceTarget::Kind::Event && step.event->sequence == target.number) ||
           (target.kind == TraceTarget::Kind::Record && step.record.sequence == target.number);
  }

  [[nodiscard]] bool passed(const ReplayStep& step) const { return passed_.contains(step.login); }

  void on_decision(Replay& replay, const ReplayStep& step) {
    const Decision& d = *step.recorded;
    lowest = std::min(lowest.value_or(d.id), d.id);
    highest = std::max(highest.value_or(d.id), d.id);
    if (!wanted_.target) {  // the latest one until then
      if (passed(step) || (wanted_.account && d.account != *wanted_.account)) return;
      follower.start_again();
      follower.follow(d);
      at_decision = moment_of(replay, last_, d.account);
      if (d.goal.empty()) return;
      acted.start_again();
      acted.follow(d);
      at_acted = at_decision;
    } else if (on_target_) {
      follower.follow(d);
    } else if (wanted_.target->kind == TraceTarget::Kind::Enforcement && d.id.value() == wanted_.target->number) {
      follower.start_again();
      follower.follow(d);
      moment = moment_of(replay, last_, d.account);
    }
  }

  const Wanted& wanted_;
  LastEvent last_;
  LastEvent last_of_wanted_;                   // of the login with the account that is wanted
  std::set<std::string, std::less<>> passed_;  // logins: each broker has a time of its own
  bool on_target_ = false;
};

// A record that is there is something else, or stands before the first start of the daemon that can be replayed.
std::string no_event_in(const fs::path& journal, std::uint64_t number, const Walk& walk) {
  std::uint64_t first = 0, last = 0;
  std::optional<RecordType> type;
  const auto read = read_journal(journal, 0, [&](const JournalRecord& record) {
    if (first == 0) first = record.sequence;
    last = record.sequence;
    if (record.sequence == number) type = record.type;
  });
  if (!read || !type)
    return fmt::format("event in record {}: it has the records {} to {}, events and others", number, first, last);
  if (*type != RecordType::Event && *type != RecordType::Quotes)
    return fmt::format("event in record {}: it is a record of another kind ({})", number, name_of(*type));
  return fmt::format(
      "event in record {} that can be traced: what can be begins with record {}, a start of the daemon", number,
      walk.first_record);
}

std::unexpected<Error> not_there(const fs::path& journal, const TraceTarget& target, const Walk& walk) {
  const std::string there_is_no = fmt::format("in the journal of {} there is no ", journal.string());
  if (target.kind == TraceTarget::Kind::Enforcement) {
    return fail(ErrorCode::NotFound,
                fmt::format("{}enforcement {}: {}", there_is_no, target.number,
                            walk.lowest ? fmt::format("it has the enforcements {} to {}", walk.lowest->value(),
                                                      walk.highest->value())
                                        : "it has none at all"));
  }
  if (target.kind == TraceTarget::Kind::Event) {
    return fail(ErrorCode::NotFound, fmt::format("{}event {}: the last one of its newest run is {} (prices of what "
                                                 "nobody holds are not kept)",
                                                 there_is_no, target.number, walk.last_event()));
  }
  return fail(ErrorCode::NotFound, there_is_no + no_event_in(journal, target.number, walk));
}

}  // namespace

Result<TraceTarget> parse_target(std::string_view text) {
  TraceTarget target;
  std::string_view digits = text;
  if (const auto colon = text.find(':'); colon != std::string_view::npos) {
    const auto kind = text.substr(0, colon);
    digits = text.substr(colon + 1);
    if (kind == "event") target.kind = TraceTarget::Kind::Event;
    if (kind == "record") target.kind = TraceTarget::Kind::Record;
    if (kind != "event" && kind != "record" && kind != "enforcement") digits = {};
  }
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), target.number);
  if (digits.empty() || error != std::errc{} || end != digits.data() + digits.size()) {
    return fail(
        ErrorCode::Malformed,
        fmt::format("found '{}', allowed is the number of an enforcement (3), of an event (event:404) or of a "
                    "record of the journal (record:162)",
                    text));
  }
  return target;
}

Result<Trace> trace(const fs::path& journal, const TraceTarget& target) {
  auto vouching = vouching_for(journal, "explains nothing");
  if (!vouching) return std::unexpected{vouching.error()};
  const Wanted wanted{.target = target, .account = {}, .until = {}};
  Walk walk{wanted};
  if (const auto gone = walk.go(place_of(journal).journal); !gone) return std::unexpected{gone.error()};
  if (!walk.moment) return not_there(journal, target, walk);
  return Trace{std::move(*walk.moment), std::move(walk.follower.enforced()), std::move(vouching->notes),
               std::move(vouching->doubt)};
}

Result<Why> why(const fs::path& journal, std::optional<AccountId> account, std::optional<BrokerTime> at) {
  auto vouching = vouching_for(journal, "explains nothing");
  if (!vouching) return std::unexpected{vouching.error()};
  Wanted wanted{.target = {}, .account = account, .until = at};
  Walk walk{wanted};
  const fs::path files = place_of(journal).journal;
  if (const auto gone = walk.go(files); !gone) return std::unexpected{gone.error()};
  if (account && !walk.accounts.contains(*account)) {
    std::vector<std::int64_t> known;
    known.reserve(walk.accounts.size());
    for (const AccountId id : walk.accounts) known.push_back(id.value());
    return fail(ErrorCode::UnknownAccount, fmt::format("account {} is not in the journal of {}: it has {}",
                                                       account->value(), journal.string(), fmt::join(known, ", ")));
  }
  if (walk.latest == 0) {
    return fail(ErrorCode::NotFound, fmt::format("the journal of {} has nothing until {}: it goes from {} to {}",
                                                 journal.string(), at ? format_timestamp(*at) : "its end",
                                                 format_timestamp(walk.begin), format_timestamp(walk.end)));
  }
  if (!walk.moment) {  // which event was the last one until then shows only behind it
    wanted.index = walk.latest;
    Walk again{wanted};
    if (const auto gone = again.go(files); !gone) return std::unexpected{gone.error()};
    walk.moment = std::move(again.moment);
  }
  Why why;
  why.asked = at;
  why.moment = std::move(walk.moment.value());
  why.at_decision = std::move(walk.at_decision);
  why.notes = std::move(vouching->notes);
  why.doubt = std::move(vouching->doubt);
  if (at && *at > walk.end)
    why.notes.push_back(
        fmt::format("the journal ends at {}, before the time that was asked for: it is answered for its end",
                    format_timestamp(walk.end)));
  if (!walk.follower.enforced().empty()) why.enforced = std::move(walk.follower.enforced().front());
  auto& acted = walk.acted.enforced();
  if (!acted.empty() && acted.front().id != why.enforced->id) {
    why.acted = std::move(acted.front());
    why.at_acted = std::move(walk.at_acted);
  }
  return why;
}

}  // namespace rm
