#include "config/param_value.h"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "config/scalars.h"
#include "config/session_param.h"
#include "config/suggest.h"
#include "config/yaml_text.h"

namespace rm {
namespace {

bool within(std::int64_t value, Bound bound) {
  switch (bound) {
    case Bound::Any:
      return true;
    case Bound::BelowZero:
      return value < 0;
    case Bound::AboveZero:
      return value > 0;
    case Bound::AtLeastZero:
      return value >= 0;
  }
  return false;
}

// A number that `scan` reads and whose count the bound allows.
template <class T, class Scan, class Count>
std::optional<ParamValue> bounded(const Param& param, const Node& node, const std::string& path, Report& report,
                                  Scan scan, Count count) {
  const std::optional<T> value = node.is_scalar() ? scan(node.text) : std::nullopt;
  if (value && within(count(*value), param.bound)) return ParamValue{*value};
  report.wrong(node, path, allowed_text(param));
  return std::nullopt;
}

std::optional<ParamValue> read_choice(const Param& param, const Node& node, const std::string& path, Report& report) {
  const auto choices = split_choices(param.choices);
  if (node.is_scalar() && std::ranges::find(choices, std::string_view{node.text}) != choices.end())
    return ParamValue{node.text};
  report.wrong(node, path, allowed_text(param), node.is_scalar() ? did_you_mean(node.text, choices) : "");
  return std::nullopt;
}

std::optional<ParamValue> read_percents(const Param& param, const Node& node, const std::string& path,
                                        Report& report) {
  std::vector<std::int64_t> percents;
  if (!node.is_list()) {
    report.wrong(node, path, allowed_text(param));
    return std::nullopt;
  }
  for (std::size_t i = 0; i < node.items.size(); ++i) {
    const Node& item = node.items[i];
    const auto percent = item.is_scalar() ? scan_int(item.text) : std::nullopt;
    if (!percent || *percent < 1 || *percent > 99 || (!percents.empty() && *percent <= percents.back())) {
      report.wrong(item, fmt::format("{}[{}]", path, i), allowed_text(param));
      return std::nullopt;
    }
    percents.push_back(*percent);
  }
  return ParamValue{std::move(percents)};
}

std::optional<ParamValue> read_symbols(const Param& param, const Node& node, const std::string& path,
                                       Report& report) {
  std::vector<std::string> symbols;
  if (!node.is_list()) {
    report.wrong(node, path, allowed_text(param));
    return std::nullopt;
  }
  for (std::size_t i = 0; i < node.items.size(); ++i) {
    const Node& item = node.items[i];
    auto symbol = item.is_scalar() ? scan_symbol(item.text) : std::nullopt;
    if (!symbol || std::ranges::find(symbols, *symbol) != symbols.end()) {
      report.wrong(item, fmt::format("{}[{}]", path, i), allowed_text(param));
      return std::nullopt;
    }
    symbols.push_back(*std::move(symbol));
  }
  return ParamValue{std::move(symbols)};
}

// {SYMBOL: number, …}; a symbol here is one product, so wildcards are refused.
template <class Scan>
std::optional<SymbolLimits> read_by_symbol(const Param& param, const Node& node, const std::string& path,
                                           Report& report, Scan scan, const std::string& allowed,
                                           const char* plural) {
  if (!node.is_map()) {
    report.wrong(node, path, allowed_text(param));
    return std::nullopt;
  }
  SymbolLimits numbers;
  const std::size_t before = report.count();
  for (const NodeEntry& entry : node.entries) {
    const std::string entry_path = path + "." + printable(entry.key);
    const auto symbol = scan_symbol(entry.key);
    const std::optional<std::int64_t> number = entry.value.is_scalar() ? scan(entry.value.text) : std::nullopt;
    if (!symbol || symbol->find_first_of("*?") != std::string::npos) {
      report.add(
          entry.place, entry_path,
          "found '" + printable(entry.key) + "' as a symbol, allowed the product as people write it, like MNQ or 6E");
    } else if (!number) {
      report.wrong(entry.value, entry_path, allowed);
    } else if (!numbers.emplace(*symbol, *number).second) {
      report.add(entry.place, entry_path, fmt::format("the symbol {} has two {}, allowed one", *symbol, plural));
    }
  }
  if (report.count() != before) return std::nullopt;
  return numbers;
}

std::optional<ParamValue> read_limits(const Param& param, const Node& node, const std::string& path, Report& report) {
  const auto scan = [&](std::string_view text) {
    const auto limit = scan_int(text);
    return limit && within(*limit, param.bound) ? limit : std::nullopt;
  };
  const std::string allowed = fmt::format("a whole number{}", bound_text(param.bound));
  auto limits = read_by_symbol(param, node, path, report, scan, allowed, "limits");
  if (!limits) return std::nullopt;
  return ParamValue{*std::move(limits)};
}

std::optional<ParamValue> read_weights(const Param& param, const Node& node, const std::string& path,
                                       Report& report) {
  auto weights = read_by_symbol(param, node, path, report, scan_tenths,
                                "a number above 0 with at most one decimal, like 0.1", "weights");
  if (!weights) return std::nullopt;
  return ParamValue{SymbolWeights{*std::move(weights)}};
}

std::optional<ParamValue> read_cooldown(const Param& param, const Node& node, const std::string& path,
                                        Report& report) {
  if (node.is_scalar() && node.text == kUntilReset) return ParamValue{Cooldown{std::nullopt}};
  const auto time = node.is_scalar() ? scan_duration(node.text) : std::nullopt;
  if (time && within(time->count(), param.bound)) return ParamValue{Cooldown{time}};
  report.wrong(node, path, allowed_text(param));
  return std::nullopt;
}

// One entry of a list of tiers; what is wrong with it has been reported when it is empty.
std::optional<LossTier> read_tier(const Node& node, const std::string& path, const LossTier* before, Report& report) {
  if (!node.is_map()) {
    report.wrong(node, path, "a mapping like {loss: -100.00, cooldown: 5m}");
    return std::nullopt;
  }
  const std::size_t problems_before = report.count();
  Section section{&node, path, report};
  LossTier tier;
  const auto read = [&](std::string_view key, const std::string& allowed, const auto& scan, auto& value) {
    const Node* found = section.take(key);
    const auto scanned = found != nullptr && found->is_scalar() ? scan(found->text) : std::nullopt;
    if (scanned) {
      value = *scanned;
    } else if (found != nullptr) {
      report.wrong(*found, section.path_of(key), allowed);
    } else {
      report.add(node.place, section.path_of(key), "found nothing, allowed " + allowed);
    }
  };
  const auto loss = [](std::string_view text) {
    const auto money = scan_money(text);
    return money && *money < Money{} ? money : std::nullopt;
  };
  const auto cooldown = [](std::string_view text) {
    const auto time = scan_duration(text);
    return time && *time > Duration{} ? time : std::nullopt;
  };
  read("loss", "an amount of money below 0, like -100.00", loss, tier.loss);
  read("cooldown", "a duration above 0, like 30s, 5m or 2h, at most 8784h", cooldown, tier.cooldown);
  section.finish();
  if (report.count() != problems_before) return std::nullopt;
  if (before != nullptr && tier.loss >= before->loss) {
    report.wrong(*section.take("loss"), section.path_of("loss"),
                 "a loss worse than " + before->loss.text() + ", that of the tier before it");
    return std::nullopt;
  }
  if (before != nullptr && tier.cooldown < before->cooldown) {
    report.wrong(*section.take("cooldown"), section.path_of("cooldown"),
                 "not shorter than " + duration_text(before->cooldown) + ", that of the milder tier before it");
    return std::nullopt;
  }
  return tier;
}

std::optional<ParamValue> read_tiers(const Param& param, const Node& node, const std::string& path, Report& report) {
  if (!node.is_list() || node.items.empty()) {
    report.wrong(node, path, allowed_text(param));
    return std::nullopt;
  }
  LossTiers tiers;
  bool good = true;
  for (std::size_t i = 0; i < node.items.size(); ++i) {
    const LossTier* before = tiers.empty() ? nullptr : &tiers.back();
    const auto tier = read_tier(node.items[i], fmt::format("{}[{}]", path, i), before, report);
    good = good && tier;
    if (tier) tiers.push_back(*tier);
  }
  return good ? std::optional<ParamValue>{std::move(tiers)} : std::nullopt;
}

std::optional<ParamValue> read_text(const Param& param, const Node& node, const std::string& path, Report& report) {
  if (node.is_scalar() && !node.text.empty() && is_plain_text(node.text)) return ParamValue{node.text};
  report.wrong(node, path, allowed_text(param));
  return std::nullopt;
}

std::optional<ParamValue> read_bool(const Param& param, const Node& node, const std::string& path, Report& report) {
  if (const auto value = node.is_scalar() ? scan_bool(node.text) : std::nullopt) return ParamValue{*value};
  report.wrong(node, path, allowed_text(param));
  return std::nullopt;
}

// A value that may be left out may also be taken away again: by an account that overrides the common rules, by a
// variable.
bool takes_nothing(const Param& param, const Node& node) {
  return !param.required && param.default_text.empty() &&
         (node.is_null() || (node.is_scalar() && node.text == "none"));
}

}  // namespace

std::optional<ParamValue> read_value(const Param& param, const Node& node, const std::string& path, Report& report) {
  if (takes_nothing(param, node)) return ParamValue{};
  const auto itself = [](std::int64_t n) { return n; };
  const auto nanos = [](Money m) { return m.nanos(); };
  const auto ticks = [](Duration d) { return d.count(); };
  switch (param.kind) {
    case ParamKind::Bool:
      return read_bool(param, node, path, report);
    case ParamKind::Int:
      return bounded<std::int64_t>(param, node, path, report, scan_int, itself);
    case ParamKind::Money:
      return bounded<Money>(param, node, path, report, scan_money, nanos);
    case ParamKind::TimeSpan:
      return bounded<Duration>(param, node, path, report, scan_duration, ticks);
    case ParamKind::Choice:
      return read_choice(param, node, path, report);
    case ParamKind::PercentList:
      return read_percents(param, node, path, report);
    case ParamKind::Text:
      return read_text(param, node, path, report);
    case ParamKind::SymbolList:
      return read_symbols(param, node, path, report);
    case ParamKind::SymbolLimits:
      return read_limits(param, node, path, report);
    case ParamKind::SymbolWeights:
      return read_weights(param, node, path, report);
    case ParamKind::TimeZone:
      return read_time_zone(node, path, report);
    case ParamKind::Sessions:
      return read_sessions(node, path, report);
    case ParamKind::SymbolSessions:
      return read_symbol_sessions(node, path, report);
    case ParamKind::HolidayFile:
      return read_holiday_file(param, node, path, report);
    case ParamKind::Cooldown:
      return read_cooldown(param, node, path, report);
    case ParamKind::LossTiers:
      return read_tiers(param, node, path, report);
  }
  return std::nullopt;
}

ParamValue default_value(const Param& param) {
  if (param.default_text.empty()) return {};
  const auto node = parse_yaml(param.default_text);
  Report report{"built-in default"};
  if (node) {
    if (auto value = read_value(param, *node, std::string{param.name}, report)) return *std::move(value);
  }
  throw std::logic_error{
      fmt::format("the default '{}' of '{}' is not {}", param.default_text, param.name, allowed_text(param))};
}

namespace {

// "cooldown.per_minute" is the key per_minute of the mapping `cooldown` inside the section.
class Groups {
 public:
  Groups(Section& section, Report& report) : section_{section}, report_{report} {}

