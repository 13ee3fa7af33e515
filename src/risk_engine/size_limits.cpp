#include "risk_engine/size_limits.h"

#include <algorithm>

#include "rules/mini_weights.h"

namespace rm {
namespace {

const RuleConfig* enabled(std::span<const RuleConfig> rules, std::string_view name) {
  const auto found =
      std::ranges::find_if(rules, [&](const RuleConfig& rule) { return rule.enabled && rule.rule == name; });
  return found == rules.end() ? nullptr : &*found;
}

SizeCount count_of(std::string_view written) {
  if (written == "net") return SizeCount::Net;
  return written == "mini_equivalent" ? SizeCount::MiniEquivalent : SizeCount::Gross;
}

// Which of the broker's names a pattern is compared with is decided here anew; the comparison itself is the rules'.
bool names(std::string_view written, const ContractTable& contracts, const Contract& contract) {
  constexpr std::string_view kContract = "CON.", kProduct = "F.US.";
  if (written.find_first_of("*?") == std::string_view::npos) return contracts.find_symbol(written) == contract.symbol;
  const std::string_view id = contract.broker_id;
  if (written.starts_with(kContract)) return wildcard_match(written, id);
  if (written.starts_with(kProduct) && id.starts_with(kContract))
    return wildcard_match(written, id.substr(kContract.size(), id.rfind('.') - kContract.size()));
  return wildcard_match(written, contract.root);
}

}  // namespace

SizeLimits size_limits(std::span<const RuleConfig> rules) {
  SizeLimits limits;
  if (const RuleConfig* rule = enabled(rules, "max_contracts")) {
    limits.account = rule->get<std::int64_t>("max_contracts");
    limits.count = count_of(rule->get<std::string>("count"));
    limits.weights = rule->get<SymbolWeights>("weights");
  }
  if (const RuleConfig* rule = enabled(rules, "max_contracts_per_instrument")) {
    limits.of_symbol = rule->get<SymbolLimits>("limits");
    if (rule->has("default")) {
      limits.otherwise = rule->get<std::int64_t>("default");
    } else if (rule->get<std::string>("unknown_symbol") == "block") {
      limits.otherwise = 0;
    }
  }
  if (const RuleConfig* rule = enabled(rules, "symbol_blocks"))
    limits.blocked = rule->get<std::vector<std::string>>("symbols");
  return limits;
}

void LimitsByContract::set(SizeLimits limits) {
  written_ = std::move(limits);
  known_.clear();
}

void LimitsByContract::follow(const ContractTable& contracts) {
  if (std::exchange(version_, contracts.version()) != contracts.version()) known_.clear();
  while (known_.size() < contracts.size()) {
    const ContractId next{static_cast<std::uint32_t>(known_.size())};
    known_.push_back(work_out(contracts, contracts.at(next)));
  }
}

// Of several spellings of one symbol the lowest limit and the heaviest weight hold.
LimitsByContract::OfContract LimitsByContract::work_out(const ContractTable& contracts,
                                                        const Contract& contract) const {
  OfContract out;
  for (const auto& [symbol, limit] : written_.of_symbol) {
    if (names(symbol, contracts, contract)) out.of_symbol = std::min(out.of_symbol.value_or(limit), limit);
  }
  if (!out.of_symbol) out.of_symbol = written_.otherwise;
  std::optional<std::int64_t> heaviest;
  for (const auto& [symbol, tenths] : written_.weights.tenths) {
    if (names(symbol, contracts, contract)) heaviest = std::max(heaviest.value_or(tenths), tenths);
  }
  const bool micro = std::ranges::find(kMicroRoots, contract.root) != kMicroRoots.end();
  out.tenths = heaviest.value_or(micro ? 1 : 10);
  out.blocked = std::ranges::any_of(written_.blocked,
                                    [&](const std::string& symbol) { return names(symbol, contracts, contract); });
  return out;
}

}  // namespace rm
