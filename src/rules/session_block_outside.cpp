// session_block_outside: nothing is held outside the trading sessions. At a session's end everything is closed and
// locked until the next start; symbols with sessions of their own are closed and locked for themselves.

#include <algorithm>
#include <stdexcept>

#include "rules/spec.h"

namespace rm {
namespace {

constexpr Param kParams[] = {
    {"timezone", ParamKind::TimeZone, Bound::Any, "America/Chicago", false, "",
     "The zone of the sessions' times; on the day of a clock change they stay at the local time.", Stricter::Unknown},
    {"sessions", ParamKind::Sessions, Bound::Any, "", false, "",
     "When trading is allowed; an end before the start lies on the next day; days are those of the start.",
     Stricter::Unknown},
    {"per_symbol", ParamKind::SymbolSessions, Bound::Any, "", false, "",
     "Sessions of single symbols, instead of `sessions`; without `sessions` all other symbols are free.",
     Stricter::Unknown},
    {"holidays.calendar", ParamKind::HolidayFile, Bound::Any, "none", false, "",
     "Days on which the exchange is closed or closes early: none, cme, or a file of the same form.",
     Stricter::Unknown},
    {"holidays.early_close", ParamKind::Bool, Bound::Any, "true", false, "",
     "Whether early closes of the calendar end a session; full days off always do.", Stricter::True},
    {"flatten_before_end", ParamKind::TimeSpan, Bound::AtLeastZero, "0s", false, "",
     "How long before its end each session is over for this account.", Stricter::Higher},
};

class SessionBlockOutside final : public Rule {
 public:
  explicit SessionBlockOutside(const RuleConfig& config) : tables_{config.sessions} {
    if (!tables_) throw std::logic_error{"session_block_outside without its table of sessions"};
    touched_.reserve(16);
  }

  // A fill may bring a symbol that was not known before.
  [[nodiscard]] Listens listens() const override { return {.trades = true, .positions = true, .orders = true}; }

  void evaluate(const RuleInput& input, Findings& findings) override {
    look_at_everything(input, findings);
    for (const auto& [written, table] : tables_->symbols) {
      if (table.open_at(input.now)) continue;
      if (const auto symbol = input.book.contracts().find_symbol(written))
        block(*symbol, lock_end(table.next_start(input.now), input.book), input, findings);
    }
    find_next_change(input.now);
  }

  [[nodiscard]] std::optional<BrokerTime> next_deadline() const override { return next_change_; }

  [[nodiscard]] RuleStatus status(const AccountBook&) const override {
    if (!closed_) return {"inside the sessions", "unknown", 0};
    const std::string until = next_change_ ? " until " + format_timestamp(*next_change_) : "";
    return {"inside the sessions", (*closed_ ? "outside" : "inside") + until, *closed_ ? 100 : 0};
  }

 private:
  void look_at_everything(const RuleInput& input, Findings& findings) {
    const auto& table = tables_->everything;
    if (!table || table->open_at(input.now)) return;
    if (any_listed_open(input.now)) {
      block_what_is_not_listed(lock_end(table->next_start(input.now), input.book), input, findings);
      return;
    }
    // Nothing may be traded until the first session of all, which may be one of a single symbol.
    auto start = table->next_start(input.now);
    for (const auto& listed : tables_->symbols) {
      const auto other = listed.table.next_start(input.now);
      if (other && (!start || *other < *start)) start = other;
    }
    const Reason reason = OutsideSession{};
    findings.violate(reason, flat_account(),
                     account_lock(input.book, findings.rule, reason, input.now, lock_end(start, input.book)));
  }

  [[nodiscard]] bool any_listed_open(BrokerTime now) const {
    return std::any_of(tables_->symbols.begin(), tables_->symbols.end(),
                       [&](const auto& listed) { return listed.table.open_at(now); });
  }

  // The account cannot be locked while a listed symbol may trade: the others are, one by one, as far as the account
  // has had anything in them. One that comes later is blocked when it comes.
  void block_what_is_not_listed(UntilTime until, const RuleInput& input, Findings& findings) {
    touched_.clear();
    const ContractTable& contracts = input.book.contracts();
    const auto touch = [&](ContractId contract) {
      const SymbolId symbol = contracts.at(contract).symbol;
      const bool listed = std::any_of(tables_->symbols.begin(), tables_->symbols.end(),
                                      [&](const auto& l) { return contracts.find_symbol(l.symbol) == symbol; });
      if (!listed && std::find(touched_.begin(), touched_.end(), symbol) == touched_.end())
        touched_.push_back(symbol);
    };
    for (const Holding& holding : input.book.holdings()) touch(holding.contract);
    for (const Order& order : input.book.orders().all()) touch(order.contract);
    for (const SymbolId symbol : touched_) block(symbol, until, input, findings);
  }

