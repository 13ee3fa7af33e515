#pragma once
// What a person must know about a login, looked at once a second: accounts that nobody sees, a request budget that
// could not pay the way out, a frozen market feed, garbage on the wire. Loop thread.

#include <array>
#include <cstdint>
#include <functional>
#include <string>
#include <utility>

#include "book/book.h"
#include "event_bridge/event_bridge.h"
#include "observe/metrics.h"
#include "projectx/hub/feed_watch.h"
#include "rules/session.h"
#include "runtime/hub_link.h"
#include "runtime/rest_gateway.h"

namespace rm {

class Watchkeeping {
 public:
  struct Parts {  // all must outlive the watch
    const RestGateway& rest;
    const EventBridge& bridge;
    HubLink& market_hub;
    projectx::FeedWatch& market_feed;
    const SessionTable& market_hours;
    Metrics& metrics;
    std::function<void(std::string sentence)> tell;  // a person has to hear of it
  };
  explicit Watchkeeping(Parts parts) : parts_{std::move(parts)} {}

  // `problem`: why no account is guarded yet.
  void look(const Book& book, const std::string& problem, BrokerTime now, std::int64_t now_ns);

 private:
  void say_if_not_synchronised(const Book& book, const std::string& problem, std::int64_t now_ns);
  void say_if_exits_are_short(const Book& book);
  void thaw_market_feed(const Book& book, BrokerTime now, std::int64_t now_ns);
  void say_refusals(std::int64_t now_ns);

  Parts parts_;
  bool exits_short_ = false;
  std::int64_t unguarded_said_ns_ = 0, unguarded_since_ns_ = 0;
  std::array<std::uint64_t, kRefusalKinds> said_refusals_{};
  std::int64_t refusals_said_ns_ = 0;
};

}  // namespace rm
