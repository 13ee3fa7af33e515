#include "event_bus/risk_event.h"

namespace rm {
namespace {

template <class... Fs>
struct Overloaded : Fs... {
  using Fs::operator()...;
};

}  // namespace

std::string_view name_of(const RiskEventBody& body) {
  return std::visit(Overloaded{[](const AccountUpdated&) -> std::string_view { return "account"; },
                               [](const OrderUpdated&) -> std::string_view { return "order"; },
                               [](const PositionUpdated&) -> std::string_view { return "position"; },
                               [](const TradeExecuted&) -> std::string_view { return "trade"; },
                               [](const QuoteUpdated&) -> std::string_view { return "quote"; },
                               [](const SnapshotTaken&) -> std::string_view { return "snapshot"; },
                               [](const ReadBack&) -> std::string_view { return "read_back"; },
                               [](const StreamChanged&) -> std::string_view { return "stream"; },
                               [](const TimePassed&) -> std::string_view { return "time"; },
                               [](const ReadsFailed&) -> std::string_view { return "reads_failed"; }},
                    body);
}

std::optional<AccountId> account_of(const RiskEventBody& body) {
  using Account = std::optional<AccountId>;
  return std::visit(Overloaded{[](const AccountUpdated& e) -> Account { return e.info.account; },
                               [](const OrderUpdated& e) -> Account { return e.order.account; },
                               [](const PositionUpdated& e) -> Account { return e.position.account; },
                               [](const TradeExecuted& e) -> Account { return e.trade.account; },
                               [](const QuoteUpdated&) -> Account { return std::nullopt; },
                               [](const SnapshotTaken& e) -> Account { return e.account; },
                               [](const ReadBack& e) -> Account { return e.account; },
                               [](const StreamChanged& e) -> Account { return e.account; },
                               [](const TimePassed&) -> Account { return std::nullopt; },
                               [](const ReadsFailed& e) -> Account { return e.account; }},
                    body);
}

}  // namespace rm
