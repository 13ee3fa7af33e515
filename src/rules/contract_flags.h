#pragma once
// A yes or no for each contract; no, as long as nothing was said.

#include <vector>

#include "domain/ids.h"

namespace rm {

class ContractFlags {
 public:
  void set(ContractId contract, bool flag) {
    if (contract.value() >= flags_.size()) flags_.resize(contract.value() + 1);
    flags_[contract.value()] = flag;
  }
  [[nodiscard]] bool has(ContractId contract) const {
    return contract.value() < flags_.size() && flags_[contract.value()];
  }

 private:
  std::vector<bool> flags_;
};

}  // namespace rm
