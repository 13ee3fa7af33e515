#include "desk.h"

#include <fmt/format.h>

namespace paper {
namespace {

std::string optional_text(const char* name, const std::optional<Decimal>& value) {
  return value ? fmt::format(" {} {}", name, value->text()) : "";
}

const char* tail(const std::string& contract) {
  return contract == kMnq ? "" : contract.c_str();
}

}  // namespace

PaperTime at(std::string_view text) {
  return parse_time(text).value();
}

Desk::Desk(Settings settings, Account account) : exchange{settings}, now{at("2026-09-01T14:30:00.1234567Z")} {
  account.id = id;
  account.user = exchange.add_user("paper", "paper-key");
  account.name = "PRAC-V2-600001-26001234";
  account.balance = 150000_d;
  EXPECT_TRUE(exchange.add_account(account));
  exchange.add_listener(*this);
  price(kMnq, 29500_d);
}

void Desk::price(const std::string& contract, Decimal last) {
  const auto done = exchange.set_price({.contract = contract, .last = last}, now);
  EXPECT_TRUE(done) << done.error();
}

void Desk::price(const std::string& contract, Decimal bid, Decimal ask) {
  const auto done = exchange.set_price({.contract = contract, .bid = bid, .ask = ask}, now);
  EXPECT_TRUE(done) << done.error();
}

void Desk::pass(Nanos time) {
  now = now + time;
  exchange.on_time(now);
}

PlaceOutcome Desk::place(PlaceRequest request) {
  request.account = id;
  if (request.contract.empty()) request.contract = kMnq;
  return exchange.place(request, now);
}

PlaceOutcome Desk::market(Side side, int size, const std::string& contract) {
  return place({.contract = contract, .type = OrderType::Market, .side = side, .size = size});
}

PlaceOutcome Desk::limit(Side side, int size, Decimal price) {
  return place({.type = OrderType::Limit, .side = side, .size = size, .limit_price = price});
}

PlaceOutcome Desk::stop(Side side, int size, Decimal price) {
  return place({.type = OrderType::Stop, .side = side, .size = size, .stop_price = price});
}

int Desk::position(const std::string& contract) const {
  for (const Position& p : exchange.positions(id)) {
    if (p.contract == contract) return p.type == PositionType::Long ? p.size : -p.size;
  }
  return 0;
}

void Desk::on_order(const Order& o, Action) {
  lines.push_back(fmt::format("order {} status {}{}{}{}{}", o.id.value - 3'500'000'000, static_cast<int>(o.status),
                              optional_text("limit", o.limit_price), optional_text("stop", o.stop_price),
                              optional_text("filled", o.filled_price), tail(o.contract)));
}

void Desk::on_trade(const Trade& t, Action action) {
  lines.push_back(fmt::format("trade {} action {} {} {} @ {}{}{}", t.id.value - 3'100'000'000,
                              static_cast<int>(action), t.side == Side::Buy ? "buy" : "sell", t.size, t.price.text(),
                              optional_text("pnl", t.profit_and_loss), tail(t.contract)));
}

void Desk::on_position(const Position& p, Action action) {
  lines.push_back(fmt::format("position {} action {} type {} size {} average {}", p.id.value - 900'000'000,
                              static_cast<int>(action), static_cast<int>(p.type), p.size, p.average_price.text()));
}

void Desk::on_account(const Account& a) {
  lines.push_back("balance " + a.balance.text());
}

void Desk::on_quote(const Quote& q, QuoteChange c) {
  std::string line = "quote";
  if (c.last) line += optional_text("last", q.last);
  if (c.bid) line += optional_text("bid", q.bid);
  if (c.ask) line += optional_text("ask", q.ask);
  if (c.open) line += optional_text("open", q.open);
  if (c.high) line += optional_text("high", q.high);
  if (c.low) line += optional_text("low", q.low);
  if (c.change) line += optional_text("change", q.change);
  if (c.volume) line += fmt::format(" volume {}", q.volume);
  market_lines.push_back(line);
}

void Desk::on_print(const Print& p) {
  market_lines.push_back(
      fmt::format("print {} x{} {}", p.price.text(), p.volume, p.aggressor == Side::Buy ? "buy" : "sell"));
}

void Desk::on_depth(const std::string&, const std::vector<DepthRow>& rows) {
  depth.insert(depth.end(), rows.begin(), rows.end());
}

}  // namespace paper
