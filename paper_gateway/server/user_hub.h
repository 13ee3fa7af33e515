// The user hub: accounts, orders, positions and trades, to the clients that may see them.
#pragma once
#include "paper_gateway/server/entity_json.h"
#include "paper_gateway/server/hub.h"

namespace paper {

class UserHub final : public Hub, public ExchangeListener {
 public:
  explicit UserHub(Context& context);
  ~UserHub() override;

  void on_order(const Order& order, Action action) override;
  void on_trade(const Trade& trade, Action action) override;
  void on_position(const Position& position, Action action) override;
  void on_account(const Account& account) override;

 private:
  bool permitted(const HubConnection& connection, std::string_view topic, std::string_view key) const override;
  void on_subscribed(HubConnection& connection, std::string_view topic, std::string_view key) override;
  void send_snapshot(HubConnection& connection, std::string_view topic, AccountId account);
  void publish(std::string_view topic, std::string_view key, AccountId account, std::string_view target,
               Action action, Json entity);
  std::string record_of(std::string_view target, Action action, Json entity) const;
  JsonStyle style() const;
};

}  // namespace paper
