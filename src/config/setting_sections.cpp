#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "config/param_value.h"
#include "config/scalars.h"
#include "config/sections.h"
#include "config/settings.h"
#include "config/trading_day_table.h"
#include "config/yaml_text.h"

namespace rm {
namespace {

const Param& param_of(const RuleConfig& values, std::string_view name) {
  return *std::ranges::find(values.params, name, &Param::name);
}

}  // namespace

RuleConfig read_table(Section& section, std::string_view table, const ReadContext& context) {
  const auto params = settings_params(table);
  auto values = read_values(section, params, nullptr, true, context.report);
  section.finish();
  return {.rule = table, .enabled = true, .params = params, .values = std::move(values)};
}

std::string text_of(const RuleConfig& values, std::string_view name) {
  return values.has(name) ? values.get<std::string>(name) : std::string{};
}

std::string read_path(Section& section, std::string_view key, const RuleConfig& values, const ReadContext& context) {
  const std::string path = text_of(values, key);
  if (path.empty()) return {};
  if (path.starts_with('~')) {
    // A default never starts with '~': the value was written somewhere.
    if (const Node* node = section.take(key))
      context.report.wrong(*node, section.path_of(key), allowed_text(param_of(values, key)));
    return path;
  }
  return (std::filesystem::path{context.folder} / path).lexically_normal().string();
}

namespace {

// The place of a choice in its list is its value as an enumeration; the lists are in settings.cpp.
template <class Enum>
Enum choice_of(const RuleConfig& values, std::string_view name) {
  const auto& chosen = values.get<std::string>(name);
  const std::string_view choices = param_of(values, name).choices;
  const std::string_view before = choices.substr(0, choices.find(chosen));
  return static_cast<Enum>(std::ranges::count(before, '|'));
}

}  // namespace

TradingDayConfig read_trading_day(const Node* node, const ReadContext& context) {
  Section section{node, "trading_day", context.report};
  const RuleConfig values = read_table(section, "trading_day", context);
  TradingDayConfig config{.reset = {}, .timezone = values.get<std::string>("timezone")};
  if (const auto reset = scan_time_of_day(values.get<std::string>("reset"))) {
    config.reset = *reset;
  } else if (const Node* found = section.take("reset")) {
    context.report.wrong(*found, section.path_of("reset"), allowed_text(param_of(values, "reset")));
  }
  if (const auto zone = check_timezone(config.timezone); !zone) {
    const Node* found = section.take("timezone");
    context.report.add(found != nullptr ? found->place : section.place(), section.path_of("timezone"),
                       zone.error().message);
  }
  return config;
}

ValuationConfig read_valuation(const Node* node, const ReadContext& context) {
  Section section{node, "valuation", context.report};
  const RuleConfig values = read_table(section, "valuation", context);
  return {.mark = choice_of<ValuationConfig::Mark>(values, "mark"),
          .stale_after = values.get<Duration>("stale_after")};
}

BlindConfig read_on_blind(const Node* node, const ReadContext& context) {
  Section section{node, "on_blind", context.report};
  const RuleConfig values = read_table(section, "on_blind", context);
  return {.action = choice_of<BlindConfig::Action>(values, "action"), .after = values.get<Duration>("after")};
}

LogConfig read_log(const Node* node, const ReadContext& context) {
  Section section{node, "log", context.report};
  const RuleConfig values = read_table(section, "log", context);
  return {.dir = read_path(section, "dir", values, context),
          .level = choice_of<LogConfig::Level>(values, "level"),
          .rotate_mb = values.get<std::int64_t>("rotate_mb"),
          .keep = values.get<std::int64_t>("keep"),
          .format = choice_of<LogConfig::Format>(values, "format")};
}

JournalConfig read_journal(const Node* node, const ReadContext& context) {
  Section section{node, "journal", context.report};
  return {.keep_mb = read_table(section, "journal", context).get<std::int64_t>("keep_mb")};
}

NotifyConfig read_notify(const Node* node, const ReadContext& context) {
  NotifyConfig config;
  Section section{node, "notify", context.report};
  const Node* command = section.take("command");
  section.finish();
  if (command == nullptr) return config;
  const std::string path = section.path_of("command");
  constexpr std::string_view kAllowed =
      "a list of a program and its arguments, like [/usr/bin/notify-send, Risk manager]";
  if (!command->is_list()) context.report.wrong(*command, path, kAllowed);
  for (std::size_t i = 0; i < command->items.size(); ++i) {
    const Node& item = command->items[i];
    const bool usable = item.is_scalar() && is_plain_text(item.text) && (i > 0 || !item.text.empty());
    if (!usable)
      context.report.wrong(item, fmt::format("{}[{}]", path, i), i == 0 ? "a program" : "a text of one line");
    config.command.push_back(item.text);
  }
  return config;
}

}  // namespace rm