  const Node* take(std::string_view name) {
    const auto dot = name.find('.');
    return dot == std::string_view::npos ? section_.take(name)
                                         : group(name.substr(0, dot)).take(name.substr(dot + 1));
  }
  void finish() {
    for (auto& [name, group] : groups_) group.finish();
  }

 private:
  Section& group(std::string_view wanted) {
    for (auto& [name, group] : groups_) {
      if (name == wanted) return group;
    }
    return groups_.emplace_back(wanted, Section{section_.take(wanted), section_.path_of(wanted), report_}).second;
  }

  Section& section_;
  Report& report_;
  std::vector<std::pair<std::string_view, Section>> groups_;
};

}  // namespace

std::vector<ParamValue> read_values(Section& section, std::span<const Param> params,
                                    const std::vector<ParamValue>* base, bool complete, Report& report) {
  std::vector<ParamValue> values;
  values.reserve(params.size());
  Groups groups{section, report};
  for (std::size_t i = 0; i < params.size(); ++i) {
    const Param& param = params[i];
    values.push_back(base != nullptr ? (*base)[i] : default_value(param));
    const std::string path = section.path_of(param.name);
    if (const Node* node = groups.take(param.name)) {
      if (auto value = read_value(param, *node, path, report)) values.back() = *std::move(value);
    } else if (complete && param.required && std::holds_alternative<std::monostate>(values.back())) {
      report.add(section.place(), path, "found nothing, allowed " + allowed_text(param));
    }
  }
  groups.finish();
  return values;
}

}  // namespace rm
