#include "runtime/rest_gateway.h"

#include <array>
#include <vector>

#include "observe/log.h"

namespace rm {
namespace {

// An answer that takes longer is as good as lost: what it was about is read back instead.
constexpr std::chrono::milliseconds kAnswerWithin{5000};
constexpr std::int64_t kAskTimeEvery = 10'000'000'000, kConfirmTimeAfter = 600'000'000;
constexpr std::size_t kLoginBody = 8192;  // a key may be long

net::Priority wire_priority(projectx::Priority priority) {
  return priority == projectx::Priority::Urgent ? net::Priority::Urgent : net::Priority::Normal;
}

}  // namespace

RestGateway::RestGateway(net::Loop& loop, const net::Url& api, std::string ca_file, const Credentials& credentials,
                         BrokerClock& clock, RestGatewayListener& listener)
    : loop_{loop},
      credentials_{credentials},
      clock_{clock},
      listener_{listener},
      http_{loop, api, net::HttpOptions{.ca_file = std::move(ca_file), .request_timeout = kAnswerWithin}},
      renewal_{loop,
               [this] {
                 renew(keeper_.on_deadline(clock_.at(loop_.monotonic_ns())));
                 arm();
               }},
      time_{loop, [this] { ask_time(); }} {
  time_.arm_at(loop_.monotonic_ns() + kAskTimeEvery);
}

// Keeps the broker clock right and a connection warm while nothing else is asked; a leap of the clock is looked at
// again at once.
void RestGateway::ask_time() {
  time_.arm_at(loop_.monotonic_ns() + kAskTimeEvery);
  if (!budget_.try_take(projectx::Priority::Normal, loop_.monotonic_ns())) return;
  http_.get("/api/Status/ping", {}, net::Priority::Normal, [this](const net::HttpReply& reply) { take(reply); });
}

void RestGateway::login() {
  renew(keeper_.start(clock_.at(loop_.monotonic_ns())));
}

void RestGateway::on_hub_unauthorised(std::uint32_t generation) {
  renew(keeper_.on_unauthorised(generation, clock_.at(loop_.monotonic_ns())));
}

void RestGateway::renew(projectx::TokenKeeper::Action action) {
  using Action = projectx::TokenKeeper::Action;
  if (action == Action::None) return;
  const bool login = action == Action::Login;
  const auto endpoint = login ? projectx::Endpoint::Login : projectx::Endpoint::Validate;
  // Counted like any request, but never held back: without a token nothing else can be asked.
  (void)budget_.try_take(projectx::Priority::Urgent, loop_.monotonic_ns());
  std::vector<char> buffer(kLoginBody);
  const std::string_view body =
      login ? projectx::body::login(buffer, credentials_.username.reveal(), credentials_.api_key.reveal())
            : projectx::body::validate(buffer);
  http_.post(projectx::info_of(endpoint).path, login ? std::string_view{} : std::string_view{keeper_.token()}, body,
             net::Priority::Urgent,
             [this, endpoint](const net::HttpReply& reply) { on_renewed(endpoint, take(reply)); });
}

void RestGateway::on_renewed(projectx::Endpoint endpoint, const projectx::HttpResult& result) {
  const BrokerTime now = clock_.at(loop_.monotonic_ns());
  const bool answered = result.status == 200;
  const auto answer = endpoint == projectx::Endpoint::Login
                          ? projectx::read_login(reader_, answered ? result.body : std::string_view{})
                          : projectx::read_validation(reader_, answered ? result.body : std::string_view{});
  if (answered && answer && answer->accepted) {
    if (!answer->token.empty()) redact(answer->token);
    keeper_.on_token(answer->token, now);
    token_since_ns_ = loop_.monotonic_ns();
    listener_.on_login(true, false, {});
  } else {
    const bool refused = answered && answer;
    keeper_.on_failure(refused, now);
    const std::string words = refused && answer->text.empty()
                                  ? std::string{projectx::error_name(endpoint, answer->error_code)}
                              : refused ? answer->text
                                        : std::string{};
    const std::string text = refused         ? words + " (code " + std::to_string(answer->error_code) + ")"
                             : result.status ? "the gateway answered HTTP " + std::to_string(result.status)
                                             : std::string{result.failure};
    listener_.on_login(false, refused, text);
  }
  arm();
}

std::string_view RestGateway::why_not_now(std::int64_t now_ns) const {
  return budget_.stopped(now_ns) ? "held back: the gateway was asked too often (HTTP 429)"
                                 : "the request budget (160 requests in 60 s) is spent";
}

void RestGateway::post(std::string_view path, std::string_view json_body, projectx::Priority priority,
                       projectx::RequestCookie cookie) {
  const std::int64_t now_ns = loop_.monotonic_ns();
  if (keeper_.token().empty()) return deliver_later(cookie, "no login at the gateway yet");
  if (!budget_.try_take(priority, now_ns)) return deliver_later(cookie, std::string{why_not_now(now_ns)});
  http_.post(path, keeper_.token(), json_body, wire_priority(priority),
             [this, cookie](const net::HttpReply& reply) { listener_.on_http(cookie, take(reply)); });
}

void RestGateway::decline(projectx::RequestCookie cookie, std::string_view why) {
  deliver_later(cookie, std::string{why});
}

void RestGateway::deliver_later(projectx::RequestCookie cookie, std::string why) {
  loop_.post([this, cookie, why = std::move(why)] {
    const std::int64_t now_ns = loop_.monotonic_ns();
    listener_.on_http(cookie, projectx::not_sent(why, clock_.at(now_ns), now_ns));
  });
}

void RestGateway::ask(projectx::Endpoint endpoint, std::string_view json_body,
                      std::function<void(const projectx::HttpResult&)> answer) {
  if (!budget_.try_take(projectx::Priority::Normal, loop_.monotonic_ns())) {
    loop_.post([this, answer = std::move(answer)] {
      const std::int64_t now_ns = loop_.monotonic_ns();
      answer(projectx::not_sent(why_not_now(now_ns), clock_.at(now_ns), now_ns));
    });
    return;
  }
  http_.post(projectx::info_of(endpoint).path, keeper_.token(), json_body, net::Priority::Normal,
             [this, answer = std::move(answer)](const net::HttpReply& reply) { answer(take(reply)); });
}

projectx::HttpResult RestGateway::take(const net::HttpReply& reply) {
  const std::int64_t now_ns = reply.answered_ns;
  if (reply.date_unix_s) clock_.on_http_date(*reply.date_unix_s, now_ns);
  if (clock_.in_doubt()) time_.arm_at(now_ns + kConfirmTimeAfter);
  if (reply.status == 429) budget_.on_rate_limited(now_ns, reply.retry_after_s);
  if (reply.status == 401 || reply.status == 403) {
    // A 401 to what left before the token of now was there is about the one before it.
    const bool of_this_token = reply.sent_ns >= token_since_ns_;
    const std::uint32_t generation = keeper_.generation() - (of_this_token ? 0U : 1U);
    renew(keeper_.on_unauthorised(generation, clock_.at(now_ns)));
  }
  return {.status = reply.status,
          .maybe_sent = reply.request_may_have_been_sent,
          .failure = reply.error,
          .body = reply.body,
          .requested_at = clock_.at(reply.sent_ns != 0 ? reply.sent_ns : now_ns),
          .answered_at = clock_.at(now_ns),
          .sent_ns = reply.sent_ns,
          .answered_ns = reply.answered_ns};
}

void RestGateway::arm() {
  if (const auto due = keeper_.next_deadline()) {
    renewal_.arm_at(clock_.monotonic_of(*due));
  } else {
    renewal_.cancel();
  }
}

}  // namespace rm
