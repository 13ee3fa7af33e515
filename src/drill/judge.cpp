#include "drill/judge.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "domain/decimal.h"
#include "domain/time.h"

namespace rm::drill {
namespace {

using Action = Breach::Action;
using Rows = std::vector<Fields>;

template <class Wanted>
const Fields* first(const Rows& rows, Wanted wanted) {
  const auto found = std::ranges::find_if(rows, wanted);
  return found == rows.end() ? nullptr : &*found;
}

template <class Wanted>
const Fields* last(const Rows& rows, Wanted wanted) {
  for (auto at = rows.rbegin(); at != rows.rend(); ++at) {
    if (wanted(*at)) return &*at;
  }
  return nullptr;
}

std::size_t line_number(const Rows& rows, const Fields* row) {
  return static_cast<std::size_t>(row - rows.data()) + 1;
}

bool same_decimal(const std::string& written, const std::string& nanos) {
  const auto value = parse_nanos(written.empty() ? "0" : written);
  return value && std::to_string(*value) == (nanos.empty() ? "0" : nanos);
}

std::string_view endpoint_of(Action action) {
  switch (action) {
    case Action::Close:
      return "closeContract";
    case Action::Reduce:
      return "partialCloseContract";
    case Action::Cancel:
      return "cancel";
    case Action::MoveStop:
      return "modify";
    case Action::PlaceStop:
      return "place";
  }
  return "";
}

std::string_view target_of(std::string_view trigger) {
  if (trigger == "trade") return "GatewayUserTrade";
  if (trigger == "position") return "GatewayUserPosition";
  if (trigger == "order") return "GatewayUserOrder";
  if (trigger == "account") return "GatewayUserAccount";
  if (trigger == "quote") return "GatewayQuote";
  return {};
}

// A hub record, read: "target", and what was told under "arguments.0…".
Fields message(const Fields& event) {
  std::string_view record = text(event, "record");
  if (record.ends_with('\x1e')) record.remove_suffix(1);
  return flatten(record);
}

class Judge {
 public:
  Judge(const Record& record, const Expected& expected) : record_{record}, expected_{expected} {
    account_ = std::to_string(expected.account);
    find_account_row();
    find_daemon_lines();
    find_messages();
    find_acting();
  }

  Judgement run() {
    gateway_event();
    event_bridge();
    risk_event();
    event_bus();
    engine();
    rule();
    decision();
    executor();
    suite_manager();
    trading_suite();
    sdk();
    broker();
    verification();
    record();
    tell_story();
    find_other_rules();
    out_.zero_ns = zero_ns_;
    if (found_ != nullptr) out_.sentence = text(*found_, "message");
    return std::move(out_);
  }

 private:
  // ── what belongs together ──────────────────────────────────────────────────────────────────────────────────────
  void find_account_row() {
    for (Fields& row : elements(record_.status, "accounts")) {
      if (text(row, "id") == account_) account_row_ = std::move(row);
    }
  }

  [[nodiscard]] bool of_account(const Fields& row) const { return text(row, "account") == account_; }
  [[nodiscard]] bool moves_a_stop() const { return expected_.reason.empty(); }

  void find_daemon_lines() {
    const std::string_view event = moves_a_stop() ? "tightening" : "violation";
    found_ = first(record_.log, [&](const Fields& line) {
      return text(line, "event") == event && of_account(line) && text(line, "rule") == expected_.rule &&
             (moves_a_stop() || text(line, "violation") == expected_.reason);
    });
    if (found_ == nullptr) return;
    enforcement_ = text(*found_, "enforcement");
    if (!moves_a_stop()) decision_ = logged("decision");
  }

  const Fields* logged(std::string_view event) const {
    return first(record_.log, [&](const Fields& line) {
      return text(line, "event") == event && text(line, "enforcement") == enforcement_;
    });
  }

  // The message by which the rule was broken: the one the decision names; without a decision, the one of the step.
  void find_messages() {
    std::int64_t until = INT64_MAX;
    target_ = expected_.told_by;
    if (decision_ != nullptr) {
      target_ = target_of(text(*decision_, "trigger"));
      const std::int64_t latency_us = number(*decision_, "latency_us");
      until = record_.at(*decision_) - (latency_us > 0 ? latency_us * 1000 - kSlackNs : 0);
    } else if (found_ != nullptr) {
      until = record_.at(*found_);
    }
    fill_ = last(record_.hub_events, [&](const Fields& event) {
      if (text(event, "target") != "GatewayUserTrade" || number(event, "monotonicNs") > until) return false;
      const Fields told = message(event);
      return text(told, "arguments.0.data.accountId") == account_ && text(told, "arguments.0.action") == "0";
    });
    trigger_ = target_.empty() ? nullptr : last(record_.hub_events, [&](const Fields& event) {
      const std::int64_t at = number(event, "monotonicNs");
      return text(event, "target") == target_ && at <= until && (found_ != nullptr || at >= expected_.step_ns) &&
             concerns(message(event));
    });
    if (target_ == "GatewayUserTrade" && trigger_ != nullptr && fill_ == nullptr) fill_ = trigger_;
    if (trigger_ != nullptr) {
      zero_ns_ = number(*trigger_, "monotonicNs");
    } else {
      zero_ns_ = found_ != nullptr ? record_.at(*found_) : expected_.step_ns;
    }
  }

