#include "config/load.h"

#include <fmt/format.h>

#include <filesystem>

#include "config/file.h"
#include "config/overrides.h"
#include "config/sections.h"
#include "config/yaml_text.h"

namespace rm {

namespace {

void refuse_misplaced_rules(Section& root, std::span<const RuleSpec> registry, Report& report) {
  for (const RuleSpec& spec : registry) {
    if (const Node* node = root.take(spec.name))
      report.add(node->place, spec.name, "unknown key here, it belongs under 'rules:'");
  }
}

// With `logins`, each has what stands at the top of a file with one login.
void refuse_both_forms(Section& top, const ReadContext& context) {
  for (const std::string_view key : {"gateway", "firm", "credentials_file", "accounts"}) {
    const Node* node = top.take(key);
    if (node != nullptr && !node->is_null())
      context.report.add(node->place, key, "found beside logins, allowed only inside of each login");
  }
}

Config read_config(const Node& root, std::span<const RuleSpec> registry, const ReadContext& context) {
  Config config;
  Section top{&root, "", context.report};
  config.gateway = read_gateway(top.take("gateway"), top.take("firm"), context);
  config.trading_day = read_trading_day(top.take("trading_day"), context);
  config.valuation = read_valuation(top.take("valuation"), context);
  config.on_blind = read_on_blind(top.take("on_blind"), context);
  config.log = read_log(top.take("log"), context);
  config.journal = read_journal(top.take("journal"), context);
  config.notify = read_notify(top.take("notify"), context);
  Rules rules = read_rules(top.take("rules"), "rules", nullptr, registry, context);
  config.rules = std::move(rules.list);
  Accounts accounts = read_accounts(top.take("accounts"), config.rules, registry, context);
  config.all_accounts = accounts.all;
  config.accounts = std::move(accounts.list);
  if (const Node* list = top.take("logins")) {
    refuse_both_forms(top, context);
    Logins logins = read_logins(*list, config.rules, registry, context);
    config.logins = std::move(logins.list);
    accounts.any_rule_section = accounts.any_rule_section || logins.any_rule_section;
  }
  refuse_misplaced_rules(top, registry, context.report);
  const RuleConfig plain = read_table(top, "", context);
  config.credentials_file = read_path(top, "credentials_file", plain, context);
  if (!rules.any_section && !accounts.any_rule_section && context.report.empty())
    context.report.add(root.place, "rules", "found no rule, allowed at least one: without a rule nothing is guarded");
  return config;
}

// The first thing that makes a file something else than text, if any.
std::optional<Problem> not_text(std::string_view text) {
  int line = 1;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte == '\n') ++line;
    if ((byte < 0x20 && byte != '\n' && byte != '\r' && byte != '\t') || byte == 0x7F)
      return Problem{.source = {},
                     .line = line,
                     .column = 0,
                     .key = {},
                     .message = fmt::format("found the control character \\x{:02x}, allowed text", byte)};
  }
  if (!is_utf8(text))
    return Problem{
        .source = {}, .line = 0, .column = 0, .key = {}, .message = "found bytes that are not UTF-8, allowed text"};
  return std::nullopt;
}

std::unexpected<Problems> refuse(Problem problem, const std::string& file_name) {
  problem.source = file_name;
  return std::unexpected{Problems{std::move(problem)}};
}

}  // namespace

BrokerTime computer_time() {
  return BrokerTime::from_nanos(
      std::chrono::duration_cast<Duration>(std::chrono::system_clock::now().time_since_epoch()).count());
}

std::expected<Config, Problems> load_config_text(std::string_view text, const std::string& file_name,
                                                 Environment environment, std::span<const RuleSpec> registry,
                                                 BrokerTime today) {
  const std::string shown_name = printable(file_name, 300);
  if (text.size() > kMaxConfigBytes)
    return refuse({.message = fmt::format("it is larger than the allowed {} KiB", kMaxConfigBytes / 1024)},
                  shown_name);
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);  // a byte order mark, as some editors write it
  if (auto problem = not_text(text)) return refuse(*std::move(problem), shown_name);
  auto root = parse_yaml(text);
  if (!root) return refuse(root.error(), shown_name);

  Report report{shown_name};
  report_duplicates(*root, "", report);
  if (root->is_map() || root->is_null()) apply_overrides(*root, environment, report);
  std::error_code ignored;  // without a current folder, relative paths stay relative
  const std::string folder = std::filesystem::absolute(file_name, ignored).parent_path().string();
  std::vector<std::string> warnings;
  Config config =
      read_config(*root, registry, {.report = report, .folder = folder, .today = today, .warnings = warnings});
  config.warnings = std::move(warnings);
  if (!report.empty()) return std::unexpected{report.take()};
  return config;
}

std::expected<Config, Problems> load_config(const std::string& path, Environment environment,
                                            std::span<const RuleSpec> registry, BrokerTime today) {
  const auto file = read_small_file(path, kMaxConfigBytes);
  if (!file) return refuse({.message = file.error()}, printable(path, 300));
  return load_config_text(file->text, path, environment, registry, today);
}

}  // namespace rm
