#pragma once
// How an HTTP exchange ended, and what that says about the request.

#include <cstdint>
#include <string>
#include <string_view>

#include "projectx/rest/endpoint.h"
#include "projectx/wire/replies.h"

namespace rm::projectx {

struct HttpResult {
  int status = 0;            // 0: no answer, see the next two
  bool maybe_sent = false;   // no answer: some of the request left, so it may have been carried out
  std::string_view failure;  // no answer: why, in words without secrets
  std::string_view body;
  BrokerTime requested_at, answered_at;
  std::int64_t sent_ns = 0, answered_ns = 0;  // monotonic: last byte written, answer complete
};

// The outcome of a request that certainly did not leave: budget spent, no token, no connection.
[[nodiscard]] inline HttpResult not_sent(std::string_view why, BrokerTime now, std::int64_t now_ns) {
  HttpResult result;
  result.failure = why;
  result.requested_at = result.answered_at = now;
  result.answered_ns = now_ns;
  return result;
}

struct Verdict {
  Outcome outcome{};
  int error_code = 0;  // the endpoint's own; 0 when there was none
  std::string text;    // why not Accepted: at most 300 printable characters, without secrets; empty when Accepted
  // With Accepted: the answer, valid until the reader is used again.
  Envelope envelope;
};

// Never Accepted without an answer of the gateway's that says so. 200 refused: by the endpoint's table. 401, 403:
// Unauthorised. 429: RateLimited. 400, 404, 405, 413, 415, 422: Refused. Anything else with an answer (5xx, HTML,
// redirects, garbled 200): Ambiguous after a mutation, Refused after a read. No answer: NotSent, or Ambiguous when it
// may have left.
[[nodiscard]] Verdict classify(Endpoint endpoint, const HttpResult& result, ReplyReader& reader);

// Printable, at most 300 bytes, long opaque words (keys, tokens) taken out: fit for a log.
[[nodiscard]] std::string clean_text(std::string_view text);

}  // namespace rm::projectx
