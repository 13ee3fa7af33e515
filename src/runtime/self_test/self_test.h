#pragma once
// Before anything is armed, every enabled rule is broken in isolation, by its own recipe and with the values it
// has, through the real links from the gateway's text to the request that would be sent. A rule that does not come to
// its action would protect from nothing: then nothing is armed.

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "runtime/guardian.h"
#include "runtime/self_test/missing_link.h"

namespace rm {

struct SelfTestReport {
  struct Failure {
    AccountId account;
    std::string_view rule;
    MissingLink missing;
    [[nodiscard]] std::string sentence() const;
  };
  std::size_t proven = 0;               // rules, counted over accounts
  std::vector<std::string> unprovable;  // a sentence for each whose values leave nothing to break
  std::optional<Failure> failure;       // the first
};

class SelfTest {
 public:
  // The contracts are copied; `calendar` outlives the test.
  SelfTest(const ContractTable& contracts, const TradingCalendar& calendar, Guardian::Settings settings,
           BrokerTime now);

  // Every enabled rule of the account. The same rule with the same values is tried once, however many accounts have
  // it.
  void prove(AccountId account, std::span<const RuleConfig> rules);
  // That the engine which is going to guard the account has every one of its rules.
  void look_for(AccountId account, std::span<const RuleConfig> rules, const RiskEngine& engine);

  [[nodiscard]] const SelfTestReport& report() const { return report_; }

 private:
  void prove(AccountId account, const RuleConfig& rule);
  [[nodiscard]] std::optional<MissingLink> carry_out(AccountId account, const RuleConfig& rule, const Breach& breach);
  void fail(AccountId account, const RuleConfig& rule, MissingLink missing);

  ContractTable contracts_;
  const TradingCalendar& calendar_;
  Guardian::Settings settings_;
  BrokerTime now_;
  std::vector<ContractId> offered_;
  std::vector<RuleConfig> tried_;
  SelfTestReport report_;
};

}  // namespace rm
