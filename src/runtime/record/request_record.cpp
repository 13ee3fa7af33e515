#include "runtime/record/request_record.h"

#include <fmt/format.h>

#include "control/words.h"
#include "observe/log.h"
#include "runtime/record/milliseconds.h"

namespace rm {

void RequestRecord::on_request(const BrokerRequest& request, EnforcementId enforcement, BrokerTime now) {
  store_.record_request(request, enforcement, now);
  set_log_broker_time(now);
  const bool acting = !is_read(request.ask);
  sent_[request.id] = Sent{name_of(request.ask), enforcement, acting};
  const std::string text = fmt::format("{} {}", name_of(request.ask), ask_text(request.ask, contracts_));
  log(acting ? Level::Info : Level::Debug, "request", text,
      {{"request", request.id},
       {"account", request.account},
       {"enforcement", enforcement},
       {"endpoint", name_of(request.ask)}});
  if (acting) teller_.tell(now, "SENT         " + text);
}

void RequestRecord::on_reply(const BrokerReply& reply) {
  store_.record_reply(reply);
  const Sent sent = take(reply.id);
  metrics_.count_request(sent.what, name_of(reply.outcome));
  const bool good = reply.outcome == Outcome::Accepted;
  const auto level = !good ? Level::Warning : sent.acting ? Level::Info : Level::Debug;
  const std::int64_t round_trip_ns = reply.sent_ns ? reply.answered_ns - reply.sent_ns : 0;
  const std::string reason = reply.text.empty() ? "" : ": " + reply.text;
  log(level, "answer", fmt::format("{}: {}{}", sent.what, name_of(reply.outcome), reason),
      {{"request", reply.id},
       {"account", reply.account},
       {"enforcement", sent.enforcement},
       {"endpoint", sent.what},
       {"outcome", name_of(reply.outcome)},
       {"error_code", reply.error_code},
       {"latency_us", round_trip_ns / 1000}});
  if (sent.acting) {
    teller_.tell(reply.answered_at, fmt::format("ANSWERED     {} {} after {:.3f} ms{}", sent.what,
                                                name_of(reply.outcome), milliseconds(round_trip_ns), reason));
  }
}

RequestRecord::Sent RequestRecord::take(RequestId id) {
  const auto found = sent_.find(id);
  if (found == sent_.end()) return {"unknown", {}, false};
  const Sent sent = found->second;
  sent_.erase(found);
  return sent;
}

}  // namespace rm
