#include "paper_gateway/server/gateway.h"

#include <algorithm>

#include "paper_gateway/server/control_api.h"
#include "paper_gateway/server/market_hub.h"
#include "paper_gateway/server/rest_api.h"
#include "paper_gateway/server/user_hub.h"

namespace paper {
namespace {

bool starts_with_ignoring_case(std::string_view text, std::string_view prefix) {
  return equal_ignoring_case(text.substr(0, prefix.size()), prefix);
}

// Reads are polled and would drown what a watcher wants to see.
bool worth_telling(std::string_view path, int status) {
  constexpr std::string_view reads[] = {"search", "query", "available", "retrieveBars", "ping", "negotiate"};
  if (status != 200) return true;
  return std::ranges::none_of(reads, [&](auto word) { return path.find(word) != std::string_view::npos; });
}

HttpResponse replaced(const FaultVerdict& verdict) {
  const bool html = verdict.body.starts_with('<');
  const auto* type = html ? "text/html" : "application/json; charset=utf-8";
  HttpResponse response{verdict.status, verdict.body.empty() ? "" : type, verdict.body, {}, false};
  if (verdict.retry_after_s) response.headers.emplace_back("Retry-After", std::to_string(*verdict.retry_after_s));
  return response;
}

HttpResponse unanswered() {
  HttpResponse response;
  response.close_unanswered = true;
  return response;
}

}  // namespace

struct Gateway::Impl {
  Context context;
  UserHub user_hub{context};
  MarketHub market_hub{context};
  Control control{context, user_hub, market_hub};

  // Lets everything that is due happen before a request is looked at.
  void catch_up() { context.exchange.on_time(context.now()); }

  std::int64_t log_arrival(const HttpRequest& request) {
    return context.requests.add(
        {0, context.monotonic_ns(), 0, context.now(), request.method, request.path(), redacted(request.body), 0, {}});
  }

  void log_answer(std::int64_t seq, const HttpResponse& response, std::int64_t answered_ns) {
    auto* entry = context.requests.find(seq);
    if (entry == nullptr) return;
    entry->answered_ns = answered_ns;
    entry->status = response.close_unanswered ? 0 : response.status;
    entry->response = redacted(response.body);
    if (worth_telling(entry->path, entry->status)) {
      context.tell(entry->method + " " + entry->path + (entry->body.empty() ? "" : " " + entry->body) + " -> " +
                   (entry->status == 0 ? "connection closed" : std::to_string(entry->status)) +
                   (entry->response.empty() ? "" : " " + entry->response));
    }
  }

  Hub* hub_at(std::string_view path) {
    if (equal_ignoring_case(path, "/hubs/user")) return &user_hub;
    if (equal_ignoring_case(path, "/hubs/market")) return &market_hub;
    return nullptr;
  }

  HttpResponse execute(const HttpRequest& request) {
    catch_up();
    auto response = dispatch(request);
    market_hub.flush_prints();
    return response;
  }

  HttpResponse dispatch(const HttpRequest& request) {
    const auto path = request.path();
    if (starts_with_ignoring_case(path, "/api/")) return rest(request);
    constexpr std::string_view negotiate = "/negotiate";
    if (path.size() > negotiate.size() &&
        equal_ignoring_case(path.substr(path.size() - negotiate.size()), negotiate)) {
      if (auto* hub = hub_at(std::string_view{path}.substr(0, path.size() - negotiate.size()))) {
        return hub->negotiate(request);
      }
    }
    if (hub_at(path) != nullptr) return {400, "text/plain", "Connection ID required", {}, false};
    return {404, "", "", {}, false};
  }

  // Hubs that were opened with a token end with it.
  HttpResponse rest(const HttpRequest& request) {
    const auto* endpoint = find_endpoint(request.path());
    const bool logging_out = endpoint != nullptr && endpoint->handler == logout;
    const auto claims = logging_out ? context.sessions.authenticate(bearer_token(request), context.now_s())
                                    : std::unexpected(TokenFault::missing);
    auto response = handle_rest(context, request);
    if (claims && response.status == 200) {
      user_hub.log_out(*claims);
      market_hub.log_out(*claims);
    }
    return response;
  }

  // The log is written when the answer is on its way: nobody's latency is spent on it.
  void finish(std::int64_t seq, const HttpResponse& response, const Answer& answer) {
    const auto answered_ns = context.monotonic_ns();
    answer(response);
    log_answer(seq, response, answered_ns);
  }

