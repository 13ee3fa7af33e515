#pragma once
// Interns contracts: the broker's id text becomes a small index, once, where the wire ends. Grows only; references
// stay valid.

#include <deque>
#include <functional>
#include <optional>
#include <string_view>
#include <unordered_map>

#include "domain/contract.h"

namespace rm {

class ContractTable {
 public:
  // The contract of this broker id; entered as "not known yet" (no tick) when new. Allocates only when new.
  ContractId intern(std::string_view broker_id);
  // Enters or completes the broker's record. `name` is "NQU6"; the symbol is its root "NQ".
  ContractId learn(std::string_view broker_id, std::string_view name, std::int64_t tick_size_nanos, Money tick_value,
                   bool active);

  [[nodiscard]] std::optional<ContractId> find(std::string_view broker_id) const;
  [[nodiscard]] const Contract& at(ContractId id) const { return contracts_[id.value()]; }
  [[nodiscard]] bool contains(ContractId id) const { return id.value() < contracts_.size(); }
  [[nodiscard]] std::size_t size() const { return contracts_.size(); }
  [[nodiscard]] std::uint64_t version() const { return version_; }  // grows with each record that is learned

  // "MNQ", "F.US.MNQ", "EP" or a contract id all mean the same symbol. Interned when new. Both spellings of a product
  // asked for before its record is known are two symbols until then: ask for configured symbols after the broker's
  // catalogue is in.
  SymbolId symbol(std::string_view as_written);
  // The same without entering it; empty: no contract of that symbol has been met.
  [[nodiscard]] std::optional<SymbolId> find_symbol(std::string_view as_written) const;
  [[nodiscard]] const std::string& symbol_text(SymbolId id) const { return symbols_[id.value()]; }

 private:
  SymbolId intern_symbol(std::string_view root);
  SymbolId join_spellings(std::string_view root, std::string_view vendor);

  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
  };
  template <class Id>
  using Index = std::unordered_map<std::string, Id, Hash, std::equal_to<>>;

  std::deque<Contract> contracts_;
  std::uint64_t version_ = 0;
  std::deque<std::string> symbols_;
  Index<ContractId> by_broker_id_;
  Index<SymbolId> by_symbol_;  // every accepted spelling
};

// The product root of a contract name: "MNQU6" -> "MNQ" (the last two characters are month letter and year digit).
[[nodiscard]] std::string_view root_of_name(std::string_view name);
// The vendor symbol inside a contract id: "CON.F.US.ENQ.U26" -> "ENQ"; the whole text when it has another form.
[[nodiscard]] std::string_view vendor_of_broker_id(std::string_view broker_id);

}  // namespace rm
