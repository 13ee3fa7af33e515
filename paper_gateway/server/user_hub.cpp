#include "paper_gateway/server/user_hub.h"

#include <array>

namespace paper {
namespace {

constexpr std::array topics{HubTopic{"Accounts", HubArgument::none}, HubTopic{"Orders", HubArgument::account},
                            HubTopic{"Positions", HubArgument::account}, HubTopic{"Trades", HubArgument::account}};

std::string key_of(AccountId account) {
  return std::to_string(account.value);
}

bool is_id(std::string_view name) {
  return name == "id" || name == "accountId" || name == "orderId";
}

// The deviations from the usual shape that were reported at times.
void disguise(Json& entity, const ServerSettings& settings) {
  for (auto& [name, value] : entity.members()) {
    if (settings.ids_as_strings_on_hub && is_id(name) && value.is_number()) value = Json::string(value.number_text());
    if (settings.pascal_case_on_hub && name.front() >= 'a')
      name.front() = static_cast<char>(name.front() - 'a' + 'A');
  }
}

}  // namespace

UserHub::UserHub(Context& context) : Hub{context, "user", topics} {
  context.exchange.add_listener(*this);
}

UserHub::~UserHub() {
  context().exchange.remove_listener(*this);
}

void UserHub::on_order(const Order& order, Action action) {
  publish("Orders", key_of(order.account), order.account, "GatewayUserOrder", action, to_json(order, style()));
}

void UserHub::on_trade(const Trade& trade, Action action) {
  publish("Trades", key_of(trade.account), trade.account, "GatewayUserTrade", action, to_json(trade, style()));
}

void UserHub::on_position(const Position& position, Action action) {
  publish("Positions", key_of(position.account), position.account, "GatewayUserPosition", action,
          to_json(position, style()));
}

void UserHub::on_account(const Account& account) {
  if (!account.visible) return;
  publish("Accounts", "", account.id, "GatewayUserAccount", Action::Update, to_json(account, style()));
}

bool UserHub::permitted(const HubConnection& connection, std::string_view topic, std::string_view key) const {
  if (topic == "Accounts") return true;
  return context().exchange.owns(connection.user(), AccountId{std::stoll(std::string{key})});
}

void UserHub::on_subscribed(HubConnection& connection, std::string_view topic, std::string_view key) {
  if (topic == "Accounts") {
    for (const auto& account : context().exchange.accounts(connection.user(), false)) {
      if (!account.visible) continue;
      push(connection, "GatewayUserAccount",
           record_of("GatewayUserAccount", Action::Update, to_json(account, style())));
    }
    return;
  }
  if (context().settings.snapshot_on_subscribe)
    send_snapshot(connection, topic, AccountId{std::stoll(std::string{key})});
  if (context().hooks.on_user_subscribed) context().hooks.on_user_subscribed(connection.user().value);
}

void UserHub::send_snapshot(HubConnection& connection, std::string_view topic, AccountId account) {
  const auto send = [&](std::string_view target, const auto& entities) {
    for (const auto& entity : entities)
      push(connection, target, record_of(target, Action::Update, to_json(entity, style())));
  };
  if (topic == "Positions") send("GatewayUserPosition", context().exchange.positions(account));
  if (topic == "Orders") send("GatewayUserOrder", context().exchange.working_orders(account));
}

void UserHub::publish(std::string_view topic, std::string_view key, AccountId account, std::string_view target,
                      Action action, Json entity) {
  if (!anyone(topic, key)) return;
  const auto record = record_of(target, action, std::move(entity));
  for (const auto& [id, connection] : connections()) {
    const bool theirs = context().exchange.owns(connection->user(), account);
    if (theirs && connection->subscribed(topic, key)) push(*connection, target, record);
  }
}

std::string UserHub::record_of(std::string_view target, Action action, Json entity) const {
  const auto& settings = context().settings;
  disguise(entity, settings);
  if (settings.user_event_shape == EventShape::bare) return invocation_record(target, {std::move(entity)});
  auto envelope =
      Json::object().add("action", Json::integer(static_cast<int>(action))).add("data", std::move(entity));
  if (settings.user_event_shape == EventShape::array) envelope = Json::array({std::move(envelope)});
  return invocation_record(target, {std::move(envelope)});
}

JsonStyle UserHub::style() const {
  return {context().settings.null_members_on_hub, false, 7};
}

}  // namespace paper
