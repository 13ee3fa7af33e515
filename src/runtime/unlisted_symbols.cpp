#include "runtime/unlisted_symbols.h"

#include <fmt/format.h>

#include <algorithm>
#include <ranges>

#include "config/suggest.h"
#include "rules/symbol_match.h"

namespace rm {
namespace {

std::vector<std::string> symbols_in(const ParamValue& value) {
  std::vector<std::string> symbols;
  const auto take_keys = [&](const auto& map) {
    for (const auto& [symbol, unused] : map) symbols.push_back(symbol);
  };
  if (const auto* list = std::get_if<std::vector<std::string>>(&value)) symbols = *list;
  if (const auto* limits = std::get_if<SymbolLimits>(&value)) take_keys(*limits);
  if (const auto* weights = std::get_if<SymbolWeights>(&value)) take_keys(weights->tenths);
  if (const auto* sessions = std::get_if<SessionsBySymbol>(&value)) take_keys(*sessions);
  return symbols;
}

std::vector<ContractId> all_of(const ContractTable& contracts) {
  std::vector<ContractId> ids;
  ids.reserve(contracts.size());
  for (std::size_t i = 0; i < contracts.size(); ++i) ids.emplace_back(static_cast<std::uint32_t>(i));
  return ids;
}

}  // namespace

std::vector<std::string> unlisted_symbols(std::span<const RuleConfig> rules, const ContractTable& contracts) {
  const std::vector<ContractId> ids = all_of(contracts);
  std::vector<std::string_view> roots;
  for (const ContractId id : ids) {
    const std::string& root = contracts.at(id).root;
    if (std::ranges::find(roots, root) == roots.end()) roots.emplace_back(root);
  }
  std::vector<std::string> sentences;
  for (const RuleConfig& rule : rules) {
    if (!rule.enabled) continue;
    for (std::size_t i = 0; i < rule.values.size(); ++i) {
      for (const std::string& symbol : symbols_in(rule.values[i])) {
        const bool listed =
            std::ranges::any_of(ids, [&](ContractId id) { return means(symbol, contracts, contracts.at(id)); });
        if (listed) continue;
        sentences.push_back(
            fmt::format("{}.{} names '{}', which is no symbol of this gateway: it protects from nothing{}", rule.rule,
                        rule.params[i].name, symbol, did_you_mean(symbol, roots)));
      }
    }
  }
  return sentences;
}

}  // namespace rm
