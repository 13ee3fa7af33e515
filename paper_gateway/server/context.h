// What the parts of the server share. Owned by the Gateway; all of it lives on the one loop thread.
#pragma once
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "paper_gateway/exchange/exchange.h"
#include "paper_gateway/exchange/paper_clock.h"
#include "paper_gateway/server/agenda.h"
#include "paper_gateway/server/fault.h"
#include "paper_gateway/server/request_log.h"
#include "paper_gateway/server/server_settings.h"
#include "paper_gateway/server/sessions.h"

namespace paper {

// What the program wants to be told; each may be empty.
struct GatewayHooks {
  std::function<void(std::string_view line)> story;              // one line for a person, without the time
  std::function<void(std::int64_t user_id)> on_user_subscribed;  // a client can now see the orders of its account
  std::function<void(const std::string& contract, Decimal price)> on_price_set;  // through the control API
};

struct Context {
  Exchange& exchange;
  PaperClock& clock;
  ServerSettings settings;
  std::function<std::int64_t()> monotonic_ns;
  GatewayHooks hooks;
  Sessions sessions;
  RateLimiter limiter;
  FaultPlan faults{settings.seed};
  RequestLog requests{100'000};
  EventLog events{50'000};
  Agenda agenda{};

  PaperTime now() const { return clock.now(monotonic_ns()); }
  std::int64_t now_s() const { return now().ns / 1'000'000'000; }
  void tell(std::string_view line) const {
    if (hooks.story) hooks.story(line);
  }
};

}  // namespace paper
