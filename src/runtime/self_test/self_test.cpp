#include "runtime/self_test/self_test.h"

#include <fmt/format.h>

#include <algorithm>

namespace rm {
namespace {

// More entries than a person, or a program, makes in a day: trying them would hold the start up for seconds.
constexpr std::int64_t kMostRoundTrips = 10'000;

bool takes_too_long(const Breach& breach) {
  return std::ranges::any_of(breach.steps, [](const Breach::Step& step) {
    const auto* trips = std::get_if<Breach::RoundTrips>(&step);
    return trips && trips->times > kMostRoundTrips;
  });
}

// What is traded first, then the others: only a rule that names symbols needs another one.
std::vector<ContractId> all_that_can_be_traded(const ContractTable& contracts) {
  std::vector<ContractId> ids;
  for (const bool active : {true, false}) {
    for (std::uint32_t i = 0; i < contracts.size(); ++i) {
      const Contract& contract = contracts.at(ContractId{i});
      if (contract.valuable() && contract.active == active) ids.push_back(contract.id);
    }
  }
  return ids;
}

}  // namespace

std::string SelfTestReport::Failure::sentence() const {
  return fmt::format(
      "the self-test found that {} of account {} would not protect: the link '{}' is missing ({}); this is a fault "
      "of "
      "the program, not of the configuration, please report it",
      rule, account.value(), name_of(missing.link), missing.what);
}

SelfTest::SelfTest(const ContractTable& contracts, const TradingCalendar& calendar, Guardian::Settings settings,
                   BrokerTime now)
    : contracts_{contracts},
      calendar_{calendar},
      settings_{settings},
      now_{now},
      offered_{all_that_can_be_traded(contracts_)} {}

void SelfTest::prove(AccountId account, std::span<const RuleConfig> rules) {
  for (const RuleConfig& rule : rules) {
    if (rule.enabled && !report_.failure) prove(account, rule);
  }
}

void SelfTest::look_for(AccountId account, std::span<const RuleConfig> rules, const RiskEngine& engine) {
  const AccountGuard* guard = engine.find(account);
  for (const RuleConfig& rule : rules) {
    if (!rule.enabled) continue;
    if (!guard || std::ranges::find(guard->rules(), rule.rule, &GuardedRule::name) == guard->rules().end())
      fail(account, rule, MissingLink{PathLink::RiskEngine, "the rule is not registered with it"});
  }
}

void SelfTest::prove(AccountId account, const RuleConfig& rule) {
  const bool known = std::ranges::any_of(
      tried_, [&](const RuleConfig& tried) { return tried.rule == rule.rule && tried.values == rule.values; });
  if (known) {
    ++report_.proven;
    return;
  }
  const RuleSpec* spec = find_rule(rule.rule);
  if (!spec) return fail(account, rule, MissingLink{PathLink::Rule, "the program has no such rule"});
  if (offered_.empty()) return report_.unprovable.push_back("no contract has a tick value");
  const auto breach = spec->breach(rule, BreachGround{contracts_, offered_, now_});
  if (!breach) return report_.unprovable.push_back(fmt::format("{} cannot be broken: {}", rule.rule, breach.error()));
  if (takes_too_long(*breach))
    return report_.unprovable.push_back(
        fmt::format("{} takes more than {} entries to break", rule.rule, kMostRoundTrips));
  if (auto missing = carry_out(account, rule, *breach)) return fail(account, rule, std::move(*missing));
  tried_.push_back(rule);
  ++report_.proven;
}

std::optional<MissingLink> SelfTest::carry_out(AccountId account, const RuleConfig& rule, const Breach& breach) {
  const BrokerTime begin = breach.begin.value_or(now_);
  IsolatedSystem system{{contracts_, calendar_, account, settings_}, {&rule, 1}, breach.contract, begin};
  for (const Breach::Step& step : breach.before) system.take_unseen(step);
  system.connect();
  bool too_early = false;
  for (const Breach::Step& step : breach.steps) {
    too_early = !breach.reason.empty() && was_answered(system, breach);
    system.take(step);
  }
  // A violation is answered in the event that it is found in. A stop may wait until the working orders were read.
  if (breach.reason.empty()) system.go_on_until([&] { return was_answered(system, breach); });
  auto missing = missing_link(system, rule, breach, begin, settings_.stale_after);
  if (!missing && too_early) missing = MissingLink{PathLink::Rule, "it acts before it is broken"};
  return missing;
}

void SelfTest::fail(AccountId account, const RuleConfig& rule, MissingLink missing) {
  if (!report_.failure) report_.failure = SelfTestReport::Failure{account, rule.rule, std::move(missing)};
}

}  // namespace rm
