#include "support/paper_gateway_process.h"

#include <fmt/format.h>

#include <cmath>
#include <ctime>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "support/http_request.h"

namespace rm::test {
namespace {

std::string today_at_half_past_two() {
  const std::time_t now = std::time(nullptr);
  std::tm utc{};
  gmtime_r(&now, &utc);
  return fmt::format("{:04}-{:02}-{:02}T14:30:00Z", utc.tm_year + 1900, utc.tm_mon + 1, utc.tm_mday);
}

bool given(const std::vector<std::string>& arguments, std::string_view option) {
  for (const std::string& argument : arguments) {
    if (argument == option) return true;
  }
  return false;
}

bool acts(const std::string& path) {
  return path.starts_with("/api/Order/place") || path.starts_with("/api/Order/cancel") ||
         path.starts_with("/api/Order/modify") || path.starts_with("/api/Position/close") ||
         path.starts_with("/api/Position/partialClose");
}

// Amounts of the wire are whole cents; a double holds them exactly enough to name the nearest one.
std::int64_t cents(const Json& amount) {
  return amount.is_number() ? std::llround(amount.get<double>() * 100) : 0;
}

}  // namespace

PaperGatewayProcess::PaperGatewayProcess(const std::vector<std::string>& arguments) {
  ProcessOptions options;
  options.argv = {RM_PAPER_GATEWAY_PROGRAM, "--quiet"};
  if (!given(arguments, "--port")) options.argv.insert(options.argv.end(), {"--port", "0"});
  if (!given(arguments, "--start-time"))
    options.argv.insert(options.argv.end(), {"--start-time", today_at_half_past_two()});
  options.argv.insert(options.argv.end(), arguments.begin(), arguments.end());
  options.out = dir_.path() / "out";
  options.err = dir_.path() / "err";
  process_ = std::make_unique<Process>(options);
  const auto said = [&] { return read_text(options.out); };
  (void)eventually([&] { return said().find('\n') != std::string::npos || !process_->running(); });
  ready_line_ = said();
  const auto at = ready_line_.find("127.0.0.1:");
  if (at == std::string::npos)
    throw std::runtime_error("the paper gateway did not become ready: " + read_text(options.err));
  port_ = static_cast<std::uint16_t>(std::stoi(ready_line_.substr(at + 10)));
}

void PaperGatewayProcess::ping_every_second() {
  settings(R"({"pingEveryMs":1000})");
}

std::string PaperGatewayProcess::yaml(std::string_view frozen_feed_after, std::string_view hub_timeout) const {
  const bool tls = ready_line_.find("https://") != std::string::npos;
  return fmt::format(
      "gateway: {{api_url: '{0}://127.0.0.1:{1}', user_hub_url: '{0}://127.0.0.1:{1}/hubs/user', market_hub_url: "
      "'{0}://127.0.0.1:{1}/hubs/market', frozen_feed_after: {2}, hub_timeout: {3}}}\n",
      tls ? "https" : "http", port_, frozen_feed_after, hub_timeout);
}

void PaperGatewayProcess::control(std::string_view name, std::string_view json) {
  const HttpAnswer answer = http_post(port_, fmt::format("/paper/{}", name), json);
  const Json body = Json::parse(answer.body, nullptr, false);
  const bool good = answer.status == 200 && body.is_object() && body.value("success", true);
  if (!good) throw std::runtime_error(fmt::format("the paper gateway refused {} {}: {}", name, json, answer.body));
}

void PaperGatewayProcess::price(std::string_view symbol, std::string_view last) {
  control("price", fmt::format(R"({{"symbol":"{}","last":{}}})", symbol, last));
}
void PaperGatewayProcess::buy(std::int64_t account, std::string_view symbol, int size) {
  control("trade", fmt::format(R"({{"accountId":{},"symbol":"{}","side":"buy","size":{}}})", account, symbol, size));
}
void PaperGatewayProcess::sell(std::int64_t account, std::string_view symbol, int size) {
  control("trade", fmt::format(R"({{"accountId":{},"symbol":"{}","side":"sell","size":{}}})", account, symbol, size));
}

std::int64_t PaperGatewayProcess::place(std::int64_t account, std::string_view symbol, std::string_view side,
                                        int size, std::string_view type, std::string_view price) {
  const HttpAnswer answer =
      http_post(port_, "/paper/trade",
                fmt::format(R"({{"accountId":{},"symbol":"{}","side":"{}","size":{},"type":"{}","{}Price":{}}})",
                            account, symbol, side, size, type, type, price));
  const Json body = Json::parse(answer.body);
  if (!body.value("success", false)) throw std::runtime_error("the order was refused: " + answer.body);
  return body.at("orderId").get<std::int64_t>();
}

std::int64_t PaperGatewayProcess::place_limit(std::int64_t account, std::string_view symbol, std::string_view side,
                                              int size, std::string_view limit_price) {
  return place(account, symbol, side, size, "limit", limit_price);
}

void PaperGatewayProcess::cancel_orders(std::int64_t account, std::string_view contract) {
  const Json now = state(account);
  for (const Json& order : now.at("workingOrders")) {
    if (order.at("contractId") == contract)
      control("cancel",
              fmt::format(R"({{"accountId":{},"orderId":{}}})", account, order.at("id").get<std::int64_t>()));
  }
}
void PaperGatewayProcess::can_trade(std::int64_t account, bool allowed) {
  control("account", fmt::format(R"({{"accountId":{},"canTrade":{}}})", account, allowed));
}
void PaperGatewayProcess::advance(int seconds) {
  control("time", fmt::format(R"({{"advance_seconds":{}}})", seconds));
}
void PaperGatewayProcess::fault(std::string_view json) {
  control("fault", json);
}
void PaperGatewayProcess::clear_faults() {
  control("fault/clear", "{}");
}
void PaperGatewayProcess::settings(std::string_view json) {
  control("settings", json);
}

void PaperGatewayProcess::lose_answers(std::string_view path, int count) {
  control("fault", Json{{"path", path}, {"action", "drop_response"}, {"count", count}}.dump());
}
void PaperGatewayProcess::lose_requests(std::string_view path, int count) {
  control("fault", Json{{"path", path}, {"action", "drop"}, {"count", count}}.dump());
}
void PaperGatewayProcess::slow_answers(std::string_view path, int ms, int count) {
  control("fault", Json{{"path", path}, {"action", "delay_response"}, {"ms", ms}, {"count", count}}.dump());
}
void PaperGatewayProcess::answer_status(std::string_view path, int status, int count) {
  control("fault", Json{{"path", path}, {"action", "status"}, {"status", status}, {"count", count}}.dump());
}
void PaperGatewayProcess::execute_but_answer(std::string_view path, int status, int count) {
  control("fault", Json{{"path", path}, {"action", "status_after"}, {"status", status}, {"count", count}}.dump());
}
void PaperGatewayProcess::refuse(std::string_view path, int code, std::string_view message, int count) {
  Json fault{{"path", path}, {"action", "refusal"}, {"code", code}, {"count", count}};
  if (!message.empty()) fault["message"] = message;
  control("fault", fault.dump());
}
void PaperGatewayProcess::maintenance(int seconds) {
  control("fault", Json{{"path", "/*"},
                        {"action", "status"},
                        {"status", 502},
                        {"body", "<html><title>502 Bad Gateway</title></html>"},
                        {"seconds", seconds}}
                       .dump());
}
void PaperGatewayProcess::too_many_requests(std::string_view path, int seconds, int retry_after) {
  Json fault{{"path", path}, {"action", "status"}, {"status", 429}, {"seconds", seconds}};
  if (retry_after > 0) fault["retry_after"] = retry_after;
  control("fault", fault.dump());
}
void PaperGatewayProcess::read_lag(int ms) {
  control("settings", Json{{"positionReadLagMs", ms}, {"orderReadLagMs", ms}, {"tradeReadLagMs", ms}}.dump());
}

void PaperGatewayProcess::drop_events(std::string_view event, int count, double probability) {
  Json fault{{"path", event}, {"action", "drop"}, {"count", count}};
  if (probability < 1) fault["probability"] = probability;
  control("fault", fault.dump());
}
void PaperGatewayProcess::duplicate_events(std::string_view event, int copies, int count) {
  control("fault", Json{{"path", event}, {"action", "duplicate"}, {"copies", copies}, {"count", count}}.dump());
}
void PaperGatewayProcess::reorder_events(std::string_view event, int count) {
  control("fault", Json{{"path", event}, {"action", "reorder"}, {"count", count}}.dump());
}
void PaperGatewayProcess::delay_events(std::string_view event, int ms, int max_ms, int count) {
  Json fault{{"path", event}, {"action", "delay"}, {"ms", ms}, {"count", count}};
  if (max_ms > ms) fault["max_ms"] = max_ms;
  control("fault", fault.dump());
}
void PaperGatewayProcess::silence_until_reconnect(std::string_view hub) {
  control(
      "fault",
      Json{{"path", fmt::format("hub:{}", hub)}, {"action", "drop"}, {"count", 0}, {"until_reconnect", true}}.dump());
}
void PaperGatewayProcess::freeze_hub(std::string_view hub, double seconds, bool lose) {
  control("hub/freeze", Json{{"hub", hub}, {"seconds", seconds}, {"lose", lose}}.dump());
}
void PaperGatewayProcess::close_hub(std::string_view hub, bool allow_reconnect) {
  control("hub/close", Json{{"hub", hub}, {"allow_reconnect", allow_reconnect}}.dump());
}
void PaperGatewayProcess::refuse_hub(std::string_view hub, double seconds, int status) {
  control("hub/refuse", Json{{"hub", hub}, {"seconds", seconds}, {"status", status}}.dump());
}
void PaperGatewayProcess::storm(std::string_view hub, double mean_seconds, double refuse_seconds, int refuse_status) {
  control("hub/storm", Json{{"hub", hub},
                            {"mean_seconds", mean_seconds},
                            {"refuse_seconds", refuse_seconds},
                            {"refuse_status", refuse_status}}
                           .dump());
}
void PaperGatewayProcess::log_out(std::string_view hub) {
  control("hub/logout", Json{{"hub", hub}}.dump());
}
void PaperGatewayProcess::close_during(std::string_view hub_method) {
  control("fault", Json{{"path", hub_method}, {"action", "close"}}.dump());
}
void PaperGatewayProcess::user_events_after_rest(int ms) {
  control("settings", Json{{"userEventDelayMs", ms}}.dump());
}
void PaperGatewayProcess::expire_tokens() {
  control("tokens/expire", "{}");
}

void PaperGatewayProcess::halt(double seconds, std::string_view kind, std::string_view symbol) {
  Json halt{{"seconds", seconds}, {"kind", kind}};
  if (!symbol.empty()) halt["symbol"] = symbol;
  control("halt", halt.dump());
}
std::int64_t PaperGatewayProcess::void_newest_trade(std::int64_t account) {
  const HttpAnswer answer = http_post(port_, "/paper/void", Json{{"accountId", account}}.dump());
  const Json body = Json::parse(answer.body);
  if (!body.value("success", false)) throw std::runtime_error("no trade was taken back: " + answer.body);
  return body.at("tradeId").get<std::int64_t>();
}
std::string PaperGatewayProcess::seed() {
  return view("/paper/fault").at("seed").get<std::string>();
}

void PaperGatewayProcess::raw(std::string_view hub, std::string_view text) {
  control("raw", Json{{"hub", hub}, {"text", text}}.dump(-1, ' ', false, Json::error_handler_t::replace));
}
void PaperGatewayProcess::forget_requests() {
  control("requests/clear", "{}");
}

Json PaperGatewayProcess::view(std::string_view target) {
  return Json::parse(http_get(port_, target).body);
}

std::string PaperGatewayProcess::time() {
  return view("/paper/time").at("paperTime").get<std::string>();
}

Json PaperGatewayProcess::state(std::int64_t account) {
  return view(fmt::format("/paper/state?accountId={}", account));
}

int PaperGatewayProcess::position(std::int64_t account, std::string_view contract) {
  constexpr int kShort = 2;
  int size = 0;
  const Json now = state(account);
  for (const Json& row : now.at("positions")) {
    if (row.at("contractId") == contract) size += (row.at("type") == kShort ? -1 : 1) * row.at("size").get<int>();
  }
  return size;
}

bool PaperGatewayProcess::flat(std::int64_t account) {
  const Json now = state(account);
  return now.at("positions").empty() && now.at("workingOrders").empty();
}

int PaperGatewayProcess::working_orders(std::int64_t account) {
  return static_cast<int>(state(account).at("workingOrders").size());
}

std::int64_t PaperGatewayProcess::net_cents(std::int64_t account, std::string_view since) {
  std::int64_t net = 0;
  const Json now = state(account);
  for (const Json& trade : now.at("trades")) {
    if (trade.at("creationTimestamp").get<std::string>() < since) continue;
    net += cents(trade.at("profitAndLoss")) - cents(trade.at("fees")) - cents(trade.at("commissions"));
  }
  return net;
}

int PaperGatewayProcess::trades(std::int64_t account, std::string_view since) {
  const Json now = state(account);
  return static_cast<int>(std::ranges::count_if(now.at("trades"), [&](const Json& trade) {
    return trade.at("creationTimestamp").get<std::string>() >= since;
  }));
}

const PaperGatewayProcess::TradedContract& PaperGatewayProcess::contract(std::string_view symbol) {
  if (contracts_.empty()) {
    const Json login =
        Json::parse(http_post(port_, "/api/Auth/loginKey", R"({"userName":"paper","apiKey":"paper-key"})").body);
    const Json answer = Json::parse(
        http_post(port_, "/api/Contract/available", R"({"live":false})", login.at("token").get<std::string>()).body);
    for (const Json& contract : answer.at("contracts")) {
      const auto name = contract.at("name").get<std::string>();  // MNQU6
      contracts_[name.substr(0, name.size() - 2)] = {contract.at("id").get<std::string>(),
                                                     contract.at("tickSize").get<double>()};
    }
  }
  return contracts_.at(std::string{symbol});
}

Json PaperGatewayProcess::requests(std::string_view path) {
  Json chosen = Json::array();
  const Json all = view("/paper/requests");
  for (const Json& request : all.at("requests")) {
    if (path.empty() || request.at("path") == path) chosen.push_back(request);
  }
  return chosen;
}

Json PaperGatewayProcess::mutating_requests(std::int64_t account) {
  Json chosen = Json::array();
  const Json all = requests();
  for (const Json& request : all) {
    if (!acts(request.at("path").get<std::string>())) continue;
    const Json body = Json::parse(request.at("body").get<std::string>(), nullptr, false);
    if (account == 0 || (body.is_object() && body.value("accountId", std::int64_t{0}) == account))
      chosen.push_back(request);
  }
  return chosen;
}

bool PaperGatewayProcess::subscribed_to(std::string_view hub) {
  const Json all = view("/paper/subscriptions");
  for (const Json& connection : all.at("connections")) {
    if (connection.at("hub") == hub && !connection.at("subscriptions").empty()) return true;
  }
  return false;
}

}  // namespace rm::test
