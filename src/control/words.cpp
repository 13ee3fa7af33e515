#include "control/words.h"

#include <fmt/format.h>

namespace rm {

std::string contract_name(ContractId id, const ContractTable& contracts) {
  if (!contracts.contains(id)) return "?";
  const Contract& contract = contracts.at(id);
  return contract.name.empty() ? contract.broker_id : contract.name;
}

std::string reason_text(const Reason& reason, const ContractTable& contracts) {
  const auto contract = contract_of(reason);
  return sentence(reason, contract ? contract_name(*contract, contracts) : std::string{});
}

std::string goal_text(const Goal& goal, const ContractTable& contracts) {
  if (goal.account_flat) return "flatten the account: close every position, cancel every order";
  std::string text;
  const auto add = [&](const std::string& part) { text += (text.empty() ? "" : "; ") + part; };
  for (const ContractGoal& contract : goal.contracts) {
    const std::string name = contract_name(contract.contract, contracts);
    add(contract.at_most.is_zero() ? "close " + name
                                   : fmt::format("reduce {} to {}", name, contract.at_most.value()));
  }
  for (const OrderId order : goal.orders_gone) add(fmt::format("cancel order {}", order.value()));
  return text.empty() ? "nothing to close or cancel" : text;
}

std::string until_text(const LockEnd& end) {
  if (const auto* time = std::get_if<UntilTime>(&end)) return "until " + format_timestamp(time->time);
  return "until the broker allows trading again";
}

std::string trade_text(const Trade& trade, const std::string& contract) {
  return fmt::format("trade {} {} {} @ {}{}{}", trade.side == Side::Buy ? "buy" : "sell", trade.size.value(),
                     contract, trade.price.text(),
                     trade.profit_and_loss ? ", result " + trade.profit_and_loss->text() : "",
                     trade.voided ? ", VOIDED" : "");
}

std::string position_text(const Position& position, const std::string& contract) {
  if (position.size.is_zero()) return "position " + contract + " closed";
  return fmt::format("position {} {} {} @ {}", position.size > Lots{} ? "long" : "short",
                     position.size.magnitude().value(), contract, position.average_price.text());
}

std::string ask_text(const BrokerAsk& ask, const ContractTable& contracts) {
  if (const auto* close = std::get_if<ClosePosition>(&ask)) return contract_name(close->contract, contracts);
  if (const auto* reduce = std::get_if<ReducePosition>(&ask))
    return fmt::format("{} by {}", contract_name(reduce->contract, contracts), reduce->by.value());
  if (const auto* cancel = std::get_if<CancelOrder>(&ask)) return fmt::format("order {}", cancel->order.value());
  if (const auto* stop = std::get_if<ModifyStop>(&ask))
    return fmt::format("order {} to {}", stop->order.value(), stop->stop_price.text());
  if (const auto* stop = std::get_if<PlaceStop>(&ask))
    return fmt::format("stop {} {} {} at {}", stop->side == Side::Buy ? "buy" : "sell", stop->size.value(),
                       contract_name(stop->contract, contracts), stop->stop_price.text());
  if (const auto* resize = std::get_if<ResizeOrder>(&ask))
    return fmt::format("order {} to {} lots", resize->order.value(), resize->size.value());
  return {};
}

}  // namespace rm
