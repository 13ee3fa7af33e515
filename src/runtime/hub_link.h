#pragma once
// One hub, kept connected: the WebSocket, the SignalR session on it, and the delays between attempts. Loop thread.

#include <functional>
#include <memory>
#include <string>

#include "domain/time.h"
#include "net/loop.h"
#include "net/ws_client.h"
#include "projectx/hub/hub_session.h"
#include "projectx/hub/reconnect_policy.h"

namespace rm {

class HubLinkListener {
 public:
  virtual ~HubLinkListener() = default;
  virtual void on_hub_connected(projectx::Hub hub, int refused_subscriptions) = 0;
  virtual void on_hub_lost(projectx::Hub hub, std::string_view why, std::string_view text, int http_status,
                           Duration retry_in) = 0;
  virtual void on_hub_invoked(projectx::Hub hub, projectx::HubTarget target, projectx::PaddedSpan arguments,
                              std::int64_t received_ns) = 0;
  virtual void on_hub_refusal(projectx::Hub hub, std::string_view what,
                              std::string_view text) = 0;   // a bad record, a refused subscription
  virtual void on_hub_message_done(projectx::Hub hub) = 0;  // every record of one message has been handed over
  virtual void on_pushed_out(projectx::Hub hub) = 0;        // five logouts in two minutes
};

class HubLink final : net::WsHandler {
 public:
  // `url` without token; `token` is asked for at every attempt, so that none is frozen into the address.
  HubLink(net::Loop& loop, projectx::Hub hub, net::Url url, std::string ca_file, std::function<std::string()> token,
          HubLinkListener& listener, Duration silence, std::uint64_t jitter_seed);

  projectx::HubSession& session() { return session_; }
  // Carries out what a call on session() returned.
  void carry_out(projectx::HubSession::Outputs outputs);
  void connect();
  void close();
  void reconnect(
      std::string_view why);  // ends this connection as lost; must not be called from inside a listener call
  [[nodiscard]] bool connected() const { return session_.connected(); }

 private:
  void on_open() override;
  void on_text(std::span<char> message, std::int64_t received_ns) override;
  void on_closed(const std::string& why, int http_status) override;
  void lost(projectx::HubLoss loss, std::string_view text, int http_status);
  void arm();

  net::Loop& loop_;
  projectx::Hub hub_;
  net::Url url_;
  std::function<std::string()> token_;
  HubLinkListener& listener_;
  net::WsClient socket_;
  projectx::HubSession session_;
  projectx::ReconnectPolicy policy_;
  net::Loop::Timer session_timer_, reconnect_timer_;
  std::int64_t received_ns_ = 0;
  bool closing_ = false, said_pushed_out_ = false;
};

}  // namespace rm
