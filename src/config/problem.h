#pragma once
// What is wrong with a configuration. Every problem is told at once, each with its place, the key, what was found and
// what is allowed. A problem never shows a value of a key that may hold a secret.

#include <string>
#include <string_view>
#include <vector>

namespace rm {

struct Problem {
  std::string source = {};  // the file as it was named, or "environment variable RISK_MANAGER__…"
  int line = 0;    // counts from 1; 0: the problem has no line (the file cannot be read, or the source is a variable)
  int column = 0;  // counts from 1; 0: unknown
  std::string key = {};      // "rules.daily_loss.max_loss"; empty: the file as a whole
  std::string message = {};  // "found 'ten', allowed an amount of money below 0, like -1000.00"

  // "config/risk.yaml:3:24: rules.daily_loss.max_loss: found 'ten', allowed …": one line, no line end.
  [[nodiscard]] std::string text() const;
  friend bool operator==(const Problem&, const Problem&) = default;
};

using Problems = std::vector<Problem>;

// `text` fit for a terminal and a log line: control characters as \xNN, at most `limit` bytes followed by "…".
[[nodiscard]] std::string printable(std::string_view text, std::size_t limit = 60);

}  // namespace rm
