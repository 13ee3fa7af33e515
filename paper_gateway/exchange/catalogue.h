#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "paper_gateway/exchange/decimal.h"

namespace paper {

struct Contract {
  std::string id;            // "CON.F.US.ENQ.U26"
  std::string name;          // "NQU6"
  std::string display_name;  // "NQU26"
  std::string description;   // "E-mini NASDAQ-100: September 2026"
  std::string symbol_id;     // "F.US.ENQ"
  std::string root;          // "NQ"
  std::string vendor;        // "ENQ"
  std::string group;         // equity, rates, fx, energy, metal, ag, crypto
  Decimal tick_size;
  Decimal tick_value;     // USD a tick and contract
  Decimal fee;            // USD a contract and half-turn
  Decimal commission;     // the same, in addition to the fee
  Decimal typical_price;  // on tick; where a feed may start
  bool active = true;     // false: a month that is not, or no longer, the tradable one

  bool on_tick(Decimal price) const { return price.nanos() % tick_size.nanos() == 0; }
  std::int64_t ticks(Decimal price) const { return price.nanos() / tick_size.nanos(); }
  Decimal ticks_to_price(std::int64_t ticks) const { return tick_size * ticks; }
};

// The products and the one tradable month of each. Months letters F G H J K M N Q U V X Z, two-digit year.
class Catalogue {
 public:
  Catalogue();  // the built-in table, every product active in its own sample month

  const std::vector<Contract>& available() const { return active_; }  // one contract a product
  std::vector<Contract> search(std::string_view text) const;  // substring of name root or vendor symbol; at most 20
  // Any well-formed month of a known product; `active` tells whether it is the tradable one. nullopt: unknown product
  // or month.
  std::optional<Contract> by_id(std::string_view id) const;
  // The tradable contract for what a person writes: root "MNQ", name "MNQU6", vendor "ENQ" or a whole id. nullptr:
  // none.
  const Contract* find_symbol(std::string_view symbol) const;
  bool roll(std::string_view root, std::string_view month);  // "MNQ", "Z26": that month becomes the tradable one

 private:
  std::vector<Contract> active_;
};

}  // namespace paper