  [[nodiscard]] bool concerns(const Fields& told) const {
    if (text(told, "target") == "GatewayQuote") return text(told, "arguments.0") == expected_.contract;
    if (text(told, "target") == "GatewayUserAccount") return text(told, "arguments.0.data.id") == account_;
    return text(told, "arguments.0.data.accountId") == account_;
  }

  void find_acting() {
    request_ = first(record_.log, [&](const Fields& line) {
      const std::string& endpoint = text(line, "endpoint");
      return text(line, "event") == "request" && of_account(line) && found_ != nullptr &&
             (moves_a_stop() || text(line, "enforcement") == enforcement_) && acts(endpoint) && fits(endpoint);
    });
    if (request_ != nullptr) {
      answer_ = first(record_.log, [&](const Fields& line) {
        return text(line, "event") == "answer" && text(line, "request") == text(*request_, "request");
      });
    }
    if (found_ == nullptr) return;
    call_ = first(record_.calls, [&](const Fields& call) {
      if (number(call, "monotonicNs") < zero_ns_) return false;
      const std::string& path = text(call, "path");
      const Fields body = flatten(text(call, "body"));
      return fits(path.substr(path.rfind('/') + 1)) && text(body, "accountId") == account_ && about(body);
    });
  }

  static bool acts(std::string_view endpoint) {
    return endpoint == "closeContract" || endpoint == "partialCloseContract" || endpoint == "cancel" ||
           endpoint == "modify" || endpoint == "place";
  }
  // A reduction to nothing is a close.
  [[nodiscard]] bool fits(std::string_view endpoint) const {
    return endpoint == endpoint_of(expected_.action) ||
           (expected_.action == Action::Reduce && endpoint == "closeContract");
  }
  [[nodiscard]] bool about(const Fields& body) const {
    if (expected_.action == Action::Cancel || expected_.action == Action::MoveStop)
      return text(body, "orderId") == expected_.order;
    return text(body, "contractId") == expected_.contract;
  }

  // ── what is said of a link ─────────────────────────────────────────────────────────────────────────────────────
  Evidence& link(std::size_t number) { return out_.links[number - 1]; }
  void say(std::size_t number, bool proven, std::string what, std::string where,
           std::optional<std::int64_t> at = std::nullopt) {
    if (at) *at -= zero_ns_;
    link(number) = {proven, std::move(what), std::move(where), at};
  }
  void miss(std::size_t number, std::string what, std::string where) {
    say(number, false, std::move(what), std::move(where));
  }
  [[nodiscard]] std::string in_log(const Fields* line) const {
    return fmt::format("log line {}", line_number(record_.log, line));
  }
  static std::string in_gateway(const Fields* event) {
    return fmt::format("paper gateway, event {}", text(*event, "seq"));
  }
  // "GatewayUserTrade 3100000001: buy 6 CON.F.US.MNQ.U26 @ 29500"
  static std::string words(const Fields& event) {
    const Fields told = message(event);
    const auto of = [&](const char* name) -> const std::string& {
      return text(told, std::string{"arguments.0.data."} + name);
    };
    const std::string& target = text(event, "target");
    if (target == "GatewayUserTrade")
      return fmt::format("{} {}: {} {} {} @ {}", target, of("id"), of("side") == "0" ? "buy" : "sell", of("size"),
                         of("contractId"), of("price"));
    if (target == "GatewayQuote")
      return fmt::format("{} {}: last {}, bid {}, ask {}", target, text(told, "arguments.0"),
                         quoted(told, "lastPrice"), quoted(told, "bestBid"), quoted(told, "bestAsk"));
    if (target == "GatewayUserAccount") return fmt::format("{} {}: canTrade {}", target, of("id"), of("canTrade"));
    return fmt::format("{} {}", target, of("id"));
  }
  static std::string quoted(const Fields& told, const std::string& member) {
    const std::string& value = text(told, "arguments.1." + member);
    return value.empty() ? "unchanged" : value;
  }
  [[nodiscard]] std::string subscribed() const {
    std::string list;
    for (const Fields& stream : record_.streams) {
      std::size_t topics = elements(stream, "subscriptions").size();
      list += fmt::format("{}{} hub: {} subscriptions", list.empty() ? "" : ", ", text(stream, "hub"), topics);
    }
    return list.empty() ? "nobody is connected to a hub" : "connected are: " + list;
  }

