#include "rules/symbol_match.h"

namespace rm {

bool wildcard_match(std::string_view pattern, std::string_view text) {
  std::size_t p = 0, t = 0, star = std::string_view::npos, resume = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      resume = t;
    } else if (p < pattern.size() && (pattern[p] == '?' || pattern[p] == text[t])) {
      ++p;
      ++t;
    } else if (star != std::string_view::npos) {  // the last star takes one character more
      p = star + 1;
      t = ++resume;
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of('*', p) == std::string_view::npos;
}

bool means(std::string_view written, const ContractTable& contracts, const Contract& contract) {
  if (written.find_first_of("*?") == std::string_view::npos) return contracts.find_symbol(written) == contract.symbol;
  if (written.starts_with("CON.")) return wildcard_match(written, contract.broker_id);
  constexpr std::string_view kVendor = "F.US.";
  if (written.starts_with(kVendor))
    return wildcard_match(written.substr(kVendor.size()), vendor_of_broker_id(contract.broker_id));
  return wildcard_match(written, contract.root);
}

}  // namespace rm
