#pragma once
// What one contract counts in mini equivalents, in tenths: a mini 10, a micro 1, unless the configuration says
// otherwise.

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

#include "rules/param.h"
#include "rules/symbol_match.h"

namespace rm {

inline constexpr std::int64_t kTenths = 10;

// The roots that CME lists as micro contracts.
inline constexpr std::array<std::string_view, 22> kMicroRoots{"MES", "MNQ", "M2K", "MYM",  // equity indices
                                                              "M6A", "M6B", "M6E", "MCD", "MJY", "MSF",  // currencies
                                                              "MCL", "MNG", "MGC", "SIL", "MHG",  // energy, metals
                                                              "MBT", "MET", "MZC", "MZL", "MZM", "MZS",
                                                              "MZW"};  // crypto, grains

class MiniWeights {
 public:
  explicit MiniWeights(SymbolWeights written) : written_{std::move(written)} {}

  [[nodiscard]] std::int64_t tenths(const ContractTable& contracts, ContractId contract) const {
    return known_.get(contracts, contract, [&](const Contract& c) { return work_out(contracts, c); });
  }

 private:
  // Of two spellings of one product the heavier one.
  [[nodiscard]] std::int64_t work_out(const ContractTable& contracts, const Contract& contract) const {
    std::optional<std::int64_t> heaviest;
    for (const auto& [symbol, tenths] : written_.tenths) {
      if (means(symbol, contracts, contract)) heaviest = std::max(heaviest.value_or(tenths), tenths);
    }
    const bool micro = std::ranges::find(kMicroRoots, contract.root) != kMicroRoots.end();
    return heaviest.value_or(micro ? 1 : kTenths);
  }

  SymbolWeights written_;
  PerContract<std::int64_t> known_;
};

}  // namespace rm
