#pragma once
// The outcome of an enforcement: what was asked, what was answered, when, and what the broker showed in the end (R13,
// R14).

#include <cstdint>
#include <string>
#include <vector>

#include "projectx/suite/broker_api.h"
#include "risk_engine/decision.h"

namespace rm {

struct ReceiptStep {
  RequestId request;
  std::string_view what;  // endpoint (static storage)
  std::string subject;    // contract or order it was about
  Outcome outcome{};
  int error_code = 0;
  std::string text;  // the broker's words
  BrokerTime requested_at, answered_at;
  std::int64_t sent_ns = 0, answered_ns = 0;
};

struct Receipt {
  EnforcementId enforcement;
  AccountId account;
  std::vector<std::string_view> rules;
  std::vector<Reason> reasons;
  BrokerTime decided_at, verified_at;
  std::int64_t received_ns = 0;    // monotonic: bytes of the trigger
  std::int64_t first_sent_ns = 0;  // monotonic: last byte of the first request that acts; 0 when none was needed
  std::int64_t verified_ns = 0;    // monotonic: answer of the read that showed the goal
  std::vector<ReceiptStep> steps;
  std::uint32_t attempts = 0;  // rounds of acting
};

}  // namespace rm
