#include "support/broker_check.h"

#include <algorithm>
#include <cstdlib>
#include <stdexcept>

namespace rm::test {
namespace {

constexpr Nanos kCent = 10'000'000;  // averages come rounded: results that differ by less are the same

// Dollars a point, from the exchange's contract specifications.
std::int64_t dollars_a_point(const std::string& symbol) {
  static const std::map<std::string, std::int64_t> kPoint{{"MNQ", 2}, {"MES", 5}, {"NQ", 20},
                                                          {"ES", 50}, {"M2K", 5}, {"RTY", 50}};
  const auto found = kPoint.find(symbol);
  if (found == kPoint.end()) throw std::invalid_argument("no point value for " + symbol);
  return found->second;
}

std::string dollars(Nanos amount) {
  const Nanos cents = std::abs(amount) / kCent;
  const std::string digits = std::to_string(cents % 100);
  return (amount < 0 ? "-" : "") + std::to_string(cents / 100) + (cents % 100 < 10 ? ".0" : ".") + digits + " $";
}

bool is_micro(const std::string& symbol) {
  return symbol == "MNQ" || symbol == "MES" || symbol == "M2K";
}

std::string lots_of(int lots, const std::string& symbol) {
  return std::to_string(lots) + " " + symbol;
}

class Judge {
 public:
  Judge(const BrokerSide& broker, const OurSide& ours, const Demands& demands)
      : broker_{broker}, ours_{ours}, demands_{demands} {}

  Nanos day_result() {
    add_up();
    return realised_ - costs_ + open_;
  }

  std::vector<std::string> sentences() {
    add_up();
    broker_agrees_with_itself();
    nothing_of_ours_ever_opened();
    sizes_are_allowed();
    open_results_are_allowed();
    positions_are_covered();
    what_must_be_locked_is_locked();
    what_is_locked_is_flat();
    our_picture_is_the_brokers();
    return std::move(said_);
  }

 private:
  void say(std::string sentence) { said_.push_back(std::move(sentence)); }

  static int sum_of(const std::map<std::string, int>& held, const std::string& symbol) {
    const auto found = held.find(symbol);
    return found == held.end() ? 0 : found->second;
  }

  Nanos open_result(const SeenPosition& position) const {
    const auto last = broker_.last_prices.find(position.symbol);
    if (last == broker_.last_prices.end()) return 0;
    return (last->second - position.average) * position.lots * dollars_a_point(position.symbol);
  }

  void add_up() {
    for (const SeenPosition& position : broker_.positions) {
      held_[position.symbol] += position.lots;
      gross_ += std::abs(position.lots);
      open_ += open_result(position);
    }
    for (const SeenTrade& trade : broker_.trades) {
      if (!trade.today) continue;
      realised_ += trade.profit;
      costs_ += trade.costs;
    }
  }

  void broker_agrees_with_itself() {
    std::map<std::string, int> sum = held_;
    for (const SeenTrade& trade : broker_.trades) sum[trade.symbol] -= trade.lots;
    for (const auto& [symbol, lots] : sum) {
      if (lots != 0) say("the trades of " + symbol + " do not add up to the position: the test is wrong");
    }
  }

  // Each trade of ours takes off what was open, and never more than that.
  void nothing_of_ours_ever_opened() {
    std::map<std::string, int> before;
    for (const SeenTrade& trade : broker_.trades) {
      int& held = before[trade.symbol];
      const bool reduces = held != 0 && (held > 0) != (trade.lots > 0) && std::abs(trade.lots) <= std::abs(held);
      if (trade.by_us && !reduces) {
        say("WE OPENED OR REVERSED: trade " + std::to_string(trade.id) + " of " + lots_of(trade.lots, trade.symbol) +
            " while " + std::to_string(held) + " were held");
      }
      held += trade.lots;
    }
  }

  void sizes_are_allowed() {
    if (demands_.most_contracts && tenths_held() > *demands_.most_contracts * 10)
      say(std::to_string(gross_) + " contracts are held, allowed are " + std::to_string(*demands_.most_contracts));
    for (const auto& [symbol, lots] : held_) {
      const auto own = demands_.most_of_symbol.find(symbol);
      const auto most = own != demands_.most_of_symbol.end() ? std::optional{own->second} : demands_.most_of_others;
      if (most && std::abs(lots) > *most)
        say(lots_of(lots, symbol) + " are held, allowed are " + std::to_string(*most));
    }
    for (const std::string& symbol : demands_.blocked) {
      if (sum_of(held_, symbol) != 0) say(lots_of(sum_of(held_, symbol), symbol) + " are held, it is blocked");
      if (std::ranges::any_of(broker_.working_orders, [&](const SeenOrder& order) { return order.symbol == symbol; }))
        say("an order works in " + symbol + ", it is blocked");
    }
  }

