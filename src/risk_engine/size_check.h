#pragma once
// What must go for the sizes that the broker shows to be within the limits. As much as the rules would take, and of
// the same contracts: what grew last goes first. What a rule would mend by closing everything is mended by the
// excess.

#include <optional>
#include <span>
#include <vector>

#include "risk_engine/broker_words.h"
#include "risk_engine/size_limits.h"
#include "risk_engine/under_way.h"

namespace rm {

class SizeCheck {
 public:
  struct Demand {
    ContractId contract;
    Lots at_most;
    BrokerTime since;  // from when on the limit has been exceeded, by this contract or another
  };

  void set_limits(SizeLimits limits) { limits_.set(std::move(limits)); }
  // Valid until the next call. Of one contract there may be several.
  std::span<const Demand> look(const BrokerWords& words, const ContractTable& contracts, const UnderWay& under_way,
                               BrokerTime now);

 private:
  struct Open {
    ContractId contract;
    SymbolId symbol;
    std::int64_t held = 0;  // signed
    // Without a sign, when all that is under way and demanded is done: the same excess is not cut twice.
    std::int64_t left = 0;
  };
  // A limit that is exceeded; without a symbol: the account's. Which contract has too much may change with each fill.
  struct Exceeded {
    std::optional<SymbolId> symbol;
    BrokerTime since;
    bool still = false;
  };

  void list_open(const BrokerWords& words, const ContractTable& contracts, const UnderWay& under_way);
  void look_at_blocks(const BrokerWords& words, BrokerTime now);
  void look_at_symbols(BrokerTime now);
  void look_at_account(BrokerTime now);
  void look_at_net(BrokerTime now);
  void take(Open& position, std::int64_t lots, BrokerTime since);
  void cut(std::int64_t excess, BrokerTime since, auto weight);
  [[nodiscard]] std::int64_t left(auto weight) const;
  BrokerTime exceeded_since(std::optional<SymbolId> symbol, BrokerTime now);

  LimitsByContract limits_;
  std::vector<Open> open_;  // what grew last first
  std::vector<Exceeded> exceeded_;
  std::vector<Demand> demands_;
};

}  // namespace rm
