// The one seam where a test makes the broker misbehave: every REST request, every call of a hub method and every hub
// event passes through it.
#pragma once
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "paper_gateway/feed/random.h"
#include "paper_gateway/server/json.h"

namespace paper {

enum class FaultAction {
  pass,
  delay,           // a request: is executed and answered `delay_ms` later; an event: is sent that much later
  delay_response,  // a request: is executed at once, its answer waits `delay_ms`
  drop,            // a request: is not executed, the connection is closed; an event: is never sent; a hub method: is
                   // never completed
  drop_response,   // a request: is executed, the connection is closed instead of answering
  status,          // a request: is not executed, `status` and `body` are the answer
  status_after,    // a request: is executed, and the answer is nevertheless `status` and `body`
  refusal,         // a request: is not executed, HTTP 200 with `code` and `message` is the answer
  duplicate,       // an event: is sent `copies` times
  reorder,         // an event: waits until the next one of its connection has gone out, at most `delay_ms`
  close,           // a hub method: is executed, and the connection is closed before the completion
};

struct FaultVerdict {
  FaultAction action = FaultAction::pass;
  std::int64_t delay_ms = 0;
  int status = 0;
  std::string body;
  std::optional<int> retry_after_s;
  int copies = 1;
  int code = 0;
  std::optional<std::string> message;
};

struct FaultRule {
  // "/api/Order/place", a hub event "GatewayUserTrade", all of a hub's "hub:user", or a hub method
  // "SubscribePositions"; "*" = every path below /api/, a star at the end = whatever begins so.
  std::string path;
  FaultVerdict verdict;
  std::int64_t left = 1;               // how many times it still acts; negative = until cleared
  std::int64_t max_delay_ms = 0;       // > delay_ms: drawn between the two
  std::int64_t chance = 1'000'000;     // of acting, in a million
  std::optional<std::int64_t> for_ms;  // since it was added
  bool until_reconnect = false;        // only on connections that were there when it was added
  std::int64_t added_ns = 0;           // by FaultPlan::add()
  Random random{0};                    // likewise, from the plan's seed: its draws are its own
};

// Where an event or a call of a hub method happens.
struct HubPlace {
  std::string_view hub;
  std::int64_t connected_ns = 0;
};

// Rules act in the order in which they were added; the first one that fits acts and is used up by one. Times are
// nanoseconds of a monotonic clock. The same seed and rules give the same draws: the n-th time a rule is asked it
// says what it said in the last run.
class FaultPlan {
 public:
  explicit FaultPlan(std::uint64_t seed = 1) : seed_{seed} {}
  std::uint64_t seed() const { return seed_; }
  void add(FaultRule rule, std::int64_t now_ns);
  void clear() { rules_.clear(); }
  const std::vector<FaultRule>& rules() const { return rules_; }
  Random next_random();  // for another happening that is drawn

  FaultVerdict on_request(std::string_view path, std::int64_t now_ns);
  FaultVerdict on_event(std::string_view target, HubPlace place, std::int64_t now_ns);
  FaultVerdict on_method(std::string_view target, HubPlace place, std::int64_t now_ns);

 private:
  std::uint64_t seed_;
  std::uint64_t drawn_ = 0;
  std::vector<FaultRule> rules_;
  template <class Fits>
  FaultVerdict take(std::int64_t now_ns, Fits fits);
};

// {path, action, and what docs/paper-gateway.md lists for that action}. count: 1 when absent, 0 = until cleared; no
// count but seconds: as often as it fits in that time. The error is a sentence for the caller.
std::expected<FaultRule, std::string> fault_rule_from(const Json& request);
Json to_json(const FaultRule& rule);

}  // namespace paper
