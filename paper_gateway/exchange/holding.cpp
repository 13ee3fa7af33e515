#include "paper_gateway/exchange/holding.h"

#include <algorithm>
#include <cstdlib>

namespace paper {
namespace {

// Fills are on tick, so the value of a contract is a whole number of tick values: exact.
Wide value_of(Decimal price, const Contract& contract) {
  return Wide{contract.ticks(price)} * contract.tick_value.nanos();
}

}  // namespace

void Holding::open(TradeId trade, int signed_size, Decimal price, const Contract& contract) {
  const int count = std::abs(signed_size);
  const Wide unit = value_of(price, contract);
  size_ += signed_size;
  paid_ += unit * count;
  lots_.push_back({trade, count, unit});
  refresh_average(contract);
}

Holding::Closed Holding::close(int count, Decimal price, const Contract& contract, Settings::ClosedLots method) {
  const int direction = size_ > 0 ? 1 : -1;
  const Wide average_cost = divide_rounded(paid_ * count, std::abs(size_));
  Closed closed;
  Wide fifo_cost = 0;
  for (int left = count; left > 0;) {
    Lot& lot = lots_.front();
    const int used = std::min(left, lot.size);
    fifo_cost += lot.unit_value * used;
    closed.opened_by.push_back(lot.trade);
    lot.size -= used;
    left -= used;
    if (lot.size == 0) lots_.pop_front();
  }
  const bool fifo = method == Settings::ClosedLots::Fifo;
  const Wide cost = fifo ? fifo_cost : average_cost;
  closed.profit_and_loss = Decimal::from_nanos(saturate((value_of(price, contract) * count - cost) * direction));
  size_ -= direction * count;
  paid_ -= cost;
  // The average cost of what is left is what it was, to the nano: it is not computed anew from the rounded remainder.
  if (fifo && size_ != 0) refresh_average(contract);
  return closed;
}

void Holding::refresh_average(const Contract& contract) {
  const Wide size = std::abs(size_);
  average_ = Decimal::from_nanos(
      saturate(divide_rounded(paid_ * contract.tick_size.nanos(), contract.tick_value.nanos() * size)));
}

}  // namespace paper
