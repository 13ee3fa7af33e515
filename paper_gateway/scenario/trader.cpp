#include "paper_gateway/scenario/trader.h"

#include <string_view>
#include <utility>

namespace paper {
namespace {

std::string_view name_of(OrderType type) {
  switch (type) {
    case OrderType::Limit:
      return "limit";
    case OrderType::Market:
      return "market";
    case OrderType::StopLimit:
      return "stop limit";
    case OrderType::Stop:
      return "stop";
    case OrderType::TrailingStop:
      return "trailing stop";
    case OrderType::JoinBid:
      return "join bid";
    case OrderType::JoinAsk:
      return "join ask";
    case OrderType::Unknown:
      break;
  }
  return "unknown";
}

std::string reason(const Outcome& outcome) {
  return outcome.message.value_or("error code " + std::to_string(outcome.code));
}

}  // namespace

void Trader::tell(PaperTime now, const std::string& line) const {
  if (story_) story_(now, line);
}

std::string Trader::root(const std::string& contract) const {
  const auto known = exchange_.catalogue().by_id(contract);
  return known ? known->root : contract;
}

std::optional<Decimal> Trader::resolve(const std::optional<StepPrice>& price, const std::string& contract) const {
  if (!price || !price->from_last) return price ? std::optional{price->value} : std::nullopt;
  const Quote* quote = exchange_.quote(contract);
  if (quote == nullptr || !quote->last) return std::nullopt;  // the exchange refuses the order and says why
  return *quote->last + price->value;
}

void Trader::play(const TradeStep& step, PaperTime now) {
  PlaceRequest request;
  request.account = step.account;
  request.contract = step.contract;
  request.type = step.type;
  request.side = step.side;
  request.size = step.size;
  request.limit_price = resolve(step.limit, step.contract);
  request.stop_price = resolve(step.stop, step.contract);
  request.trail_price = resolve(step.trail, step.contract);
  request.custom_tag = step.tag;
  request.stop_loss = step.stop_loss;
  request.take_profit = step.take_profit;
  tell(now, wish(step, request));
  const PlaceOutcome outcome = exchange_.place(request, now);
  if (!outcome.ok()) return tell(now, "trader's order is refused: " + reason(outcome));
  if (outcome.order && !step.label.empty()) labelled_[step.label] = *outcome.order;
}

std::string Trader::wish(const TradeStep& step, const PlaceRequest& request) const {
  std::string line = step.side == Side::Buy ? "trader buys " : "trader sells ";
  line += std::to_string(step.size) + " " + root(step.contract) + ", " + std::string{name_of(step.type)};
  for (const auto& price : {request.limit_price, request.stop_price, request.trail_price}) {
    if (price) line += " " + price->text();
  }
  return line;
}

void Trader::play(const CancelStep& step, PaperTime now) {
  const auto labelled = labelled_.find(step.label);
  for (const auto& order : exchange_.working_orders(step.account)) {
    if (!step.label.empty() && (labelled == labelled_.end() || labelled->second != order.id)) continue;
    if (!step.contract.empty() && step.contract != order.contract) continue;
    const Outcome outcome = exchange_.cancel(step.account, order.id, now);
    const std::string what = "order " + std::to_string(order.id.value) + " in " + root(order.contract);
    tell(now, outcome.ok() ? "trader cancels " + what : "trader cannot cancel " + what + ": " + reason(outcome));
  }
}

void Trader::play(const CloseStep& step, PaperTime now) {
  tell(now, "trader closes " + root(step.contract));
  const Outcome outcome = exchange_.close_contract(step.account, step.contract, now);
  const bool flat = outcome.code == codes::kClosePositionNotFound;
  if (!outcome.ok()) tell(now, flat ? "there is no position to close" : "the close is refused: " + reason(outcome));
}

void Trader::play(const FlagStep& step, PaperTime now) {
  const Outcome outcome = exchange_.set_account(step.account, step.change, now);
  std::string line = "the firm changes account " + std::to_string(step.account.value);
  if (step.change.can_trade) line += *step.change.can_trade ? ", it can trade" : ", it cannot trade";
  if (step.change.balance) line += ", balance " + step.change.balance->text();
  tell(now, outcome.ok() ? line : line + ": " + reason(outcome));
}

void Trader::play(const SayStep& step, PaperTime now) {
  tell(now, step.text);
}

}  // namespace paper
