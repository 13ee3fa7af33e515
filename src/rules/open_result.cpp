#include "rules/open_result.h"

namespace rm {

OpenResultRule::OpenResultRule(const RuleConfig& config, std::string_view limit)
    : limit_{config.get<Money>(limit)},
      whole_account_{config.get<std::string>("scope") == "account"},
      warnings_of_account_{config.get<std::vector<std::int64_t>>("warn_at")},
      warnings_{config.get<std::vector<std::int64_t>>("warn_at")} {}

void OpenResultRule::evaluate(const RuleInput& input, Findings& findings) {
  if (whole_account_) return look_at_account(input.book, findings);
  // A quote changes what is open in its contract alone; what is broken elsewhere is still reported.
  const auto* quote = std::get_if<QuoteUpdated>(&input.event.body);
  for (const Holding& holding : input.book.holdings()) {
    if (!quote || quote->contract == holding.contract || broken_.has(holding.contract))
      look_at(holding, input.book, findings);
  }
}

void OpenResultRule::look_at_account(const AccountBook& book, Findings& findings) {
  const auto open = of_account(book.open_profit());
  if (!open) return;
  warnings_of_account_.update(*open, limit_, findings);
  if (reached(*open)) findings.violate(reason(std::nullopt, *open), flat_account());
}

// A flat contract has no open result: its warnings are armed again.
void OpenResultRule::look_at(const Holding& holding, const AccountBook& book, Findings& findings) {
  const auto open = holding.size.is_zero() ? Money{} : book.open_profit(holding);
  broken_.set(holding.contract, open && reached(*open));
  if (!open) return;
  warnings_.of(holding.contract).update(*open, limit_, findings, holding.contract);
  if (reached(*open)) findings.violate(reason(holding.contract, *open), flat_contract(holding.contract));
}

RuleStatus OpenResultRule::status(const AccountBook& book) const {
  const auto all = whole_account_ ? of_account(book.open_profit()) : Money{};
  if (!all) return {limit_.text(), "unknown", 0};
  Money nearest = *all;
  for (const Holding& holding : book.holdings()) {
    if (whole_account_ || holding.size.is_zero()) continue;
    nearest = nearer(nearest, book.open_profit(holding).value_or(Money{}));
  }
  return {limit_.text(), nearest.text(), percent_of(nearest, limit_)};
}

}  // namespace rm
