#include "bench.h"

#include "paper_gateway/server/hub_protocol.h"

namespace paper {
namespace {

constexpr std::string_view handshake = R"({"protocol":"json","version":1})";

PaperTime start_time() {
  return *parse_time("2026-09-01T14:30:00Z");
}

Account account(std::int64_t id, UserId user, BracketMode mode) {
  Account a;
  a.id = AccountId{id};
  a.user = user;
  a.name = "PRAC-V2-600001-" + std::to_string(id);
  a.balance = Decimal::from_units(150'000);
  a.bracket_mode = mode;
  return a;
}

}  // namespace

Json json(std::string_view text) {
  auto parsed = Json::parse(text);
  EXPECT_TRUE(parsed) << text << ": " << (parsed ? "" : parsed.error());
  return parsed ? *parsed : Json{};
}

void HubClient::send(std::string text) {
  std::string_view rest = text;
  for (auto end = rest.find(record_end); end != std::string_view::npos; end = rest.find(record_end)) {
    records.emplace_back(rest.substr(0, end));
    rest.remove_prefix(end + 1);
  }
  EXPECT_TRUE(rest.empty()) << "a record without its end: " << rest;
}

void HubClient::say(std::string_view record) {
  if (const auto there = handler.lock()) there->on_message(std::string{record} + record_end);
}

void HubClient::leave() {
  if (const auto there = handler.lock()) there->on_closed();
}

std::string HubClient::call(std::string_view method, std::string_view arguments) {
  const auto id = std::to_string(++last_id_);
  const auto before = records.size();
  say(R"({"type":1,"invocationId":")" + id + R"(","target":")" + std::string{method} + R"(","arguments":)" +
      std::string{arguments} + "}");
  for (auto i = before; i < records.size(); ++i) {
    if (records[i].starts_with(R"({"type":3,"invocationId":")" + id + "\"")) return records[i];
  }
  return "no completion";
}

std::vector<std::string> HubClient::take() {
  return std::exchange(records, {});
}

std::vector<Json> HubClient::events(std::string_view target) {
  std::vector<Json> found;
  for (const auto& record : records) {
    const auto message = json(record);
    const auto* name = message.find("target");
    if (name != nullptr && name->as_string() == target) found.push_back(*message.find("arguments"));
  }
  return found;
}

Bench::Bench(ServerSettings settings, std::int64_t monotonic_ns)
    : mono_ns{monotonic_ns},
      clock{start_time(), mono_ns},
      gateway{exchange,
              clock,
              settings,
              [this] { return mono_ns; },
              {[this](std::string_view line) { story.emplace_back(line); },
               [this](std::int64_t user) { subscribed_users.push_back(user); },
               {}}} {
  const auto paper = exchange.add_user("paper", "paper-key");
  const auto other = exchange.add_user("other", "other-key");
  EXPECT_TRUE(exchange.add_account(account(guarded, paper, BracketMode::AutoOco)));
  EXPECT_TRUE(exchange.add_account(account(second, paper, BracketMode::Position)));
  EXPECT_TRUE(exchange.add_account(account(foreign, other, BracketMode::Position)));
  token = log_in("paper", "paper-key");
}

HttpResponse Bench::request(std::string_view method, std::string_view target, std::string_view body, Pairs headers) {
  HttpResponse response;
  response.status = 0;  // not answered
  gateway.on_request({std::string{method}, std::string{target}, std::move(headers), std::string{body}},
                     [&](HttpResponse r) { response = std::move(r); });
  return response;
}

HttpResponse Bench::post(std::string_view path, std::string_view body) {
  return request("POST", path, body, {{"Content-Type", "application/json"}, {"Authorization", "Bearer " + token}});
}

Json Bench::answer(std::string_view path, std::string_view body) {
  const auto response = post(path, body);
  EXPECT_EQ(response.status, 200) << path << " " << body << ": " << response.body;
  return json(response.body);
}

Json Bench::control(std::string_view path, std::string_view body) {
  const auto response = request("POST", path, body);
  EXPECT_EQ(response.status, 200) << path << " " << body << ": " << response.body;
  return json(response.body);
}

Json Bench::view(std::string_view target) {
  const auto response = request("GET", target);
  EXPECT_EQ(response.status, 200) << target << ": " << response.body;
  return json(response.body);
}

std::string Bench::log_in(std::string_view user, std::string_view key) {
  const auto response = request("POST", "/api/Auth/loginKey",
                                R"({"userName":")" + std::string{user} + R"(","apiKey":")" + std::string{key} + "\"}",
                                {{"Content-Type", "application/json"}});
  const auto body = json(response.body);
  const auto* given = body.find("token");
  return given != nullptr && given->is_string() ? given->as_string() : "";
}

std::shared_ptr<HubClient> Bench::connect(std::string_view target) {
  auto answer = gateway.on_upgrade({"GET", std::string{target}, {}, ""});
  auto* handler = std::get_if<std::shared_ptr<SocketHandler>>(&answer);
  if (handler == nullptr) return nullptr;
  auto client = std::make_shared<HubClient>();
  client->handler = *handler;
  (*handler)->on_open(client);
  return client;
}

std::shared_ptr<HubClient> Bench::connect_hub(std::string_view hub) {
  auto client = connect("/hubs/" + std::string{hub} + "?access_token=" + token);
  client->say(handshake);
  EXPECT_EQ(client->take(), std::vector<std::string>{"{}"});
  return client;
}

std::shared_ptr<HubClient> Bench::watch_all() {
  auto client = connect_hub("user");
  const auto id = "[" + std::to_string(guarded) + "]";
  for (const auto* method : {"SubscribeOrders", "SubscribePositions", "SubscribeTrades"}) client->call(method, id);
  client->call("SubscribeAccounts", "[]");
  client->take();
  return client;
}

void Bench::price(std::string_view contract, std::string_view last) {
  control("/paper/price", R"({"contractId":")" + std::string{contract} + R"(","last":)" + std::string{last} + "}");
}

void Bench::pass(std::int64_t ms) {
  for (std::int64_t i = 0; i < ms; ++i) {
    mono_ns += 1'000'000;
    gateway.on_time();
  }
}

}  // namespace paper
