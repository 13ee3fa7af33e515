#include "event_bridge/event_bridge.h"

#include <algorithm>
#include <utility>

namespace rm {

using projectx::Hub;
using projectx::HubTarget;
using projectx::Members;
using projectx::PaddedSpan;

namespace {

constexpr std::size_t kMaxContracts =
    10'000;  // the gateway lists about fifty; a flood of ids must not fill the memory
constexpr Duration kMaxAhead = std::chrono::minutes{1};

bool belongs_to(Hub hub, HubTarget target) {
  switch (target) {
    case HubTarget::Account:
    case HubTarget::Order:
    case HubTarget::Position:
    case HubTarget::Trade:
      return hub == Hub::User;
    case HubTarget::Quote:
    case HubTarget::Print:
    case HubTarget::Depth:
      return hub == Hub::Market;
    case HubTarget::Logout:
    case HubTarget::Unknown:
      return false;
  }
  return false;
}

}  // namespace

EventBridge::EventBridge(ContractTable& contracts) : contracts_{contracts} {
  out_.reserve(256);
}

void EventBridge::watch(AccountId account) {
  if (!watches(account)) watched_.push_back(account);
}

bool EventBridge::watches(AccountId account) const {
  return std::ranges::find(watched_, account) != watched_.end();
}

void EventBridge::emit(RiskEventBody body) {
  out_.push_back({std::move(body), now_, received_ns_, 0});
}

void EventBridge::stamp(BrokerTime time) {
  if (time > now_ + kMaxAhead) return;
  if (!newest_stamp_ || time > *newest_stamp_) newest_stamp_ = time;
}

EventBridge::Events EventBridge::on_hub_record(Hub hub, HubTarget target, PaddedSpan arguments, BrokerTime now,
                                               std::int64_t received_ns) {
  out_.clear();
  now_ = now;
  received_ns_ = received_ns;
  if (!belongs_to(hub, target)) {
    refusals_.add(RefusalKind::UnknownTarget, projectx::name_of(target), projectx::text_of(arguments));
  } else if (hub == Hub::User) {
    on_user(target, arguments);
  } else if (target != HubTarget::Depth) {
    on_market(target, arguments);
  }
  return out_;
}

Result<ContractId> EventBridge::contract_of(AccountId account, std::string_view broker_id) {
  if (!watches(account)) return fail(ErrorCode::UnknownAccount, "an account that is not watched");
  if (const auto known = contracts_.find(broker_id)) return *known;
  if (contracts_.size() >= kMaxContracts) return fail(ErrorCode::UnknownContract, "too many contracts");
  return contracts_.intern(broker_id);
}

void EventBridge::on_user(HubTarget target, PaddedSpan arguments) {
  payload_.for_each(arguments, [&](const Result<Members>& entity) {
    const Result<void> taken = entity ? take_user(target, *entity) : std::unexpected{entity.error()};
    if (!taken) refusals_.add(taken.error(), projectx::text_of(arguments));
  });
}

Result<void> EventBridge::take_user(HubTarget target, Members members) {
  if (target == HubTarget::Account) {
    const auto row = projectx::read_account(members);
    if (!row) return std::unexpected{row.error()};
    if (!watches(row->info.account)) return fail(ErrorCode::UnknownAccount, "an account that is not watched");
    emit(AccountUpdated{row->info});
    return {};
  }
  const auto resolve = [this](auto& row, auto& entity) -> Result<void> {
    if (!row) return std::unexpected{row.error()};
    const auto contract = contract_of(entity.account, row->contract);
    if (!contract) return std::unexpected{contract.error()};
    entity.contract = *contract;
    return {};
  };
  if (target == HubTarget::Order) {
    auto row = projectx::read_order(members);
    if (auto resolved = resolve(row, row->order); !resolved) return resolved;
    stamp(row->order.updated);
    emit(OrderUpdated{row->order});
  } else if (target == HubTarget::Position) {
    auto row = projectx::read_position(members);
    if (auto resolved = resolve(row, row->position); !resolved) return resolved;
    stamp(row->position.opened);
    emit(PositionUpdated{row->position});
  } else {
    auto row = projectx::read_trade(members);
    if (auto resolved = resolve(row, row->trade); !resolved) return resolved;
    stamp(row->trade.time);
    emit(TradeExecuted{row->trade});
  }
  return {};
}

void EventBridge::on_market(HubTarget target, PaddedSpan arguments) {
  std::string_view broker_id;
  std::optional<ContractId> contract;
  const auto read = payload_.for_each_of_contract(arguments, broker_id, [&](const Result<Members>& entity) {
    if (!contract) contract = contracts_.find(broker_id);
    if (!contract)
      return refusals_.add(RefusalKind::UnknownContract, "a price of a contract that nobody asked for",
                           projectx::text_of(arguments));
    const Result<void> taken = entity ? take_market(target, *contract, *entity) : std::unexpected{entity.error()};
    if (!taken) refusals_.add(taken.error(), projectx::text_of(arguments));
  });
  if (!read) refusals_.add(read.error(), projectx::text_of(arguments));
}

Result<void> EventBridge::take_market(HubTarget target, ContractId contract, Members members) {
  if (target == HubTarget::Print) {
    const auto print = projectx::read_print(members);
    if (!print) return std::unexpected{print.error()};
    if (print->time) stamp(*print->time);
    emit(QuoteUpdated{contract, print->price, {}, {}});
    return {};
  }
  const auto quote = projectx::read_quote(members);
  if (!quote) return std::unexpected{quote.error()};
  if (quote->updated) stamp(*quote->updated);
  // Most updates carry something we do not follow (volume, change): no event then.
  if (quote->last || quote->bid || quote->ask) emit(QuoteUpdated{contract, quote->last, quote->bid, quote->ask});
  return {};
}

EventBridge::Events EventBridge::on_reply(const BrokerReply& reply, BrokerTime now) {
  out_.clear();
  now_ = now;
  received_ns_ = reply.answered_ns;
  if (reply.outcome != Outcome::Accepted) return out_;
  if (!watches(reply.account)) {
    refusals_.add(RefusalKind::NotWatched, "a read of an account that is not watched", {});
    return out_;
  }
  if (const auto* positions = std::get_if<std::vector<Position>>(&reply.payload)) {
    emit(ReadBack{reply.account, std::make_shared<const std::vector<Position>>(*positions), nullptr,
                  reply.requested_at});
  } else if (const auto* orders = std::get_if<std::vector<Order>>(&reply.payload)) {
    emit(ReadBack{reply.account, nullptr, std::make_shared<const std::vector<Order>>(*orders), reply.requested_at});
  } else if (const auto* trades = std::get_if<std::vector<Trade>>(&reply.payload)) {
    for (const Trade& trade : *trades) emit(TradeExecuted{trade});
  } else if (const auto* info = std::get_if<AccountInfo>(&reply.payload)) {
    emit(AccountUpdated{*info});
  }
  return out_;
}

EventBridge::Events EventBridge::on_snapshot(std::shared_ptr<const AccountSnapshot> snapshot, BrokerTime now,
                                             std::int64_t received_ns) {
  out_.clear();
  now_ = now;
  received_ns_ = received_ns;
  const AccountId account = snapshot->info.account;
  if (watches(account)) {
    emit(SnapshotTaken{account, std::move(snapshot)});
  } else {
    refusals_.add(RefusalKind::NotWatched, "a snapshot of an account that is not watched", {});
  }
  return out_;
}

}  // namespace rm
