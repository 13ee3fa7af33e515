#include "store/recovery.h"

#include <SQLiteCpp/SQLiteCpp.h>

#include <limits>
#include <span>

namespace rm {
namespace {

std::span<const std::byte> blob(const SQLite::Column& column) {
  return {static_cast<const std::byte*>(column.getBlob()), static_cast<std::size_t>(column.getBytes())};
}
Money money(const SQLite::Column& column) {
  return Money::from_nanos(column.getInt64());
}
BrokerTime instant(const SQLite::Column& column) {
  return BrokerTime::from_nanos(column.getInt64());
}

class Reader {
 public:
  Reader(SQLite::Database& database, ContractTable& contracts, const ResolveName& resolve)
      : database_{database}, contracts_{contracts}, resolve_{resolve} {}

  Result<Recovered> read() {
    Recovered all;
    for (const auto step : {&Reader::locks, &Reader::enforcements, &Reader::clocks, &Reader::days, &Reader::trades,
                            &Reader::config, &Reader::ids}) {
      if (const auto done = (this->*step)(all); !done) return std::unexpected{done.error()};
    }
    return all;
  }

 private:
  std::string_view name(const std::string& text) const {
    const std::string_view known = resolve_ ? resolve_(text) : std::string_view{};
    return known.empty() ? static_text(text)
                         : known;  // a rule that this version does not have any more: its lock holds all the same
  }

  Result<void> locks(Recovered& all) {
    SQLite::Statement rows{
        database_,
        "SELECT id, account, symbol, kind, rule, reason, since_ns, until_ns, enforcement FROM locks"
        " WHERE ended_at_ns IS NULL ORDER BY id"};
    while (rows.executeStep()) {
      auto reason = decode<Reason>(blob(rows.getColumn(5)), contracts_, resolve_);
      const std::string kind = rows.getColumn(3).getString();
      if (!reason || (kind != "hard" && kind != "entry")) {
        return fail(ErrorCode::Malformed,
                    "lock " + rows.getColumn(0).getString() + " in the database cannot be read");
      }
      Lock lock;
      lock.account = AccountId{rows.getColumn(1).getInt64()};
      if (!rows.getColumn(2).isNull()) lock.symbol = contracts_.symbol(rows.getColumn(2).getString());
      lock.kind = kind == "hard" ? LockKind::Hard : LockKind::Entry;
      lock.rule = name(rows.getColumn(4).getString());
      lock.reason = *std::move(reason);
      lock.since = instant(rows.getColumn(6));
      if (rows.getColumn(7).isNull())
        lock.until = UntilBrokerAllows{};
      else
        lock.until = UntilTime{instant(rows.getColumn(7))};
      lock.enforcement = EnforcementId{static_cast<std::uint64_t>(rows.getColumn(8).getInt64())};
      all.locks.push_back(lock);
    }
    return {};
  }

  Result<void> enforcements(Recovered& all) {
    SQLite::Statement rows{database_, "SELECT id, decision FROM enforcements WHERE state = 'open' ORDER BY id"};
    while (rows.executeStep()) {
      auto decision = decode<Decision>(blob(rows.getColumn(1)), contracts_, resolve_);
      if (!decision)
        return fail(ErrorCode::Malformed,
                    "enforcement " + rows.getColumn(0).getString() + " in the database cannot be read");
      auto open = unanswered(rows.getColumn(0).getInt64());
      all.enforcements.push_back({*std::move(decision), std::move(open)});
    }
    return {};
  }

  std::vector<OpenRequest> unanswered(std::int64_t enforcement) {
    SQLite::Statement rows{
        database_,
        "SELECT id, endpoint, subject, at_ns FROM requests WHERE enforcement = ? AND outcome IS NULL ORDER BY id"};
    rows.bind(1, enforcement);
    std::vector<OpenRequest> requests;
    while (rows.executeStep()) {
      requests.push_back({RequestId{static_cast<std::uint64_t>(rows.getColumn(0).getInt64())},
                          rows.getColumn(1).getString(), rows.getColumn(2).getString(), instant(rows.getColumn(3))});
    }
    return requests;
  }

