#include "risk_engine/broker_words.h"

namespace rm {
namespace {

bool same_side(Lots a, Lots b) {
  return (a > Lots{}) == (b > Lots{});
}

bool newer(const BrokerWords::Shown& a, const BrokerWords::Shown& b) {
  return a.grown != b.grown ? a.grown > b.grown : a.contract < b.contract;
}

}  // namespace

void BrokerWords::take(const RiskEvent& event) {
  if (const auto* position = std::get_if<PositionUpdated>(&event.body)) {
    show(position->position, event.at);
  } else if (const auto* said = std::get_if<OrderUpdated>(&event.body)) {
    std::erase_if(orders_, [&](const Order& order) { return order.id == said->order.id; });
    if (said->order.working()) orders_.push_back(said->order);
  } else if (const auto* taken = std::get_if<SnapshotTaken>(&event.body)) {
    take_positions(taken->snapshot->positions, taken->snapshot->requested_at, event.at);
    take_orders(taken->snapshot->working_orders, taken->snapshot->requested_at);
  } else if (const auto* read = std::get_if<ReadBack>(&event.body)) {
    if (read->positions) take_positions(*read->positions, read->requested_at, event.at);
    if (read->working_orders) take_orders(*read->working_orders, read->requested_at);
  }
}

void BrokerWords::take_positions(const std::vector<Position>& positions, BrokerTime requested_at, BrokerTime now) {
  if (requested_at < positions_read_) return;
  positions_read_ = requested_at;
  for (Shown& known : positions_) {
    const bool listed = std::ranges::find(positions, known.contract, &Position::contract) != positions.end();
    if (!listed) known.size = Lots{};
  }
  for (const Position& position : positions) show(position, now);
}

void BrokerWords::take_orders(const std::vector<Order>& orders, BrokerTime requested_at) {
  if (requested_at < orders_read_) return;
  orders_read_ = requested_at;
  orders_.clear();
  std::ranges::copy_if(orders, std::back_inserter(orders_), [](const Order& order) { return order.working(); });
}

void BrokerWords::show(const Position& position, BrokerTime now) {
  auto known = std::ranges::find(positions_, position.contract, &Shown::contract);
  if (known == positions_.end()) known = positions_.insert(known, Shown{position.contract, {}, {}, {}});
  const bool larger = position.size.magnitude() > known->size.magnitude();
  const bool turned = !position.size.is_zero() && !same_side(position.size, known->size);
  known->size = position.size;
  known->opened = position.opened;
  if (!larger && !turned) return;
  known->grown = now;
  std::ranges::sort(positions_, newer);
}

Lots BrokerWords::held(ContractId contract) const {
  const auto known = std::ranges::find(positions_, contract, &Shown::contract);
  return known == positions_.end() ? Lots{} : known->size;
}

std::uint32_t BrokerWords::orders_in(ContractId contract) const {
  return static_cast<std::uint32_t>(std::ranges::count(orders_, contract, &Order::contract));
}

}  // namespace rm
