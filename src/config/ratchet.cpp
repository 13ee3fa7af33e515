#include "config/ratchet.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "config/param_value.h"
#include "config/scalars.h"
#include "config/settings.h"

namespace rm {
namespace {

const RuleConfig* find(std::span<const RuleConfig> rules, std::string_view name) {
  const auto found = std::ranges::find(rules, name, &RuleConfig::rule);
  return found == rules.end() ? nullptr : &*found;
}

bool is_on(const RuleConfig* rule) {
  return rule != nullptr && rule->enabled;
}

const ParamValue* value_of(const RuleConfig& rule, std::string_view param) {
  for (std::size_t i = 0; i < rule.params.size(); ++i) {
    if (rule.params[i].name == param) return &rule.values[i];
  }
  return nullptr;
}

std::optional<std::int64_t> number(const ParamValue& value) {
  if (const auto* count = std::get_if<std::int64_t>(&value)) return *count;
  if (const auto* money = std::get_if<Money>(&value)) return money->nanos();
  if (const auto* duration = std::get_if<Duration>(&value)) return duration->count();
  return std::nullopt;
}

bool is_numeric(ParamKind kind) {
  return kind == ParamKind::Int || kind == ParamKind::Money || kind == ParamKind::TimeSpan;
}

// Whether the limit `b` is stricter than `a`; none limits nothing.
bool stricter_limit(std::optional<std::int64_t> a, std::optional<std::int64_t> b, bool lower) {
  if (!a || !b) return b.has_value() && !a.has_value();
  return lower ? *b < *a : *b > *a;
}

// What holds for a symbol that the limits do not name: the parameter `default` of the rule, or nothing at all where
// its `unknown_symbol` says block. Only so can a new entry be told from a looser one.
std::optional<std::int64_t> limit_of_others(const RuleConfig& rule) {
  if (const ParamValue* fallback = value_of(rule, "default")) {
    if (const auto limit = number(*fallback)) return limit;
  }
  const ParamValue* unknown = value_of(rule, "unknown_symbol");
  const auto* word = unknown != nullptr ? std::get_if<std::string>(unknown) : nullptr;
  return word != nullptr && *word == "block" ? std::optional<std::int64_t>{0} : std::nullopt;
}

ParamValue stricter_limits(const RuleConfig& in_force, const RuleConfig& wanted, const SymbolLimits& old,
                           const SymbolLimits& asked, bool lower) {
  const auto limit_in = [](const SymbolLimits& limits, const std::string& symbol, const RuleConfig& rule) {
    const auto entry = limits.find(symbol);
    return entry != limits.end() ? std::optional{entry->second} : limit_of_others(rule);
  };
  SymbolLimits out;
  for (const SymbolLimits& side : {old, asked}) {
    for (const auto& [symbol, limit] : side) {
      const auto before = limit_in(old, symbol, in_force);
      const auto after = limit_in(asked, symbol, wanted);
      out[symbol] = stricter_limit(before, after, lower) ? *after : before.value_or(limit);
    }
  }
  return out;
}

template <class T>
ParamValue either(const std::vector<T>& old, const std::vector<T>& asked) {
  std::vector<T> all = old;
  for (const T& item : asked) {
    if (std::ranges::find(all, item) == all.end()) all.push_back(item);
  }
  return all;
}

template <class T>
const T& list_or_empty(const ParamValue& value) {
  static const T kEmpty;
  const auto* list = std::get_if<T>(&value);
  return list != nullptr ? *list : kEmpty;
}

ParamValue stricter_number(const RuleConfig& in_force, const RuleConfig& wanted, std::size_t i) {
  const Param& param = wanted.params[i];
  const bool others = param.name == "default" && value_of(wanted, "unknown_symbol") != nullptr;
  const auto before = others ? limit_of_others(in_force) : number(in_force.values[i]);
  const auto after = others ? limit_of_others(wanted) : number(wanted.values[i]);
  return stricter_limit(before, after, param.stricter == Stricter::Lower) ? wanted.values[i] : in_force.values[i];
}

ParamValue more(const Param& param, const ParamValue& old, const ParamValue& asked) {
  using Symbols = std::vector<std::string>;
  using Percents = std::vector<std::int64_t>;
  if (param.kind == ParamKind::SymbolList) return either(list_or_empty<Symbols>(old), list_or_empty<Symbols>(asked));
  if (param.kind != ParamKind::PercentList) return old;
  ParamValue all = either(list_or_empty<Percents>(old), list_or_empty<Percents>(asked));
  std::ranges::sort(std::get<Percents>(all));
  return all;
}

// The value to apply now, of the parameter at place `i` of both.
ParamValue stricter_of(const RuleConfig& in_force, const RuleConfig& wanted, std::size_t i) {
  const Param& param = wanted.params[i];
  const ParamValue& old = in_force.values[i];
  const ParamValue& asked = wanted.values[i];
  if (old == asked || param.stricter == Stricter::Neutral) return asked;
  switch (param.stricter) {
    case Stricter::Lower:
    case Stricter::Higher:
      if (is_numeric(param.kind)) return stricter_number(in_force, wanted, i);
      if (param.kind == ParamKind::SymbolLimits)
        return stricter_limits(in_force, wanted, list_or_empty<SymbolLimits>(old), list_or_empty<SymbolLimits>(asked),
                               param.stricter == Stricter::Lower);
      return old;
    case Stricter::True:
    case Stricter::False:
      return asked == ParamValue{param.stricter == Stricter::True} ? asked : old;
    case Stricter::More:
      return more(param, old, asked);
    case Stricter::Unknown:
    case Stricter::Neutral:
      return old;
  }
  return old;
}

class Differences {
 public:
  explicit Differences(std::vector<RuleChange>& out) : out_{out} {}

