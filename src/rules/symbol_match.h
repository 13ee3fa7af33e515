#pragma once
// Symbols as the configuration writes them, compared with contracts once a contract: text is not looked at per event.

#include <string_view>
#include <vector>

#include "domain/contract_table.h"

namespace rm {

// Whether `written` means the product of this contract: "MNQ", "F.US.EP", "EP" or a contract id; or with the
// wildcards
// * and ?, which are compared with the product as people write it ("M*"), or with the broker's form when they begin
// like one ("F.US.E*").
[[nodiscard]] bool means(std::string_view written, const ContractTable& contracts, const Contract& contract);

// `pattern` may hold * (any text, also none) and ? (one character).
[[nodiscard]] bool wildcard_match(std::string_view pattern, std::string_view text);

// What a rule worked out from the symbol of a contract. Until the broker's record is known the symbol is not final:
// then it is worked out each time.
template <class T>
class PerContract {
 public:
  template <class WorkOut>
  [[nodiscard]] T get(const ContractTable& contracts, ContractId id, WorkOut work_out) const {
    if (id.value() >= known_.size()) known_.resize(id.value() + 1);
    Known& known = known_[id.value()];
    const Contract& contract = contracts.at(id);
    if (!known.settled || known.symbol != contract.symbol)
      known = Known{contract.symbol, !contract.name.empty(), work_out(contract)};
    return known.value;
  }

 private:
  struct Known {
    SymbolId symbol;
    bool settled = false;
    T value{};
  };
  mutable std::vector<Known> known_;  // by contract
};

}  // namespace rm
