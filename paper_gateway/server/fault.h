// The one seam where a test makes the broker misbehave: every REST request and every hub event passes through it.
#pragma once
#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "paper_gateway/server/json.h"

namespace paper {

enum class FaultAction {
  pass,
  delay,           // a request: is executed and answered `delay_ms` later; an event: is sent that much later
  delay_response,  // a request: is executed at once, its answer waits `delay_ms`
  drop,            // a request: is not executed, the connection is closed; an event: is never sent
  drop_response,   // a request: is executed, the connection is closed instead of answering
  status,          // a request: is not executed, `status` and `body` are the answer
};

struct FaultVerdict {
  FaultAction action = FaultAction::pass;
  std::int64_t delay_ms = 0;
  int status = 0;
  std::string body;
};

struct FaultRule {
  std::string path;  // "/api/Order/place", or a hub event: "GatewayUserTrade"; "*" = every path below /api/
  FaultVerdict verdict;
  std::int64_t left = 1;  // how many times it still acts; negative = until cleared
};

// Rules act in the order in which they were added; the first one that fits acts and is used up by one.
class FaultPlan {
 public:
  void add(FaultRule rule) { rules_.push_back(std::move(rule)); }
  void clear() { rules_.clear(); }
  const std::vector<FaultRule>& rules() const { return rules_; }

  FaultVerdict on_request(std::string_view path);
  FaultVerdict on_event(std::string_view target);  // only pass, delay and drop

 private:
  std::vector<FaultRule> rules_;
  template <class Fits>
  FaultVerdict take(Fits fits);
};

// {path, action:"delay"|"delay_response"|"drop"|"drop_response"|"status", ms?, status?, body?, count?}. count: 1 when
// absent, 0 = until cleared. The error is a sentence for the caller.
std::expected<FaultRule, std::string> fault_rule_from(const Json& request);
Json to_json(const FaultRule& rule);

}  // namespace paper
