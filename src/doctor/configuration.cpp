#include "doctor/configuration.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <set>
#include <sstream>

#include "config/credentials.h"
#include "config/holiday_calendar.h"
#include "config/load.h"
#include "config/session_tables.h"
#include "domain/counted.h"

namespace rm {
namespace {

// The rules of `start --paper` without a file.
constexpr std::string_view kDemoConfig =
    "rules: {daily_loss: {enabled: true, max_loss: -1000.0}, max_contracts: {enabled: true, max_contracts: 5}}\n";

std::vector<std::string_view> enabled_rules(const Config& config) {
  std::set<std::string_view> names;
  const auto take = [&](const std::vector<RuleConfig>& rules) {
    for (const RuleConfig& rule : rules) {
      if (rule.enabled) names.insert(rule.rule);
    }
  };
  take(config.rules);
  for (const AccountConfig& account : config.accounts) take(account.rules);
  return {names.begin(), names.end()};
}

std::string texts(const Problems& problems) {
  std::string all;
  for (const Problem& problem : problems) all += (all.empty() ? "" : "; ") + problem.text();
  return all;
}

// The calendars that enabled rules name, and the program's own, which says when prices are to be expected.
std::set<std::string> calendars_of(const Config& config) {
  std::set<std::string> names{"cme"};
  const auto take = [&](const std::vector<RuleConfig>& rules) {
    for (const RuleConfig& rule : rules) {
      for (std::size_t i = 0; rule.enabled && i < rule.params.size(); ++i) {
        const auto* name = std::get_if<std::string>(&rule.values[i]);
        if (rule.params[i].kind == ParamKind::HolidayFile && name != nullptr && *name != "none") names.insert(*name);
      }
    }
  };
  take(config.rules);
  for (const AccountConfig& account : config.accounts) take(account.rules);
  return names;
}

bool can_be_run(const std::string& program) {
  if (program.find('/') != std::string::npos) return ::access(program.c_str(), X_OK) == 0;
  const char* path = std::getenv("PATH");
  std::istringstream folders{path != nullptr ? path : "/bin:/usr/bin"};
  for (std::string folder; std::getline(folders, folder, ':');) {
    if (::access((std::filesystem::path{folder} / program).c_str(), X_OK) == 0) return true;
  }
  return false;
}

}  // namespace

std::optional<Config> examine_configuration(const std::string& file, bool paper, Environment environment,
                                            Examination& examination) {
  constexpr std::string_view kName = "configuration";
  if (file.empty() && !paper) {
    examination.fail(kName, "no configuration was named, and no daemon answers that could tell its own",
                     "doctor --config FILE, or --paper to look without a broker");
    return std::nullopt;
  }
  auto config = file.empty() ? load_config_text(kDemoConfig, "demo", environment, rule_registry())
                             : load_config(file, environment, rule_registry());
  const std::string shown = file.empty() ? "the rules of the demo" : printable(file, 300);
  if (!config) {
    examination.fail(kName, texts(config.error()), "correct what is listed; docs/configuration.md has every key");
    return std::nullopt;
  }
  const auto rules = enabled_rules(*config);
  if (rules.empty()) {
    examination.warn(kName, shown + ": valid, but no rule is enabled: nothing is guarded", "enable a rule");
  } else if (!config->warnings.empty()) {
    examination.warn(kName, fmt::format("{}: {}", shown, fmt::join(config->warnings, "; ")), "see the sentence");
  } else {
    examination.ok(kName, fmt::format("{}: valid, {} enabled: {}", shown, counted(rules.size(), "rule"),
                                      fmt::join(rules, ", ")));
  }
  return std::move(*config);
}

void examine_credentials(const Login& login, bool paper, Environment environment, Examination& examination) {
  if (paper) return examination.ok("credentials", "those of the paper gateway");
  const auto found = load_credentials(environment, login.config.credentials_file, login.name);
  if (!found) {
    return examination.fail("credentials", found.error().message,
                            "the sentence says it; a file has the lines 'username: …' and 'api_key: …' and mode 600");
  }
  const std::string suffix = login.name.empty() ? "" : "_" + variable_suffix(login.name);
  const std::string user = "PROJECT_X_USERNAME" + suffix;
  examination.ok("credentials",
                 find_variable(environment, user)
                     ? fmt::format("from {} and PROJECT_X_API_KEY{}", user, suffix)
                     : fmt::format("from {}, which only its owner can read", login.config.credentials_file));
}

void examine_calendars(const Config& config, Examination& examination) {
  std::vector<std::string> seen;
  bool ends = false;
  for (const std::string& name : calendars_of(config)) {
    const auto calendar = load_calendar(name);
    if (!calendar) {
      return examination.fail("calendar", fmt::format("the calendar '{}' cannot be used: {}", name, calendar.error()),
                              "correct the file");
    }
    const int left = calendar->days_left(computer_time());
    ends = ends || left <= kWarnDaysBeforeCalendarEnds;
    seen.push_back(left < 0 ? fmt::format("the calendar '{}' ended on {}", name, date_text(calendar->last))
                            : fmt::format("the calendar '{}' runs out in {} days, on {}", name, left,
                                          date_text(calendar->last)));
  }
  const std::string text = fmt::format("{}", fmt::join(seen, "; "));
  if (ends) return examination.warn("calendar", text, "update the program, or the calendar file you named");
  examination.ok("calendar", text);
}

void examine_notify_command(const NotifyConfig& notify, Examination& examination) {
  if (notify.command.empty()) return;
  const std::string program = printable(notify.command.front(), 300);
  if (can_be_run(notify.command.front())) {
    return examination.ok("notify_command", program + " can be run (it was not)");
  }
  examination.fail("notify_command", program + " is not there or cannot be run: nobody would be called",
                   "correct notify.command, or chmod +x the program");
}

}  // namespace rm
