#pragma once
// Last known price of every contract, and the mark a position is valued at.

#include <optional>
#include <vector>

#include "event_bus/risk_event.h"

namespace rm {

enum class MarkKind : std::uint8_t { Last, Mid, Exit };

struct Mark {
  Price price;
  BrokerTime at;  // when the quote arrived
};

class MarketBook {
 public:
  explicit MarketBook(MarkKind kind = MarkKind::Last) : kind_{kind} {}

  void on_quote(const QuoteUpdated& quote, BrokerTime now);
  // A fill is a print too: the only price known of a contract whose first quote has not come yet.
  void on_fill(ContractId contract, Price price, BrokerTime now);

  // Mark for a position of this sign: last, middle, or the side it would close at; falls back to what is known.
  // Empty: no price yet.
  [[nodiscard]] std::optional<Mark> mark(ContractId contract, Lots signed_size) const;
  [[nodiscard]] std::uint64_t version() const { return version_; }  // grows with each change of a price

 private:
  struct Known {
    std::optional<Price> last, bid, ask;
    BrokerTime at;
  };
  Known& slot(ContractId contract);
  MarkKind kind_;
  std::vector<Known> known_;  // by contract
  std::uint64_t version_ = 0;
};

}  // namespace rm
