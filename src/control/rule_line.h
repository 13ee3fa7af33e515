#pragma once
// How a rule stands, for a person. The rules say it in figures and words for status and scripts, and most of them
// read well as "value of limit"; those that do not have a sentence here.

#include <cstdint>
#include <string>

#include "risk_engine/account_guard.h"

namespace rm {

// The way from `value` to `limit`, where both begin with a number.
[[nodiscard]] std::string margin_text(const std::string& value, const std::string& limit, std::int64_t used_percent);

// "-70.679999997" as "-70.68", and what follows as it is. A broker's average price leads to such figures; what is no
// money stays.
[[nodiscard]] std::string in_cents(const std::string& text);

// Empty: "value of limit" says it.
[[nodiscard]] std::string stand_words(const GuardedRule& rule, const RuleStatus& status, const AccountBook& book);

}  // namespace rm