  // ── the links ──────────────────────────────────────────────────────────────────────────────────────────────────
  void gateway_event() {
    if (fill_ == nullptr)
      return miss(1,
                  fmt::format("no GatewayUserTrade of account {} was put on the user hub ({}; of these with the "
                              "account's trades: {})",
                              account_, subscribed(), subscriptions("Trades")),
                  "paper gateway, /paper/events and /paper/subscriptions");
    if (!target_.empty() && trigger_ == nullptr)
      return miss(1, fmt::format("no {} told of '{}' ({})", target_, expected_.last_step, subscribed()),
                  "paper gateway, /paper/events and /paper/subscriptions");
    if (trigger_ == nullptr)
      return say(1, true, words(*fill_) + "; after that only time passes", in_gateway(fill_),
                 number(*fill_, "monotonicNs"));
    const bool same = trigger_ == fill_ || text(*trigger_, "target") == "GatewayUserTrade";
    say(1, true, same ? words(*trigger_) : words(*fill_) + "; then " + words(*trigger_),
        same ? in_gateway(trigger_) : in_gateway(fill_) + " and " + text(*trigger_, "seq"), zero_ns_);
  }

  [[nodiscard]] std::size_t subscriptions(std::string_view topic) const {
    std::size_t count = 0;
    for (const Fields& stream : record_.streams) {
      for (const Fields& one : elements(stream, "subscriptions"))
        count += text(one, "topic") == topic && text(one, "key") == account_;
    }
    return count;
  }

  [[nodiscard]] const Fields* cause() const { return trigger_ != nullptr ? trigger_ : fill_; }

  // The line that shows the very bytes of this message.
  [[nodiscard]] const Fields* heard(const Fields* event) const {
    if (event == nullptr) return nullptr;
    const std::string& sent = text(*event, "record");
    return first(record_.log, [&](const Fields& line) {
      return text(line, "event") == "heard" && text(line, "target") == text(*event, "target") &&
             sent.find("\"arguments\":" + text(line, "message")) != std::string::npos;
    });
  }

  [[nodiscard]] bool book_has_fill() const { return number(account_row_, "pnl.trades") > 0; }

  void event_bridge() {
    if (cause() == nullptr) return miss(2, "nothing was sent that could be heard", "");
    const Fields* line = heard(cause());
    const Fields* of_fill = heard(fill_);
    if (line == nullptr || of_fill == nullptr)
      return miss(2, fmt::format("no 'heard' line has the bytes of {}", words(line == nullptr ? *cause() : *fill_)),
                  "log of level trace");
    if (const auto refused = number(record_.status, "gateway.refused_messages"); refused != 0)
      return miss(2, fmt::format("{} messages were refused", refused), "status, gateway.refused_messages");
    if (typed_line() == nullptr && trade_row() == nullptr && !book_has_fill())
      return miss(2, "the fill was heard and became no event: neither log, database nor book have it",
                  in_log(of_fill) + ", table trades, status");
    say(2, true, "heard byte for byte as it was sent, nothing refused", in_log(line), record_.at(*line));
  }

  [[nodiscard]] std::string fill_id() const {
    return fill_ == nullptr ? std::string{} : text(message(*fill_), "arguments.0.data.id");
  }
  [[nodiscard]] const Fields* trade_row() const {
    return first(record_.trades, [&](const Fields& row) { return text(row, "id") == fill_id() && of_account(row); });
  }
  [[nodiscard]] const Fields* typed_line() const {
    return first(record_.log, [&](const Fields& line) {
      return text(line, "event") == "event" && text(line, "trade") == fill_id() && of_account(line) &&
             text(line, "replayed") == "false";
    });
  }

  // Account, contract, size, price, costs and time, to the last digit.
  [[nodiscard]] std::string difference(const Fields& row) const {
    const Fields told = message(*fill_);
    const auto of = [&](const char* name) -> const std::string& {
      return text(told, std::string{"arguments.0.data."} + name);
    };
    const auto time = parse_timestamp(of("creationTimestamp"));
    if (text(row, "contract") != of("contractId")) return "contract";
    if ((text(row, "side") == "buy") != (of("side") == "0")) return "side";
    if (text(row, "size") != of("size")) return "size";
    if (!same_decimal(of("price"), text(row, "price_nanos"))) return "price";
    if (!same_decimal(of("fees"), text(row, "fees_nanos"))) return "fees";
    if (!same_decimal(of("commissions"), text(row, "commissions_nanos"))) return "commissions";
    if (!same_decimal(of("profitAndLoss"), text(row, "pnl_nanos"))) return "profitAndLoss";
    if (!time || std::to_string(time->nanos()) != text(row, "time_ns")) return "time";
    return {};
  }

