#pragma once
// Which fills a person was told of: the gateway sends the opening fills again when the position closes.

#include <deque>
#include <map>
#include <utility>

#include "event_bus/risk_event.h"

namespace rm {

class SaidFills {
 public:
  void on_snapshot(AccountId account, BrokerTime at) { read_at_[account] = at; }

  // Whether this says nothing new; from now on it does not.
  bool again(const Trade& t, BrokerTime heard_at) {
    const auto key = std::pair{t.account, t.id};
    const Figures now{t.profit_and_loss, t.voided};
    const auto [said, is_new] = said_.try_emplace(key, now);
    if (is_new) {
      order_.push_back(key);
      forget_the_oldest();
      return !t.profit_and_loss && heard_at - t.time > kLate && was_read(t);
    }
    const bool same = said->second.voided == now.voided && (!now.profit || said->second.profit == now.profit);
    if (!same) said->second = now;
    return same;
  }

 private:
  static constexpr Duration kLate = std::chrono::seconds{1};
  static constexpr std::size_t kKept = 4096;
  struct Figures {
    std::optional<Money> profit;
    bool voided = false;
  };
  // Of before the account was read last: what was there then is in no event.
  [[nodiscard]] bool was_read(const Trade& t) const {
    const auto read = read_at_.find(t.account);
    return read != read_at_.end() && t.time < read->second;
  }
  void forget_the_oldest() {
    if (order_.size() <= kKept) return;
    said_.erase(order_.front());
    order_.pop_front();
  }

  std::map<std::pair<AccountId, TradeId>, Figures> said_;
  std::deque<std::pair<AccountId, TradeId>> order_;
  std::map<AccountId, BrokerTime> read_at_;
};

}  // namespace rm
