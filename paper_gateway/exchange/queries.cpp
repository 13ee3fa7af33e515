#include <algorithm>
#include <ranges>

#include "paper_gateway/exchange/core.h"

namespace paper {
namespace {

// The orders of one account that `wanted` accepts, ascending by id.
template <class Core, class Wanted>
std::vector<Order> select(const Core& core, AccountId account, Exchange::Seen seen, Wanted wanted) {
  std::vector<Order> found;
  for (const auto& [id, state] : core.orders) {
    if (state.order.account != account) continue;
    const Order* order = core.shown(state, seen);
    if (order != nullptr && wanted(*order)) found.push_back(*order);
  }
  return found;
}

bool matches(const OrderQuery& q, const Order& order) {
  if (!q.statuses.empty() && std::ranges::find(q.statuses, order.status) == q.statuses.end()) return false;
  if (q.contract && order.contract != *q.contract) return false;
  if (q.created_after && order.created < *q.created_after) return false;
  return !q.created_before || order.created <= *q.created_before;
}

}  // namespace

std::vector<Order> Exchange::orders(AccountId id, PaperTime from, std::optional<PaperTime> to, Seen seen) const {
  return select(*core_, id, seen, [&](const Order& o) {
    return o.status != OrderStatus::Suspended && o.created >= from && (!to || o.created <= *to);
  });
}

std::vector<Order> Exchange::open_orders(AccountId id, Seen seen) const {
  return select(*core_, id, seen, [](const Order& o) { return o.status == OrderStatus::Open; });
}

std::vector<Order> Exchange::working_orders(AccountId id) const {
  return select(*core_, id, Seen::Truth, [](const Order& o) { return is_working(o.status); });
}

std::optional<Order> Exchange::order(AccountId id, OrderId wanted, Seen seen) const {
  const OrderState* found = core_->order_of(id, wanted);
  const Order* order = found == nullptr ? nullptr : core_->shown(*found, seen);
  return order == nullptr ? std::nullopt : std::optional{*order};
}

std::expected<OrderPage, std::string> Exchange::query(const OrderQuery& q, Seen seen) const {
  if (q.page_size < 1 || q.page_size > 500) return std::unexpected("The field pageSize must be between 1 and 500.");
  if (q.page_offset < 0) return std::unexpected("The field pageOffset must not be negative.");
  std::vector<Order> found = select(*core_, q.account, seen, [&](const Order& o) { return matches(q, o); });
  if (!q.sort_by_id) std::ranges::stable_sort(found, {}, &Order::created);
  if (q.descending) std::ranges::reverse(found);
  OrderPage page;
  page.total = static_cast<int>(found.size());
  const std::int64_t skipped =
      std::int64_t{q.page_offset} * (core_->settings.page_offset_counts_pages ? q.page_size : 1);
  const auto rows =
      found | std::views::drop(std::min<std::int64_t>(skipped, page.total)) | std::views::take(q.page_size);
  page.orders.assign(rows.begin(), rows.end());
  return page;
}

std::vector<Position> Exchange::positions(AccountId id, Seen seen) const {
  std::vector<Position> found;
  for (const auto& [key, holding] : core_->holdings) {
    if (key.first != id) continue;
    const Position* position = core_->shown(holding, seen);
    if (position != nullptr && position->size != 0) found.push_back(*position);
  }
  return found;
}

std::vector<Trade> Exchange::trades(AccountId id, std::optional<PaperTime> from, std::optional<PaperTime> to,
                                    Seen seen) const {
  std::vector<Trade> found;
  const Nanos lag = seen == Seen::Late ? core_->settings.trade_read_lag : Nanos{0};
  for (const Trade& trade : core_->trades | std::views::reverse) {
    const bool inside = (!from || trade.created >= *from) && (!to || trade.created <= *to);
    const bool visible = lag <= Nanos{0} || trade.created <= core_->now - lag;
    if (trade.account == id && inside && visible) found.push_back(trade);
  }
  return found;
}

BarsOutcome Exchange::bars(const BarQuery& q) const {
  constexpr int kMaxBars = 20'000;
  constexpr int kMaxUnits = 100'000;
  if (!core_->catalogue.by_id(q.contract)) return {{codes::kBarsContractNotFound, std::nullopt}, {}};
  if (q.unit < static_cast<int>(BarUnit::Second) || q.unit > static_cast<int>(BarUnit::Tick)) {
    return {{codes::kBarsUnitInvalid, std::nullopt}, {}};
  }
  if (q.unit_number < 1 || q.unit_number > kMaxUnits) return {{codes::kBarsUnitNumberInvalid, std::nullopt}, {}};
  if (q.limit < 1 || q.limit > kMaxBars) return {{codes::kBarsLimitInvalid, std::nullopt}, {}};
  const MarketState* m = core_->market(q.contract);
  return {{}, m == nullptr ? std::vector<Bar>{} : m->bars.bars(q, core_->now)};
}

}  // namespace paper
