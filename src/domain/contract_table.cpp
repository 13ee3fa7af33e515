#include "domain/contract_table.h"

namespace rm {

std::string_view root_of_name(std::string_view name) {
  return name.size() > 2 ? name.substr(0, name.size() - 2) : name;
}

std::string_view vendor_of_broker_id(std::string_view broker_id) {
  constexpr std::string_view kContract = "CON.F.US.";
  constexpr std::string_view kSymbol = "F.US.";
  std::string_view rest = broker_id;
  if (rest.starts_with(kContract)) {
    rest.remove_prefix(kContract.size());
    return rest.substr(0, rest.rfind('.'));
  }
  if (rest.starts_with(kSymbol)) rest.remove_prefix(kSymbol.size());
  return rest;
}

ContractId ContractTable::intern(std::string_view broker_id) {
  if (const auto known = by_broker_id_.find(broker_id); known != by_broker_id_.end()) return known->second;
  const ContractId id{static_cast<std::uint32_t>(contracts_.size())};
  Contract contract;
  contract.id = id;
  contract.broker_id = broker_id;
  contract.root = vendor_of_broker_id(broker_id);
  contract.symbol = symbol(broker_id);
  contracts_.push_back(std::move(contract));
  by_broker_id_.emplace(broker_id, id);
  return id;
}

ContractId ContractTable::learn(std::string_view broker_id, std::string_view name, std::int64_t tick_size_nanos,
                                Money tick_value, bool active) {
  ++version_;
  const std::string_view root = root_of_name(name);
  const SymbolId symbol_id = join_spellings(root, vendor_of_broker_id(broker_id));
  const ContractId id = intern(broker_id);
  Contract& contract = contracts_[id.value()];
  contract.name = name;
  contract.root = root;
  contract.symbol = symbol_id;
  contract.tick_size_nanos = tick_size_nanos;
  contract.tick_value = tick_value;
  const bool whole = contract.valuable() && tick_value.nanos() % tick_size_nanos == 0;
  contract.whole_point_value = whole ? tick_value.nanos() / tick_size_nanos : 0;
  contract.active = active;
  return id;
}

// The vendor spelling and the root are one symbol. If the vendor's was handed out already, it stays valid and the
// root joins it.
SymbolId ContractTable::join_spellings(std::string_view root, std::string_view vendor) {
  const auto by_vendor = by_symbol_.find(vendor);
  if (by_vendor != by_symbol_.end() && !by_symbol_.contains(root)) {
    symbols_[by_vendor->second.value()] = root;
    by_symbol_.emplace(root, by_vendor->second);
  }
  const SymbolId joined = intern_symbol(root);
  by_symbol_.insert_or_assign(std::string{vendor}, joined);
  for (Contract& contract : contracts_) {  // other months of the product, met before
    if (vendor_of_broker_id(contract.broker_id) != vendor) continue;
    contract.root = root;
    contract.symbol = joined;
  }
  return joined;
}

std::optional<ContractId> ContractTable::find(std::string_view broker_id) const {
  const auto known = by_broker_id_.find(broker_id);
  return known == by_broker_id_.end() ? std::nullopt : std::optional{known->second};
}

SymbolId ContractTable::symbol(std::string_view as_written) {
  return intern_symbol(vendor_of_broker_id(as_written));
}

std::optional<SymbolId> ContractTable::find_symbol(std::string_view as_written) const {
  const auto known = by_symbol_.find(vendor_of_broker_id(as_written));
  return known == by_symbol_.end() ? std::nullopt : std::optional{known->second};
}

SymbolId ContractTable::intern_symbol(std::string_view root) {
  if (const auto known = by_symbol_.find(root); known != by_symbol_.end()) return known->second;
  const SymbolId id{static_cast<std::uint32_t>(symbols_.size())};
  symbols_.emplace_back(root);
  by_symbol_.emplace(root, id);
  return id;
}

}  // namespace rm
