// R1 to R5: from the gateway's message to the question to the rule.

#include <fmt/format.h>

#include "domain/decimal.h"
#include "domain/time.h"
#include "drill/trace.h"

namespace rm::drill {
namespace {

constexpr std::string_view kSubscriptions = "paper gateway, /paper/events and /paper/subscriptions";

std::string subscribed(const Record& record) {
  std::string list;
  for (const Fields& stream : record.streams) {
    list += fmt::format("{}{} hub with {} subscriptions", list.empty() ? "" : ", ", text(stream, "hub"),
                        elements(stream, "subscriptions").size());
  }
  return list.empty() ? "nobody is connected to a hub" : "connected: " + list;
}

bool subscribed_to_trades(const Trace& trace) {
  for (const Fields& stream : trace.record.streams) {
    for (const Fields& one : elements(stream, "subscriptions")) {
      if (text(one, "topic") == "Trades" && text(one, "key") == trace.account) return true;
    }
  }
  return false;
}

std::string of_gateway(const Fields* event) {
  return fmt::format("paper gateway, event {}", text(*event, "seq"));
}

bool book_has_a_fill(const Trace& trace) {
  return number(trace.account_row, "pnl.trades") > 0;
}

bool found_by_a_read(const Trace& trace) {
  return first(trace.record.log, [id = trace.fill_id()](const Fields& line) {
           return text(line, "trade") == id && text(line, "replayed") == "true";
         }) != nullptr;
}

bool same_decimal(const std::string& written, const std::string& nanos) {
  const auto value = parse_nanos(written.empty() ? "0" : written);
  return value && std::to_string(*value) == (nanos.empty() ? "0" : nanos);
}

bool same_instant(const std::string& a, const std::string& b) {
  const auto one = parse_timestamp(a), other = parse_timestamp(b);
  return one && other && *one == *other;
}

// Which member of the fill's message the typed event has otherwise; empty: none. The row of the database is written
// again by reads, which tell the time with fewer digits: it is compared where the event was logged.
std::string difference(const Fields& message, const Fields& row, const Fields* line) {
  if (text(row, "contract") != told(message, "contractId")) return "contract";
  if ((text(row, "side") == "buy") != (told(message, "side") == "0")) return "side";
  if (text(row, "size") != told(message, "size")) return "size";
  if (!same_decimal(told(message, "price"), text(row, "price_nanos"))) return "price";
  if (!same_decimal(told(message, "fees"), text(row, "fees_nanos"))) return "fees";
  if (!same_decimal(told(message, "commissions"), text(row, "commissions_nanos"))) return "commissions";
  if (!same_decimal(told(message, "profitAndLoss"), text(row, "pnl_nanos"))) return "profitAndLoss";
  if (line != nullptr && !same_instant(told(message, "creationTimestamp"), text(*line, "trade_time"))) return "time";
  return {};
}

}  // namespace

Evidence gateway_event(const Trace& trace) {
  if (trace.fill == nullptr)
    return missing(
        fmt::format("no GatewayUserTrade of account {} was put on the user hub; {}, {}", trace.account,
                    subscribed_to_trades(trace) ? "its trades are subscribed" : "nobody is subscribed to its trades",
                    subscribed(trace.record)),
        std::string{kSubscriptions});
  if (trace.target.empty())
    return proven(trace, words_of(*trace.fill) + "; after that only time passes", of_gateway(trace.fill),
                  number(*trace.fill, "monotonicNs"));
  if (trace.trigger == nullptr)
    return missing(
        fmt::format("no {} told of '{}'; {}", trace.target, trace.expected.last_step, subscribed(trace.record)),
        std::string{kSubscriptions});
  if (trace.trigger == trace.fill) return proven(trace, words_of(*trace.fill), of_gateway(trace.fill), trace.zero_ns);
  return proven(trace, words_of(*trace.fill) + "; then " + words_of(*trace.trigger),
                of_gateway(trace.fill) + " and " + text(*trace.trigger, "seq"), trace.zero_ns);
}

Evidence event_bridge(const Trace& trace) {
  if (trace.cause() == nullptr) return missing("nothing was sent that could be heard");
  for (const Fields* sent : {trace.fill, trace.cause()}) {
    if (trace.heard(sent) == nullptr)
      return missing(fmt::format("no line 'heard' has the bytes of {}", sent == nullptr ? "a fill" : words_of(*sent)),
                     "log");
  }
  if (const auto refused = number(trace.record.status, "gateway.refused_messages"); refused != 0)
    return missing(fmt::format("refused messages: {}", refused), "status, gateway.refused_messages");
  const Fields* line = trace.heard(trace.cause());
  if (trace.fill_line() == nullptr && found_by_a_read(trace))
    return missing("the fill was heard and became no event; a read found it later", trace.log_line(line) + ", log");
  if (trace.fill_line() == nullptr && trace.fill_row() == nullptr && !book_has_a_fill(trace))
    return missing("the fill was heard and became no event: log, database and book have none",
                   trace.log_line(line) + ", table trades, status");
  return proven(trace, "heard byte for byte as it was sent, nothing refused", trace.log_line(line),
                trace.record.at(*line));
}

Evidence risk_event(const Trace& trace) {
  if (trace.fill == nullptr) return missing("no fill was told");
  const Fields* row = trace.fill_row();
  const Fields* line = trace.fill_line();
  if (row == nullptr && book_has_a_fill(trace))  // the last subscriber wrote nothing, the first one has it
    return proven(trace,
                  fmt::format("the book counted it: {} trades, costs {}", text(trace.account_row, "pnl.trades"),
                              text(trace.account_row, "pnl.costs")),
                  "status");
  if (row == nullptr)
    return missing(fmt::format("trade {} is neither in the database nor in the book", trace.fill_id()),
                   "table trades, status");
  if (const std::string wrong = difference(message_of(*trace.fill), *row, line); !wrong.empty())
    return missing(fmt::format("trade {}: its {} is not the message's", trace.fill_id(), wrong), "table trades");
  return proven(
      trace,
      fmt::format("trade {}: contract, side, size, price, result, costs and time equal the message's to the "
                  "last digit",
                  trace.fill_id()),
      "table trades" + (line == nullptr ? std::string{} : ", " + trace.log_line(line)),
      line == nullptr ? std::nullopt : std::optional{trace.record.at(*line)});
}

Evidence event_bus(const Trace& trace) {
  const Fields* line = trace.fill_line();
  if (line == nullptr)
    return missing(fmt::format("the last subscriber, the recorder, wrote no line of trade {}", trace.fill_id()),
                   "log");
  if (!book_has_a_fill(trace))
    return missing("the first subscriber, the book, counts no trade", "status, pnl.trades");
  std::int64_t before = 0;
  for (const Fields& each : trace.record.log) {
    if (text(each, "event") != "event" || !each.contains("sequence")) continue;
    const std::int64_t sequence = number(each, "sequence");
    if (sequence <= before)
      return missing(fmt::format("event {} came after event {}", sequence, before), trace.log_line(&each));
    before = sequence;
  }
  return proven(trace,
                fmt::format("event {}: the book (first) and the recorder (last) have it, all {} in ascending order",
                            text(*line, "sequence"), before),
                trace.log_line(line) + ", status", trace.record.at(*line));
}

Evidence risk_engine(const Trace& trace) {
  std::int64_t evaluations = 0;
  std::size_t asked = 0;
  const auto rules = elements(trace.account_row, "rules");
  for (const Fields& row : rules) {
    asked += number(row, "evaluations") > 0;
    if (text(row, "name") == trace.expected.rule) evaluations = number(row, "evaluations");
  }
  const std::int64_t before = trace.expected.evaluations;
  if (evaluations <= before)
    return missing(
        fmt::format("the rule was asked {} times before the last step and {} times after it", before, evaluations),
        "status, evaluations");
  return proven(trace,
                fmt::format("the rule was asked {} times, {} of them since the last step; asked were {} of {} rules",
                            evaluations, evaluations - before, asked, rules.size()),
                "status");
}

}  // namespace rm::drill
