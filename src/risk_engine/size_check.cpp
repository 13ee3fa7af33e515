#include "risk_engine/size_check.h"

#include <algorithm>
#include <cstdlib>

namespace rm {

std::span<const SizeCheck::Demand> SizeCheck::look(const BrokerWords& words, const ContractTable& contracts,
                                                   const UnderWay& under_way, BrokerTime now) {
  demands_.clear();
  for (Exceeded& limit : exceeded_) limit.still = false;
  limits_.follow(contracts);
  list_open(words, contracts, under_way);
  look_at_blocks(words, now);
  look_at_symbols(now);
  look_at_account(now);
  std::erase_if(exceeded_, [](const Exceeded& limit) { return !limit.still; });
  return demands_;
}

void SizeCheck::list_open(const BrokerWords& words, const ContractTable& contracts, const UnderWay& under_way) {
  open_.clear();
  for (const BrokerWords::Shown& position : words.positions()) {
    if (position.size.is_zero()) continue;
    const Lots size = position.size.magnitude();
    const Lots left = std::min(size, under_way.leaves(position.contract).value_or(size));
    open_.push_back({position.contract, contracts.at(position.contract).symbol, position.size.value(), left.value()});
  }
}

void SizeCheck::look_at_blocks(const BrokerWords& words, BrokerTime now) {
  for (Open& position : open_) {
    if (limits_.of(position.contract).blocked) take(position, position.left, now);
  }
  for (const Order& order : words.orders()) {
    if (limits_.of(order.contract).blocked) demands_.push_back({order.contract, Lots{}, now});
  }
}

void SizeCheck::look_at_symbols(BrokerTime now) {
  for (const Open& position : open_) {
    const auto limit = limits_.of(position.contract).of_symbol;
    const bool looked_at = std::ranges::find(open_, position.symbol, &Open::symbol)->contract != position.contract;
    if (!limit || looked_at) continue;
    const auto weight = [&](const Open& other) { return other.symbol == position.symbol ? 1 : 0; };
    const std::int64_t excess = left(weight) - *limit;
    if (excess > 0) cut(excess, exceeded_since(position.symbol, now), weight);
  }
}

void SizeCheck::look_at_account(BrokerTime now) {
  const SizeLimits& limits = limits_.written();
  if (!limits.account) return;
  if (limits.count == SizeCount::Net) return look_at_net(now);
  const bool mini = limits.count == SizeCount::MiniEquivalent;
  const auto weight = [&](const Open& position) {
    return mini ? limits_.of(position.contract).tenths : std::int64_t{1};
  };
  const std::int64_t excess = left(weight) - *limits.account * (mini ? 10 : 1);
  if (excess > 0) cut(excess, exceeded_since(std::nullopt, now), weight);
}

// Of the side that is too large what will be left counts; of the other what is held: a hedge that is about to be
// closed still counts against, as it does for the rule. Only the side that is too large is cut.
void SizeCheck::look_at_net(BrokerTime now) {
  std::int64_t held = 0, excess = -*limits_.written().account;
  for (const Open& position : open_) held += position.held;
  const auto weight = [&](const Open& position) { return (position.held > 0) == (held > 0) ? 1 : 0; };
  for (const Open& position : open_) excess += weight(position) == 1 ? position.left : -std::abs(position.held);
  if (excess > 0) cut(excess, exceeded_since(std::nullopt, now), weight);
}

// What grew last first, as few lots as are needed. `weight`: what one lot counts; 0: not concerned.
void SizeCheck::cut(std::int64_t excess, BrokerTime since, auto weight) {
  for (Open& position : open_) {
    const std::int64_t each = weight(position);
    if (excess <= 0) return;
    if (each == 0 || position.left == 0) continue;
    const std::int64_t lots = std::min(position.left, (excess + each - 1) / each);
    take(position, lots, since);
    excess -= lots * each;
  }
}

void SizeCheck::take(Open& position, std::int64_t lots, BrokerTime since) {
  position.left -= lots;
  demands_.push_back({position.contract, Lots{static_cast<std::int32_t>(position.left)}, since});
}

std::int64_t SizeCheck::left(auto weight) const {
  std::int64_t sum = 0;
  for (const Open& position : open_) sum += position.left * weight(position);
  return sum;
}

BrokerTime SizeCheck::exceeded_since(std::optional<SymbolId> symbol, BrokerTime now) {
  auto known = std::ranges::find(exceeded_, symbol, &Exceeded::symbol);
  if (known == exceeded_.end()) known = exceeded_.insert(known, Exceeded{symbol, now, true});
  known->still = true;
  return known->since;
}

}  // namespace rm