  void risk_event() {
    if (fill_ == nullptr) return miss(3, "no fill was told", "");
    const Fields* row = trade_row();
    if (row == nullptr) {  // the last subscriber wrote nothing: the first one may have it
      if (book_has_fill())
        return say(3, true,
                   fmt::format("the book counted it: {} trades, costs {}", text(account_row_, "pnl.trades"),
                               text(account_row_, "pnl.costs")),
                   "status");
      return miss(3, fmt::format("trade {} is nowhere: not in table trades, not in the book", fill_id()),
                  "table trades, status");
    }
    if (const std::string wrong = difference(*row); !wrong.empty())
      return miss(3, fmt::format("trade {}: its {} is not the message's", fill_id(), wrong), "table trades");
    const Fields* line = typed_line();
    say(3, true,
        fmt::format("trade {}: account, contract, side, size, price, costs and time equal the message's to the last "
                    "digit",
                    fill_id()),
        "table trades" + (line == nullptr ? std::string{} : ", " + in_log(line)),
        line == nullptr ? std::nullopt : std::optional{record_.at(*line)});
  }

  void event_bus() {
    const Fields* line = typed_line();
    if (line == nullptr)
      return miss(4, fmt::format("the last subscriber, the recorder, wrote no line of trade {}", fill_id()),
                  "log lines 'event'");
    if (!book_has_fill()) return miss(4, "the first subscriber, the book, counts no trade", "status, pnl.trades");
    std::int64_t before = 0;
    for (const Fields& each : record_.log) {
      if (text(each, "event") != "event" || !each.contains("sequence")) continue;
      if (number(each, "sequence") <= before)
        return miss(4, fmt::format("event {} came after event {}", number(each, "sequence"), before), in_log(&each));
      before = number(each, "sequence");
    }
    say(4, true,
        fmt::format("event {}: the book (first) and the recorder (last) have it, all {} in ascending order",
                    text(*line, "sequence"), before),
        in_log(line) + ", status", record_.at(*line));
  }

  void engine() {
    std::int64_t evaluations = 0;
    std::size_t asked = 0;
    const auto rules = elements(account_row_, "rules");
    for (const Fields& row : rules) {
      asked += number(row, "evaluations") > 0;
      if (text(row, "name") == expected_.rule) evaluations = number(row, "evaluations");
    }
    if (evaluations <= expected_.evaluations)
      return miss(
          5, fmt::format("the rule was asked {} times before and {} times after", expected_.evaluations, evaluations),
          "status, evaluations");
    say(5, true,
        fmt::format("asked {} times, {} of them since the last step; {} of {} rules of the account were asked",
                    evaluations, evaluations - expected_.evaluations, asked, rules.size()),
        "status");
  }

  void rule() {
    if (found_ != nullptr)
      return say(6, true, text(*found_, "message") + (moves_a_stop() ? "" : " (" + expected_.reason + ")"),
                 in_log(found_), record_.at(*found_));
    if (moves_a_stop()) return miss(6, "the rule drew no stop nearer: no line 'tightening' of it", "log");
    const Fields* other = first(record_.log, [&](const Fields& line) {
      return text(line, "event") == "violation" && text(line, "rule") == expected_.rule;
    });
    miss(6,
         fmt::format("the rule found no {}{}", expected_.reason,
                     other == nullptr ? std::string{} : ", but " + text(*other, "violation")),
         "log lines 'violation'");
  }

  // The goal has to be what the rule promises, whatever else the decision holds.
  [[nodiscard]] std::string goal_problem(const std::string& goal) const {
    if (goal.starts_with("flatten")) return {};
    const bool order = goal.find("cancel order " + expected_.order) != std::string::npos;
    const bool contract = goal.find("close ") != std::string::npos || goal.find("reduce ") != std::string::npos;
    if (expected_.action == Action::Cancel ? order || goal.find("close ") != std::string::npos : contract) return {};
    return fmt::format("the rule promises '{}', the decision is '{}'", name_of(expected_.action), goal);
  }