  Result<void> clocks(Recovered& all) {
    SQLite::Statement rows{database_,
                           "SELECT account, rule, contract, since_ns FROM clocks ORDER BY account, rule, contract"};
    while (rows.executeStep()) {
      const ContractId contract = contracts_.intern(rows.getColumn(2).getString());
      all.clocks.push_back({AccountId{rows.getColumn(0).getInt64()}, name(rows.getColumn(1).getString()),
                            RunningClock{contract, instant(rows.getColumn(3))}});
    }
    return {};
  }

  Result<void> days(Recovered& all) {
    SQLite::Statement rows{
        database_,
        "SELECT account, max(day_start_ns), realised_nanos, costs_nanos, trades FROM day_pnl GROUP BY account"};
    while (rows.executeStep()) {
      all.days.push_back({AccountId{rows.getColumn(0).getInt64()}, instant(rows.getColumn(1)),
                          money(rows.getColumn(2)), money(rows.getColumn(3)), rows.getColumn(4).getInt()});
    }
    return {};
  }

  Result<void> config(Recovered& all) {
    SQLite::Statement rows{database_, "SELECT day_start_ns, until_ns, yaml FROM config_in_force"};
    if (rows.executeStep())
      all.config = ConfigRow{instant(rows.getColumn(0)), instant(rows.getColumn(1)), {rows.getColumn(2).getString()}};
    return {};
  }

  // From the start of the account's latest day; a week back from its last trade when no day was recorded.
  Result<void> trades(Recovered& all) {
    SQLite::Statement rows{database_,
                           "SELECT id, account, contract, order_id, side, size, price_nanos, pnl_nanos, fees_nanos, "
                           "commissions_nanos, voided, time_ns"
                           " FROM trades t WHERE time_ns >= coalesce((SELECT max(day_start_ns) FROM day_pnl d WHERE "
                           "d.account = t.account),"
                           " (SELECT max(time_ns) FROM trades l WHERE l.account = t.account) - 604800000000000) "
                           "ORDER BY account, time_ns, id"};
    while (rows.executeStep()) {
      Trade trade;
      trade.id = TradeId{rows.getColumn(0).getInt64()};
      trade.account = AccountId{rows.getColumn(1).getInt64()};
      trade.contract = contracts_.intern(rows.getColumn(2).getString());
      trade.order = OrderId{rows.getColumn(3).getInt64()};
      trade.side = rows.getColumn(4).getString() == "buy" ? Side::Buy : Side::Sell;
      trade.size = Lots{rows.getColumn(5).getInt()};
      trade.price = Price::from_nanos(rows.getColumn(6).getInt64());
      if (!rows.getColumn(7).isNull()) trade.profit_and_loss = money(rows.getColumn(7));
      trade.fees = money(rows.getColumn(8));
      trade.commissions = money(rows.getColumn(9));
      trade.voided = rows.getColumn(10).getInt() != 0;
      trade.time = instant(rows.getColumn(11));
      all.trades.push_back(trade);
    }
    return {};
  }

  Result<void> ids(Recovered& all) {
    SQLite::Statement rows{database_,
                           "SELECT max(coalesce((SELECT value FROM meta WHERE key = 'highest_enforcement'), 0), "
                           "coalesce((SELECT max(id) FROM enforcements), 0)),"
                           " max(coalesce((SELECT value FROM meta WHERE key = 'highest_request'), 0), "
                           "coalesce((SELECT max(id) FROM requests), 0))"};
    rows.executeStep();
    all.next_enforcement = EnforcementId{static_cast<std::uint64_t>(rows.getColumn(0).getInt64()) + 1};
    all.next_request = RequestId{static_cast<std::uint64_t>(rows.getColumn(1).getInt64()) + 1};
    return {};
  }

  SQLite::Database& database_;
  ContractTable& contracts_;
  const ResolveName& resolve_;
};

}  // namespace

Result<Recovered> read_recovered(SQLite::Database& database, ContractTable& contracts, const ResolveName& resolve) {
  return Reader{database, contracts, resolve}.read();
}

}  // namespace rm
