#include "evidence/trace.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <set>

#include "store/chain_verify.h"
#include "store/codec.h"

namespace rm {
namespace {

namespace fs = std::filesystem;

struct Place {  // of an event, in the order of the journal
  std::uint64_t index = 0, record = 0, event = 0, run = 0;
  BrokerTime at;
};

struct Decided {
  EnforcementId id;
  AccountId account;
  BrokerTime at;
  std::uint64_t index = 0;  // of its event
};

// What there is in a journal, in one run through it.
struct Contents {
  std::vector<Decided> decisions;
  std::optional<Place> event;   // the one that is looked for
  std::optional<Place> latest;  // the last one until the time that is asked for
  std::uint64_t first_record = 0, last_record = 0, last_event = 0;
  BrokerTime begin, end;
  std::set<AccountId> accounts;
};

struct Wanted {
  std::optional<TraceTarget> target;
  std::optional<BrokerTime> until;
  std::optional<AccountId> account;
};

bool concerns(const ReplayStep& step, std::optional<AccountId> account) {
  const auto of_event = account_of(step.event->body);
  return !account || !of_event || *of_event == *account;
}

bool is_target(const ReplayStep& step, const TraceTarget& target) {
  return (target.kind == TraceTarget::Kind::Event && step.event->sequence == target.number) ||
         (target.kind == TraceTarget::Kind::Record && step.record.sequence == target.number);
}

// A decision is recorded behind the event it followed from.
Result<Contents> look_through(const fs::path& journal, const Wanted& wanted) {
  auto replay = Replay::open(journal);
  if (!replay) return std::unexpected{replay.error()};
  Contents found;
  Place place;
  bool until_passed = false;
  while (true) {
    const auto next = (*replay)->step();
    if (!next) return std::unexpected{next.error()};
    if (*next == nullptr) break;
    const ReplayStep& step = **next;
    if (found.first_record == 0) found.first_record = step.record.sequence;
    found.last_record = step.record.sequence;
    if (step.kind == ReplayStep::Kind::RunStarted) {
      for (const WatchedAccount& watched : (*replay)->run().accounts) found.accounts.insert(watched.account);
    } else if (step.kind == ReplayStep::Kind::Event) {
      place = {place.index + 1, step.record.sequence, step.event->sequence, (*replay)->runs(), step.event->at};
      if (found.begin == BrokerTime{}) found.begin = place.at;
      found.end = std::max(found.end, place.at);
      found.last_event = place.event;
      if (wanted.target && is_target(step, *wanted.target)) found.event = place;
      until_passed |= wanted.until && place.at > *wanted.until;
      if (!until_passed && concerns(step, wanted.account)) found.latest = place;
    } else if (step.kind == ReplayStep::Kind::Decision) {
      const Decision& d = *step.recorded;
      found.decisions.push_back({d.id, d.account, d.at, place.index});
    }
  }
  return found;
}

// What the journal tells of some enforcements, from their events on.
class Follower {
 public:
  Follower(const std::vector<Decided>& decisions, std::uint64_t index) {
    for (const Decided& d : decisions)
      if (d.index == index) enforced_.push_back({d.id, d.account, d.at, {}, {}});
  }

  void take(const ReplayStep& step, ContractTable& contracts) {
    if (enforced_.empty()) return;
    const JournalRecord& record = step.record;
    if (record.type == RecordType::Decision || record.type == RecordType::Receipt) {
      keep(record, contracts);
    } else if (record.type == RecordType::Request) {
      if (const auto request = decode<layout::RequestRecord>(record.payload, contracts, {})) {
        if (Enforced* of = find(request->enforcement)) {
          asked_[request->request.id] = request->enforcement;
          of->records.push_back(words_of(record, contracts));
        }
      }
    } else if (record.type == RecordType::Reply) {
      const auto reply = decode<BrokerReply>(record.payload, contracts, {});
      const auto asked = reply ? asked_.find(reply->id) : asked_.end();
      if (asked == asked_.end()) return;
      if (Enforced* of = find(asked->second)) of->records.push_back(words_of(record, contracts));
      asked_.erase(asked);
    } else if (record.type == RecordType::LockEnded) {
      keep(record, contracts);
    }
  }

  [[nodiscard]] std::vector<Enforced> enforced() && { return std::move(enforced_); }

 private:
  void keep(const JournalRecord& record, ContractTable& contracts) {
    RecordWords words = words_of(record, contracts);
    Enforced* of = words.enforcement ? find(*words.enforcement) : nullptr;
    if (of == nullptr) return;
    if (record.type == RecordType::Receipt) of->verified_at = words.at.value_or(of->at);
    of->records.push_back(std::move(words));
  }
  Enforced* find(EnforcementId id) {
    const auto found = std::ranges::find(enforced_, id, &Enforced::id);
    return found == enforced_.end() ? nullptr : &*found;
  }

