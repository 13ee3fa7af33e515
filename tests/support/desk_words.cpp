#include "support/desk_words.h"

namespace rm::test {
namespace {

// Of the days around that of the desk: the clocks of Chicago are five hours behind.
std::string chicago_time_of_day(BrokerTime time) {
  return format_timestamp(BrokerTime::from_seconds((time - std::chrono::hours{5}).nanos() / kNanosPerUnit))
      .substr(11, 8);
}

std::string goal_words(const Goal& goal, const ContractTable& contracts) {
  if (goal.account_flat) return "flatten";
  if (goal.empty()) return "leave open";
  std::string text;
  const auto add = [&](const std::string& part) { text += (text.empty() ? "" : ", ") + part; };
  for (const ContractGoal& part : goal.contracts) {
    const std::string& symbol = contracts.at(part.contract).root;
    add(part.at_most.is_zero() ? "close " + symbol
                               : "reduce " + symbol + " to " + std::to_string(part.at_most.value()));
  }
  for (const OrderId order : goal.orders_gone) add("cancel order " + std::to_string(order.value()));
  return text;
}

// "lock account hard until reset", or "until 09:36:10 (300s)": how long it holds stands behind.
std::string lock_words(const Lock& lock, BrokerTime reset, const ContractTable& contracts) {
  std::string text = "lock " + (lock.symbol ? contracts.symbol_text(*lock.symbol) : std::string{"account"}) +
                     (lock.kind == LockKind::Hard ? " hard" : " entry") + " until ";
  const auto* until = std::get_if<UntilTime>(&lock.until);
  if (!until) return text + "the broker allows";
  if (until->time == reset) return text + "reset";
  const auto seconds = std::chrono::round<std::chrono::seconds>(until->time - lock.since).count();
  return text + chicago_time_of_day(until->time) + " (" + std::to_string(seconds) + "s)";
}

}  // namespace

std::vector<std::string> decision_words(const Decision& decision, const ContractTable& contracts,
                                        const TradingCalendar& calendar) {
  std::vector<std::string> parts{goal_words(decision.goal, contracts) + " because "};
  std::string before;
  for (const Violation& violation : decision.violations) {
    const std::string name{code(violation.reason)};
    if (name == before) continue;  // the same reason for several contracts or orders
    parts.front() += (before.empty() ? "" : ", ") + name;
    before = name;
  }
  for (const Lock& lock : decision.locks)
    parts.push_back(lock_words(lock, calendar.next_reset(decision.at), contracts));
  return parts;
}

std::string ask_words(const BrokerAsk& ask, const ContractTable& contracts) {
  std::string text{name_of(ask)};
  if (const auto* close = std::get_if<ClosePosition>(&ask)) text += " " + contracts.at(close->contract).root;
  if (const auto* reduce = std::get_if<ReducePosition>(&ask))
    text += " " + contracts.at(reduce->contract).root + " by " + std::to_string(reduce->by.value());
  if (const auto* cancel = std::get_if<CancelOrder>(&ask)) text += " " + std::to_string(cancel->order.value());
  if (const auto* stop = std::get_if<ModifyStop>(&ask))
    text += " " + std::to_string(stop->order.value()) + " to " + stop->stop_price.text();
  if (const auto* stop = std::get_if<PlaceStop>(&ask))
    text += " stop " + contracts.at(stop->contract).root + (stop->side == Side::Buy ? " buy " : " sell ") +
            std::to_string(stop->size.value()) + " at " + stop->stop_price.text();
  if (const auto* resize = std::get_if<ResizeOrder>(&ask))
    text += " " + std::to_string(resize->order.value()) + " to " + std::to_string(resize->size.value()) + " lots";
  return text;
}

}  // namespace rm::test
