#pragma once
// One login at the gateway's REST side: warm connections, the token and its renewal, the request budget. Loop thread.

#include <functional>
#include <string>
#include <string_view>

#include "config/credentials.h"
#include "net/http_client.h"
#include "net/loop.h"
#include "projectx/rest/http_result.h"
#include "projectx/rest/request_budget.h"
#include "projectx/rest/requests.h"
#include "projectx/rest/token_keeper.h"
#include "projectx/suite/rest_transport.h"
#include "runtime/broker_clock.h"

namespace rm {

class RestGatewayListener {
 public:
  virtual ~RestGatewayListener() = default;
  virtual void on_http(projectx::RequestCookie cookie, const projectx::HttpResult& result) = 0;
  // A login or renewal ended. `refused`: the gateway said no, in `text`; otherwise it was not reached.
  virtual void on_login(bool good, bool refused, std::string_view text) = 0;
};

class RestGateway final : public projectx::RestTransport {
 public:
  // All references must outlive the gateway. Throws std::runtime_error when `ca_file` cannot be read.
  RestGateway(net::Loop& loop, const net::Url& api, std::string ca_file, const Credentials& credentials,
              BrokerClock& clock, RestGatewayListener& listener);

  void login();
  void post(std::string_view path, std::string_view json_body, projectx::Priority priority,
            projectx::RequestCookie cookie) override;
  void decline(projectx::RequestCookie cookie, std::string_view why) override;
  // A call of start-up, outside of any suite: same budget and token; the answer is valid during the callback.
  void ask(projectx::Endpoint endpoint, std::string_view json_body,
           std::function<void(const projectx::HttpResult&)> answer);
  // A hub refused the token of this generation: get a new one unless that is under way or has been done.
  void on_hub_unauthorised(std::uint32_t generation);

  [[nodiscard]] const std::string& token() const { return keeper_.token(); }
  [[nodiscard]] std::uint32_t token_generation() const { return keeper_.generation(); }
  [[nodiscard]] int requests_left() const {
    return budget_.remaining(projectx::Priority::Normal, loop_.monotonic_ns());
  }
  [[nodiscard]] int exits_left() const { return budget_.remaining(projectx::Priority::Urgent, loop_.monotonic_ns()); }
  [[nodiscard]] int warm_connections() const { return http_.connected(); }

 private:
  void renew(projectx::TokenKeeper::Action action);
  void on_renewed(projectx::Endpoint endpoint, const projectx::HttpResult& result);
  // Clock, budget and token learn from every answer; what remains is the result.
  projectx::HttpResult take(const net::HttpReply& reply);
  [[nodiscard]] std::string_view why_not_now(std::int64_t now_ns) const;
  void arm();
  void ask_time();
  void deliver_later(projectx::RequestCookie cookie, std::string why);

  net::Loop& loop_;
  const Credentials& credentials_;
  BrokerClock& clock_;
  RestGatewayListener& listener_;
  net::HttpClient http_;
  projectx::TokenKeeper keeper_;
  projectx::RequestBudget budget_;
  std::int64_t token_since_ns_ = 0;  // monotonic
  projectx::ReplyReader reader_;
  net::Loop::Timer renewal_, time_;
};

}  // namespace rm
