#pragma once
// The seam below the suites: who carries a POST to the gateway. The implementation owns sockets, the token and the
// request budget.

#include <cstdint>
#include <string_view>

#include "projectx/rest/request_budget.h"

namespace rm::projectx {

using RequestCookie = std::uint64_t;  // names one POST; given back with its result

class RestTransport {
 public:
  virtual ~RestTransport() = default;
  // Starts a POST; copies its arguments, never blocks, never answers from inside the call. Exactly one
  // on_http(cookie, ...) on the SuiteManager follows. A request that the budget or a missing token forbids is not
  // queued: its result is not_sent(...).
  virtual void post(std::string_view path, std::string_view json_body, Priority priority, RequestCookie cookie) = 0;
  // Sends nothing; on_http(cookie, not_sent(why, ...)) follows, later like any result.
  virtual void decline(RequestCookie cookie, std::string_view why) = 0;
};

}  // namespace rm::projectx