  void decision() {
    if (found_ == nullptr) return miss(7, "nothing was found that could be decided on", "");
    if (moves_a_stop())
      return say(7, true, fmt::format("what must become true: the stop at {}", text(*found_, "stop_price")),
                 in_log(found_), record_.at(*found_));
    if (decision_ == nullptr)
      return miss(7, fmt::format("no line 'decision' of enforcement {}", enforcement_), "log");
    if (const std::string wrong = goal_problem(text(*decision_, "message")); !wrong.empty())
      return miss(7, wrong, in_log(decision_));
    const Fields* lock = lock_row();
    if (expected_.lock && lock == nullptr)
      return miss(
          7,
          fmt::format("no {} lock of {} by this rule", expected_.lock->kind == LockKind::Hard ? "hard" : "entry",
                      expected_.lock->of_symbol ? "the symbol" : "the account"),
          "table locks");
    say(7, true,
        fmt::format("enforcement {}: {}{}", enforcement_, text(*decision_, "message"),
                    lock == nullptr ? "" : "; lock: " + lock_words(*lock)),
        in_log(decision_) + (lock == nullptr ? "" : ", table locks"), record_.at(*decision_));
  }

  [[nodiscard]] const Fields* lock_row() const {
    if (!expected_.lock) return nullptr;
    return first(record_.locks, [&](const Fields& row) {
      return of_account(row) && text(row, "rule") == expected_.rule &&
             (text(row, "kind") == "hard") == (expected_.lock->kind == LockKind::Hard) &&
             text(row, "symbol").empty() != expected_.lock->of_symbol;
    });
  }
  static std::string lock_words(const Fields& row) {
    const std::string& until = text(row, "until_ns");
    return fmt::format("{} of {} {}", text(row, "kind"),
                       text(row, "symbol").empty() ? "the account" : text(row, "symbol"),
                       until.empty() ? "until the broker allows trading"
                                     : "until " + format_timestamp(BrokerTime::from_nanos(number(row, "until_ns"))));
  }

  [[nodiscard]] const Fields* enforcement_row() const {
    return first(record_.enforcements, [&](const Fields& row) { return text(row, "id") == enforcement_; });
  }

  void executor() {
    if (found_ == nullptr) return miss(8, "there was nothing to take over", "");
    if (request_ == nullptr)
      return miss(8,
                  moves_a_stop()
                      ? fmt::format("no request '{}' followed", endpoint_of(expected_.action))
                      : fmt::format("the executor acted on nothing: no request '{}' carries enforcement {}",
                                    endpoint_of(expected_.action), enforcement_),
                  "log lines 'request'");
    if (!moves_a_stop() && enforcement_row() == nullptr)
      return miss(8, fmt::format("enforcement {} is not in the database", enforcement_), "table enforcements");
    say(8, true,
        fmt::format("took it over: request {}, {}{}", text(*request_, "request"), text(*request_, "message"),
                    moves_a_stop() ? "" : fmt::format(", enforcement {} is persisted", enforcement_)),
        in_log(request_) + (moves_a_stop() ? "" : ", table enforcements"), record_.at(*request_));
  }

  [[nodiscard]] std::string answer_words() const {
    return answer_ == nullptr ? "it was never answered" : text(*answer_, "message");
  }
  [[nodiscard]] std::string where_answer() const {
    return answer_ == nullptr ? "log lines 'answer'" : in_log(answer_);
  }

  void suite_manager() {
    if (request_ == nullptr) return miss(9, "nothing was asked for", "");
    const bool no_suite = answer_ != nullptr && answer_words().find("no trading suite") != std::string::npos;
    if (no_suite || (answer_ == nullptr && call_ == nullptr)) return miss(9, answer_words(), where_answer());
    say(9, true, fmt::format("the session of account {} took request {}", account_, text(*request_, "request")),
        answer_ == nullptr ? in_log(request_) : in_log(answer_));
  }

  void trading_suite() {
    if (!link(9).proven) return miss(10, "no suite was reached", "");
    if (call_ != nullptr)
      return say(10, true, fmt::format("{} {}", text(*call_, "path"), text(*call_, "body")),
                 fmt::format("paper gateway, request {}", text(*call_, "seq")));
    if (answer_ != nullptr && text(*answer_, "outcome") != "accepted")
      return say(10, true, "it was made and not sent: " + answer_words(), in_log(answer_));
    miss(10,
         fmt::format("the log says '{}', the gateway was asked for nothing like '{}'", answer_words(),
                     endpoint_of(expected_.action)),
         where_answer() + ", paper gateway, /paper/requests");
  }

  void sdk() {
    if (call_ == nullptr)
      return miss(
          11,
          fmt::format("no HTTP request '{}' of account {} reached the gateway{}", endpoint_of(expected_.action),
                      account_, request_ == nullptr ? std::string{} : "; " + answer_words()),
          "paper gateway, /paper/requests");
    say(11, true,
        fmt::format("HTTP {} after {} us", text(*call_, "status"),
                    (number(*call_, "answeredNs") - number(*call_, "monotonicNs")) / 1000),
        fmt::format("paper gateway, request {}", text(*call_, "seq")), number(*call_, "monotonicNs"));
  }