  int tenths_held() const {
    int net = 0, mini = 0;
    for (const auto& [symbol, lots] : held_) {
      net += lots;
      mini += std::abs(lots) * (is_micro(symbol) ? 1 : 10);
    }
    switch (demands_.counted) {
      case Counted::Net:
        return std::abs(net) * 10;
      case Counted::Mini:
        return mini;
      default:
        return gross_ * 10;
    }
  }

  void open_results_are_allowed() {
    for (const SeenPosition& position : broker_.positions) {
      const Nanos open = open_result(position);
      if (demands_.position_loss && open < *demands_.position_loss - kCent)
        say(position.symbol + " has an open loss of " + dollars(open) + ", allowed is " +
            dollars(*demands_.position_loss));
      if (demands_.position_profit && open > *demands_.position_profit + kCent)
        say(position.symbol + " has an open profit of " + dollars(open) + ", to be taken at " +
            dollars(*demands_.position_profit));
    }
  }

  void positions_are_covered() {
    if (!demands_.stops_for_everything) return;
    for (const auto& [symbol, lots] : held_) {
      int covered = 0;
      for (const SeenOrder& order : broker_.working_orders) {
        if (order.stop && order.symbol == symbol && order.buys == (lots < 0)) covered += order.lots;
      }
      if (covered < std::abs(lots))
        say(lots_of(lots, symbol) + " are held with stops for " + std::to_string(covered));
    }
  }

  void what_must_be_locked_is_locked() {
    const Nanos net = realised_ - costs_;
    const auto demand = [&](bool demanded, const std::string& why) {
      if (demanded && !ours_.locked) say("UNPROTECTED: not locked although " + why);
    };
    demand(demands_.day_loss && net + open_ < *demands_.day_loss - kCent,
           "the day stands at " + dollars(net + open_));
    demand(demands_.day_profit && net > *demands_.day_profit + kCent, "the day has earned " + dollars(net));
    demand(demands_.only_while_allowed && !broker_.may_trade, "the broker has taken the right to trade away");
    demand(demands_.locked_before, "it was locked until the reset before");
  }

  void what_is_locked_is_flat() {
    if (!ours_.locked && !demands_.locked_before) return;
    if (gross_ != 0) say("UNPROTECTED: locked, and " + std::to_string(gross_) + " contracts are held");
    if (!broker_.working_orders.empty())
      say("UNPROTECTED: locked, and " + std::to_string(broker_.working_orders.size()) + " orders work");
  }

  void our_picture_is_the_brokers() {
    if (!ours_.synchronised) say("we do not call the account synchronised");
    if (ours_.enforcing) say("an enforcement has not ended");
    std::map<std::string, int> difference = ours_.held;
    for (const auto& [symbol, lots] : held_) difference[symbol] -= lots;
    for (const auto& [symbol, lots] : difference) {
      if (lots != 0)
        say("we say " + lots_of(sum_of(ours_.held, symbol), symbol) + ", the broker says " +
            std::to_string(sum_of(held_, symbol)));
    }
    std::set<std::int64_t> working;
    for (const SeenOrder& order : broker_.working_orders) working.insert(order.id);
    if (working != ours_.orders)
      say("we know " + std::to_string(ours_.orders.size()) + " working orders, the broker " +
          std::to_string(working.size()) + ", or not the same ones");
    if (realised_ != ours_.realised)
      say("we say " + dollars(ours_.realised) + " realised, the broker " + dollars(realised_));
    if (costs_ != ours_.costs) say("we say costs of " + dollars(ours_.costs) + ", the broker " + dollars(costs_));
    if (!ours_.open) {
      say("we cannot value what is open");
    } else if (std::abs(*ours_.open - open_) > kCent) {
      say("we say " + dollars(*ours_.open) + " open, the broker " + dollars(open_));
    }
  }

  const BrokerSide& broker_;
  OurSide ours_;
  Demands demands_;
  std::map<std::string, int> held_;
  int gross_ = 0;
  Nanos realised_ = 0, costs_ = 0, open_ = 0;
  std::vector<std::string> said_;
};

}  // namespace

Nanos day_result(const BrokerSide& broker) {
  return Judge{broker, {}, {}}.day_result();
}

std::vector<std::string> complaints(const BrokerSide& broker, const OurSide& ours, const Demands& demands) {
  return Judge{broker, ours, demands}.sentences();
}

}  // namespace rm::test
