#pragma once
// What the configuration allows of sizes and symbols, for the standing check: read from the parameters anew, without
// the rules.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "domain/contract_table.h"
#include "rules/param.h"

namespace rm {

enum class SizeCount : std::uint8_t { Gross, Net, MiniEquivalent };

// Empty: none. Symbols as they are written.
struct SizeLimits {
  std::optional<std::int64_t> account{};
  SizeCount count = SizeCount::Gross;       // of `account`
  SymbolWeights weights{};                  // of MiniEquivalent
  SymbolLimits of_symbol{};                 // all its months together
  std::optional<std::int64_t> otherwise{};  // of a symbol without one of its own
  std::vector<std::string> blocked{};       // wildcards too
};
[[nodiscard]] SizeLimits size_limits(std::span<const RuleConfig> rules);

// The same for a contract, worked out once: text is not looked at per event.
class LimitsByContract {
 public:
  struct OfContract {
    std::optional<std::int64_t> of_symbol;
    std::int64_t tenths = 10;  // what one lot counts in mini equivalents
    bool blocked = false;
  };

  void set(SizeLimits limits);
  [[nodiscard]] const SizeLimits& written() const { return written_; }
  // Contracts have come, or records of them that say which symbol they are.
  void follow(const ContractTable& contracts);
  // Of the last follow().
  [[nodiscard]] const OfContract& of(ContractId contract) const { return known_[contract.value()]; }

 private:
  [[nodiscard]] OfContract work_out(const ContractTable& contracts, const Contract& contract) const;

  SizeLimits written_;
  std::vector<OfContract> known_;  // by contract
  std::uint64_t version_ = 0;      // of the table it was worked out from
};

}  // namespace rm
