#pragma once
// Fills that a read found although the stream was up: the stream hid them, or is only late. Pure.

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <vector>

#include "domain/ids.h"
#include "domain/time.h"

namespace rm {

class FoundByReads {
 public:
  // A read may overtake the stream by a moment; who is late by more has hidden it.
  static constexpr Duration kPatience = std::chrono::seconds{5};

  void on_read(AccountId account, TradeId trade, BrokerTime now) { waiting_.push_back({account, trade, now}); }
  void on_stream(AccountId account, TradeId trade) {
    std::erase_if(waiting_, [&](const Found& found) { return found.account == account && found.trade == trade; });
  }
  // How many the stream has hidden since the last call.
  [[nodiscard]] std::uint64_t settle(BrokerTime now) {
    return std::erase_if(waiting_, [&](const Found& found) { return now - found.at >= kPatience; });
  }

 private:
  struct Found {
    AccountId account;
    TradeId trade;
    BrokerTime at;
  };
  std::vector<Found> waiting_;
};

}  // namespace rm