  // ── the broker's own state ──
  [[nodiscard]] std::int64_t lots_held() const {
    std::int64_t lots = 0;
    for (const Fields& position : elements(record_.state, "positions")) {
      if (text(position, "contractId") == expected_.contract) lots += number(position, "size");
    }
    return lots;
  }
  [[nodiscard]] std::int64_t lots_of_account() const {
    std::int64_t lots = 0;
    for (const Fields& position : elements(record_.state, "positions")) lots += number(position, "size");
    return lots;
  }
  [[nodiscard]] std::vector<Fields> orders() const { return elements(record_.state, "workingOrders"); }

  // Empty: the broker shows what the rule promises.
  [[nodiscard]] std::string broker_problem() const {
    if (record_.state.empty()) return "the gateway does not answer";
    const auto working = orders();
    const Fields* order = first(working, [&](const Fields& each) { return text(each, "id") == expected_.order; });
    switch (expected_.action) {
      case Action::Close:
        if (lots_held() != 0) return fmt::format("{} contracts are held", lots_held());
        break;
      case Action::Reduce:
        if (lots_held() >= expected_.most_lots)
          return fmt::format("{} contracts are held, as many as before", lots_held());
        break;
      case Action::Cancel:
        if (order != nullptr) return fmt::format("order {} is working", expected_.order);
        break;
      case Action::MoveStop:
        if (order == nullptr) return fmt::format("stop order {} is gone", expected_.order);
        return nearer(text(*order, "stopPrice")) ? std::string{}
                                                 : fmt::format("the stop is at {} still", text(*order, "stopPrice"));
      case Action::PlaceStop:
        return first(working, [](const Fields& each) { return !text(each, "stopPrice").empty(); }) != nullptr
                   ? std::string{}
                   : "no stop order is working";
    }
    const bool all = expected_.lock && expected_.lock->kind == LockKind::Hard && !expected_.lock->of_symbol;
    if (all && (lots_of_account() != 0 || !working.empty()))
      return fmt::format("{} contracts and {} orders are left, the account is locked", lots_of_account(),
                         working.size());
    return {};
  }
  [[nodiscard]] bool nearer(const std::string& price) const {
    const auto now = parse_nanos(price), before = parse_nanos(expected_.stop_price);
    return now && before && *now > *before;
  }

  void broker() {
    if (const std::string wrong = broker_problem(); !wrong.empty() || call_ == nullptr)
      return miss(12, wrong.empty() ? "it is so, but not by a request of the daemon" : wrong,
                  "paper gateway, /paper/state");
    say(12, true,
        fmt::format("the broker's own state: {} contracts held, {} orders working", lots_of_account(),
                    orders().size()),
        "paper gateway, /paper/state", number(*call_, "answeredNs"));
  }

  [[nodiscard]] const Fields* verified_line() const {
    return first(record_.log, [&](const Fields& line) {
      return text(line, "checkpoint") == "enforcement_verified" && text(line, "enforcement") == enforcement_;
    });
  }

  void verification() {
    if (call_ == nullptr) return miss(13, "nothing was done that could be verified", "");
    if (moves_a_stop()) return stop_shown();
    const Fields* line = verified_line();
    if (line == nullptr)
      return miss(13, fmt::format("no line 'enforcement_verified' of enforcement {}", enforcement_), "log");
    const std::int64_t from = number(*call_, "monotonicNs"), until = record_.at(*line);
    std::size_t reads = 0;
    for (const Fields& call : record_.calls) {
      const std::int64_t at = number(call, "monotonicNs");
      reads += at > from && at < until && text(call, "path") == "/api/Position/searchOpen" &&
               text(call, "status") == "200" && text(call, "body").find(account_) != std::string::npos;
    }
    if (reads < 2)
      return miss(13, fmt::format("called verified after {} reads of the positions, two are needed", reads),
                  "paper gateway, /paper/requests");
    say(13, true, fmt::format("{} reads at the gateway in between; {}", reads, text(*line, "message")), in_log(line),
        until);
  }

