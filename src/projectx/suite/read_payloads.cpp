// How the answers to reads become typed payloads. A row that cannot be read, or that belongs to another account,
// spoils the whole answer: half a picture of an account is no picture.

#include <algorithm>

#include "projectx/suite/trading_suite.h"
#include "projectx/wire/fields.h"

namespace rm::projectx {
namespace {

constexpr int kMaxPosts = 100;    // of one paged read
constexpr int kMaxFruitless = 2;  // pages without anything new before we call the answer incomplete

std::unexpected<Error> foreign_row() {
  return fail(ErrorCode::UnknownAccount, "the answer has a row of another account");
}

// The number of rows there are in all, if the answer says so.
std::optional<std::int64_t> total_count(const Envelope& envelope) {
  Fields take{envelope.members, "answer"};
  const std::int64_t total = take.optional_integer("totalCount", 0, kMaxLots, -1);
  return take.ok() && total >= 0 ? std::optional{total} : std::nullopt;
}

}  // namespace

Result<ReadPayload> TradingSuite::read_payload(Endpoint endpoint, const Envelope& envelope) {
  switch (endpoint) {
    case Endpoint::PositionSearchOpen:
      return read_positions(envelope);
    case Endpoint::TradeSearch:
      return read_trades(envelope);
    case Endpoint::AccountSearch:
      return read_account(envelope);
    case Endpoint::OrderSearchOpen: {
      auto orders = read_orders(envelope);
      if (!orders) return std::unexpected{std::move(orders.error())};
      return ReadPayload{std::move(*orders)};
    }
    default:
      return fail(ErrorCode::NotFound, "no read has this endpoint");
  }
}

Result<ReadPayload> TradingSuite::read_positions(const Envelope& envelope) {
  std::vector<Position> positions;
  const auto read = reader_.for_each(envelope, "positions", [&](Members members) -> Result<void> {
    auto row = read_position(members);
    if (!row) return std::unexpected{std::move(row.error())};
    if (row->position.account != account_) return foreign_row();
    row->position.contract = contracts_.intern(row->contract);
    if (!row->position.size.is_zero()) positions.push_back(row->position);
    return {};
  });
  if (!read) return std::unexpected{read.error()};
  return ReadPayload{std::move(positions)};
}

Result<std::vector<Order>> TradingSuite::read_orders(const Envelope& envelope) {
  std::vector<Order> orders;
  const auto read = reader_.for_each(envelope, "orders", [&](Members members) -> Result<void> {
    auto row = read_order(members);
    if (!row) return std::unexpected{std::move(row.error())};
    if (row->order.account != account_) return foreign_row();
    row->order.contract = contracts_.intern(row->contract);
    orders.push_back(row->order);
    return {};
  });
  if (!read) return std::unexpected{read.error()};
  return orders;
}

Result<ReadPayload> TradingSuite::read_trades(const Envelope& envelope) {
  std::vector<Trade> trades;
  const auto read = reader_.for_each(envelope, "trades", [&](Members members) -> Result<void> {
    auto row = read_trade(members);
    if (!row) return std::unexpected{std::move(row.error())};
    if (row->trade.account != account_) return foreign_row();
    row->trade.contract = contracts_.intern(row->contract);
    trades.push_back(row->trade);
    return {};
  });
  if (!read) return std::unexpected{read.error()};
  return ReadPayload{std::move(trades)};
}

// All accounts of the login are in the answer; ours is picked.
Result<ReadPayload> TradingSuite::read_account(const Envelope& envelope) {
  std::optional<AccountInfo> found;
  const auto read = reader_.for_each(envelope, "accounts", [&](Members members) -> Result<void> {
    Fields take{members, "account"};
    if (AccountId{take.id("id")} != account_ && take.ok()) return {};
    const auto row = projectx::read_account(members);
    if (!row) return std::unexpected{row.error()};
    found = row->info;
    return {};
  });
  if (!read) return std::unexpected{read.error()};
  if (!found)
    return fail(ErrorCode::NotFound,
                std::string{"the gateway lists no account "}.append(std::to_string(account_.value())));
  return ReadPayload{*found};
}

// Whether the gateway's page offset counts rows or pages is not published: rows are tried first, and the total tells.
bool TradingSuite::take_page(InFlight& flight, const Envelope& envelope, BrokerReply& reply) {
  Pages& pages = flight.pages;
  if (pages.posts == 1) {
    pages.requested_at = reply.requested_at;
    pages.sent_ns = reply.sent_ns;
  }
  reply.requested_at = pages.requested_at;
  reply.sent_ns = pages.sent_ns;
  const auto page = read_orders(envelope);
  if (!page) {
    reply.outcome = Outcome::Refused;
    reply.text = clean_text(page.error().message);
    return false;
  }
  const std::size_t before = pages.orders.size();
  for (const Order& order : *page) {
    const auto known = std::ranges::find(pages.orders, order.id, &Order::id);
    if (known == pages.orders.end())
      pages.orders.push_back(order);
    else
      *known = order;
  }
  const bool fruitless = pages.orders.size() == before;
  const auto total = total_count(envelope);
  const bool short_page = page->size() < kPageSize;
  if (total ? static_cast<std::int64_t>(pages.orders.size()) >= *total : short_page) {
    reply.payload = std::move(pages.orders);
    return false;
  }
  if (fruitless) ++pages.fruitless;
  if (pages.posts >= kMaxPosts || pages.fruitless > kMaxFruitless) {
    reply.outcome = Outcome::Refused;
    reply.text = "the list of working orders stays incomplete";
    return false;
  }
  if (fruitless && !pages.counts_pages) {
    pages.counts_pages = true;
    pages.offset = 0;
  }
  pages.offset = pages.counts_pages ? pages.offset + 1 : static_cast<int>(pages.orders.size());
  post_page(flight);
  return true;
}

}  // namespace rm::projectx
