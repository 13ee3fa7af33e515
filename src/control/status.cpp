#include "control/status.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "control/rule_line.h"
#include "control/words.h"

namespace rm {
namespace {

using Json = nlohmann::ordered_json;

Json positions_of(const AccountBook& book, const ContractTable& contracts) {
  Json list = Json::array();
  for (const Holding& holding : book.holdings()) {
    if (holding.flat()) continue;
    Json row{{"contract", contracts.at(holding.contract).broker_id},
             {"name", contract_name(holding.contract, contracts)},
             {"size", holding.size.value()}};
    if (!holding.size.is_zero()) row["average_price"] = holding.paid.average(holding.size).text();
    const auto open = book.open_profit(holding);
    row["unrealised"] = open ? Json(open->text()) : Json(nullptr);
    row["confirmed"] = !holding.dispute.has_value();
    list.push_back(std::move(row));
  }
  return list;
}

Json orders_of(const AccountBook& book, const ContractTable& contracts) {
  Json list = Json::array();
  for (const Order& order : book.orders().all()) {
    Json row{{"id", order.id.value()},
             {"contract", contracts.at(order.contract).broker_id},
             {"side", order.side == Side::Buy ? "buy" : "sell"},
             {"type", static_cast<int>(order.type)},
             {"status", static_cast<int>(order.status)},
             {"size", order.size.value()},
             {"filled", order.filled.value()}};
    if (order.limit_price) row["limit_price"] = order.limit_price->text();
    if (order.stop_price) row["stop_price"] = order.stop_price->text();
    list.push_back(std::move(row));
  }
  return list;
}

Json rules_of(const AccountGuard* guard, const AccountBook& book) {
  Json list = Json::array();
  if (!guard) return list;
  for (const GuardedRule& rule : guard->rules()) {
    const RuleStatus status = rule.rule->status(book);
    Json row{{"name", rule.name},
             {"limit", status.limit},
             {"value", status.value},
             {"used_percent", status.used_percent},
             {"evaluations", rule.evaluations}};
    if (const std::string words = stand_words(rule, status, book); !words.empty()) row["words"] = words;
    if (!status.message.empty()) row["message"] = status.message;
    list.push_back(std::move(row));
  }
  return list;
}

// Seconds until the lock ends by itself, never below zero; null: not by the clock.
Json seconds_left(const Lock& lock, BrokerTime now) {
  const auto* until = std::get_if<UntilTime>(&lock.until);
  if (until == nullptr) return nullptr;
  return std::max<std::int64_t>(0, (until->time - now) / std::chrono::seconds{1});
}

// "in 3 h 05 min", "in 42 s".
std::string countdown(std::int64_t seconds) {
  if (seconds < 60) return fmt::format("in {} s", seconds);
  if (seconds < 3600) return fmt::format("in {} min {:02} s", seconds / 60, seconds % 60);
  return fmt::format("in {} h {:02} min", seconds / 3600, seconds / 60 % 60);
}

Json locks_of(const AccountBook& book, const ContractTable& contracts, BrokerTime now) {
  Json list = Json::array();
  for (const Lock& lock : book.locks().all()) {
    const auto* until = std::get_if<UntilTime>(&lock.until);
    list.push_back({{"scope", lock.symbol ? contracts.symbol_text(*lock.symbol) : "account"},
                    {"kind", lock.kind == LockKind::Hard ? "hard" : "entry"},
                    {"rule", lock.rule},
                    {"code", code(lock.reason)},
                    {"reason", reason_text(lock.reason, contracts)},
                    {"since", format_timestamp(lock.since)},
                    {"until", until ? format_timestamp(until->time) : "the broker allows trading again"},
                    {"remaining_s", seconds_left(lock, now)}});
  }
  return list;
}

Json receipt_row(const Receipt& receipt, const ContractTable& contracts, std::string_view state) {
  Json reasons = Json::array();
  for (const Reason& reason : receipt.reasons)
    reasons.push_back({{"code", code(reason)}, {"text", reason_text(reason, contracts)}});
  Json steps = Json::array();
  for (const ReceiptStep& step : receipt.steps) {
    steps.push_back({{"request", step.what},
                     {"subject", step.subject},
                     {"outcome", name_of(step.outcome)},
                     {"error_code", step.error_code},
                     {"text", step.text},
                     {"round_trip_us", step.sent_ns ? (step.answered_ns - step.sent_ns) / 1000 : 0}});
  }
  Json row{{"id", receipt.enforcement.value()},
           {"state", state},
           {"rules", receipt.rules},
           {"reasons", std::move(reasons)},
           {"decided_at", format_timestamp(receipt.decided_at)}};
  if (receipt.verified_ns) {
    row["verified_at"] = format_timestamp(receipt.verified_at);
    row["event_to_request_us"] =
        receipt.first_sent_ns && receipt.received_ns ? (receipt.first_sent_ns - receipt.received_ns) / 1000 : 0;
    row["event_to_verified_us"] = receipt.received_ns ? (receipt.verified_ns - receipt.received_ns) / 1000 : 0;
  }
  row["attempts"] = receipt.attempts;
  row["steps"] = std::move(steps);
  return row;
}

Json enforcements_of(const LoginStatus& login, const ContractTable& contracts, AccountId account) {
  Json list = Json::array();
  for (const Receipt& receipt : login.receipts) {
    if (receipt.account == account) list.push_back(receipt_row(receipt, contracts, "verified"));
  }
  if (const AccountSaga* saga = login.executor.find(account)) {
    for (const Receipt& receipt : saga->serving()) list.push_back(receipt_row(receipt, contracts, "open"));
  }
  return list;
}

Json name_or_null(const LoginStatus& login) {
  return login.name.empty() ? Json(nullptr) : Json(login.name);
}

Json account_row(const LoginStatus& login, const ContractTable& contracts, const AccountBook& book) {
  const AccountGuard* guard = login.engine.find(book.id());
  const DayResult& day = book.day().result();
  const OpenProfit open = book.open_profit();
  Json row{{"id", book.id().value()},
           {"synchronised", book.sync() == SyncState::Synchronised},
           {"sync_state", name_of(book.sync())},
           {"sync_since", format_timestamp(book.sync_since())},
           {"login", name_or_null(login)}};
  row["can_trade"] = book.can_trade() ? Json(*book.can_trade()) : Json(nullptr);
  row["balance"] = book.balance() ? Json(book.balance()->text()) : Json(nullptr);
  row["pnl"] = {{"realised", day.realised.text()},
                {"costs", day.costs.text()},
                {"unrealised", open.complete ? Json(open.total.text()) : Json(nullptr)},
                {"net", (day.net() + open.total).text()},
                {"trades", day.trade_count},
                {"day_begin", format_timestamp(book.day().begin())},
                {"next_reset", format_timestamp(book.next_reset())}};
  row["positions"] = positions_of(book, contracts);
  row["orders"] = orders_of(book, contracts);
  row["rules"] = rules_of(guard, book);
  row["locks"] = locks_of(book, contracts, login.now);
  row["strikes"] = guard ? guard->strikes() : 0;
  row["incidents"] = guard ? guard->incidents() : 0;
  row["enforcements"] = enforcements_of(login, contracts, book.id());
  return row;
}

std::string field(const Json& row, const char* name) {
  const auto& value = row.at(name);
  return value.is_string() ? value.get<std::string>() : value.is_null() ? "unknown" : value.dump();
}

// "-906.49 of -1000.00  (90 %)".
std::string how_far(const Json& row) {
  if (row.contains("words")) return field(row, "words");
  return fmt::format("{} of {}  ({} %)", field(row, "value"), field(row, "limit"), field(row, "used_percent"));
}

// "config config/risk.yaml, loaded …; waits for the next reset: …"
std::string config_line(const Json& config) {
  std::string line =
      fmt::format("config {}, loaded {}", config.at("file").is_null() ? "built in" : field(config, "file"),
                  field(config, "loaded_at"));
  const auto list = [&](const char* name, std::string_view words) {
    for (const Json& text : config.at(name)) {
      line += fmt::format("; {}{}", words, text.get<std::string>());
      words = {};
    }
  };
  list("pending", "waits: ");
  list("needs_restart", "needs a restart: ");
  if (!config.at("refused").is_null()) line += "; the file as it is now is REFUSED: " + field(config, "refused");
  return line + "\n";
}

// Of one login: "starting" until the state of every account is known.
std::string_view state_of(const LoginStatus& login) {
  bool all_synchronised = true, all_known = !login.book.accounts().empty();
  for (const auto& book : login.book.accounts()) {
    all_synchronised = all_synchronised && book->sync() == SyncState::Synchronised;
    all_known = all_known && book->sync() != SyncState::Unknown;
  }
  if (!all_known) return "starting";
  return all_synchronised ? "protecting" : "degraded";
}

std::string_view state_of(const StatusInput& input) {
  const auto all = [&](std::string_view state) {
    return std::ranges::all_of(input.logins, [&](const LoginStatus& login) { return state_of(login) == state; });
  };
  if (all("starting")) return "starting";
  return all("protecting") && input.store.good() ? "protecting" : "degraded";
}

Json gateway_row(const LoginStatus& login) {
  const GatewayStatus& gateway = login.gateway;
  return {{"api_url", gateway.api_url},
          {"logged_in", gateway.logged_in},
          {"user_hub", gateway.user_hub},
          {"market_hub", gateway.market_hub},
          {"requests_left", gateway.requests_left},
          {"exits_left", gateway.exits_left},
          {"needed_to_flatten", gateway.needed_to_flatten},
          {"refused_messages", gateway.refused_messages},
          {"found_by_reads", gateway.found_by_reads}};
}

Json gateway_rows(const StatusInput& input) {
  Json rows = Json::array();
  for (const LoginStatus& login : input.logins) {
    Json row{{"name", name_or_null(login)}, {"state", state_of(login)}, {"broker_time", format_timestamp(login.now)}};
    row.update(gateway_row(login));
    row["problem"] = login.gateway.problem.empty() ? Json(nullptr) : Json(login.gateway.problem);
    rows.push_back(std::move(row));
  }
  return rows;
}

void append_account(std::string& out, const Json& account) {
  const Json& pnl = account.at("pnl");
  const std::string login = account.at("login").is_null() ? "" : " of " + field(account, "login");
  out += fmt::format("\naccount {}{}  {}\n  P&L today    net {}  (realised {}, costs {}, open {}), {} trades\n",
                     field(account, "id"), login, field(account, "sync_state"), field(pnl, "net"),
                     field(pnl, "realised"), field(pnl, "costs"), field(pnl, "unrealised"), field(pnl, "trades"));
  for (const Json& row : account.at("positions")) {
    out += fmt::format("  position     {} {} @ {}  open {}\n", field(row, "size"), field(row, "name"),
                       row.contains("average_price") ? field(row, "average_price") : "?", field(row, "unrealised"));
  }
  for (const Json& row : account.at("orders")) {
    out += fmt::format("  order        {} {} {} of {}\n", field(row, "id"), field(row, "side"), field(row, "size"),
                       field(row, "contract"));
  }
  for (const Json& row : account.at("rules")) {
    out += fmt::format("  rule         {:<28} {}{}\n", field(row, "name"), how_far(row),
                       row.contains("message") ? "  " + field(row, "message") : std::string{});
  }
  for (const Json& row : account.at("locks")) {
    const Json& left = row.at("remaining_s");
    out += fmt::format("  LOCKED       {} {} by {} until {}{}: {}\n", field(row, "scope"), field(row, "kind"),
                       field(row, "rule"), field(row, "until"),
                       left.is_null() ? "" : " (" + countdown(left.get<std::int64_t>()) + ")", field(row, "reason"));
  }
  if (const auto incidents = account.value("incidents", 0); incidents != 0)
    out += fmt::format("  INCIDENTS    {}: the broker showed what locks or limits do not allow, see the log\n",
                       incidents);
  for (const Json& row : account.at("enforcements")) {
    out += fmt::format("  enforcement  #{} {}, for {}{}\n", field(row, "id"), field(row, "state"),
                       fmt::join(row.at("rules").get<std::vector<std::string>>(), ", "),
                       row.contains("event_to_request_us")
                           ? fmt::format(", request out after {} us, verified after {} us",
                                         field(row, "event_to_request_us"), field(row, "event_to_verified_us"))
                           : std::string{});
  }
}

// What keeps the daemon from seeing, or from leaving its traces, a line each; nothing when all is well.
std::string trouble_of(const Json& status) {
  std::string out;
  for (const Json& gateway : status.at("gateways")) {
    if (const std::int64_t found = gateway.at("found_by_reads").get<std::int64_t>(); found != 0)
      out += fmt::format("STREAM    {} found by reads, the stream hid it\n", found);
    if (gateway.at("problem").is_null()) continue;
    const std::string login = gateway.at("name").is_null() ? "" : field(gateway, "name") + ": ";
    out += fmt::format("LOGIN     {}{}\n", login, field(gateway, "problem"));
  }
  if (const Json& store = status.at("store"); !store.at("good").get<bool>())
    out += "DATABASE  " + field(store, "text") + "\n";
  if (const Json& log = status.at("log"); log.at("dropped") != 0 || log.at("failed_writes") != 0) {
    out += fmt::format("LOG       {} lines were dropped, {} writes failed: is the disk full?\n",
                       field(log, "dropped"), field(log, "failed_writes"));
  }
  return out;
}

}  // namespace

std::string status_json(const StatusInput& input) {
  Json accounts = Json::array();
  std::uint64_t handler_failures = 0;
  for (const LoginStatus& login : input.logins) {
    for (const auto& book : login.book.accounts()) accounts.push_back(account_row(login, input.contracts, *book));
    handler_failures += login.handler_failures;
  }
  Json status{
      {"state", state_of(input)},
      {"broker_time", format_timestamp(input.logins.front().now)},
      {"accounts", std::move(accounts)},
      {"gateways", gateway_rows(input)},
      {"store",
       {{"good", input.store.good()},
        {"appended", input.store.appended},
        {"committed", input.store.committed},
        {"text", sentence(input.store)}}},
      {"log",
       {{"lines", input.log.lines}, {"dropped", input.log.dropped}, {"failed_writes", input.log.failed_writes}}},
      {"config",
       {{"file", input.config.file.empty() ? Json(nullptr) : Json(input.config.file)},
        {"loaded_at", format_timestamp(input.config.loaded_at)},
        {"pending", input.config.pending},
        {"needs_restart", input.config.needs_restart},
        {"refused", input.config.refused.empty() ? Json(nullptr) : Json(input.config.refused)}}},
      {"handler_failures", handler_failures},
      {"version", RM_VERSION}};
  // As it was before there could be several.
  if (input.logins.size() == 1 && input.logins.front().name.empty())
    status["gateway"] = gateway_row(input.logins.front());
  return status.dump();
}

std::string status_text(const std::string& json) {
  const Json status = Json::parse(json, nullptr, false);
  if (!status.is_object() || !status.contains("accounts")) return {};
  std::string out = fmt::format("{}  ({})\n", field(status, "state"), field(status, "broker_time"));
  for (const Json& gateway : status.at("gateways")) {
    const std::string login = gateway.at("name").is_null() ? "" : field(gateway, "name") + " at ";
    out += fmt::format(
        "gateway {}{}  login {}  user hub {}  market hub {}  requests left {} (exits {}, needed to flatten "
        "everything now {})\n",
        login, field(gateway, "api_url"), gateway.at("logged_in").get<bool>() ? "yes" : "NO",
        gateway.at("user_hub").get<bool>() ? "up" : "DOWN", gateway.at("market_hub").get<bool>() ? "up" : "DOWN",
        field(gateway, "requests_left"), field(gateway, "exits_left"), field(gateway, "needed_to_flatten"));
  }
  out += trouble_of(status);
  if (status.contains("config")) out += config_line(status.at("config"));
  for (const Json& account : status.at("accounts")) append_account(out, account);
  return out;
}

}  // namespace rm
