#pragma once
// Both hubs of one login: messages in, risk events out; the token that each attempt went with; whether the user
// stream is up, and since when. What follows from an event is the listener's. Loop thread.

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "event_bridge/event_bridge.h"
#include "net/loop.h"
#include "observe/metrics.h"
#include "projectx/hub/feed_watch.h"
#include "projectx/wire/entities.h"
#include "runtime/broker_clock.h"
#include "runtime/hub_link.h"
#include "runtime/login_voice.h"
#include "runtime/rest_gateway.h"

namespace rm {

class LoginStreamsListener {
 public:
  virtual ~LoginStreamsListener() = default;
  virtual void on_user_stream(bool up, Generation generation) = 0;
  virtual void on_events(EventBridge::Events events) = 0;  // valid until it returns
  virtual void on_message_done() = 0;                      // every event of one message has been handed over
};

class LoginStreams final : private HubLinkListener {
 public:
  struct Parts {  // all must outlive the streams
    net::Loop& loop;
    RestGateway& rest;
    EventBridge& bridge;
    BrokerClock& clock;
    Metrics& metrics;
    const LoginVoice& voice;
  };
  struct Settings {
    net::Url user_hub, market_hub;
    std::string ca_file;
    Duration hub_timeout, frozen_feed_after;
    std::uint64_t login_number;  // from 0
  };
  LoginStreams(Parts parts, const Settings& settings, LoginStreamsListener& listener);

  // Subscribed for these accounts, now and after every loss. Returns at once.
  void connect(std::span<const projectx::AccountRecord> accounts);
  void close();

  [[nodiscard]] HubLink& market_hub() { return market_hub_; }
  [[nodiscard]] projectx::FeedWatch& market_feed() { return market_feed_; }
  [[nodiscard]] bool user_connected() const { return user_hub_.connected(); }
  [[nodiscard]] bool market_connected() const { return market_hub_.connected(); }

 private:
  // HubLinkListener
  void on_hub_connected(projectx::Hub hub, int refused_subscriptions) override;
  void on_hub_invoked(projectx::Hub hub, projectx::HubTarget target, projectx::PaddedSpan arguments,
                      std::int64_t received_ns) override;
  void on_hub_message_done(projectx::Hub hub) override;
  void on_hub_refusal(projectx::Hub hub, std::string_view what, std::string_view text) override;
  void on_hub_lost(projectx::Hub hub, std::string_view why, std::string_view text, int http_status,
                   Duration retry_in) override;
  void on_pushed_out(projectx::Hub hub) override;

  [[nodiscard]] std::string token_for(projectx::Hub hub);

  Parts parts_;
  LoginStreamsListener& listener_;
  HubLink user_hub_, market_hub_;
  projectx::FeedWatch market_feed_;
  std::array<std::uint32_t, 2> token_generation_{};  // by hub: the token of its latest attempt
  bool user_stream_up_ = false;
  Generation generation_;
};

}  // namespace rm
