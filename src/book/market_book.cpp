#include "book/market_book.h"

namespace rm {

MarketBook::Known& MarketBook::slot(ContractId contract) {
  if (contract.value() >= known_.size()) known_.resize(contract.value() + 1);
  return known_[contract.value()];
}

void MarketBook::on_quote(const QuoteUpdated& quote, BrokerTime now) {
  ++version_;
  Known& known = slot(quote.contract);
  if (quote.last) known.last = quote.last;
  if (quote.bid) known.bid = quote.bid;
  if (quote.ask) known.ask = quote.ask;
  known.at = now;
}

void MarketBook::on_fill(ContractId contract, Price price, BrokerTime now) {
  Known& known = slot(contract);
  if (known.last) return;
  ++version_;
  known.last = price;
  known.at = now;
}

std::optional<Mark> MarketBook::mark(ContractId contract, Lots signed_size) const {
  if (contract.value() >= known_.size()) return std::nullopt;
  const Known& known = known_[contract.value()];
  if (kind_ == MarkKind::Exit) {
    const auto& exit = signed_size > Lots{} ? known.bid : known.ask;
    if (exit) return Mark{*exit, known.at};
  }
  const bool two_sided = known.bid && known.ask;
  if (two_sided && (kind_ == MarkKind::Mid || !known.last)) {
    return Mark{Price::from_nanos(saturate(divide_rounded(Wide{known.bid->nanos()} + known.ask->nanos(), 2))),
                known.at};
  }
  if (known.last) return Mark{*known.last, known.at};
  return std::nullopt;
}

}  // namespace rm
