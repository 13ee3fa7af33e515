#include "unit/config/table.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "rules/rule.h"

namespace rm::test {
namespace {

constexpr Param kAlpha[] = {
    {"flag", ParamKind::Bool, Bound::Any, "false", false, "", "A switch."},
    {"count", ParamKind::Int, Bound::AtLeastZero, "3", false, "", "A count."},
    {"above", ParamKind::Int, Bound::AboveZero, "", false, "", "An optional count."},
    {"signed", ParamKind::Int, Bound::Any, "", false, "", "Any whole number."},
    {"loss", ParamKind::Money, Bound::BelowZero, "-100", false, "", "A loss."},
    {"gain", ParamKind::Money, Bound::AboveZero, "", false, "", "A gain."},
    {"basis", ParamKind::Choice, Bound::Any, "total", false, "total|realized", "A choice."},
    {"warn_at", ParamKind::PercentList, Bound::Any, "[50, 75, 90]", false, "", "Percents."},
    {"grace", ParamKind::TimeSpan, Bound::AtLeastZero, "10s", false, "", "A duration."},
    {"note", ParamKind::Text, Bound::Any, "", false, "", "A text."},
    {"symbols", ParamKind::SymbolList, Bound::Any, "", false, "", "Symbols."},
    {"limits", ParamKind::SymbolLimits, Bound::AtLeastZero, "", false, "", "Limits."},
    {"weights", ParamKind::SymbolWeights, Bound::AboveZero, "{}", false, "", "Weights."},
    {"rest.short", ParamKind::Cooldown, Bound::AboveZero, "60s", false, "", "A cooldown."},
    {"rest.long", ParamKind::Cooldown, Bound::AboveZero, "until_reset", false, "", "Another one."},
    {"tiers", ParamKind::LossTiers, Bound::Any, "", false, "", "Tiers."},
};
constexpr Param kBeta[] = {
    {"limit", ParamKind::Money, Bound::BelowZero, "", true, "", "A required loss."},
    {"scope", ParamKind::Choice, Bound::Any, "position", false, "position|account", "A scope."},
};

// What only two values together show to be wrong.
std::optional<ParamProblem> alpha_check(const RuleConfig& config) {
  const bool same = config.has("signed") && config.get<std::int64_t>("signed") == config.get<std::int64_t>("count");
  if (!same) return std::nullopt;
  return ParamProblem{{}, "found the same number as count and as signed, allowed two different ones"};
}

std::expected<Config, Problems> load(const std::string& text, std::initializer_list<const char*> environment) {
  return load_config_text(text, "/etc/risk/risk.yaml", std::span{environment.begin(), environment.size()}, table());
}

std::vector<std::string> texts(const Problems& problems) {
  std::vector<std::string> out;
  for (const Problem& problem : problems) out.push_back(problem.text());
  return out;
}

}  // namespace

std::span<const RuleSpec> table() {
  static const RuleSpec specs[] = {
      {"alpha", "Protects from alpha.", kAlpha, nullptr, nullptr, Prepare::Nothing, alpha_check},
      {"beta", "Protects from beta.", kBeta, nullptr, nullptr}};
  return specs;
}

std::vector<std::string> problems(const std::string& text, std::initializer_list<const char*> environment) {
  const auto config = load(text, environment);
  return config ? std::vector<std::string>{} : texts(config.error());
}

Config valid(const std::string& text, std::initializer_list<const char*> environment) {
  auto config = load(text, environment);
  if (!config) {
    ADD_FAILURE() << "refused:\n" << fmt::format("{}", fmt::join(texts(config.error()), "\n"));
    return {};
  }
  return *std::move(config);
}

const RuleConfig& rule(const Config& config, std::string_view name) {
  const auto found = std::ranges::find(config.rules, name, &RuleConfig::rule);
  if (found == config.rules.end()) throw std::runtime_error{"no rule " + std::string{name}};
  return *found;
}

std::string alpha(const std::string& line) {
  return "rules:\n  alpha:\n    " + line + "\n";
}

TempFolder::TempFolder() {
  std::string pattern = (std::filesystem::temp_directory_path() / "rm-config-XXXXXX").string();
  if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error{"no temporary folder"};
  path_ = pattern;
}

TempFolder::~TempFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::string TempFolder::write(const std::string& name, const std::string& text, unsigned mode) const {
  const std::string file = path_ + "/" + name;
  std::ofstream{file, std::ios::binary} << text;
  if (::chmod(file.c_str(), mode) != 0) throw std::runtime_error{"chmod " + file};
  return file;
}

}  // namespace rm::test
