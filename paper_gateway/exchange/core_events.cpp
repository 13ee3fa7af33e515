#include "paper_gateway/exchange/core.h"

namespace paper {

void Exchange::Core::tell_order(const Order& order) {
  for (ExchangeListener* listener : listeners) listener->on_order(order, Action::Update);
}

void Exchange::Core::tell_trade(const Trade& trade, Action action) {
  for (ExchangeListener* listener : listeners) listener->on_trade(trade, action);
}

void Exchange::Core::tell_position(const Position& position, Action action) {
  for (ExchangeListener* listener : listeners) listener->on_position(position, action);
}

void Exchange::Core::tell_account(AccountId id) {
  const auto tell = [this, id] {
    for (ExchangeListener* listener : listeners) listener->on_account(accounts.at(id));
  };
  tell();
  for (int copy = 1; copy < settings.account_copies; ++copy)
    later.at(now + settings.account_duplicate_delay * copy, tell);
}

}  // namespace paper
