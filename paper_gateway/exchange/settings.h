#pragma once

#include <chrono>
#include <cstdint>

#include "paper_gateway/exchange/paper_time.h"

namespace paper {

// Where the real venue is not known, or varies, the exchange has a switch. The defaults are what was seen most.
struct Settings {
  Nanos latency{0};  // from acceptance of an order to its first fill or resting
  Nanos sibling_cancel_delay{std::chrono::milliseconds{12}};     // OCO sibling after a leg's fill
  Nanos account_duplicate_delay{std::chrono::milliseconds{50}};  // between the copies of one account event
  int account_copies = 2;                                        // account events for one balance change, ≥ 1

  enum class Resend { Off, AsCreate, AsUpdate };
  Resend resend_opening_trade = Resend::AsUpdate;  // on the closing fill

  enum class ChildrenOnPartialClose { Keep, CancelGroup, Rescale };
  ChildrenOnPartialClose children_on_partial_close = ChildrenOnPartialClose::Keep;
  bool cancel_sibling_on_manual_cancel = false;
  bool close_contract_cancels_orders = false;
  bool close_when_blocked = true;  // closeContract of an account that may not trade

  bool accept_stop_limit = false;
  int max_fill_size = 0;  // > 0: larger fills come in parts, a resting order's one at a time

  enum class ClosedLots { AverageCost, Fifo };
  ClosedLots closed_lots = ClosedLots::AverageCost;  // which entry a partial exit's P&L is measured from

  bool firm_window = false;    // refuse orders 15:10 – 17:00 Chicago, at weekends and on holidays
  int closed_window_code = 2;  // 2 with the text and a recorded order, or 5
  enum class AtFlatTime { Cancel, Expire, Keep };
  AtFlatTime at_flat_time = AtFlatTime::Cancel;  // working orders at 15:10 (only with firm_window)

  // Reads over REST show what was so that long ago; 0: what is so.
  Nanos position_read_lag{0};
  Nanos order_read_lag{0};
  Nanos trade_read_lag{0};

  enum class FillEvents { Usual, TradeFirst, OrderFirst, Random };  // usual: order first for what waited at a price
  FillEvents fill_events = FillEvents::Usual;
  bool null_text_for_duplicate_tag = false;
  bool page_offset_counts_pages = false;  // of v2/query; else rows
  std::uint64_t seed = 1;                 // of what is drawn at random
};

}  // namespace paper
