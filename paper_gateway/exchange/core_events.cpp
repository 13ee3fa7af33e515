#include "paper_gateway/exchange/core.h"

namespace paper {
namespace {

template <class Entity>
void remember(Versions<Entity>& versions, const Entity& entity, PaperTime now, Nanos lag) {
  while (versions.size() > 1 && versions[1].first <= now - lag) versions.pop_front();
  if (!versions.empty() && lag == Nanos{0}) versions.clear();
  versions.emplace_back(now, entity);
}

template <class Entity>
const Entity* as_of(const Versions<Entity>& versions, PaperTime time) {
  const Entity* latest = nullptr;
  for (const auto& [told, entity] : versions) {
    if (told <= time) latest = &entity;
  }
  return latest;
}

}  // namespace

void Exchange::Core::tell_order(const Order& order) {
  remember(told_orders[order.id], order, now, settings.order_read_lag);
  for (ExchangeListener* listener : listeners) listener->on_order(order, Action::Update);
}

void Exchange::Core::tell_trade(const Trade& trade, Action action) {
  for (ExchangeListener* listener : listeners) listener->on_trade(trade, action);
}

void Exchange::Core::tell_position(const Position& position, Action action) {
  remember(told_positions[{position.account, position.contract}], position, now, settings.position_read_lag);
  for (ExchangeListener* listener : listeners) listener->on_position(position, action);
}

const Order* Exchange::Core::shown(const OrderState& state, Seen seen) const {
  if (seen == Seen::Truth || settings.order_read_lag <= Nanos{0}) return &state.order;
  const auto found = told_orders.find(state.order.id);
  return found == told_orders.end() ? nullptr : as_of(found->second, now - settings.order_read_lag);
}

const Position* Exchange::Core::shown(const Holding& holding, Seen seen) const {
  if (seen == Seen::Truth || settings.position_read_lag <= Nanos{0}) return &holding.position;
  const auto found = told_positions.find({holding.position.account, holding.position.contract});
  return found == told_positions.end() ? nullptr : as_of(found->second, now - settings.position_read_lag);
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
