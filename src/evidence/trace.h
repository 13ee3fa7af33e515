#pragma once
// Why? Of an event or an enforcement in a journal: how everything stood, what each rule said, what was decided, asked
// of the broker and answered. The journal is run through the engine again up to that instant; nothing is written, and
// a daemon may go on with it meanwhile.

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "evidence/follower.h"
#include "evidence/stand.h"

namespace rm {

struct TraceTarget {
  enum class Kind : std::uint8_t { Enforcement, Event, Record } kind{};
  std::uint64_t number = 0;
};
// "3" or "enforcement:3"; "event:404", of the newest run that has it, and of the login that had it last;
// "record:162", of the journal. Error Malformed.
[[nodiscard]] Result<TraceTarget> parse_target(std::string_view text);

struct Trace {
  Moment moment;
  std::vector<Enforced> enforced;  // what was decided on it
  std::vector<std::string> notes;  // what has to be known of the journal
  std::string doubt;               // nothing vouches for the journal, and why: one sentence; empty: it was verified
};
// Errors (one sentence): not there, changed, cut off, not readable, not to be replayed, no such thing in it.
[[nodiscard]] Result<Trace> trace(const std::filesystem::path& journal, const TraceTarget& target);

struct Why {
  std::optional<BrokerTime> asked;    // empty: the end of the journal
  Moment moment;                      // how it stood then
  std::optional<Enforced> enforced;   // the latest decision until then
  std::optional<Moment> at_decision;  // how it stood at that decision
  // Where the latest decision had nothing to close or cancel: the latest one that had.
  std::optional<Enforced> acted;
  std::optional<Moment> at_acted;
  std::vector<std::string> notes;
  std::string doubt;
};
// Errors as above; also: no such account, nothing until then.
[[nodiscard]] Result<Why> why(const std::filesystem::path& journal, std::optional<AccountId> account,
                              std::optional<BrokerTime> at);

}  // namespace rm