  // A stop that was moved is shown by the order's own message, and the book has it.
  void stop_shown() {
    for (const Fields& event : record_.hub_events) {
      if (text(event, "target") != "GatewayUserOrder" || number(event, "monotonicNs") < number(*call_, "monotonicNs"))
        continue;
      const Fields told = message(event);
      const bool stop = expected_.action == Action::PlaceStop
                            ? !text(told, "arguments.0.data.stopPrice").empty()
                            : text(told, "arguments.0.data.id") == expected_.order &&
                                  nearer(text(told, "arguments.0.data.stopPrice"));
      const Fields* line = stop ? heard(&event) : nullptr;
      if (line == nullptr) continue;
      for (const Fields& order : elements(account_row_, "orders")) {
        if (text(order, "id") == text(told, "arguments.0.data.id") &&
            same_price(text(order, "stop_price"), text(told, "arguments.0.data.stopPrice")))
          return say(13, true,
                     fmt::format("the order's own message shows the stop at {}, and so does the book",
                                 text(order, "stop_price")),
                     in_log(line) + ", status", record_.at(*line));
      }
    }
    miss(13, "neither the order's message nor the book shows the stop where it was asked for",
         "paper gateway, /paper/events; log; status");
  }
  static bool same_price(const std::string& a, const std::string& b) {
    const auto one = parse_nanos(a), other = parse_nanos(b);
    return one && other && *one == *other;
  }

  // ── R14: log line, database row, metric, notification, each naming the rule ──
  void record() {
    if (found_ == nullptr) return miss(14, fmt::format("nothing names {}", expected_.rule), "log, database");
    std::vector<std::string> missing;
    const auto need = [&](bool there, std::string what) {
      if (!there) missing.push_back(std::move(what));
    };
    moves_a_stop() ? need_of_stop(need) : need_of_enforcement(need);
    if (!missing.empty())
      return miss(14, fmt::format("missing: {}", fmt::join(missing, "; ")), record_.database_problem);
    if (moves_a_stop())
      return say(14, true, "log line, database row and metric; no notification, since nothing was broken",
                 in_log(found_) + ", table requests, metrics");
    const auto receipt = flatten(text(*enforcement_row(), "receipt"));
    say(14, true,
        fmt::format("log line, database rows, metric and notifications name {}; receipt: sent after {} us, verified "
                    "after {} us",
                    expected_.rule, or_dash(text(receipt, "trigger_to_sent_us")),
                    or_dash(text(receipt, "trigger_to_verified_us"))),
        fmt::format("{}, tables violations, enforcements, requests{}, notifications; metrics; notifications.log",
                    in_log(found_), expected_.lock ? ", locks" : ""));
  }
  static std::string or_dash(const std::string& value) { return value.empty() ? "–" : value; }

  [[nodiscard]] std::int64_t metric(const std::string& name) const {
    const auto found = record_.metrics.find(name);
    return found == record_.metrics.end() ? 0 : found->second;
  }
  [[nodiscard]] bool told(const Rows& rows, std::string_view kind, bool names_rule) const {
    return first(rows, [&](const Fields& row) {
             return text(row, "kind") == kind && text(row, "enforcement") == enforcement_ &&
                    (!names_rule || text(row, "rule") == expected_.rule);
           }) != nullptr;
  }

  template <class Need>
  void need_of_enforcement(Need need) const {
    need(verified_line() != nullptr && text(*verified_line(), "rule").find(expected_.rule) != std::string::npos,
         "a line 'enforcement_verified' that names the rule");
    const Fields* violation = first(record_.violations, [&](const Fields& row) {
      return text(row, "enforcement") == enforcement_ && text(row, "rule") == expected_.rule;
    });
    need(violation != nullptr, "a row of the rule in table violations");
    const Fields* row = enforcement_row();
    need(row != nullptr && text(*row, "rules").find('"' + expected_.rule + '"') != std::string::npos,
         "a row of the enforcement, with the rule, in table enforcements");
    need(row != nullptr && text(*row, "state") == "verified" && !text(*row, "receipt").empty(),
         "the receipt in table enforcements");
    need_of_request(need);
    need(metric(fmt::format("risk_manager_decisions_total{{rule=\"{}\"}}", expected_.rule)) > 0,
         fmt::format("metric risk_manager_decisions_total of {}", expected_.rule));
    need(metric("risk_manager_enforcements_verified_total") > 0, "metric risk_manager_enforcements_verified_total");
    need(told(record_.notifications, "violation", true), "a notification of the violation");
    need(told(record_.notifications, "verified", false), "a notification that it is verified");
    need(told(record_.notices, "violation", true) && told(record_.notices, "verified", false),
         "their rows in table notifications");
    if (!expected_.lock) return;
    need(lock_row() != nullptr, "a row in table locks");
    need(told(record_.notifications, "lock_set", true), "a notification of the lock");
    need(first(record_.log,
               [&](const Fields& line) {
                 return text(line, "event") == "lock" && text(line, "rule") == expected_.rule && of_account(line);
               }) != nullptr,
         "a line 'lock' that names the rule");
  }

  template <class Need>
  void need_of_stop(Need need) const {
    need_of_request(need);
    need(metric(fmt::format("risk_manager_requests_total{{endpoint=\"{}\",outcome=\"accepted\"}}",
                            endpoint_of(expected_.action))) > 0,
         "metric risk_manager_requests_total");
  }

