#pragma once
// What the broker's contract record says, and the exact value of a position in it.

#include <optional>
#include <string>

#include "domain/ids.h"
#include "domain/money.h"
#include "domain/price.h"

namespace rm {

struct Contract {
  ContractId id;
  SymbolId symbol;
  std::string broker_id;             // "CON.F.US.ENQ.U26": the key of every call
  std::string name;                  // "NQU6"; empty until the broker's record is known
  std::string root;                  // "NQ": the product as people write it; vendor symbol until the record is known
  std::int64_t tick_size_nanos = 0;  // 0: not known yet, positions in it cannot be valued
  Money tick_value;                  // dollars per tick per contract
  bool active = false;
  // Tick value / tick size where that is a whole number, as it is of nearly every product; else 0. Spares a division
  // of 128 bits each time a position is valued.
  std::int64_t whole_point_value = 0;

  [[nodiscard]] constexpr bool valuable() const { return tick_size_nanos > 0 && tick_value > Money{}; }
};

// (mark x lots - paid) x point value, point value = tick value / tick size, in 128 bits with one rounding at the end.
// Empty when the contract's tick is not known or the result exceeds Money: not known is never zero.
[[nodiscard]] inline std::optional<Money> open_profit(const Contract& contract, Lots signed_lots, PriceSum paid,
                                                      Price mark) {
  if (!contract.valuable()) return std::nullopt;
  const Wide gain = Wide{mark.nanos()} * signed_lots.value() - paid.raw();
  // gain x tick value stays inside 128 bits: prices below 2^63 times lots below 2^20 make less than 2^85, a tick is
  // worth less than 2^41.
  constexpr Wide kLargestGain = Wide{1} << 85;
  constexpr std::int64_t kLargestTickValue = std::int64_t{1} << 41;  // 2199 dollars
  if (gain > kLargestGain || gain < -kLargestGain || contract.tick_value.nanos() > kLargestTickValue)
    return std::nullopt;
  const auto nanos = narrow(contract.whole_point_value > 0
                                ? gain * contract.whole_point_value
                                : divide_rounded(gain * contract.tick_value.nanos(), contract.tick_size_nanos));
  if (!nanos) return std::nullopt;
  return Money::from_nanos(*nanos);
}

}  // namespace rm