  std::vector<Enforced> enforced_;
  std::map<RequestId, EnforcementId> asked_;
};

struct Look {  // at an event
  std::uint64_t index = 0;
  std::optional<AccountId> account;
  std::optional<Moment> moment;
};

// The moments at some events, and what came of the decisions on the event `follow`.
Result<std::vector<Enforced>> look_at(const fs::path& journal, std::span<Look> looks,
                                      const std::vector<Decided>& decisions, std::uint64_t follow) {
  auto replay = Replay::open(journal);
  if (!replay) return std::unexpected{replay.error()};
  Follower follower{decisions, follow};
  std::uint64_t index = 0;
  while (true) {
    const auto next = (*replay)->step();
    if (!next) return std::unexpected{next.error()};
    if (*next == nullptr) break;
    if ((*next)->kind == ReplayStep::Kind::Event) {
      ++index;
      for (Look& look : looks)
        if (look.index == index) look.moment = moment_of(**replay, **next, look.account);
    } else if (index >= follow) {
      follower.take(**next, (*replay)->contracts());
    }
  }
  return std::move(follower).enforced();
}

// What is explained has to be what was written.
Result<std::vector<std::string>> check(const fs::path& journal) {
  const auto verified = verify_journal(journal, {});
  // A folder without a journal and the like: the replay has the better words for it.
  if (!verified) return std::vector<std::string>{};
  if (verified->never_chained)
    return std::vector<std::string>{"the journal has no chain of hashes: whether it was changed cannot be told"};
  if (!verified->intact()) {
    return fail(ErrorCode::Malformed,
                fmt::format("the journal in {} is NOT what was written, and explains nothing: {}", journal.string(),
                            verified->problem));
  }
  return std::vector<std::string>{};
}

std::string enforcements_in(const Contents& contents) {
  if (contents.decisions.empty()) return "no enforcement at all";
  const auto [low, high] = std::ranges::minmax(contents.decisions, {}, &Decided::id);
  return fmt::format("the enforcements {} to {}", low.id.value(), high.id.value());
}

std::unexpected<Error> not_there(const fs::path& journal, const TraceTarget& target, const Contents& contents) {
  switch (target.kind) {
    case TraceTarget::Kind::Enforcement:
      return fail(ErrorCode::NotFound, fmt::format("there is no enforcement {} in the journal of {}: it has {}",
                                                   target.number, journal.string(), enforcements_in(contents)));
    case TraceTarget::Kind::Event:
      return fail(
          ErrorCode::NotFound,
          fmt::format("there is no event {} in the journal of {}: the last one of its newest run is {} (prices "
                      "of what nobody holds are not kept)",
                      target.number, journal.string(), contents.last_event));
    case TraceTarget::Kind::Record:
      break;
  }
  return fail(ErrorCode::NotFound,
              fmt::format("there is no event in record {} of the journal of {}: it has the "
                          "records {} to {}, events and others",
                          target.number, journal.string(), contents.first_record, contents.last_record));
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
  auto notes = check(journal);
  if (!notes) return std::unexpected{notes.error()};
  const auto contents = look_through(journal, {target, {}, {}});
  if (!contents) return std::unexpected{contents.error()};
  std::uint64_t index = contents->event ? contents->event->index : 0;
  std::optional<AccountId> account;
  if (target.kind == TraceTarget::Kind::Enforcement) {
    const auto found = std::ranges::find(contents->decisions, EnforcementId{target.number}, &Decided::id);
    if (found != contents->decisions.end()) {
      index = found->index;
      account = found->account;
    }
  }
  if (index == 0) return not_there(journal, target, *contents);
  Look look{index, account, {}};
  auto enforced = look_at(journal, {&look, 1}, contents->decisions, index);
  if (!enforced) return std::unexpected{enforced.error()};
  if (!look.moment) return not_there(journal, target, *contents);
  if (account) std::erase_if(*enforced, [&](const Enforced& e) { return e.id != EnforcementId{target.number}; });
  return Trace{std::move(*look.moment), std::move(*enforced), std::move(*notes)};
}

Result<Why> why(const fs::path& journal, std::optional<AccountId> account, std::optional<BrokerTime> at) {
  auto notes = check(journal);
  if (!notes) return std::unexpected{notes.error()};
  const auto contents = look_through(journal, {{}, at, account});
  if (!contents) return std::unexpected{contents.error()};
  if (account && !contents->accounts.contains(*account)) {
    std::vector<std::int64_t> known;
    for (const AccountId id : contents->accounts) known.push_back(id.value());
    return fail(ErrorCode::UnknownAccount, fmt::format("account {} is not in the journal of {}: it has {}",
                                                       account->value(), journal.string(), fmt::join(known, ", ")));
  }
  if (!contents->latest) {
    return fail(ErrorCode::NotFound, fmt::format("the journal of {} has nothing until {}: it goes from {} to {}",
                                                 journal.string(), at ? format_timestamp(*at) : "its end",
                                                 format_timestamp(contents->begin), format_timestamp(contents->end)));
  }
  const Decided* last = nullptr;
  for (const Decided& d : contents->decisions)
    if (d.index <= contents->latest->index && (!account || d.account == *account)) last = &d;
  Look looks[2]{{contents->latest->index, account, {}}, {}};
  // A quote says nothing of its account, and one of another account nothing of this one.
  if (last != nullptr) looks[1] = {last->index, last->account, {}};
  auto enforced = look_at(journal, looks, contents->decisions, last != nullptr ? last->index : ~std::uint64_t{0});
  if (!enforced) return std::unexpected{enforced.error()};
  Why why;
  why.asked = at;
  why.moment = std::move(looks[0].moment.value());
  why.at_decision = std::move(looks[1].moment);
  why.notes = std::move(*notes);
  for (Enforced& e : *enforced)
    if (last != nullptr && e.id == last->id) why.enforced = std::move(e);
  return why;
}

}  // namespace rm
