#include "config/print.h"

#include <fmt/format.h>

#include <iterator>

#include "config/param_value.h"
#include "config/scalars.h"
#include "config/settings.h"
#include "config/yaml_text.h"

namespace rm {
namespace {

using Out = std::back_insert_iterator<std::string>;

std::string optional_text(const std::string& text) {
  return text.empty() ? "none" : yaml_scalar(text);
}

std::string_view name_of(ValuationConfig::Mark mark) {
  switch (mark) {
    case ValuationConfig::Mark::Last:
      return "last";
    case ValuationConfig::Mark::Mid:
      return "mid";
    case ValuationConfig::Mark::Exit:
      return "exit";
  }
  return "";
}

std::string_view name_of(BlindConfig::Action action) {
  return action == BlindConfig::Action::Flatten ? "flatten" : "warn";
}

std::string_view name_of(LogConfig::Level level) {
  switch (level) {
    case LogConfig::Level::Trace:
      return "trace";
    case LogConfig::Level::Debug:
      return "debug";
    case LogConfig::Level::Info:
      return "info";
    case LogConfig::Level::Warn:
      return "warn";
    case LogConfig::Level::Error:
      return "error";
  }
  return "";
}

std::string_view name_of(LogConfig::Format format) {
  switch (format) {
    case LogConfig::Format::Json:
      return "json";
    case LogConfig::Format::Text:
      return "text";
    case LogConfig::Format::Both:
      return "both";
  }
  return "";
}

void print_rules(Out out, const std::vector<RuleConfig>& rules, std::string_view indent) {
  for (const RuleConfig& rule : rules) {
    fmt::format_to(out, "{}{}:\n{}  {}: {}\n", indent, rule.rule, indent, enabled_param().name, rule.enabled);
    std::string_view group;
    for (std::size_t i = 0; i < rule.params.size(); ++i) {
      // A disabled rule may lack what it would need; there is no word for that but silence.
      if (rule.params[i].required && std::holds_alternative<std::monostate>(rule.values[i])) continue;
      const std::string_view name = rule.params[i].name;
      const auto dot = name.find('.');
      const std::string_view of = dot == std::string_view::npos ? std::string_view{} : name.substr(0, dot);
      if (!of.empty() && of != group) fmt::format_to(out, "{}  {}:\n", indent, of);
      group = of;
      fmt::format_to(out, "{}  {}{}: {}\n", indent, of.empty() ? "" : "  ", of.empty() ? name : name.substr(dot + 1),
                     value_yaml(rule.values[i]));
    }
  }
}

void print_accounts(Out out, bool all, const std::vector<AccountConfig>& accounts, std::string_view indent) {
  if (accounts.empty()) {
    fmt::format_to(out, "{}accounts: all\n", indent);
    return;
  }
  fmt::format_to(out, "{}accounts:\n", indent);
  if (all) fmt::format_to(out, "{}  - all\n", indent);
  for (const AccountConfig& account : accounts) {
    if (account.id) {
      fmt::format_to(out, "{}  - id: {}\n", indent, account.id->value());
    } else {
      fmt::format_to(out, "{}  - name: {}\n", indent, yaml_scalar(account.name));
    }
    if (!account.rules.empty()) fmt::format_to(out, "{}    rules:\n", indent);
    print_rules(out, account.rules, std::string{indent} + "      ");
  }
}

void print_gateway(Out out, const GatewayConfig& gateway, const std::string& credentials_file,
                   std::string_view indent) {
  fmt::format_to(out, "{0}gateway:\n{0}  api_url: {1}\n{0}  user_hub_url: {2}\n{0}  market_hub_url: {3}\n", indent,
                 yaml_scalar(gateway.api_url), yaml_scalar(gateway.user_hub_url),
                 yaml_scalar(gateway.market_hub_url));
  fmt::format_to(out,
                 "{0}  ca_file: {1}\n{0}  frozen_feed_after: {2}\n{0}  hub_timeout: {3}\n{0}credentials_file: {4}\n",
                 indent, optional_text(gateway.ca_file), duration_text(gateway.frozen_feed_after),
                 duration_text(gateway.hub_timeout), optional_text(credentials_file));
}

void print_logins(Out out, const std::vector<LoginConfig>& logins) {
  fmt::format_to(out, "logins:\n");
  for (const LoginConfig& login : logins) {
    fmt::format_to(out, "  - name: {}\n", yaml_scalar(login.name));
    print_gateway(out, login.gateway, login.credentials_file, "    ");
    print_accounts(out, login.all_accounts, login.accounts, "    ");
  }
}

void print_settings(Out out, const Config& config) {
  if (config.logins.empty()) print_gateway(out, config.gateway, config.credentials_file, "");
  fmt::format_to(out, "trading_day:\n  reset: \"{}\"\n  timezone: {}\n", time_of_day_text(config.trading_day.reset),
                 yaml_scalar(config.trading_day.timezone));
  fmt::format_to(out, "valuation:\n  mark: {}\n  stale_after: {}\n", name_of(config.valuation.mark),
                 duration_text(config.valuation.stale_after));
  fmt::format_to(out, "on_blind:\n  action: {}\n  after: {}\n", name_of(config.on_blind.action),
                 duration_text(config.on_blind.after));
  fmt::format_to(out, "log:\n  dir: {}\n  level: {}\n  rotate_mb: {}\n  keep: {}\n  format: {}\n",
                 optional_text(config.log.dir), name_of(config.log.level), config.log.rotate_mb, config.log.keep,
                 name_of(config.log.format));
  fmt::format_to(out, "journal:\n  keep_mb: {}\n", config.journal.keep_mb);
  fmt::format_to(out, "notify:\n  command: {}\n", yaml_list(config.notify.command));
}

}  // namespace

std::string to_yaml(const Config& config) {
  std::string text;
  const Out out{text};
  print_settings(out, config);
  fmt::format_to(out, "rules:\n");
  print_rules(out, config.rules, "  ");
  if (config.logins.empty()) {
    print_accounts(out, config.all_accounts, config.accounts, "");
  } else {
    print_logins(out, config.logins);
  }
  return text;
}

std::string to_yaml_to_share(Config config) {
  if (config.notify.command.size() > 1) config.notify.command.resize(1);
  return to_yaml(config);
}

}  // namespace rm
