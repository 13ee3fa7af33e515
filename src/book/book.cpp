#include "book/book.h"

namespace rm {

Book::Book(const ContractTable& contracts, const TradingCalendar& calendar, MarkKind mark)
    : contracts_{contracts}, calendar_{calendar}, market_{mark} {}

AccountBook& Book::add_account(AccountId account) {
  if (AccountBook* known = find(account)) return *known;
  return *accounts_.emplace_back(std::make_unique<AccountBook>(account, contracts_, market_, calendar_));
}

AccountBook* Book::find(AccountId account) {
  for (const auto& book : accounts_) {
    if (book->id() == account) return book.get();
  }
  return nullptr;
}

const AccountBook* Book::find(AccountId account) const {
  for (const auto& book : accounts_) {
    if (book->id() == account) return book.get();
  }
  return nullptr;
}

template <class Event>
Result<void> Book::to_account(AccountId account, const Event& event, BrokerTime now) {
  AccountBook* book = find(account);
  if (!book) return fail(ErrorCode::UnknownAccount, "account " + std::to_string(account.value()) + " is not watched");
  book->pass_time(now);  // an event of the new day must not land in the old one
  book->on(event, now);
  return {};
}

Result<void> Book::on_event(const RiskEvent& event) {
  const BrokerTime now = event.at;
  if (const auto* quote = std::get_if<QuoteUpdated>(&event.body)) {
    market_.on_quote(*quote, now);
    return {};
  }
  if (std::holds_alternative<TimePassed>(event.body)) {
    for (const auto& book : accounts_) book->pass_time(now);
    return {};
  }
  if (const auto* trade = std::get_if<TradeExecuted>(&event.body))
    market_.on_fill(trade->trade.contract, trade->trade.price, now);
  return std::visit(
      [&](const auto& body) -> Result<void> {
        using Body = std::decay_t<decltype(body)>;
        if constexpr (std::is_same_v<Body, QuoteUpdated> || std::is_same_v<Body, TimePassed>) {
          return {};
        } else {
          return to_account(*account_of(event.body), body, now);
        }
      },
      event.body);
}

}  // namespace rm