  RuleConfig combine(const RuleConfig& in_force, const RuleConfig& wanted) {
    const RuleConfig applied = stricter(in_force, wanted);
    for (std::size_t i = 0; i < wanted.params.size(); ++i) {
      const std::string key = fmt::format("{}.{}", wanted.rule, wanted.params[i].name);
      add(key, value_yaml(in_force.values[i]), value_yaml(applied.values[i]), true);
      add(key, value_yaml(applied.values[i]), value_yaml(wanted.values[i]), false);
    }
    return applied;
  }
  void switched(std::string_view rule, bool on) {
    const std::string key = fmt::format("{}.{}", rule, enabled_param().name);
    add(key, on ? "false" : "true", on ? "true" : "false", on);
  }

 private:
  static RuleConfig stricter(const RuleConfig& in_force, const RuleConfig& wanted) {
    RuleConfig applied = wanted;
    for (std::size_t i = 0; i < wanted.params.size(); ++i) applied.values[i] = stricter_of(in_force, wanted, i);
    if (applied.values == wanted.values) return applied;
    applied.sessions = in_force.sessions;
    // What was made of all values together cannot be made of some of both.
    return in_force.sessions && applied.values != in_force.values ? in_force : applied;
  }
  void add(std::string key, std::string from, std::string to, bool now) {
    if (from != to) out_.push_back({std::move(key), std::move(from), std::move(to), now});
  }
  std::vector<RuleChange>& out_;
};

}  // namespace

Ratchet ratchet(std::span<const RuleConfig> in_force, std::span<const RuleConfig> wanted) {
  Ratchet out;
  Differences differences{out.changes};
  for (const RuleConfig& asked : wanted) {
    const RuleConfig* old = find(in_force, asked.rule);
    if (is_on(old) && asked.enabled) {
      out.rules.push_back(differences.combine(*old, asked));
    } else {
      out.rules.push_back(is_on(old) ? *old : asked);
      if (is_on(old) || asked.enabled) differences.switched(asked.rule, asked.enabled);
    }
  }
  for (const RuleConfig& old : in_force) {
    if (!old.enabled || find(wanted, old.rule) != nullptr) continue;
    out.rules.push_back(old);
    differences.switched(old.rule, false);
  }
  return out;
}

std::string sentence(const RuleChange& change, const TradingDayConfig& day) {
  if (change.now) return fmt::format("{}: {} -> {}, now", change.key, change.from, change.to);
  std::string place = day.timezone.substr(day.timezone.rfind('/') + 1);
  std::ranges::replace(place, '_', ' ');
  return fmt::format("{}: {} -> {}, at the next reset ({} {})", change.key, change.from, change.to,
                     time_of_day_text(day.reset), place);
}

}  // namespace rm