  void later(std::int64_t delay_ms, std::function<void()> what) {
    context.agenda.at(context.monotonic_ns() + delay_ms * 1'000'000, std::move(what));
  }

  // The fault seam of requests.
  void serve(const HttpRequest& request, const Answer& answer) {
    const auto seq = log_arrival(request);
    const auto verdict = context.faults.on_request(request.path(), context.monotonic_ns());
    switch (verdict.action) {
      case FaultAction::pass:
      case FaultAction::duplicate:
      case FaultAction::reorder:
      case FaultAction::close:
        return finish(seq, execute(request), answer);
      case FaultAction::delay:
        return later(verdict.delay_ms, [this, seq, request, answer] { finish(seq, execute(request), answer); });
      case FaultAction::delay_response:
        return later(verdict.delay_ms,
                     [this, seq, response = execute(request), answer] { finish(seq, response, answer); });
      case FaultAction::drop:
        return finish(seq, unanswered(), answer);
      case FaultAction::drop_response:
        execute(request);
        return finish(seq, unanswered(), answer);
      case FaultAction::status:
        return finish(seq, replaced(verdict), answer);
      case FaultAction::status_after:
        execute(request);
        return finish(seq, replaced(verdict), answer);
      case FaultAction::refusal:
        return finish(seq, refused(request.path(), {verdict.code, verdict.message}), answer);
    }
  }
};

Gateway::Gateway(Exchange& exchange, PaperClock& clock, ServerSettings settings,
                 std::function<std::int64_t()> monotonic_ns, GatewayHooks hooks)
    : impl_{new Impl{.context = {exchange, clock, settings, std::move(monotonic_ns), std::move(hooks),
                                 Sessions{settings.token_lifetime_s}, RateLimiter{settings.rate_limits}}}} {}

Gateway::~Gateway() = default;

void Gateway::on_request(const HttpRequest& request, Answer answer) {
  if (!starts_with_ignoring_case(request.path(), "/paper/")) return impl_->serve(request, answer);
  impl_->catch_up();
  auto response = handle_control(impl_->control, request);
  impl_->market_hub.flush_prints();
  answer(std::move(response));
}

std::variant<std::shared_ptr<SocketHandler>, HttpResponse> Gateway::on_upgrade(const HttpRequest& request) {
  const auto seq = impl_->log_arrival(request);
  const auto refuse = [&](HttpResponse response) {
    impl_->log_answer(seq, response, impl_->context.monotonic_ns());
    return response;
  };
  const auto verdict = impl_->context.faults.on_request(request.path(), impl_->context.monotonic_ns());
  if (verdict.action == FaultAction::status || verdict.action == FaultAction::status_after)
    return refuse(replaced(verdict));
  if (verdict.action == FaultAction::drop || verdict.action == FaultAction::drop_response)
    return refuse(unanswered());
  auto* hub = impl_->hub_at(request.path());
  if (hub == nullptr) return refuse({404, "", "", {}, false});
  auto answer = hub->upgrade(request);
  if (auto* response = std::get_if<HttpResponse>(&answer)) return refuse(std::move(*response));
  impl_->log_answer(seq, {101, "", "", {}, false}, impl_->context.monotonic_ns());
  return answer;
}

std::optional<std::string> use_control(Gateway& gateway, const std::string& name, const std::string& body) {
  std::optional<std::string> problem;
  gateway.on_request({"POST", "/paper/" + name, {}, body}, [&](const HttpResponse& response) {
    if (response.status == 200) return;
    const auto json = Json::parse(response.body);
    const auto* error = json ? json->find("error") : nullptr;
    problem = error != nullptr && error->is_string() ? error->as_string() : response.body;
  });
  return problem;
}

std::string Gateway::http_date() const {
  return paper::http_date(impl_->context.now());
}

std::optional<std::int64_t> Gateway::next_deadline() const {
  std::optional<std::int64_t> earliest;
  const auto consider = [&](std::optional<std::int64_t> when) {
    if (when) earliest = earliest ? std::min(*earliest, *when) : *when;
  };
  const auto& context = impl_->context;
  consider(context.agenda.next_deadline());
  consider(impl_->user_hub.next_deadline());
  consider(impl_->market_hub.next_deadline());
  if (const auto due = context.exchange.next_deadline()) consider(context.clock.monotonic_at(*due));
  return earliest;
}

void Gateway::on_time() {
  impl_->catch_up();
  impl_->context.agenda.on_time(impl_->context.monotonic_ns());
  impl_->user_hub.on_time();
  impl_->market_hub.on_time();
  impl_->market_hub.flush_prints();
}

}  // namespace paper
