#pragma once

#include <deque>
#include <optional>
#include <vector>

#include "paper_gateway/exchange/catalogue.h"
#include "paper_gateway/exchange/entities.h"
#include "paper_gateway/exchange/settings.h"
#include "paper_gateway/exchange/wide.h"

namespace paper {

// One account's contracts of one month: signed size, what was paid for them, and the entries they came from. Exact.
class Holding {
 public:
  int size() const { return size_; }                  // > 0 long, < 0 short
  Decimal average_price() const { return average_; }  // of the last time there was a position, when flat

  // Adds to a position in its own direction, or opens one. `signed_size` ≠ 0 and of the same sign as size().
  void open(TradeId trade, int signed_size, Decimal price, const Contract& contract);

  struct Closed {
    Decimal profit_and_loss;
    std::vector<TradeId> opened_by;  // the oldest entries that this exit used up, wholly or in part
  };
  // Takes `count` contracts off, 1 – |size()|.
  Closed close(int count, Decimal price, const Contract& contract, Settings::ClosedLots method);

  Position position;  // what clients are told; its figures are kept by the exchange

 private:
  struct Lot {
    TradeId trade;
    int size;
    Wide unit_value;  // USD nanos a contract
  };
  void refresh_average(const Contract& contract);

  int size_ = 0;
  Wide paid_ = 0;  // USD nanos for |size_| contracts
  Decimal average_;
  std::deque<Lot> lots_;
};

}  // namespace paper
