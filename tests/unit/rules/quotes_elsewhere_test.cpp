// A quote of one contract: rules that look at single positions need not look at the others again, but go on reporting
// what is broken there.
#include "support/desk.h"

namespace rm::test {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<std::string> found_on_quote(Desk& desk, std::string_view rule, ContractId quoted) {
  const auto config = rules_from(std::string{rule});
  const std::unique_ptr<Rule> fresh = find_rule(config.at(0).rule)->make(config.at(0));
  Findings findings;
  const auto look = [&](RiskEventBody body) {
    findings.violations.clear();
    const RiskEvent event{std::move(body), desk.now, 0, 1};
    fresh->evaluate(RuleInput{desk.book(), event, desk.now, std::chrono::seconds{30}}, findings);
  };
  look(TimePassed{});
  look(QuoteUpdated{quoted, std::nullopt, std::nullopt, std::nullopt});
  std::vector<std::string> roots;
  for (const Violation& violation : findings.violations)
    roots.push_back(desk.contracts.at(*contract_of(violation.reason)).root);
  return roots;
}

TEST(QuotesElsewhere, WhatIsBrokenInAnotherContractIsStillReported) {
  Desk desk{""};
  desk.fill(desk.mnq, 2, "21000");
  desk.fill(desk.es, 1, "6300");
  desk.quote(desk.mnq, "20900");  // -400
  for (const ContractId quoted : {desk.mnq, desk.es, desk.nq})
    EXPECT_THAT(found_on_quote(desk, "daily_unrealized_loss: {limit: -400}", quoted), ElementsAre("MNQ"));
  desk.quote(desk.mnq, "20900.25");
  for (const ContractId quoted : {desk.mnq, desk.es})
    EXPECT_THAT(found_on_quote(desk, "daily_unrealized_loss: {limit: -400}", quoted), IsEmpty());
  desk.quote(desk.mnq, "21100");  // +400
  for (const ContractId quoted : {desk.mnq, desk.es, desk.nq})
    EXPECT_THAT(found_on_quote(desk, "max_unrealized_profit: {target: 400}", quoted), ElementsAre("MNQ"));
  desk.quote(desk.mnq, "21099.75");
  for (const ContractId quoted : {desk.mnq, desk.es})
    EXPECT_THAT(found_on_quote(desk, "max_unrealized_profit: {target: 400}", quoted), IsEmpty());
}

}  // namespace
}  // namespace rm::test
