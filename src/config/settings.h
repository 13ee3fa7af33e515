#pragma once
// The sections that are not rules, as tables of the same kind: one reader, one reference page.

#include <span>
#include <string>
#include <string_view>

#include "rules/param.h"

namespace rm {

struct SettingsTable {
  std::string_view section;   // key at the top of the file; empty: the keys stand there themselves
  std::string_view sentence;  // what the section is about
  std::span<const Param> params;
};

// gateway, trading_day, valuation, log, journal and the plain keys at the top. `accounts` and `notify` hold lists and
// are read by hand.
[[nodiscard]] std::span<const SettingsTable> settings_tables();
[[nodiscard]] std::span<const Param> settings_params(std::string_view section);

// `enabled` of every rule.
[[nodiscard]] const Param& enabled_param();

}  // namespace rm
