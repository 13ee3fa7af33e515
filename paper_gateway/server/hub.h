// One of the two hubs: who is connected, what they are subscribed to, and how an event reaches them.
#pragma once
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "paper_gateway/server/context.h"
#include "paper_gateway/server/hub_session.h"
#include "paper_gateway/server/web.h"

namespace paper {

enum class HubArgument { none, account, contract };

// "Subscribe" + topic and "Unsubscribe" + topic are the methods of a hub.
struct HubTopic {
  std::string_view name;  // "Orders"
  HubArgument argument = HubArgument::none;
};

class Hub;

// One client of a hub. Its key set: what it is subscribed to, as (topic, account id or contract id).
class HubConnection final : public SocketHandler, public HubMethods {
 public:
  HubConnection(Hub& hub, std::string id, TokenClaims claims);
  void on_open(std::shared_ptr<Socket> socket) override;
  void on_message(std::string_view bytes) override;
  void on_closed() override;
  void let_go() { session_.reset(); }  // of the socket, which holds this connection in turn

  const std::string& id() const { return id_; }
  const TokenClaims& claims() const { return claims_; }
  UserId user() const { return UserId{claims_.user_id}; }
  HubSession* session() { return session_.get(); }  // null pointer before on_open()
  bool ready() const { return session_ && session_->ready(); }
  bool subscribed(std::string_view topic, std::string_view key) const;
  std::set<std::pair<std::string, std::string>> subscriptions;
  std::int64_t order = 0;  // in which the handshakes were done
  std::int64_t opened_ns = 0;

 private:
  void on_ready() override;
  std::optional<std::string> invoke(std::string_view target, const Json::Array& arguments) override;
  void after_invoke() override;

  Hub& hub_;
  std::string id_;
  TokenClaims claims_;
  std::unique_ptr<HubSession> session_;
  std::optional<std::pair<std::string, std::string>> just_subscribed_;
};

class Hub {
 public:
  Hub(Context& context, std::string name, std::span<const HubTopic> topics);
  virtual ~Hub();
  Hub(const Hub&) = delete;
  Hub& operator=(const Hub&) = delete;

  const std::string& name() const { return name_; }
  HttpResponse negotiate(const HttpRequest& request);
  std::variant<std::shared_ptr<SocketHandler>, HttpResponse> upgrade(const HttpRequest& request);

  std::optional<std::int64_t> next_deadline() const;  // monotonic
  void on_time();

  void close_all(const std::optional<std::string>& error, bool allow_reconnect);
  void refuse_for(std::int64_t ms, int status = 503);  // upgrades and negotiations are answered so
  void freeze_for(std::int64_t ms, bool lose);         // writes, pings included; see HubSession::freeze()
  // Closes all connections again and again, at times drawn from the seed, and refuses new ones for a while each time.
  struct Storm {
    std::int64_t mean_ms = 60'000;  // between two
    std::int64_t refuse_ms = 0;
    int refuse_status = 503;
    bool allow_reconnect = true;
  };
  void storm(Storm storm);
  void calm();                              // no more storm and no frost
  void log_out_all(std::string_view why);   // GatewayLogout and Close, as when another program has logged in
  void send_raw(const std::string& text);   // to every connection that has a subscription
  void log_out(const TokenClaims& claims);  // connections opened with that token
  Json connections_json() const;

 protected:
  friend class HubConnection;
  using Connections = std::map<std::string, std::shared_ptr<HubConnection>>;

  // Whether this client may subscribe to that key; the text of the error, or nothing.
  virtual bool permitted(const HubConnection& connection, std::string_view topic, std::string_view key) const = 0;
  virtual void on_subscribed(HubConnection& connection, std::string_view topic, std::string_view key) = 0;
  virtual void on_gone(HubConnection&) {}

  void push(HubConnection& connection, std::string_view target, const std::string& record);
  bool anyone(std::string_view topic, std::string_view key) const;
  const Connections& connections() const { return connections_; }
  Context& context() { return context_; }
  const Context& context() const { return context_; }

 private:
  std::optional<HttpResponse> refusal(const HttpRequest& request, TokenClaims& claims) const;
  void on_ready(HubConnection& connection);
  void log_out(HubConnection& connection, std::string_view why);
  std::optional<std::string> invoke(HubConnection& connection, std::string_view target, const Json::Array& arguments,
                                    std::optional<std::pair<std::string, std::string>>& subscribed);
  FaultAction on_method(const HubConnection& connection, std::string_view target) const;
  void closed(HubConnection& connection);

  // hub_delivery.cpp
  struct Event {
    std::string target;
    std::string record;
  };
  void deliver(HubConnection& connection, const Event& event);
  void deliver_later(HubConnection& connection, Event event, std::int64_t due_ns);
  void hold(HubConnection& connection, Event event, std::int64_t ms);  // until the next one has gone out
  void release(const std::string& connection);
  void next_closing(std::uint64_t storm);
  HubPlace place(const HubConnection& connection) const { return {name_, connection.opened_ns}; }

  Context& context_;
  std::string name_;
  std::span<const HubTopic> topics_;
  Connections connections_;                      // by connection token
  std::map<std::string, std::int64_t> invited_;  // connection tokens of negotiations, and when
  std::map<std::string, Event> held_;            // by connection
  std::int64_t last_due_ns_ = 0;                 // of events that all have to wait
  std::int64_t frozen_until_ns_ = 0;
  bool frost_loses_ = false;
  Storm storm_;
  Random storm_random_{0};
  std::uint64_t storms_ = 0;  // the running one; calm() and a new storm make it an old one
  std::int64_t refuse_until_ns_ = 0;
  int refuse_status_ = 503;
  std::int64_t handshakes_ = 0;
};

}  // namespace paper