  template <class Need>
  void need_of_request(Need need) const {
    const Fields* row = request_ == nullptr ? nullptr : first(record_.requests, [&](const Fields& each) {
      return text(each, "id") == text(*request_, "request");
    });
    need(row != nullptr && !text(*row, "outcome").empty(), "the request and its answer in table requests");
  }

  // ── in words ───────────────────────────────────────────────────────────────────────────────────────────────────
  void tell_story() {
    static const std::set<std::string, std::less<>> kTold{"violation", "decision",   "request",    "answer",
                                                          "lock",      "tightening", "escalation", "lock_ended"};
    const std::int64_t from = std::min(expected_.step_ns, zero_ns_);
    for (const Fields& line : record_.log) {
      const std::string& event = text(line, "event");
      const bool acting = (event != "request" && event != "answer") || acts(text(line, "endpoint"));
      const bool told = (kTold.contains(event) && acting) || text(line, "checkpoint") == "enforcement_verified" ||
                        (event == "event" && (text(line, "kind") == "trade" || text(line, "kind") == "position"));
      if (!told || record_.at(line) < from || !of_account_or_any(line)) continue;
      out_.story.push_back({record_.at(line) - zero_ns_, "risk manager",
                            (kTold.contains(event) ? event + ": " : std::string{}) + text(line, "message")});
    }
    for (const Fields& call : record_.calls) {
      const std::string& path = text(call, "path");
      if (number(call, "monotonicNs") >= from && acts(path.substr(path.rfind('/') + 1)))
        out_.story.push_back({number(call, "monotonicNs") - zero_ns_, "paper gateway",
                              fmt::format("is asked {} {}", path, text(call, "body"))});
    }
    out_.story.push_back({expected_.step_ns - zero_ns_, "drill", expected_.last_step});
    std::ranges::stable_sort(out_.story, {}, &StoryLine::at_ns);
  }
  [[nodiscard]] bool of_account_or_any(const Fields& line) const {
    return !line.contains("account") || of_account(line);
  }

  void find_other_rules() {
    std::set<std::string> together, earlier;
    for (const Fields& line : record_.log) {
      if (text(line, "event") != "violation" || !of_account(line) || text(line, "rule") == expected_.rule) continue;
      if (text(line, "enforcement") == enforcement_) {
        together.insert(text(line, "rule"));
      } else if (found_ == nullptr || &line < found_) {
        earlier.insert(text(line, "rule"));
      }
    }
    out_.together.assign(together.begin(), together.end());
    out_.earlier.assign(earlier.begin(), earlier.end());
  }

  static constexpr std::int64_t kSlackNs = 20'000;  // between taking a time and writing it

  const Record& record_;
  const Expected& expected_;
  Judgement out_;
  std::string account_, enforcement_;
  Fields account_row_;
  std::string_view target_;
  std::int64_t zero_ns_ = 0;
  const Fields* found_ = nullptr;     // the log line of the violation, or of the stop that is drawn nearer
  const Fields* decision_ = nullptr;  // log lines …
  const Fields* request_ = nullptr;
  const Fields* answer_ = nullptr;
  const Fields* fill_ = nullptr;  // events of the gateway …
  const Fields* trigger_ = nullptr;
  const Fields* call_ = nullptr;  // a request that it got
};

}  // namespace

const std::array<LinkName, kLinks>& link_names() {
  static const std::array<LinkName, kLinks> names{
      {{"R1", "gateway event", "the gateway tells what happened"},
       {"R2", "event bridge", "the message is received, checked and converted"},
       {"R3", "risk event", "a typed event exists, exact to the last digit"},
       {"R4", "event bus", "every subscriber has it, in order"},
       {"R5", "risk engine", "the rule is asked"},
       {"R6", "rule", "the rule finds the violation"},
       {"R7", "decision", "what must become true at the broker, which lock, and why"},
       {"R8", "executor", "the decision is taken over, persisted and driven"},
       {"R9", "suite manager", "the session that serves this account is found"},
       {"R10", "trading suite", "the request is exactly what was meant"},
       {"R11", "request", "it reaches the gateway over HTTP"},
       {"R12", "broker", "it is so in the account"},
       {"R13", "verification", "the broker's own answers show it"},
       {"R14", "record", "log line, database row, metric and notification name the rule"}}};
  return names;
}

bool Judgement::proven() const {
  return !first_missing();
}

std::optional<std::size_t> Judgement::first_missing() const {
  for (std::size_t i = 0; i < links.size(); ++i) {
    if (!links[i].proven) return i;
  }
  return std::nullopt;
}

Judgement judge(const Record& record, const Expected& expected) {
  return Judge{record, expected}.run();
}

}  // namespace rm::drill