  static void block(SymbolId symbol, UntilTime until, const RuleInput& input, Findings& findings) {
    const ContractTable& contracts = input.book.contracts();
    Goal goal;  // every month of the product
    for (std::uint32_t i = 0; i < contracts.size(); ++i) {
      if (contracts.at(ContractId{i}).symbol == symbol) goal.contracts.push_back(ContractGoal{ContractId{i}, Lots{}});
    }
    const Reason reason = OutsideSession{symbol};
    findings.violate(reason, std::move(goal),
                     symbol_lock(input.book, symbol, findings.rule, reason, input.now, until));
  }

  // Behind the end of the table nothing is known: closed, a day at a time.
  static UntilTime lock_end(std::optional<BrokerTime> start, const AccountBook& book) {
    return UntilTime{start ? *start : book.next_reset()};
  }

  void find_next_change(BrokerTime now) {
    next_change_.reset();
    const auto consider = [&](const SessionTable& table) {
      const auto change = table.next_change(now);
      if (change && (!next_change_ || *change < *next_change_)) next_change_ = change;
    };
    if (tables_->everything) consider(*tables_->everything);
    for (const auto& listed : tables_->symbols) consider(listed.table);
    closed_ = tables_->everything && !tables_->everything->open_at(now) && !any_listed_open(now);
  }

  std::shared_ptr<const SessionTables> tables_;
  std::optional<BrokerTime> next_change_;
  std::vector<SymbolId> touched_;
  std::optional<bool> closed_;  // the whole account; empty before the first evaluation
};

// From `begin`, at which the table is open, to its end; sessions that meet are one.
OpenTime open_from(const SessionTable& table, BrokerTime begin) {
  BrokerTime end = *table.next_change(begin);
  while (table.open_at(end)) end = *table.next_change(end);
  return {begin, end};
}

// The session that runs at `now`, if there is time left in it to enter, else the next one.
std::optional<OpenTime> session_from(const SessionTable& table, BrokerTime now) {
  constexpr Duration kTimeToEnter = std::chrono::minutes{1};
  if (table.open_at(now)) {
    const OpenTime running = open_from(table, now);
    if (running.end - now >= kTimeToEnter) return running;
  }
  const auto begin = table.next_start(now);
  return begin ? std::optional{open_from(table, *begin)} : std::nullopt;
}

bool any_listed_open(const SessionTables& tables, BrokerTime t) {
  return std::ranges::any_of(tables.symbols, [&](const auto& listed) { return listed.table.open_at(t); });
}

// Entered inside of a session, held beyond its end. Where there is never a session: held when the rule first looks.
Breach hold_beyond(const SessionTable& table, ContractId contract, BrokerTime now) {
  Breach breach{contract};
  if (const auto open = session_from(table, now)) {
    if (open->begin > now) breach.begin = open->begin;
    breach.enter(Side::Buy, 1).then(Breach::GoTo{open->end});
  } else {
    breach.before.emplace_back(Breach::Enter{Side::Buy, Lots{1}});
  }
  return breach;
}

BreachOrWhyNot breach(const RuleConfig& config, const BreachGround& ground) {
  const SessionTables& tables = *config.sessions;
  const ContractTable& contracts = ground.contracts;
  const auto is = [&](ContractId id, const SessionTables::OfSymbol& listed) {
    return contracts.find_symbol(listed.symbol) == contracts.at(id).symbol;
  };
  const auto unlisted = ground.find([&](ContractId id) {
    return std::ranges::none_of(tables.symbols, [&](const auto& listed) { return is(id, listed); });
  });
  if (tables.everything && unlisted) {
    Breach breach = hold_beyond(*tables.everything, *unlisted, ground.now);
    const auto* end = breach.steps.empty() ? nullptr : std::get_if<Breach::GoTo>(&breach.steps.back());
    const bool one_symbol = any_listed_open(tables, end ? end->time : ground.now);
    return breach.follows<OutsideSession>(Breach::Action::Close, Breach::SetsLock{LockKind::Hard, one_symbol});
  }
  for (const auto& listed : tables.symbols) {
    const auto contract = ground.find([&](ContractId id) { return is(id, listed); });
    if (!contract) continue;
    return hold_beyond(listed.table, *contract, ground.now)
        .follows<OutsideSession>(Breach::Action::Close, Breach::SetsLock{LockKind::Hard, true});
  }
  return std::unexpected{"none of the contracts there are has sessions"};
}

}  // namespace

const RuleSpec& spec_session_block_outside() {
  static const RuleSpec spec{
      "session_block_outside",
      "Keeps you out of the market outside your sessions: everything is closed, and locked until the next start.",
      kParams,
      make_rule<SessionBlockOutside>,
      breach,
      Prepare::Sessions};
  return spec;
}

}  // namespace rm
