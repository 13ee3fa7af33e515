// A trade that the venue takes back.
#include <algorithm>
#include <cstdlib>

#include "paper_gateway/exchange/core.h"

namespace paper {

Outcome Exchange::Core::void_trade(AccountId account_id, TradeId id) {
  Account* owner = account(account_id);
  if (owner == nullptr) return {codes::kVoidAccountNotFound, "There is no such account."};
  const auto trade = std::ranges::lower_bound(trades, id, {}, &Trade::id);
  if (trade == trades.end() || trade->id != id || trade->account != account_id || trade->voided) {
    return {codes::kVoidTradeNotFound, "There is no such trade that stands."};
  }
  trade->voided = true;
  owner->balance += trade->fees + trade->commissions;
  owner->balance -= trade->profit_and_loss.value_or(Decimal{});
  FillNews news;
  news.trades.emplace_back(*trade, Action::Update);
  Holding& holding = holdings.at({account_id, trade->contract});
  const int before = holding.size();
  holding = replayed(holding, news);
  if (before == 0 && holding.size() != 0) {
    holding.position.id = PositionId{next_position++};
    holding.position.created = stamp();
  }
  show_position(holding);
  for (const auto& [told, action] : news.trades) tell_trade(told, action);
  if (before != 0 || holding.size() != 0)
    tell_position(holding.position, holding.size() == 0 ? Action::Delete : Action::Update);
  tell_account(account_id);
  return {};
}

// Later trades may close what they opened before, or the other way round: their results change with it, and so does
// the balance.
Holding Exchange::Core::replayed(Holding old, FillNews& news) {
  const Position shown = old.position;
  const Contract& contract = market(shown.contract)->contract;
  Holding holding;
  holding.position = shown;
  for (Trade& trade : trades) {
    if (trade.account != shown.account || trade.contract != shown.contract || trade.voided) continue;
    const int way = sign(trade.side);
    const int closing = holding.size() * way < 0 ? std::min(trade.size, std::abs(holding.size())) : 0;
    std::optional<Decimal> result;
    if (closing > 0) result = holding.close(closing, trade.price, contract, settings.closed_lots).profit_and_loss;
    if (trade.size > closing) holding.open(trade.id, (trade.size - closing) * way, trade.price, contract);
    if (result == trade.profit_and_loss) continue;
    account(shown.account)->balance += result.value_or(Decimal{}) - trade.profit_and_loss.value_or(Decimal{});
    trade.profit_and_loss = result;
    news.trades.emplace_back(trade, Action::Update);
  }
  return holding;
}

}  // namespace paper
