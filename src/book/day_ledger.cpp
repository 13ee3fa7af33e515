#include "book/day_ledger.h"

#include <algorithm>

namespace rm {
namespace {

constexpr std::size_t kExpectedTrades = 1024;
constexpr std::size_t kBlockBytes = kExpectedTrades * 192 + 32 * 1024;  // nodes and the bucket table of a busy day

}  // namespace

DayLedger::DayLedger() : block_(kBlockBytes) {
  start_day(BrokerTime{});
}

void DayLedger::start_day(BrokerTime begin) {
  std::vector<Trade> of_new_day;
  if (trades_) {
    for (const auto& [id, trade] : *trades_) {
      if (trade.time >= begin) of_new_day.push_back(trade);
    }
  }
  trades_.reset();
  memory_ = std::make_unique<std::pmr::monotonic_buffer_resource>(block_.data(), block_.size());
  trades_ = std::make_unique<Trades>(memory_.get());
  trades_->reserve(kExpectedTrades);
  begin_ = begin;
  result_ = {};
  for (const Trade& trade : of_new_day) record(trade);
}

bool DayLedger::record(const Trade& trade) {
  if (trade.time < begin_) return false;
  const auto [entry, is_new] = trades_->try_emplace(trade.id, trade);
  if (!is_new) {
    // The opening fill is sent again when the position closes; a result once known is not erased by a copy without
    // it.
    Trade newer = trade;
    if (!newer.profit_and_loss) newer.profit_and_loss = entry->second.profit_and_loss;
    subtract(entry->second);
    entry->second = newer;
  }
  add(entry->second);
  return is_new;
}

bool DayLedger::same(const Trade& trade) const {
  const auto known = trades_->find(trade.id);
  if (known == trades_->end()) return false;
  const Trade& ours = known->second;
  return ours.voided == trade.voided && ours.costs() == trade.costs() &&
         (!trade.profit_and_loss || ours.profit_and_loss == trade.profit_and_loss);
}

void DayLedger::add(const Trade& trade) {
  if (trade.voided) return;
  result_.realised += trade.profit_and_loss.value_or(Money{});
  result_.costs += trade.costs();
  ++result_.trade_count;
}

void DayLedger::subtract(const Trade& trade) {
  if (trade.voided) return;
  result_.realised -= trade.profit_and_loss.value_or(Money{});
  result_.costs -= trade.costs();
  --result_.trade_count;
}

void DayLedger::in_order(std::vector<const Trade*>& fills) const {
  fills.clear();
  for (const auto& [id, trade] : *trades_) {
    if (!trade.voided) fills.push_back(&trade);
  }
  std::sort(fills.begin(), fills.end(),
            [](const Trade* a, const Trade* b) { return a->time != b->time ? a->time < b->time : a->id < b->id; });
}

std::vector<Trade> DayLedger::fills_of(ContractId contract, BrokerTime since) const {
  std::vector<Trade> fills;
  for (const auto& [id, trade] : *trades_) {
    if (trade.contract == contract && trade.time > since && !trade.voided) fills.push_back(trade);
  }
  std::sort(fills.begin(), fills.end(),
            [](const Trade& a, const Trade& b) { return a.time != b.time ? a.time < b.time : a.id < b.id; });
  return fills;
}

}  // namespace rm
